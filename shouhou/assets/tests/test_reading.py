"""Histories that cannot be read without a guess: named, and answered under each assumption."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from shouhou.assets.tests.lives import LEAK, NOISE, fridge, guarantee, moment, of, repair, segment, sold
from shouhou.assets.warranty.assumptions import (
    BeforeTheUnitWasThere,
    HistoryUnclear,
    MeterRunsBack,
    RepairEndsBeforeItBegins,
    RepairNeverBegan,
    RepairNeverEnded,
    SeveralDays,
    StartNotKnown,
    WaitNeverBegan,
    under_each,
)
from shouhou.assets.warranty.happenings import (
    Delivered,
    Fault,
    Installed,
    LeftOut,
    MeterRead,
    PartWaitEnded,
    Proof,
    RepairBegun,
    RepairEnded,
    Sold,
    SpanReversed,
    UnitHistory,
    UnitReplaced,
)
from shouhou.assets.warranty.reading import read_life
from shouhou.policies.rules.words import Uncounted

AT = moment(12, 31)


def end(history: UnitHistory, at: datetime = AT) -> date:
    return segment(guarantee(history, at=at)).last_day


def days(history: UnitHistory) -> int:
    return guarantee(history).counts.repair_days


def refused[T](
    kind: type[HistoryUnclear], history: UnitHistory, answer: Callable[[UnitHistory], T]
) -> list[tuple[str, T | str]]:
    """What is assumed, and the answer; the code of what is still unclear then."""
    with pytest.raises(kind) as caught:
        answer(history)
    assert str(caught.value)
    return [
        (str(one.assumption), one.answer.code if isinstance(one.answer, HistoryUnclear) else one.answer)
        for one in under_each(caught.value, answer)
    ]


def test_two_days_of_sale() -> None:
    history = of(Sold(on=date(2023, 3, 1), proof=Proof.INVOICE), Sold(on=date(2023, 3, 8), proof=Proof.SERIAL))
    assert refused(SeveralDays, history, end) == [
        ("only 2023-03-01 is right", date(2024, 2, 29)),
        ("only 2023-03-08 is right", date(2024, 3, 7)),
    ]


def test_two_proofs_of_the_same_day_are_no_contradiction() -> None:
    history = of(Sold(on=date(2023, 3, 1), proof=Proof.SERIAL), Sold(on=date(2023, 3, 1), proof=Proof.INVOICE))
    life = read_life(history, at=AT)
    assert life.sold == Sold(on=date(2023, 3, 1), proof=Proof.INVOICE)
    assert guarantee(history).facts.date_provable is True
    assert guarantee(of(Sold(on=date(2023, 3, 1)))).facts.date_provable is False


def test_a_repair_before_the_unit_was_there() -> None:
    history = of(Sold(on=date(2023, 6, 10)), repair("R1", moment(6, 1), moment(6, 4)))
    assert refused(BeforeTheUnitWasThere, history, end) == [
        ("the unit came earlier: 2023-06-10 is wrong", "start_not_known"),
        ("what is recorded as “beginning of a repair” is not of this sale", date(2024, 6, 9)),
    ]


def test_a_unit_may_be_delivered_before_the_invoice_and_installed_in_the_shop() -> None:
    history = of(Sold(on=date(2023, 3, 5)), Delivered(on=date(2023, 3, 1)), Installed(on=date(2023, 3, 1)))
    assert end(history) == date(2024, 3, 4)
    with pytest.raises(BeforeTheUnitWasThere):
        end(history.but(without=[Installed(on=date(2023, 3, 1))], also=[Installed(on=date(2023, 2, 28))]))


def test_a_repair_that_ends_before_it_begins() -> None:
    history = of(sold(), repair("R1", moment(5, 10), moment(5, 3)))
    assert refused(RepairEndsBeforeItBegins, history, days) == [
        ("the end is wrong: the repair lasts", 235),
        ("the beginning is wrong: it took no time", 0),
    ]


def test_a_repair_without_a_beginning() -> None:
    history = of(sold(), RepairEnded(repair="R1", at=moment(5, 3), found=LEAK))
    assert refused(RepairNeverBegan, history, lambda one: guarantee(one).counts.by_fault) == [
        ("it began and ended at the same time", {"leak": 1}),
        ("it is not a repair of this unit", {}),
    ]
    way = LeftOut(repair="R2", reason=Uncounted.RESCUE_TRAVEL, starts_at=moment(5, 1), ends_at=moment(5, 2))
    assert refused(RepairNeverBegan, of(sold(), way), days) == [("it is not a repair of this unit", 0)]


def test_a_repair_that_began_twice() -> None:
    again = RepairBegun(repair="R1", at=moment(5, 5), fault=LEAK)
    history = of(sold(), repair("R1", moment(5, 3), moment(5, 9)), again)
    assert [answer for _, answer in refused(SeveralDays, history, days)] == [6, 4]


def test_a_repair_that_never_ended_though_the_unit_was_back() -> None:
    history = of(sold(), repair("R1", moment(5, 3), None), repair("R2", moment(6, 1), moment(6, 4), NOISE))
    assert refused(RepairNeverEnded, history, days) == [
        ("it ended when R2 began", 32),
        ("it ended together with R2", 32),
    ]
    both_last = of(sold(), repair("R1", moment(5, 3), None), repair("R2", moment(6, 1), None, NOISE))
    assert days(both_last) == 242


def test_a_wait_without_a_beginning() -> None:
    history = of(sold(), repair("R1", moment(5, 3), None), PartWaitEnded(repair="R1", at=moment(5, 9)))

    def without_the_part(one: UnitHistory) -> int:
        return guarantee(one, at=moment(5, 20)).counts.current_parts_wait_days

    assert refused(WaitNeverBegan, history, without_the_part) == [
        ("nothing was waited for", 0),
        ("it began with the repair", 6),
    ]


def test_a_meter_that_runs_back() -> None:
    history = of(sold(), MeterRead(on=date(2023, 5, 1), km=9000), MeterRead(on=date(2023, 6, 1), km=8000))
    answers = refused(MeterRunsBack, history, lambda one: read_life(one, at=AT).readings[0].km)
    assert answers == [
        ("9000 km on 2023-05-01 was read wrongly", 8000),
        ("8000 km on 2023-06-01 was read wrongly", 9000),
    ]
    assert read_life(history.but(also=[UnitReplaced(on=date(2023, 5, 20))]), at=AT).readings[0].km == 8000


def test_no_date_at_all() -> None:
    history = of(repair("R1", moment(5, 3), moment(5, 5)))
    assert refused(StartNotKnown, history, end) == [
        ("the sale was on 2023-05-03, the last day on which it can have been", date(2024, 5, 4)),
    ]


def test_no_day_of_sale_but_a_delivery() -> None:
    history = of(Delivered(on=date(2023, 3, 4), proof=Proof.WAYBILL))
    assert refused(StartNotKnown, history, end) == [
        ("the sale was on 2023-03-04, like what else is known", date(2024, 3, 3)),
        ("the sale was on 2023-12-31, the last day on which it can have been", date(2024, 12, 30)),
    ]


def test_no_day_of_sale_but_a_delivery_and_an_installation() -> None:
    history = of(Delivered(on=date(2023, 3, 4)), Installed(on=date(2023, 3, 20)))
    assert [answer for _, answer in refused(StartNotKnown, history, end)] == [date(2024, 3, 3), date(2024, 12, 30)]


def test_nobody_knows_who_installs() -> None:
    at = moment(9, 1, year=2024)
    history = of(sold(7, 3, year=2024), Installed(on=date(2024, 7, 20)))
    assert refused(StartNotKnown, history, lambda one: end(one, at)) == [
        ("the trader has to install it", date(2025, 7, 19)),
        ("the trader does not have to install it", date(2025, 7, 2)),
    ]


def test_an_installation_that_is_pending() -> None:
    at = moment(9, 1, year=2024)
    history = of(sold(7, 3, year=2024), trader_installs=True)
    assert refused(StartNotKnown, history, lambda one: end(one, at)) == [
        ("the installation was on 2024-07-03, like what else is known", date(2025, 7, 2)),
        ("the installation was on 2024-09-01, the last day on which it can have been", date(2025, 8, 31)),
    ]


def test_a_missing_fact_that_no_day_would_tell_has_no_assumption() -> None:
    with pytest.raises(StartNotKnown) as caught:
        guarantee(of(sold()), fridge().but(product_class=None))
    assert (caught.value.field, caught.value.assumptions) == ("product_class", ())


def test_what_is_unclear_twice_says_so_under_each_assumption() -> None:
    history = of(Sold(on=date(2023, 3, 1)), Sold(on=date(2023, 3, 8)), repair("R1", moment(5, 10), moment(5, 3)))
    assert [answer for _, answer in refused(SeveralDays, history, end)] == ["repair_ends_before_it_begins"] * 2


def test_what_happens_later_is_not_known_yet() -> None:
    history = of(sold(), repair("R1", moment(5, 10), moment(5, 3)), MeterRead(on=date(2023, 5, 2), km=3))
    life = read_life(history, at=moment(5, 1))
    assert (life.stays, life.readings) == ((), ())


def test_goods_may_be_sold_and_replaced_on_one_day() -> None:
    day = date(2023, 3, 1)
    life = read_life(of(Sold(on=day), UnitReplaced(on=day)), at=moment(6, 1))
    assert (life.sold, life.replaced_on) == (Sold(on=day), day)
    # What was sold before is the sale; what is on the invoice of the new unit is not.
    earlier = read_life(of(Sold(on=date(2023, 2, 1)), Sold(on=day), UnitReplaced(on=day)), at=moment(6, 1))
    assert earlier.sold == Sold(on=date(2023, 2, 1))


def test_time_left_out_cannot_run_backwards() -> None:
    with pytest.raises(SpanReversed):
        LeftOut(repair="R1", reason=Uncounted.RESCUE_TRAVEL, starts_at=moment(5, 2), ends_at=moment(5, 1))


def test_the_days_of_the_life_become_facts() -> None:
    history = of(
        Sold(on=date(2023, 3, 1), proof=Proof.INVOICE),
        Delivered(on=date(2023, 3, 2)),
        Installed(on=date(2023, 3, 4)),
        UnitReplaced(on=date(2023, 6, 1)),
        MeterRead(on=date(2023, 6, 5), km=40),
        repair("R1", moment(6, 3), moment(6, 4), Fault(code="slip", part="gear", assembly="gearbox")),
        trader_installs=True,
    )
    told = guarantee(history, at=moment(6, 5), fault=Fault(code="slip", part="gear", assembly="gearbox")).facts
    assert (told.on, told.sold_on, told.delivered_on, told.installed_on, told.replaced_on) == (
        date(2023, 6, 5),
        date(2023, 3, 1),
        date(2023, 3, 2),
        date(2023, 3, 4),
        date(2023, 6, 1),
    )
    assert (told.trader_installs, told.km, told.repaired_on, told.part_repaired_on) == (
        True,
        40,
        date(2023, 6, 4),
        date(2023, 6, 4),
    )
    assert (told.assembly, told.assembly_replacements, told.same_part_repaired) == ("gearbox", 0, True)
    assert guarantee(history, at=moment(6, 6)).facts.km is None, "an older reading is not today's distance"
