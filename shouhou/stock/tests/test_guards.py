"""What the database refuses, whoever writes to it and however: rows straight into the tables, past every action."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from shouhou.catalog.models import Part
from shouhou.kernel.ids import uuid7
from shouhou.stock import actions
from shouhou.stock.guards import STOCK
from shouhou.stock.models import Balance, Costing, Movement, Place, Reservation, ReservationStep, SerialNumber
from shouhou.stock.tests.conftest import ORDER, Store
from tests.cast import NOW, STEP, unchanged


def write(store: Store, part: Part, start: str, end: str, units: int = 1000, **told: Any) -> Movement:
    """A movement as a raw row."""
    ends = {"taken_from": balance(store, part, start), "given_to": balance(store, part, end)}
    given: dict[str, Any] = {
        "branch": store.branch,
        "act_id": uuid7(),
        "key": str(uuid7()),
        "line": 1,
        "fingerprint": bytes(32),
        "kind": "issued",
        "part": part,
        "units": units,
        "unit": part.unit,
        "at": NOW,
        **ends,
    }
    return Movement.objects.create(**given | told)


def balance(store: Store, part: Part, kind: str) -> Balance:
    return Balance.objects.get(branch=store.branch, part=part, place__kind=kind)


@transaction.atomic
def attempt(act: Callable[[], Any]) -> None:
    act()
    connection.check_constraints()


def refused(act: Callable[[], Any], match: str) -> None:
    connection.check_constraints()
    with unchanged(), pytest.raises(DatabaseError, match=match):
        attempt(act)


@pytest.fixture
def filled(store: Store) -> Store:
    """Three capacitors and a board, of which one each has been fitted."""
    store.receive(store.parts.capacitor, 3)
    store.issue(store.parts.capacitor, 1)
    store.receive(store.parts.board, 2, "A1", "A2")
    store.issue(store.parts.board, 1, "A1")
    return store


def test_a_movement_counts_up_both_ends(filled: Store) -> None:
    write(filled, filled.parts.capacitor, "branch", "fitted", value_minor=-1000)
    assert filled.quantity(filled.parts.capacitor, "branch") == 1
    assert filled.quantity(filled.parts.capacitor, "fitted") == 2
    assert filled.value(filled.parts.capacitor) == "10.00"


@pytest.mark.parametrize(
    ("told", "match"),
    [
        ({"units": 2001}, "stock_balance_not_below_zero"),
        ({"units": 0}, "stock_movement_units"),
        ({"units": -1000}, "stock_movement_units"),
        ({"unit": "米"}, "another part or unit"),
        ({"kind": "old_shipped"}, "old parts do not mix"),
        ({"kind": "vanished"}, "stock_movement_kind"),
        ({"value_minor": 1000}, "the value goes another way"),
        ({"value_minor": -2001}, "stock_costing_value"),
    ],
)
def test_a_movement_that_cannot_be_is_refused(filled: Store, told: dict[str, Any], match: str) -> None:
    refused(lambda: write(filled, filled.parts.capacitor, "branch", "fitted", **told), match)


def test_parts_do_not_turn_into_others(filled: Store) -> None:
    other = balance(filled, filled.parts.board, "fitted")
    refused(lambda: write(filled, filled.parts.capacitor, "branch", "fitted", given_to=other), "another part or unit")


def test_a_serial_number_moves_from_where_it_is(filled: Store) -> None:
    board, fitted = filled.parts.board, SerialNumber.objects.get(number="A1")
    refused(lambda: write(filled, board, "branch", "fitted", serial=fitted), "somewhere else")
    refused(lambda: write(filled, board, "branch", "fitted"), "of some parts only")
    refused(lambda: write(filled, filled.parts.capacitor, "branch", "fitted", serial=fitted), "some")
    refused(lambda: write(filled, board, "branch", "fitted", units=2000, serial=fitted), "one_serial|somewhere else")


def test_a_movement_inside_has_no_value(filled: Store) -> None:
    store = filled
    filled.receive(filled.parts.capacitor, 1, to="van")
    refused(lambda: write(store, store.parts.capacitor, "branch", "van", value_minor=1), "the value goes another way")


@pytest.mark.parametrize("model", [Place, Balance])
def test_nothing_is_booked_before_the_last_count(filled: Store, model: Any) -> None:
    model.objects.filter(branch=filled.branch).update(counted_at=NOW + STEP)
    refused(lambda: write(filled, filled.parts.capacitor, "branch", "fitted"), "has been counted since")
    write(filled, filled.parts.capacitor, "branch", "fitted", at=NOW + STEP)
    refused(lambda: model.objects.filter(branch=filled.branch).update(counted_at=NOW), "append-only")
    refused(lambda: model.objects.filter(branch=filled.branch).update(counted_at=None), "append-only")


def test_a_movement_into_another_branch_is_refused(filled: Store, others: Store) -> None:
    others.receive(filled.parts.capacitor, 1)
    there = balance(others, filled.parts.capacitor, "branch")
    refused(lambda: write(filled, filled.parts.capacitor, "branch", "fitted", given_to=there), "wall_stock_movement")


@pytest.mark.parametrize(
    ("model", "changed"),
    [
        (Movement, {"units": 1}),
        (Balance, {"unit": "米"}),
        (Balance, {"may_be_negative": True}),
        (Place, {"kind": "quarantine"}),
        (SerialNumber, {"number": "B1"}),
    ],
)
def test_rows_stay_as_they_are(filled: Store, model: Any, changed: dict[str, Any]) -> None:
    refused(lambda: model.objects.filter(branch=filled.branch).update(**changed), "append-only")


@pytest.mark.parametrize("model", [Movement, Balance, Place, SerialNumber])
def test_rows_are_not_deleted(filled: Store, model: Any) -> None:
    refused(lambda: model.objects.filter(branch=filled.branch)._raw_delete("default"), "append-only")


def test_a_part_is_worth_nothing_where_there_is_none(filled: Store) -> None:
    refused(lambda: Costing.objects.update(units=0), "stock_costing_value")
    refused(lambda: Costing.objects.update(value_minor=-1), "stock_costing_value")


def test_the_guards_can_be_taken_away_and_put_back_by_a_migration(filled: Store) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in [*STOCK.remove(connection.vendor), *STOCK.install(connection.vendor)]:
            cursor.execute(statement)
    refused(lambda: write(filled, filled.parts.capacitor, "branch", "fitted", unit="米"), "another part or unit")


def test_a_reservation_ends_once_and_wholly(filled: Store) -> None:
    told = {"about": ORDER, "quantity": Decimal(2), **filled.told()}
    row = actions.reserve_part(filled.at("branch"), filled.parts.capacitor, **told)

    def step(kind: str, change: int) -> None:
        ReservationStep.objects.create(branch=filled.branch, reservation=row, kind=kind, change_units=change, at=NOW)

    refused(lambda: write(filled, filled.parts.capacitor, "branch", "fitted", 1), "stock_balance_not_below_zero")
    refused(lambda: step("placed", 2000), "UNIQUE|stock_reservation_begins_once")
    refused(lambda: step("released", -1000), "not that of the reservation")
    refused(lambda: Reservation.objects.update(units=1), "append-only")
    step("released", -2000)
    assert Reservation.objects.get().status == "released"
    refused(lambda: step("issued", -2000), "UNIQUE|stock_reservation|append-only")
    refused(lambda: Reservation.objects.update(status="pending"), "append-only")
