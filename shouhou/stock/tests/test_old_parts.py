from datetime import date
from typing import Any

import pytest

from shouhou.access.approvals import OwnRequest
from shouhou.access.permissions import Role
from shouhou.kernel.errors import NotPermitted
from shouhou.ledger.rules import NOTHING
from shouhou.stock import actions
from shouhou.stock.models import OldPart
from shouhou.stock.queries import OldPartNotFound, find_old_parts, is_overdue
from shouhou.stock.tests.conftest import ORDER, Store
from shouhou.stock.verifying import find_stock_faults
from shouhou.workforce.queries import TechnicianNotFound
from tests.cast import NOW, STEP, refuses

DUE = date(2026, 12, 23)


def owe(store: Store, **given: Any) -> OldPart:
    told = {"by": store.crew.technician_actor, "at": NOW, "key": "old 1", "about": ORDER, "due_on": DUE, **given}
    return actions.owe_old_part(
        store.parts.board, **{"technician_id": store.crew.technician.id, "serial": "A0", **told}
    )


def told(store: Store, steps: int = 1) -> dict[str, Any]:
    return {"by": store.keeper, "at": NOW + steps * STEP}


@pytest.fixture
def labelled(store: Store) -> OldPart:
    return actions.label_old_part(owe(store).id, **told(store))


def ship(store: Store, *rows: OldPart, steps: int = 2) -> list[OldPart]:
    return actions.ship_old_parts([one.id for one in rows], carrier="顺丰", waybill="SF1234567", **told(store, steps))


def test_it_goes_all_the_way_to_the_maker(store: Store) -> None:
    row = owe(store)
    assert row.label.startswith("JJ-QD")
    assert list(find_old_parts(store.branch, by=store.keeper)) == [row]
    actions.label_old_part(row.id, **told(store))
    ship(store, row)
    assert actions.confirm_old_part(row.id, **told(store, 3)).state == "received"
    assert store.quantity(store.parts.board, "old_at_maker") == 1
    assert store.quantity(store.parts.board, "old_shelf") == 0
    assert not list(find_stock_faults(store.branch))


def test_an_old_part_never_lessens_what_was_used(store: Store) -> None:
    store.receive(store.parts.board, 1, "A1", cost=80)
    store.issue(store.parts.board, 1, "A1")
    owe(store)
    assert store.account("parts_consumed") == "80.00"
    assert store.quantity(store.parts.board, "fitted") == 1


def test_what_the_maker_refuses_is_back_on_the_shelf(store: Store, labelled: OldPart) -> None:
    ship(store, labelled)
    actions.refuse_old_part(labelled.id, reason="无标签", **told(store, 3))
    assert OldPart.objects.get().state == "labelled"
    ship(store, labelled, steps=4)
    assert store.quantity(store.parts.board, "old_on_way") == 1
    assert not list(find_stock_faults(store.branch))


def test_it_is_scrapped_here_when_another_person_lets_it(store: Store, labelled: OldPart) -> None:
    with refuses(actions.ScrapNotAskedFor):
        actions.scrap_old_part(labelled.id, by=store.crew.supervisor, at=NOW)
    actions.ask_to_scrap(labelled.id, reason="厂家不要", **told(store))
    with refuses(NotPermitted):
        actions.scrap_old_part(labelled.id, **told(store))
    row = OldPart.objects.get()
    assert row.scrap_asked_by == store.keeper.user_id
    actions.scrap_old_part(labelled.id, by=store.crew.supervisor, at=NOW + 2 * STEP)
    assert store.quantity(store.parts.board, "old_scrapped") == 1
    assert not list(find_stock_faults(store.branch))


def test_who_asked_to_scrap_does_not_approve_it(store: Store, labelled: OldPart) -> None:
    supervisor = store.crew.supervisor
    OldPart.objects.filter(id=labelled.id).update(scrap_reason="x", scrap_asked_by=supervisor.user_id)
    with refuses(OwnRequest):
        actions.scrap_old_part(labelled.id, by=supervisor, at=NOW)


@pytest.mark.parametrize("waybill", ["", "SF123", "SF 12345", "顺丰123456"])
def test_a_parcel_has_a_waybill(store: Store, labelled: OldPart, waybill: str) -> None:
    with refuses(actions.WaybillInvalid):
        actions.ship_old_parts([labelled.id], carrier="顺丰", waybill=waybill, **told(store))
    with refuses(actions.NoOldPartsNamed):
        actions.ship_old_parts([], carrier="顺丰", waybill="SF1234567", **told(store))


def test_no_step_is_left_out(store: Store) -> None:
    row = owe(store)
    for act in (
        lambda: ship(store, row),
        lambda: actions.confirm_old_part(row.id, **told(store)),
        lambda: actions.refuse_old_part(row.id, reason="x", **told(store)),
        lambda: actions.ask_to_scrap(row.id, reason="x", **told(store)),
    ):
        with refuses(actions.OldPartStands):
            act()


def test_it_is_owed_once_under_a_key(store: Store) -> None:
    assert owe(store) == owe(store)
    with refuses(actions.StockKeyUsed):
        owe(store, serial="A9")
    with refuses(actions.OldPartOfNothing):
        owe(store, about=NOTHING)


def test_it_is_overdue_after_its_day(store: Store) -> None:
    row = owe(store)
    assert not is_overdue(row, day=DUE)
    assert is_overdue(row, day=date(2026, 12, 24))


def test_only_who_has_a_part_in_it_acts(store: Store, others: Store) -> None:
    with refuses(NotPermitted):
        owe(store, by=store.crew.colleague_actor)
    with refuses(TechnicianNotFound):
        owe(store, by=others.keeper)
    row = owe(store)
    with refuses(NotPermitted):
        actions.label_old_part(row.id, by=store.crew.actors[Role.TECHNICIAN], at=NOW)
    with refuses(OldPartNotFound):
        actions.label_old_part(row.id, by=others.keeper, at=NOW)
