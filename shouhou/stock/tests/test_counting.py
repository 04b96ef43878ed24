from decimal import Decimal
from typing import Any

import pytest

from shouhou.catalog.models import Part
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.quantities import QuantityNotPositive, QuantityNotWhole
from shouhou.stock import actions
from shouhou.stock.models import CountLine, SerialNumber, StockCount
from shouhou.stock.queries import CountNotFound
from shouhou.stock.rules import SerialsMissing
from shouhou.stock.tests.conftest import ORDER, Store
from shouhou.stock.verifying import find_stock_faults
from tests.cast import NOW, STEP, refuses


@pytest.fixture
def stocked(store: Store) -> Store:
    store.receive(store.parts.capacitor, 5)
    store.receive(store.parts.board, 2, "A1", "A2", cost=80)
    return store


def begin(store: Store, kind: str = "cycle") -> StockCount:
    return actions.open_count(store.at("branch"), kind=kind, by=store.keeper, at=NOW)


def find(store: Store, count: StockCount, part: Part, quantity: Any, *serials: str, at: Any = NOW + STEP) -> CountLine:
    return actions.write_down(count.id, part, quantity=Decimal(quantity), serials=serials, by=store.keeper, at=at)


def post(store: Store, count: StockCount) -> StockCount:
    return actions.post_count(count.id, by=store.keeper, at=NOW + 3 * STEP)


def test_differences_are_booked_at_average_cost(stocked: Store) -> None:
    count = begin(stocked)
    line = find(stocked, count, stocked.parts.capacitor, 3)
    assert (line.book_units, str(line.difference)) == (5000, "-2")
    find(stocked, count, stocked.parts.board, 1, "A2")
    assert post(stocked, count).status == "posted"
    assert stocked.quantity(stocked.parts.capacitor, "branch") == 3
    assert SerialNumber.objects.get(number="A1").balance.place.kind == "difference"
    assert stocked.account("stock_difference") == "100.00"
    assert not list(find_stock_faults(stocked.branch))


def test_what_is_found_comes_in(stocked: Store) -> None:
    count = begin(stocked)
    find(stocked, count, stocked.parts.capacitor, 7)
    find(stocked, count, stocked.parts.board, 3, "A1", "A2", "A3")
    find(stocked, count, stocked.parts.pipe, "1.5")
    post(stocked, count)
    assert stocked.quantity(stocked.parts.capacitor, "branch") == 7
    assert stocked.quantity(stocked.parts.pipe, "branch") == Decimal("1.5")
    assert stocked.account("stock_difference") == "-100.00"
    assert not list(find_stock_faults(stocked.branch))


def test_what_moves_between_counting_and_booking_is_no_difference(stocked: Store) -> None:
    count = begin(stocked)
    find(stocked, count, stocked.parts.capacitor, 5)
    find(stocked, count, stocked.parts.board, 2, "A1", "A2")
    stocked.issue(stocked.parts.capacitor, 1, at=NOW + 2 * STEP)
    stocked.issue(stocked.parts.board, 1, "A1", at=NOW + 2 * STEP)
    post(stocked, count)
    assert stocked.quantity(stocked.parts.capacitor, "branch") == 4
    assert stocked.account("stock_difference") == "0"


def test_nothing_is_booked_before_the_count(stocked: Store) -> None:
    count = begin(stocked)
    find(stocked, count, stocked.parts.capacitor, 5)
    post(stocked, count)
    with refuses(actions.BeforeLastCount):
        stocked.issue(stocked.parts.capacitor, 1, at=NOW)
    stocked.issue(stocked.parts.board, 1, "A1", at=NOW)  # it was not counted
    stocked.issue(stocked.parts.capacitor, 1, at=NOW + STEP)


def test_a_full_count_leaves_nothing_out(stocked: Store) -> None:
    count = begin(stocked, "full")
    find(stocked, count, stocked.parts.capacitor, 5)
    with refuses(actions.CountIncomplete) as caught:
        post(stocked, count)
    assert "PCB-1" in str(caught.value)
    find(stocked, count, stocked.parts.board, 0)
    post(stocked, count)
    with refuses(actions.BeforeLastCount):
        stocked.receive(stocked.parts.pipe, 1, at=NOW)


def test_the_last_of_two_figures_counts(stocked: Store) -> None:
    count = begin(stocked)
    find(stocked, count, stocked.parts.capacitor, 3)
    find(stocked, count, stocked.parts.capacitor, 4)
    post(stocked, count)
    assert stocked.quantity(stocked.parts.capacitor, "branch") == 4


def test_what_is_reserved_has_to_be_there(stocked: Store) -> None:
    told = {"about": ORDER, "quantity": Decimal(4), **stocked.told()}
    actions.reserve_part(stocked.at("branch"), stocked.parts.capacitor, **told)
    count = begin(stocked)
    find(stocked, count, stocked.parts.capacitor, 3)
    with refuses(actions.CountBelowReserved):
        post(stocked, count)


def test_a_piece_that_the_books_have_elsewhere_is_not_counted_in(stocked: Store) -> None:
    stocked.receive(stocked.parts.board, 1, "V1", to="van")
    count = begin(stocked)
    find(stocked, count, stocked.parts.board, 3, "A1", "A2", "V1")
    with refuses(actions.SerialElsewhere):
        post(stocked, count)


@pytest.mark.parametrize(
    ("quantity", "serials", "refusal"),
    [(-1, (), QuantityNotPositive), ("0.5", (), QuantityNotWhole), (2, ("A1",), SerialsMissing)],
)
def test_bad_figures_are_refused(stocked: Store, quantity: Any, serials: Any, refusal: type[Refusal]) -> None:
    count = begin(stocked)
    with refuses(refusal):
        find(stocked, count, stocked.parts.board, quantity, *serials)


def test_a_place_is_counted_once_at_a_time(stocked: Store) -> None:
    count = begin(stocked)
    with refuses(actions.CountOpenAlready):
        begin(stocked)
    with refuses(actions.CountEmpty):
        post(stocked, count)
    actions.drop_count(count.id, reason="改天", by=stocked.keeper, at=NOW)
    with refuses(actions.CountClosed):
        find(stocked, count, stocked.parts.capacitor, 1)
    begin(stocked)
    with refuses(UnknownChoice):
        begin(stocked, "half")


def test_who_may_not_count_does_not(stocked: Store, others: Store) -> None:
    with refuses(NotPermitted):
        actions.open_count(stocked.at("branch"), kind="full", by=stocked.crew.clerk, at=NOW)
    count = begin(stocked)
    with refuses(CountNotFound):
        actions.post_count(count.id, by=others.keeper, at=NOW)
