from decimal import Decimal
from typing import Any

import pytest

from shouhou.kernel.errors import NotPermitted
from shouhou.ledger.actions import confirm_crossing, receive_crossing
from shouhou.ledger.queries import find_crossings_on_their_way
from shouhou.stock import actions
from shouhou.stock.models import Arrival, Transfer
from shouhou.stock.queries import (
    ArrivalNotFound,
    PlaceNotFound,
    TransferNotFound,
    find_arrivals,
    find_transfers_on_the_way,
    find_transfers_to_announce,
)
from shouhou.stock.tests.conftest import Store, lot
from shouhou.stock.verifying import find_stock_faults
from tests.cast import NOW, Cast, refuses


@pytest.fixture
def stocked(store: Store) -> Store:
    store.receive(store.parts.capacitor, 5)
    store.receive(store.parts.board, 2, "A1", "A2")
    store.place("van")
    return store


def send(store: Store, quantity: Any = 3, **given: Any) -> Transfer:
    lots = [lot(store.parts.capacitor, quantity), lot(store.parts.board, 1, "A1")]
    return actions.send_parts(store.at("branch"), lots, to=store.at("van"), **store.told(**given))


def test_what_is_sent_is_on_the_way_until_it_is_taken_in(stocked: Store) -> None:
    row = send(stocked)
    part = stocked.parts.capacitor
    assert [stocked.quantity(part, kind) for kind in ("branch", "in_transit", "van")] == [2, 3, 0]
    assert list(find_transfers_on_the_way(stocked.branch, by=stocked.keeper)) == [row]
    actions.take_in_transfer(row.id, **stocked.told(by=stocked.crew.technician_actor))
    assert [stocked.quantity(part, kind) for kind in ("branch", "in_transit", "van")] == [2, 0, 3]
    assert Transfer.objects.get().status == "arrived"
    assert stocked.value(part) == "50.00"
    assert row.number.startswith("DB-QD")
    assert not list(find_stock_faults(stocked.branch))


def test_a_part_of_it_arrives_and_the_rest_is_given_up(stocked: Store, cast: Cast) -> None:
    row = send(stocked)
    some = [lot(stocked.parts.capacitor, 2), lot(stocked.parts.board, 1, "A1")]
    actions.take_in_transfer(row.id, lots=some, **stocked.told())
    assert Transfer.objects.get().status == "sent"
    with refuses(actions.NotOnTheWay):
        actions.take_in_transfer(row.id, lots=some[:1], **stocked.told())
    with refuses(NotPermitted):
        actions.give_up_transfer(row.id, reason="丢失", **stocked.told())
    actions.give_up_transfer(row.id, reason="丢失", **stocked.told(by=cast.root))
    assert Transfer.objects.get().status == "lost"
    assert stocked.account("stock_difference") == "10.00"
    with refuses(actions.TransferClosed):
        actions.take_in_transfer(row.id, **stocked.told())
    assert not list(find_stock_faults(stocked.branch))


def test_sending_and_taking_in_again_is_done_once(stocked: Store) -> None:
    assert send(stocked, key="k") == send(stocked, key="k")
    with refuses(actions.StockKeyUsed):
        send(stocked, 2, key="k")
    row, told = Transfer.objects.get(), stocked.told(key="in")
    first = actions.take_in_transfer(row.id, **told)
    assert actions.take_in_transfer(row.id, **told) == first


def test_only_his_own_van_takes_in_for_a_technician(stocked: Store) -> None:
    row = send(stocked)
    with refuses(NotPermitted):
        actions.take_in_transfer(row.id, **stocked.told(by=stocked.crew.colleague_actor))
    with refuses(NotPermitted):
        send(stocked, 1, by=stocked.crew.technician_actor)


def test_a_transfer_of_another_branch_is_not_there(stocked: Store, others: Store) -> None:
    row = send(stocked)
    with refuses(TransferNotFound):
        actions.take_in_transfer(row.id, **stocked.told(by=others.keeper))
    theirs = others.at("branch")
    with refuses(PlaceNotFound):
        actions.send_parts(theirs, [lot(stocked.parts.board, 1, "A2")], to=stocked.at("van"), **stocked.told())


def to_branch(store: Store, other: Store, **given: Any) -> Transfer:
    lots = [lot(store.parts.capacitor, 3), lot(store.parts.board, 1, "A1")]
    return actions.send_to_branch(store.at("branch"), lots, to_branch=other.branch, **store.told(**given))


def carry_over(store: Store, cast: Cast) -> None:
    """What the worker does with values between branches."""
    for crossing in find_crossings_on_their_way(store.branch):
        receive_crossing(crossing, by=cast.root, at=NOW)
        confirm_crossing(crossing, by=cast.root, at=NOW)


def announce(store: Store, cast: Cast) -> None:
    for row in find_transfers_to_announce(store.branch):
        actions.announce_transfer(row, by=cast.root, at=NOW)


def test_parts_and_their_value_go_to_another_branch(stocked: Store, others: Store, cast: Cast) -> None:
    row = to_branch(stocked, others)
    assert stocked.account("parts_stock") == "30.00"
    assert stocked.account("branch_clearing") == "40.00"
    with refuses(actions.GoesToAnotherBranch):
        actions.take_in_transfer(row.id, **stocked.told())
    for _again in range(2):
        announce(stocked, cast)
    (arrival,) = find_arrivals(others.branch, by=others.keeper)
    told = others.told(key="in")
    first = actions.take_in_arrival(arrival.id, to=others.at("branch"), **told)
    assert actions.take_in_arrival(arrival.id, to=others.at("branch"), **told) == first
    assert others.account("parts_stock") == "40.00"
    assert others.account("parts_on_way") == "-40.00"
    carry_over(stocked, cast)
    assert others.account("parts_on_way") == stocked.account("branch_clearing") == "0.00"
    assert stocked.account("branch_current") == "40.00"
    assert others.quantity(stocked.parts.board, "branch") == 1
    with refuses(actions.ArrivedAlready):
        actions.take_in_arrival(arrival.id, to=others.at("branch"), **others.told())
    for one in (stocked, others):
        assert not list(find_stock_faults(one.branch))


def test_announcing_is_taken_up_where_it_was_broken_off(stocked: Store, others: Store, cast: Cast) -> None:
    row = to_branch(stocked, others)
    actions.announce_transfer(row, by=cast.root, at=NOW)
    Transfer.objects.filter(id=row.id).update(announced_at=None)
    announce(stocked, cast)
    assert Arrival.objects.count() == 1
    assert not find_transfers_to_announce(stocked.branch)


def test_an_arrival_is_taken_in_by_its_branch(stocked: Store, others: Store, cast: Cast) -> None:
    to_branch(stocked, others)
    announce(stocked, cast)
    arrival = Arrival.objects.get()
    with refuses(ArrivalNotFound):
        actions.take_in_arrival(arrival.id, to=stocked.at("branch"), **stocked.told())
    with refuses(PlaceNotFound):
        actions.take_in_arrival(arrival.id, to=stocked.at("branch"), **others.told())


def test_the_same_branch_is_no_other_branch(stocked: Store) -> None:
    with refuses(actions.SameBranch):
        to_branch(stocked, stocked)


def test_quantities_of_a_transfer_are_as_anywhere(stocked: Store) -> None:
    with refuses(actions.PartNotAvailable):
        send(stocked, Decimal(6))
