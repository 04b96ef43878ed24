from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shouhou.audit.models import Event
from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.quantities import QuantityNotWhole
from shouhou.ledger.rules import NOTHING
from shouhou.stock import actions
from shouhou.stock.models import Reservation
from shouhou.stock.queries import ReservationNotFound, find_open_reservations, find_reservations_run_out
from shouhou.stock.tests.conftest import ORDER, Store
from shouhou.stock.verifying import find_stock_faults
from tests.cast import NOW, STEP, refuses

LATER = NOW + timedelta(days=2)


@pytest.fixture
def stocked(store: Store) -> Store:
    store.receive(store.parts.capacitor, 5)
    store.place("van")
    return store


def reserve(store: Store, quantity: Any = 2, **given: Any) -> Reservation:
    told = {"about": ORDER, "expires_at": LATER, **store.told(**given)}
    return actions.reserve_part(store.at("branch"), store.parts.capacitor, quantity=Decimal(quantity), **told)


def sound(store: Store) -> bool:
    return not list(find_stock_faults(store.branch))


def test_what_is_reserved_is_there_but_not_available(stocked: Store) -> None:
    row = reserve(stocked, 4)
    assert (row.status, row.units) == ("pending", 4000)
    assert stocked.quantity(stocked.parts.capacitor, "branch") == 5
    with refuses(actions.PartNotAvailable):
        stocked.issue(stocked.parts.capacitor, 2)
    stocked.issue(stocked.parts.capacitor, 1)
    with refuses(actions.PartNotAvailable):
        reserve(stocked, 1)
    assert list(find_open_reservations(stocked.branch, by=stocked.keeper)) == [row]
    assert sound(stocked)


def test_what_was_reserved_is_issued(stocked: Store) -> None:
    row = reserve(stocked, 4)
    (moved,) = actions.issue_reservation(row.id, quantity=Decimal(3), **stocked.told())
    assert (moved.units, moved.about) == (3000, ORDER)
    assert Reservation.objects.get().status == "issued"
    stocked.issue(stocked.parts.capacitor, 2)  # the rest is free again
    with refuses(actions.ReservationEnded):
        actions.issue_reservation(row.id, **stocked.told())
    assert sound(stocked)


def test_issuing_it_again_under_the_key_gives_the_first(stocked: Store) -> None:
    row = reserve(stocked)
    told = stocked.told(key="issue it")
    assert actions.issue_reservation(row.id, **told) == actions.issue_reservation(row.id, **told)
    with refuses(actions.ReservationEnded):
        actions.issue_reservation(row.id, **stocked.told())


def test_the_key_of_another_issue_does_not_end_a_reservation(stocked: Store) -> None:
    stocked.issue(stocked.parts.capacitor, 2, key="a key")
    row = reserve(stocked)
    with refuses(actions.StockKeyUsed):
        actions.issue_reservation(row.id, **stocked.told(key="a key"))


def test_no_more_is_issued_than_was_reserved(stocked: Store) -> None:
    row = reserve(stocked)
    with refuses(actions.MoreThanReserved):
        actions.issue_reservation(row.id, quantity=Decimal(3), **stocked.told())


def test_it_is_released_for_a_reason(stocked: Store) -> None:
    row = reserve(stocked)
    told: dict[str, Any] = {"by": stocked.keeper, "at": NOW}
    actions.release_reservation(row.id, reason="客户取消", **told)
    with refuses(actions.ReservationEnded):
        actions.release_reservation(row.id, reason="客户取消", **told)
    verbs = Event.objects.filter(chain_id=row.id).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["stock.reservation.placed", "stock.reservation.released"]
    stocked.issue(stocked.parts.capacitor, 5)
    assert sound(stocked)


def test_it_runs_out(stocked: Store) -> None:
    row = reserve(stocked)
    told: dict[str, Any] = {"by": stocked.keeper}
    with refuses(actions.ReservationNotRunOut):
        actions.time_out_reservation(row.id, at=LATER - STEP, **told)
    assert not find_reservations_run_out(stocked.branch, at=LATER - STEP)
    assert list(find_reservations_run_out(stocked.branch, at=LATER)) == [row]
    with refuses(actions.ReservationRunOut):
        actions.issue_reservation(row.id, **stocked.told(at=LATER))
    assert actions.time_out_reservation(row.id, at=LATER, **told).status == "timed_out"
    assert sound(stocked)


def test_the_same_reservation_again_is_the_first(stocked: Store) -> None:
    assert reserve(stocked, key="k") == reserve(stocked, key="k")
    with refuses(actions.StockKeyUsed):
        reserve(stocked, 1, key="k")


def test_it_says_what_for_and_until_when(stocked: Store) -> None:
    with refuses(actions.NothingToReserveFor):
        reserve(stocked, about=NOTHING)
    with refuses(actions.ReservationEndsBeforeItBegins):
        reserve(stocked, expires_at=NOW)
    with refuses(QuantityNotWhole):
        reserve(stocked, "0.5")


def test_who_may_not_reserve_does_not(stocked: Store, others: Store) -> None:
    with refuses(NotPermitted):
        reserve(stocked, by=stocked.crew.clerk)
    row = reserve(stocked)
    with refuses(NotPermitted):
        actions.release_reservation(row.id, reason="x", by=stocked.crew.technician_actor, at=NOW)
    with refuses(ReservationNotFound):
        actions.release_reservation(row.id, reason="x", by=others.keeper, at=NOW)
