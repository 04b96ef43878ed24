"""The price list: four prices, from a day on, and never changed once they have begun."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouhou.audit.models import Event
from shouhou.audit.queries import find_faults
from shouhou.catalog.actions import (
    PriceHasBegun,
    PriceInThePast,
    PriceNotFound,
    add_part,
    add_travel_band,
    add_work_code,
    retire_entry,
    set_price,
    withdraw_price,
)
from shouhou.catalog.models import Part, Price, Priced
from shouhou.catalog.queries import EntryRetired, find_courses, list_price_on, price_of, prices_of
from shouhou.catalog.rules import ALWAYS, AmountInvalid, DayOutOfRange, FourPrices, NoAmountGiven, Side, in_force
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.money import Money, UnknownCurrency
from tests.cast import NOW, Cast, refuses
from tests.walls import rolled_back

TODAY = date(2026, 11, 23)
FOUR = FourPrices(Decimal(0), Decimal("31.00"), Decimal("45.00"), Decimal("28.50"))


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def asked(amount: int) -> FourPrices:
    return FourPrices(out_charged=Decimal(amount))


def put(subject: Priced, cast: Cast, *, valid_from: date, prices: FourPrices = FOUR, **more: Any) -> Price:
    here: dict[str, Any] = {"branch": cast.qd.branch, "by": cast.qd.administrator, "at": NOW, "today": TODAY}
    here |= more
    return set_price(subject, prices=prices, valid_from=valid_from, **here)


def costs(subject: Priced, on: date) -> Decimal | None:
    price = price_of(subject, day=on, in_warranty=False, side=Side.CHARGED)
    return price.amount if price else None


@pytest.fixture
def fan(cast: Cast) -> Part:
    """A part without any price."""
    return add_part(number="P-1", name="风扇", unit="件", branch=cast.hq, by=cast.root, at=NOW)


def test_a_thing_has_four_prices(cast: Cast, fan: Part) -> None:
    put(fan, cast, valid_from=TODAY)
    four = {
        (in_warranty, side): price_of(fan, day=TODAY, in_warranty=in_warranty, side=side)
        for in_warranty in (True, False)
        for side in Side
    }
    assert four == {
        (True, Side.CHARGED): Money(Decimal(0)),
        (True, Side.SETTLED): Money(Decimal("31.00")),
        (False, Side.CHARGED): Money(Decimal("45.00")),
        (False, Side.SETTLED): Money(Decimal("28.50")),
    }


def test_parts_work_and_distances_have_prices(cast: Cast, fan: Part) -> None:
    shared: dict[str, Any] = {"branch": cast.hq, "by": cast.root, "at": NOW}
    product_class = cast.air_conditioner.product_class
    work = add_work_code(code="W", name="加氟", product_class=product_class, hours=Decimal(1), **shared)
    band = add_travel_band(code="T1", name="市区", from_km=0, **shared)
    subjects: tuple[Priced, ...] = (fan, work, band)
    for amount, subject in enumerate(subjects, 1):
        put(subject, cast, valid_from=TODAY, prices=asked(amount))
    assert [costs(subject, TODAY) for subject in subjects] == [1, 2, 3]


def test_the_price_of_a_new_part_is_its_price_of_old(cast: Cast) -> None:
    assert costs(cast.capacitor, ALWAYS) == costs(cast.capacitor, TODAY) == Decimal("38.50")
    assert price_of(cast.capacitor, day=TODAY, in_warranty=True, side=Side.CHARGED) == Money(Decimal(0))
    assert price_of(cast.capacitor, day=TODAY, in_warranty=True, side=Side.SETTLED) is None


def test_a_new_price_does_not_change_the_past(cast: Cast) -> None:
    put(cast.capacitor, cast, valid_from=day(7))
    assert [costs(cast.capacitor, day(offset)) for offset in (0, 6, 7, 8)] == [Decimal("38.50")] * 2 + [45] * 2
    with refuses(PriceInThePast):
        put(cast.capacitor, cast, valid_from=day(-1))
    assert put(cast.capacitor, cast, valid_from=TODAY).valid_from == TODAY


def test_what_has_begun_stays_as_it_is(cast: Cast, fan: Part) -> None:
    put(fan, cast, valid_from=TODAY)
    with refuses(PriceHasBegun):
        put(fan, cast, valid_from=TODAY, prices=asked(1))
    with refuses(PriceHasBegun):
        withdraw(fan, cast, valid_from=TODAY)


def withdraw(subject: Priced, cast: Cast, *, valid_from: date, **more: Any) -> None:
    here: dict[str, Any] = {"branch": cast.qd.branch, "by": cast.qd.administrator, "at": NOW, "today": TODAY}
    here |= more
    withdraw_price(subject, valid_from=valid_from, **here)


def test_what_is_to_come_is_replaced_or_withdrawn(cast: Cast, fan: Part) -> None:
    put(fan, cast, valid_from=day(3), prices=asked(10))
    put(fan, cast, valid_from=day(3), prices=asked(12))
    assert costs(fan, day(3)) == 12
    withdraw(fan, cast, valid_from=day(3))
    assert costs(fan, day(3)) is None
    with refuses(PriceNotFound):
        withdraw(fan, cast, valid_from=day(3))
    events = Event.objects.filter(chain_id=fan.id).order_by("sequence")
    assert [event.verb for event in events][1:] == ["catalog.price.set"] * 2 + ["catalog.price.withdrawn"]
    assert events[2].data["from"]["out_charged"] == "10.00"
    assert not list(find_faults())


def test_the_same_price_again_leaves_no_event(cast: Cast, fan: Part) -> None:
    put(fan, cast, valid_from=day(3))
    count = Event.objects.count()
    put(fan, cast, valid_from=day(3))
    assert Event.objects.count() == count


def test_the_first_price_may_begin_in_the_past(cast: Cast, fan: Part) -> None:
    put(fan, cast, valid_from=day(-400), prices=asked(9))
    assert costs(fan, day(-401)) is None
    assert costs(fan, day(-400)) == 9


@pytest.mark.parametrize(
    ("prices", "valid_from", "refusal"),
    [
        (FourPrices(), TODAY, NoAmountGiven),
        (FourPrices(out_charged=Decimal(-1)), TODAY, AmountInvalid),
        (FourPrices(in_settled=Decimal("0.001")), TODAY, AmountInvalid),
        (FourPrices(in_settled=Decimal("Infinity")), TODAY, AmountInvalid),
        (FourPrices(out_charged=Decimal(10_000_000)), TODAY, AmountInvalid),
        (FourPrices(out_charged=Decimal("1.5"), currency="JPY"), TODAY, AmountInvalid),
        (FourPrices(out_charged=Decimal(1), currency="XXX"), TODAY, UnknownCurrency),
        (FOUR, date(1969, 12, 31), DayOutOfRange),
        (FOUR, date(2200, 1, 1), DayOutOfRange),
    ],
)
def test_it_refuses_what_is_no_price(
    prices: FourPrices, valid_from: date, refusal: type[Refusal], cast: Cast, fan: Part
) -> None:
    with refuses(refusal):
        put(fan, cast, prices=prices, valid_from=valid_from)


def test_what_is_retired_gets_no_new_price(cast: Cast, fan: Part) -> None:
    retire_entry(fan, branch=cast.qd.branch, by=cast.qd.administrator, at=NOW)
    with refuses(EntryRetired):
        put(fan, cast, valid_from=day(1))


def test_only_administrators_set_prices(cast: Cast, fan: Part) -> None:
    put(fan, cast, valid_from=day(5))
    for actor in (cast.qd.clerk, cast.qd.supervisor, cast.qd.technician_actor):
        with refuses(NotPermitted):
            put(fan, cast, valid_from=day(6), by=actor)
        with refuses(NotPermitted):
            withdraw(fan, cast, valid_from=day(5), by=actor)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.integers(1, 40), st.integers(0, 999), min_size=1, max_size=6), st.randoms())
def test_the_order_of_entry_does_not_matter(cast: Cast, fan: Part, prices: dict[int, int], rng: Any) -> None:
    """On any day counts the price that began last, and there is never more than one."""
    offsets = list(prices)
    rng.shuffle(offsets)
    with rolled_back():
        for offset in offsets:
            put(fan, cast, valid_from=day(offset), prices=asked(prices[offset]))
        for offset in range(42):
            begun = [start for start in prices if start <= offset]
            expected = prices[max(begun)] if begun else None
            assert costs(fan, day(offset)) == expected
            course = find_courses([fan], day=day(offset))[fan.id]
            assert (course.now.out_charged if course.now else None) == expected
            assert len(course.past) + len(course.future) + bool(course.now) == len(prices)


@given(st.sets(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=8), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_price_in_force_is_the_last_that_has_begun(starts: set[date], on: date) -> None:
    found = in_force(starts, on)
    assert found is None or (found in starts and found <= on)
    assert not [start for start in starts if start <= on and (found is None or start > found)]


def test_the_database_keeps_one_price_for_a_day(cast: Cast, fan: Part) -> None:
    put(fan, cast, valid_from=TODAY)
    for broken in (
        Price(part=fan, valid_from=TODAY, out_charged=1),
        Price(valid_from=TODAY, out_charged=1),
        Price(part=fan, valid_from=day(1)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken.save(force_insert=True)
    assert prices_of(fan).count() == 1


def test_many_prices_cost_one_query(cast: Cast, fan: Part) -> None:
    put(fan, cast, valid_from=day(1))
    with CaptureQueriesContext(connection) as queries:
        assert list_price_on([fan, cast.capacitor], day=day(1)) == {
            fan.id: Money(Decimal("45.00")),
            cast.capacitor.id: Money(Decimal("38.50")),
        }
    assert len(queries) == 1
    assert list_price_on([], day=TODAY) == {}
