"""What many people do to the same parts at the same moment: real threads, each with its own connection and transaction."""

from decimal import Decimal
from typing import Any

import pytest

from shouhou.catalog.actions import add_part
from shouhou.stock import actions
from shouhou.stock.models import Movement, SerialNumber
from shouhou.stock.tests.conftest import ORDER, Parts, Store, lot
from shouhou.stock.verifying import find_stock_faults
from tests.cast import NOW, Cast, Crew
from tests.test_races import WAVE, at_once, refused, won

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def parts(cast: Cast) -> Parts:
    shared: dict[str, Any] = {"branch": cast.hq, "by": cast.root, "at": NOW}
    pipe = add_part(number="PIPE-6", name="铜管", unit="米", kept_as="measured", **shared)
    return Parts(cast.capacitor, pipe, add_part(number="PCB-1", name="主控板", unit="块", kept_as="serial", **shared))


@pytest.fixture
def store(qd: Crew, parts: Parts) -> Store:
    return Store(qd, parts)


def sound(*stores: Store) -> None:
    for one in stores:
        assert not list(find_stock_faults(one.branch))


def test_of_50_who_take_the_last_part_at_once_one_gets_it(store: Store) -> None:
    store.receive(store.parts.capacitor, 1)
    answers = at_once(*[lambda: store.issue(store.parts.capacitor, 1)] * 50)
    assert len(won(answers)) == 1
    assert refused(answers) == {"part_not_available": 49}
    assert store.quantity(store.parts.capacitor, "branch") == 0
    assert store.account("parts_consumed") == "10.00"
    sound(store)


def test_a_serial_number_goes_to_one_order(store: Store) -> None:
    store.receive(store.parts.board, 1, "A1")
    answers = at_once(*[lambda: store.issue(store.parts.board, 1, "A1")] * WAVE)
    assert len(won(answers)) == 1
    assert SerialNumber.objects.get().balance.place.kind == "fitted"
    sound(store)


def test_a_serial_number_comes_onto_one_shelf(store: Store, cast: Cast) -> None:
    other = Store(cast.jn, store.parts)
    for one in (store, other):
        one.place("branch")
        one.place("quarantine")
    answers = at_once(
        *[lambda: store.receive(store.parts.board, 1, "A1")] * 3,
        *[lambda: store.receive(store.parts.board, 1, "A1", to="quarantine")] * 3,
        *[lambda: other.receive(store.parts.board, 1, "A1")] * 3,
    )
    assert len(won(answers)) == 1
    assert set(refused(answers)) <= {"serial_elsewhere", "serial_in_other_branch"}
    assert Movement.objects.count() == 1
    sound(store, other)


def test_a_part_is_not_reserved_twice_over(store: Store) -> None:
    store.receive(store.parts.capacitor, 5)

    def reserve() -> Any:
        told = {"quantity": Decimal(2), "about": ORDER, **store.told()}
        return actions.reserve_part(store.at("branch"), store.parts.capacitor, **told)

    answers = at_once(*[reserve] * WAVE, *[lambda: store.issue(store.parts.capacitor, 2)] * 3)
    assert len(won(answers)) == 2
    assert refused(answers) == {"part_not_available": WAVE + 1}
    sound(store)


def test_the_same_key_at_the_same_moment_is_one_act(store: Store) -> None:
    store.receive(store.parts.capacitor, WAVE)
    answers = at_once(*[lambda: store.issue(store.parts.capacitor, 1, key="k")] * WAVE)
    assert len({one.id for (one,) in answers}) == 1
    assert store.quantity(store.parts.capacitor, "branch") == WAVE - 1
    sound(store)


def test_parts_that_cross_between_two_stores_do_not_wait_in_a_ring(store: Store) -> None:
    for kind in ("branch", "centre"):
        store.receive(store.parts.capacitor, WAVE, to=kind)

    def send(start: str, end: str) -> Any:
        lots = [lot(store.parts.capacitor, 1)]
        return lambda: actions.send_parts(store.at(start), lots, to=store.at(end), **store.told())

    answers = at_once(*[send("branch", "centre")] * 5, *[send("centre", "branch")] * 5)
    assert len(won(answers)) == 10
    assert not [one for one in answers if isinstance(one, Exception)]
    assert store.quantity(store.parts.capacitor, "in_transit") == 10
    sound(store)
