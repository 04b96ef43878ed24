from datetime import UTC, date, datetime, timedelta

import pytest

from shouhou.assets.tests.lives import (
    BOOK,
    BRAKES,
    LEAK,
    NOISE,
    SHORT,
    SLIP,
    car,
    fridge,
    guarantee,
    moment,
    of,
    repair,
    sold,
    wait,
)
from shouhou.assets.warranty.counts import Counts
from shouhou.assets.warranty.happenings import Fault, Happening, LeftOut, MeterRead, UnitReplaced
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.words import Uncounted

LATER = moment(7, 1)


def counts(*happenings: Happening | tuple[Happening, ...], facts: Facts | None = None, at: datetime = LATER) -> Counts:
    return guarantee(of(sold(), *happenings), facts, at=at).counts


@pytest.mark.parametrize(
    ("begun", "ended", "of_car", "of_fridge"),
    [
        (moment(5, 3, 9), moment(5, 3, 9), 0, 0),
        (moment(5, 3, 9), moment(5, 3, 17), 1, 0),
        # Over midnight.
        (moment(5, 3, 23), moment(5, 4, 1), 1, 1),
        (moment(5, 3, 9), moment(5, 4, 9), 1, 1),
        (moment(5, 3, 9), moment(5, 4, 9, 1), 2, 1),
        (moment(5, 3, 9), moment(5, 8, 9), 5, 5),
        (moment(5, 3, 9), moment(5, 8, 10), 6, 5),
        # The day is that of the branch's zone, not of UTC.
        (datetime(2023, 5, 3, 15, 30, tzinfo=UTC), datetime(2023, 5, 3, 16, 30, tzinfo=UTC), 1, 1),
        # Over the end of February, in a year that has no 29th, and in one that has.
        (moment(2, 28, 9, year=2025), moment(3, 1, 9, year=2025), 1, 1),
        (moment(2, 28, 9, year=2024), moment(3, 1, 9, year=2024), 2, 2),
    ],
)
def test_days_in_the_shop(begun: datetime, ended: datetime, of_car: int, of_fridge: int) -> None:
    """Order 43: each full 24 hours is a day, a remainder one more; for other goods nights on the calendar."""
    at = moment(7, 1, year=2025)
    life = of(sold(), repair("R1", begun, ended), trader_installs=False)
    assert guarantee(life, car(), at=at).counts.repair_days == of_car
    assert guarantee(life, at=at).counts.repair_days == of_fridge


@pytest.mark.parametrize(("hours", "days", "may_return"), [(30 * 24, 30, False), (30 * 24 + 1, 31, True)])
def test_the_thirty_first_day_in_the_shop(hours: int, days: int, may_return: bool) -> None:
    """Order 43: more than 30 days in repair in all."""
    begun = moment(5, 1)
    life = of(sold(), repair("R1", begun, begun + timedelta(hours=hours), NOISE))
    found = guarantee(life, car(km=9000), at=LATER, fault=NOISE)
    assert found.counts.repair_days == days
    assert judge(BOOK, found.facts).has("remedy.refund") is may_return


@pytest.mark.parametrize(("hours", "days"), [(5 * 24, 5), (5 * 24 + 1, 6)])
def test_the_loan_car_from_the_sixth_day(hours: int, days: int) -> None:
    """Order 43: one repair of more than five days, waiting for parts included."""
    begun = moment(5, 1)
    life = of(sold(), repair("R1", begun, None), wait("R1", begun, None))
    found = guarantee(life, car(km=9000), at=begun + timedelta(hours=hours), fault=LEAK)
    assert found.counts.current_repair_days == days
    assert judge(BOOK, found.facts).has("remedy.loan") is (days > 5)


def test_what_the_rule_leaves_out_is_left_out_and_nothing_else() -> None:
    begun, back = moment(5, 3), moment(5, 8)
    way = LeftOut(repair="R1", reason=Uncounted.RESCUE_TRAVEL, starts_at=begun, ends_at=moment(5, 5, 10))
    before = LeftOut(repair="R1", reason=Uncounted.CUSTOM_PART_TRANSPORT, starts_at=moment(5, 1), ends_at=moment(5, 4))
    found = counts(repair("R1", begun, back), way, before, facts=car())
    assert found.repair_days == 3, "49 of 120 hours; what lies outside the repair or twice in it is left out once"
    assert counts(repair("R1", begun, back), way, before).repair_days == 5, "no such rule for refrigerators"
    customer = LeftOut(repair="R1", reason=Uncounted.WAITING_FOR_CUSTOMER, starts_at=begun, ends_at=back)
    (stretch,) = counts(repair("R1", begun, back), customer, facts=car()).in_shop
    assert (stretch.days, stretch.left_out, stretch.counted_all_the_same) == (5, (), (customer,))


def test_repairs_are_counted_per_fault_and_in_all() -> None:
    found = counts(
        repair("R1", moment(5, 1), moment(5, 3)),
        repair("R2", moment(5, 5), moment(5, 6), SHORT),
        repair("R3", moment(5, 8), moment(5, 9), NOISE),
        repair("R4", moment(5, 11), moment(5, 15), parts=frozenset({"compressor"})),
        repair("R5", moment(6, 20), None),
        wait("R5", moment(6, 23), None),
        at=moment(6, 27),
    )
    assert (found.repairs, found.by_fault) == (4, {"leak": 2, "short": 1, "noise": 1})
    assert (found.performance_repairs, found.severe_repairs) == (3, 0)
    assert [(one.repairs, one.days, one.lasts) for one in found.in_shop] == [
        (("R1",), 2, False),
        (("R2",), 1, False),
        (("R3",), 1, False),
        (("R4",), 4, False),
        (("R5",), 7, True),
    ]
    assert (found.repair_days, found.current_repair_days, found.current_parts_wait_days) == (15, 7, 7)
    assert (found.last_repaired_on, found.replaced_parts) == (date(2023, 5, 15), {"compressor": 1})
    assert found.parts_repaired_on["compressor"] == date(2023, 5, 15)
    assert (found.failed_before(LEAK), found.failed_before(NOISE)) == (3, 0)


def test_the_fault_that_was_found_counts_not_the_one_reported() -> None:
    found = counts(repair("R1", moment(5, 1), moment(5, 3), NOISE, found=LEAK))
    assert (found.by_fault, found.performance_repairs) == ({"leak": 1}, 1)


@pytest.mark.parametrize(
    ("begun", "missing_since", "came", "days"),
    [
        (moment(5, 1), moment(5, 1), None, 91),
        # The law counts from hand-in, also where the part was found to be missing later.
        (moment(5, 1), moment(6, 1), None, 91),
        (moment(5, 1), moment(6, 1), moment(6, 10), 40),
    ],
)
def test_days_without_the_part_count_from_hand_in(
    begun: datetime, missing_since: datetime, came: datetime | None, days: int
) -> None:
    """1995 rules: more than 90 days from hand-in, because the maker supplies no part."""
    life = of(sold(), repair("R1", begun, None), wait("R1", missing_since, came))
    found = guarantee(life, at=moment(7, 31), fault=LEAK)
    assert found.counts.current_parts_wait_days == days
    assert judge(BOOK, found.facts).has("remedy.replace") is (days > 90)


def test_a_unit_may_wait_for_its_part_with_the_customer() -> None:
    found = counts(wait("R1", moment(5, 1), None), at=moment(5, 5))
    assert (found.current_parts_wait_days, found.parts_wait_days, found.repair_days) == (4, 4, 0)
    done = counts(wait("R1", moment(5, 1), moment(5, 4)), repair("R1", moment(5, 4), moment(5, 4, 17)))
    assert (done.current_parts_wait_days, done.parts_wait_days) == (0, 3)


def test_assemblies_and_parts_are_not_added_together() -> None:
    """Order 43."""
    found = counts(
        repair("R1", moment(5, 1), moment(5, 2), SLIP, assemblies=frozenset({"gearbox"})),
        repair("R2", moment(5, 3), moment(5, 4), SLIP, parts=frozenset({"gear"})),
        repair("R3", moment(5, 5), moment(5, 6), SLIP, assemblies=frozenset({"engine"})),
    )
    assert (found.replaced_assemblies, found.replaced_parts) == ({"gearbox": 1, "engine": 1}, {"gear": 1})
    assert (found.severe_before(SLIP), found.severe_before(LEAK)) == (3, 0)


def test_a_replacement_starts_the_counts_again() -> None:
    life = (repair("R1", moment(5, 1), moment(5, 3)), repair("R2", moment(5, 20), moment(5, 22)))
    found = counts(*life, UnitReplaced(on=date(2023, 5, 10)))
    assert (found.performance_repairs, found.repair_days) == (1, 2)
    assert counts(*life).performance_repairs == 2


def test_what_has_not_happened_yet_does_not_count() -> None:
    life = (repair("R1", moment(5, 1), moment(5, 3)), repair("R2", moment(5, 20), moment(5, 22)))
    assert counts(*life, at=moment(5, 10)).repairs == 1
    inside = counts(*life, at=moment(5, 21))
    assert (inside.repairs, inside.repair_days, inside.current_repair_days) == (1, 3, 1)


@pytest.mark.parametrize(("times", "may_return"), [(4, False), (5, True)])
def test_the_fifth_repair_of_one_defect(times: int, may_return: bool) -> None:
    """Order 43: more than four repairs of the same defect."""
    noise = Fault(code="noise")
    life = of(sold(), *(repair(f"R{day}", moment(5, day), moment(5, day, 12), noise) for day in range(1, times + 1)))
    found = guarantee(life, car(km=9000), at=LATER, fault=noise)
    assert judge(BOOK, found.facts).has("remedy.replace") is may_return


@pytest.mark.parametrize(
    ("day", "remedies"),
    [
        # The day of the sale is day 0: days 1 to 7, 8 to 15.
        (8, {"refund", "replace", "repair"}),
        (9, {"replace", "repair"}),
        (16, {"replace", "repair"}),
        (17, {"repair"}),
    ],
)
def test_the_ladder_of_the_first_days(day: int, remedies: set[str]) -> None:
    """1995 rules: boundaries of day 7/8 and 15/16."""
    found = guarantee(of(sold(3, 1)), fridge(same_model_available=False), at=moment(3, day), fault=LEAK)
    has = judge(BOOK, found.facts).remedies() & {"refund", "replace", "repair"}
    # Whoever may have a replacement and cannot get the same model may have the money.
    assert has == (remedies | {"refund"} if "replace" in remedies else remedies)


def test_a_dangerous_fault_of_a_car_that_two_repairs_did_not_cure() -> None:
    """Order 43."""
    for times, may_return in ((1, False), (2, True)):
        life = of(
            sold(), *(repair(f"R{day}", moment(5, day), moment(5, day, 12), BRAKES) for day in range(1, times + 1))
        )
        found = guarantee(life, car(km=9000, safety_failure="brake_failure"), at=LATER, fault=BRAKES)
        assert judge(BOOK, found.facts).has("remedy.refund") is may_return


@pytest.mark.parametrize(
    ("day", "km", "may_return"),
    [(60, 3000, True), (61, 3000, False), (60, 3001, False)],
)
def test_a_dangerous_failure_in_the_first_sixty_days_or_three_thousand_km(day: int, km: int, may_return: bool) -> None:
    """Order 43."""
    at = moment(3, 1) + timedelta(days=day)
    life = of(sold(3, 1), MeterRead(on=at.date(), km=km))
    found = guarantee(life, car(safety_failure="brake_failure"), at=at, fault=BRAKES)
    assert judge(BOOK, found.facts).has("remedy.refund") is may_return
