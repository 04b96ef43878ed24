"""Guarantee segments by the rules that ship, each with the article that it illustrates."""

from datetime import date

import pytest

from shouhou.assets.tests.lives import (
    BOOK,
    LEAK,
    NOISE,
    SHORT,
    car,
    fridge,
    guarantee,
    moment,
    of,
    repair,
    segment,
    sold,
    wait,
)
from shouhou.assets.warranty.happenings import Delivered, Installed, LeftOut, MeterRead, Sold, UnitReplaced
from shouhou.assets.warranty.segments import Moved, WarrantySegment
from shouhou.assets.warranty.start import NoRuleForTheStart
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.verdict import Period
from shouhou.policies.rules.words import Segment, Uncounted


def told(one: WarrantySegment) -> list[tuple[str, int, str]]:
    """The steps in short: what moved the end, by how many days, by which rule."""
    return [(str(step.why), step.days, step.rule.id) for step in one.steps]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2023, 3, 1), date(2024, 2, 29)),
        (date(2023, 2, 28), date(2024, 2, 27)),
        # Sold on a leap day: the next year has none.
        (date(2020, 2, 29), date(2021, 2, 27)),
        (date(2023, 1, 31), date(2024, 1, 30)),
    ],
)
def test_a_year_from_the_invoice(day: date, last: date) -> None:
    """1995 rules: from the invoice."""
    whole = segment(guarantee(of(Sold(on=day))))
    assert (whole.start, whole.last_day) == (day, last)
    assert (whole.is_open(last), whole.is_open(date.fromordinal(last.toordinal() + 1))) == (True, False)
    assert told(whole) == [("start", 0, "cn-sanbao-general-1995.clock")]


def test_months_end_on_the_last_day_there_is() -> None:
    """Six months from 31 August, and three from 30 November, come to 28 February, or 29: the day before is the last."""
    phone = guarantee(of(sold(8, 31)), fridge(product_class="mobile_phone"))
    assert segment(phone, Segment.ACCESSORY, ("battery",)).last_day == date(2024, 2, 28)
    phone = guarantee(of(sold(11, 30)), fridge(product_class="mobile_phone"))
    assert segment(phone, Segment.ACCESSORY, ("wired_headset",)).last_day == date(2024, 2, 28)


def test_whole_unit_main_parts_and_accessories_have_periods_of_their_own() -> None:
    """Mobile phones 2001 and the product list: each with the rule that gives it."""
    found = guarantee(of(sold()), fridge(product_class="mobile_phone")).segments
    assert [(one.kind, one.parts, one.last_day, one.rule.id.rpartition(".")[2]) for one in found] == [
        ("whole_unit", None, date(2024, 2, 29), "host"),
        ("accessory", ("charger", "data_card", "terminal_card"), date(2024, 2, 29), "charger-and-cards"),
        ("accessory", ("battery",), date(2023, 8, 31), "battery"),
        ("accessory", ("wired_headset",), date(2023, 5, 31), "headset"),
    ]
    main = segment(guarantee(of(sold())), Segment.MAIN_PARTS)
    assert (main.parts, main.last_day) == (("compressor", "thermostat"), date(2026, 2, 28))


def test_a_promise_of_the_brand_stands_beside_the_law() -> None:
    """Gree 2016: six years; one line for each rule, the longest first."""
    facts = fridge(product_class="air_conditioner", brand="gree")
    found = guarantee(of(sold()), facts).segments
    assert [(one.rule.pack, one.last_day) for one in found if one.kind is Segment.WHOLE_UNIT] == [
        ("brand-gree-2016", date(2029, 2, 28)),
        ("cn-sanbao-general-1995", date(2024, 2, 29)),
    ]


AFTER_2024 = (Sold(on=date(2024, 7, 1)), Delivered(on=date(2024, 7, 3)))


def test_since_july_2024_delivery_counts_or_the_end_of_the_installation() -> None:
    """Implementation rules of the consumer law, art. 18."""
    at = moment(8, 1, year=2024)
    shipped = segment(guarantee(of(AFTER_2024, trader_installs=False), at=at))
    assert (shipped.start, shipped.last_day) == (date(2024, 7, 3), date(2025, 7, 2))
    assert told(shipped) == [("start", 0, "cn-consumer-rules-2024.clock-delivery")]
    fitted = segment(guarantee(of(AFTER_2024, Installed(on=date(2024, 7, 20)), trader_installs=True), at=at))
    assert (fitted.start, fitted.last_day) == (date(2024, 7, 20), date(2025, 7, 19))
    rule = "cn-consumer-rules-2024.clock-installation"
    assert told(fitted) == [("start", 0, rule), ("installation_pending", 17, rule)]
    assert (fitted.steps[1].on, fitted.steps[1].until) == (date(2024, 7, 3), date(2024, 7, 20))


def test_a_car_runs_from_the_invoice_or_from_delivery_where_that_is_later() -> None:
    """Family cars 2022: two years or 50,000 km, three years or 60,000 km."""
    history = of(Sold(on=date(2022, 3, 1)), Delivered(on=date(2022, 3, 5)))
    found = guarantee(history, car(), at=moment(6, 1))
    assert segment(found, Segment.REPLACE_OR_REFUND).last_day == date(2024, 3, 4)
    assert segment(found).last_day == date(2025, 3, 4)


def test_the_meter_ends_a_period_as_soon_as_it_is_read_beyond_the_limit() -> None:
    readings = (
        MeterRead(on=date(2022, 9, 1), km=50_000),
        MeterRead(on=date(2022, 12, 1), km=50_001),
        MeterRead(on=date(2023, 5, 1), km=60_000),
    )
    found = guarantee(of(sold(year=2022), readings), car(), at=moment(6, 1))
    both = segment(found, Segment.REPLACE_OR_REFUND), segment(found)
    assert [one.used_up_on for one in both] == [date(2022, 12, 1), None]
    assert both[0].is_open(date(2022, 9, 1)) is None, "read on another day than the last reading: nobody knows"
    assert [one.is_open(date(2023, 5, 1)) for one in both] == [False, True]
    assert [one.is_open(date(2023, 6, 1)) for one in both] == [False, None]


def test_days_in_repair_and_days_without_parts_do_not_count() -> None:
    """1995 rules: both stop the clock; waiting inside a repair is repair and counts once."""
    life = of(
        sold(),
        repair("R1", moment(5, 2), moment(5, 13)),
        wait("R1", moment(5, 3), moment(5, 9)),
        wait("R2", moment(6, 1), moment(6, 5)),
        repair("R2", moment(6, 5), moment(6, 5, 17)),
    )
    whole = segment(guarantee(life))
    rule = "cn-sanbao-general-1995.pauses"
    assert told(whole) == [
        ("start", 0, "cn-sanbao-general-1995.clock"),
        ("repair", 11, rule),
        ("parts_wait", 4, rule),
        ("repair", 0, rule),
    ]
    assert [step.repairs for step in whole.steps] == [(), ("R1",), ("R2",), ("R2",)]
    assert whole.last_day == date(2024, 3, 15)
    assert [step.end for step in whole.steps][1] == date(2024, 3, 11)


def test_since_july_2024_waiting_for_parts_counts_for_goods_that_no_other_rule_names() -> None:
    """Art. 18 speaks of repair alone; the 1995 rules add the wait for their own goods."""
    life = of(AFTER_2024, wait("R1", moment(8, 1, year=2024), moment(8, 5, year=2024)), trader_installs=False)
    at = moment(9, 1, year=2024)
    assert segment(guarantee(life, at=at)).last_day == date(2025, 7, 6)
    sedan = guarantee(life, car(), at=at)
    assert segment(sedan).last_day == date(2027, 7, 2)


def test_a_repair_that_lasts_moves_the_end_day_by_day() -> None:
    life = of(sold(), repair("R1", moment(5, 2), None))
    for day, moved in ((2, 0), (3, 1), (9, 7)):
        whole = segment(guarantee(life, at=moment(5, day, 18)))
        assert (whole.lasts, whole.steps[-1].days) == (True, moved)
    assert not segment(guarantee(of(sold(), repair("R1", moment(5, 2), moment(5, 3))))).lasts


def test_what_begins_when_the_period_is_over_does_not_open_it_again() -> None:
    life = of(sold(2, 1, year=2022), repair("R1", moment(2, 1), moment(4, 1)))
    found = guarantee(life)
    assert segment(found).last_day == date(2023, 1, 31)
    assert segment(found, Segment.MAIN_PARTS).last_day == date(2025, 3, 31), "59 days: the longer period still ran"
    on_the_last_day = of(sold(2, 1, year=2022), repair("R1", moment(1, 31), moment(2, 10)))
    assert segment(guarantee(on_the_last_day)).last_day == date(2023, 2, 10)


def test_a_replacement_starts_the_periods_again() -> None:
    """1995 rules; the life of the unit that was replaced stays visible in the steps."""
    life = of(
        sold(),
        repair("R1", moment(5, 2), moment(5, 13)),
        UnitReplaced(on=date(2023, 12, 1)),
        repair("R2", moment(12, 5), moment(12, 8)),
    )
    whole = segment(guarantee(life))
    assert (whole.start, whole.last_day) == (date(2023, 12, 1), date(2024, 12, 3))
    assert [(why, days) for why, days, _ in told(whole)] == [
        ("start", 0),
        ("repair", 11),
        ("replacement", 264),
        ("repair", 3),
    ]
    again = life.but(also=[UnitReplaced(on=date(2023, 12, 20))])
    assert segment(guarantee(again)).last_day == date(2024, 12, 19)


def test_after_a_replacement_the_first_day_need_not_be_known() -> None:
    life = of(Sold(on=date(2024, 7, 1)), UnitReplaced(on=date(2024, 12, 31)), trader_installs=False)
    whole = segment(guarantee(life, at=moment(1, 5, year=2025)))
    assert (whole.last_day, told(whole)) == (
        date(2025, 12, 30),
        [("replacement", 0, "cn-consumer-rules-2024.clock-delivery")],
    )


def test_in_zhejiang_the_period_of_a_repaired_part_starts_again() -> None:
    """Zhejiang 2017: the repaired part anew, the rest without the days of the repair."""
    life = of(sold(), repair("R1", moment(5, 2), moment(5, 13)), repair("R2", moment(6, 1), moment(6, 4), SHORT))
    found = guarantee(life, fridge(region="zhejiang"))
    of_unit, *of_parts = [one for one in found.segments if one.kind is Segment.MAIN_PARTS][::-1]
    assert of_unit.last_day == date(2026, 3, 14)
    assert {one.parts: one.last_day for one in of_parts} == {
        ("compressor",): date(2026, 5, 15),
        ("thermostat",): date(2026, 6, 3),
    }
    assert of_parts[0].steps[0].why is Moved.PART_REPAIR
    assert len([one for one in guarantee(life).segments if one.kind is Segment.MAIN_PARTS]) == 1, (
        "in Hunan none of that"
    )


def test_a_paid_repair_after_the_guarantee_starts_nothing_again() -> None:
    """Zhejiang 2017: a period that is over cannot start again; what the repairer owes for his own work runs all the same."""
    late = repair("R1", moment(3, 5, year=2026), moment(3, 20, year=2026))
    found = guarantee(of(sold(), late), fridge(region="zhejiang"), at=moment(4, 1, year=2026), fault=LEAK)
    assert [(one.parts, one.last_day) for one in found.segments if one.kind is Segment.MAIN_PARTS] == [
        (("compressor", "thermostat"), date(2026, 2, 28))
    ]
    held = [one for one in found.segments if one.kind is Segment.REPAIRED]
    assert {(one.parts, one.last_day) for one in held} == {(("compressor",), date(2026, 4, 19))}
    judged = judge(BOOK, found.facts)
    assert judged.rights["remedy.repair"].winner.rule.id == "cn-sanbao-general-1995.repair-again"
    again = guarantee(of(sold(), late), fridge(region="zhejiang"), at=moment(4, 20, year=2026), fault=LEAK)
    assert judge(BOOK, again.facts).has("remedy.repair") is False


def test_days_of_a_repair_after_the_end_do_not_open_the_period_for_the_engine_either() -> None:
    """1995 rules: begun four days after the end, and eleven days long: it reaches back to nothing."""
    late = repair("R1", moment(3, 4, year=2024), moment(3, 15, year=2024), NOISE)
    found = guarantee(of(sold(), late), at=moment(3, 10, year=2024), fault=NOISE)
    assert (segment(found).last_day, found.counts.repair_days) == (date(2024, 2, 29), 6)
    period = judge(BOOK, found.facts).rights["guarantee.whole_unit"].winner.outcome
    assert isinstance(period, Period)
    assert (period.last_day, period.is_open) == (date(2024, 2, 29), False)


def test_days_of_a_repair_before_the_installation_put_no_end_off() -> None:
    """Art. 18: the period begins with the end of the installation; only what of the repair lies after it counts."""
    before = repair("R1", moment(7, 8, year=2024), moment(7, 13, year=2024), NOISE)
    across = repair("R2", moment(7, 15, year=2024), moment(7, 22, year=2024), NOISE)
    life = of(AFTER_2024, Installed(on=date(2024, 7, 20)), before, across, trader_installs=True)
    found = guarantee(life, at=moment(8, 1, year=2024), fault=NOISE)
    assert (segment(found).last_day, found.counts.repair_days) == (date(2025, 7, 21), 12)
    period = judge(BOOK, found.facts).rights["guarantee.whole_unit"].winner.outcome
    assert isinstance(period, Period)
    assert period.last_day == date(2025, 7, 21)


def test_a_repaired_part_starts_again_as_long_as_its_own_period_runs() -> None:
    """Zhejiang 2017: the second repair lies after the end for the unit, but not after that of the part."""
    first = repair("R1", moment(2, 1, year=2026), moment(2, 11, year=2026))
    second = repair("R2", moment(1, 5, year=2029), moment(1, 10, year=2029))
    third = repair("R3", moment(6, 1, year=2032), moment(6, 2, year=2032))
    zhejiang = fridge(region="zhejiang")
    twice = guarantee(of(sold(), first, second), zhejiang, at=moment(2, 1, year=2029), fault=LEAK)
    assert segment(twice, Segment.MAIN_PARTS, ("compressor",)).last_day == date(2032, 1, 9)
    assert judge(BOOK, twice.facts).has("remedy.repair") is True
    too_late = guarantee(of(sold(), first, second, third), zhejiang, at=moment(8, 1, year=2032), fault=LEAK)
    assert segment(too_late, Segment.MAIN_PARTS, ("compressor",)).last_day == date(2032, 1, 9)
    assert judge(BOOK, too_late.facts).has("remedy.repair") is False


def test_a_repair_after_a_part_started_again_puts_off_the_end_of_that_part_too() -> None:
    """Zhejiang 2017: the rest, the part that was repaired earlier among it, without the days of the repair."""
    first = repair("R1", moment(2, 1, year=2026), moment(2, 11, year=2026))
    other = repair("R2", moment(12, 1, year=2028), moment(12, 15, year=2028), NOISE)
    found = guarantee(of(sold(), first, other), fridge(region="zhejiang"), at=moment(2, 20, year=2029), fault=LEAK)
    part = segment(found, Segment.MAIN_PARTS, ("compressor",))
    assert told(part) == [
        ("part_repair", 0, "cn-zhejiang-2017.repaired-part-restarts"),
        ("repair", 14, "cn-sanbao-general-1995.pauses"),
    ]
    assert part.last_day == date(2029, 2, 24)
    assert judge(BOOK, found.facts).has("remedy.repair") is True


def test_in_a_region_nobody_knows_the_end_is_not_sure() -> None:
    life = of(sold(), repair("R1", moment(5, 2), moment(5, 13)))
    facts = fridge().but(region=None)
    whole = next(one for one in guarantee(life, facts).segments if one.rule.pack == "cn-sanbao-general-1995")
    assert (whole.last_day, whole.needs) == (date(2024, 3, 11), ("region",))
    assert whole.is_open(date(2023, 6, 1)) is None
    untouched = guarantee(of(sold()), facts)
    assert next(one for one in untouched.segments if one.rule.pack == "cn-sanbao-general-1995").is_open(
        date(2023, 6, 1)
    )


@pytest.mark.parametrize(("on", "is_open"), [(date(2023, 6, 12), True), (date(2023, 6, 13), False)])
def test_a_repair_has_its_own_guarantee_of_thirty_days(on: date, is_open: bool) -> None:
    """1995 rules: works normally for at least 30 days after the repair."""
    held = segment(guarantee(of(sold(), repair("R1", moment(5, 2), moment(5, 13)))), Segment.REPAIRED)
    assert (held.parts, held.start, held.last_day) == (("compressor",), date(2023, 5, 13), date(2023, 6, 12))
    assert held.is_open(on) is is_open


def test_what_the_rule_for_cars_leaves_out_does_not_stop_the_clock_either() -> None:
    """Order 43: the way of an outside rescue and the shipping of custom parts are no days of repair."""
    begun, back = moment(8, 1, year=2024), moment(8, 11, year=2024)
    way = LeftOut(repair="R1", reason=Uncounted.RESCUE_TRAVEL, starts_at=begun, ends_at=moment(8, 3, year=2024))
    idle = LeftOut(repair="R1", reason=Uncounted.WAITING_FOR_CUSTOMER, starts_at=moment(8, 9, year=2024), ends_at=back)
    life = of(AFTER_2024, repair("R1", begun, back, NOISE), way, idle, trader_installs=False)
    found = guarantee(life, car(), at=moment(9, 1, year=2024))
    assert segment(found).last_day == date(2027, 7, 10), "ten days less two; waiting for the customer is in no rule"
    (stretch,) = found.counts.in_shop
    assert (stretch.days, stretch.left_out, stretch.counted_all_the_same) == (8, (way,), (idle,))


def test_a_period_of_a_platform_runs_from_delivery_too() -> None:
    """JD 2026: shoes 120 days where the seller states none."""
    facts = fridge(product_class="shoes", platform="jd", channel="online", period_agreed=False)
    life = of(sold(6, 20, year=2026), trader_installs=False)
    assert segment(guarantee(life, facts, at=moment(7, 1, year=2026))).last_day == date(2026, 10, 18)


def test_goods_without_any_period_have_no_segments() -> None:
    assert guarantee(of(sold()), fridge(product_class="other")).segments == ()


def test_a_period_that_no_clock_starts_is_refused() -> None:
    with pytest.raises(NoRuleForTheStart):
        guarantee(of(sold()), fridge(product_class="other", region="shanghai", low_value_consumable=False))


def test_the_first_day_of_a_fault_changes_nothing() -> None:
    """Segments are of the unit: whatever fails, they are the same."""
    life = of(sold())
    assert guarantee(life, fault=LEAK).segments == guarantee(life, fault=NOISE).segments == guarantee(life).segments
