from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shouhou.catalog.models import Part
from shouhou.catalog.queries import UnknownFaultCode, UnknownPart
from shouhou.custody import actions as custody
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.ink import SignatureEmpty
from shouhou.workshop import actions
from shouhou.workshop.actions._card import NotYourCard, TextOwed, WorkStillOpen
from shouhou.workshop.actions.asking import AnswerUnproved, EndedBeforeItBegan, QuotedAmountInvalid
from shouhou.workshop.actions.bench import (
    AtWorkAlready,
    CustomerDeclined,
    DiagnosisMissing,
    GoodsElsewhere,
    NotAtWork,
    NothingWorked,
    PartQuantityInvalid,
    StoppedBeforeStart,
    StretchOverlaps,
)
from shouhou.workshop.models import BenchWork, CustomerQuestion, PartWait
from shouhou.workshop.rules import CardInWrongState
from tests.cast import STROKES, Crew, refuses
from tests.goods_acts import OURS, SHELF
from tests.workshop_acts import card

PHONE: dict[str, Any] = {"evidence": "phone_call", "answered_by": "王建华", "note": "同意更换，费用 380 元"}


def test_work_has_a_real_beginning_and_end(qd: Crew) -> None:
    one = card(qd, "at_bench")
    began = actions.start_work(one.key, **one.told())
    with refuses(AtWorkAlready):
        actions.start_work(one.key, **one.told())
    with refuses(StoppedBeforeStart):
        actions.stop_work(one.key, by=one.mender, at=began.starts_at)
    ended = actions.stop_work(one.key, **one.told())
    assert ended.ends_at
    assert (ended.work_class, ended.ends_at) == ("C", one.at)
    with refuses(NotAtWork):
        actions.stop_work(one.key, **one.told())
    with refuses(StretchOverlaps):
        actions.start_work(one.key, by=one.mender, at=ended.ends_at - timedelta(minutes=1))
    actions.start_work(one.key, work_class="D", **one.told())
    assert [line.work_class for line in BenchWork.objects.order_by("starts_at")] == ["C", "D"]


def test_everybody_writes_his_own_time_and_the_lead_that_of_others(qd: Crew, jn: Crew) -> None:
    one = card(qd, "at_bench")
    with refuses(NotYourCard):
        actions.start_work(one.key, technician_id=qd.technician.id, **one.told(qd.colleague_actor))
    with refuses(NotPermitted):
        actions.start_work(one.key, **one.desk())
    with refuses(UnknownChoice):
        actions.start_work(one.key, work_class="E", **one.told())
    assert actions.start_work(one.key, **one.lead()).technician == qd.technician
    assert actions.start_work(one.key, **one.told(qd.colleague_actor)).technician == qd.colleague


def test_no_work_on_what_is_at_the_maker(qd: Crew) -> None:
    one = card(qd, "at_bench")
    custody.send_to_maker(qd.gas_unit.id, start=SHELF, maker="海风工厂", giver=OURS, taker=OURS, **one.lead())
    with refuses(GoodsElsewhere):
        actions.start_work(one.key, **one.told())


@pytest.mark.parametrize("wrong", [{"ends_at": None}, {"work_class": "E"}])
def test_the_database_refuses_two_open_stretches(qd: Crew, wrong: dict[str, Any]) -> None:
    one = card(qd, "at_bench")
    for act in (actions.start_work, actions.stop_work, actions.start_work):
        act(one.key, **one.told())
    with pytest.raises(IntegrityError), transaction.atomic():
        BenchWork.objects.filter(branch=qd.branch).update(**wrong)


def test_a_diagnosis_is_written_by_the_one_who_has_the_card(qd: Crew) -> None:
    one = card(qd, "at_bench")
    with refuses(NotYourCard):
        actions.record_diagnosis(one.key, diagnosis="水箱漏水", **one.told(qd.colleague_actor))
    with refuses(TextOwed):
        actions.record_diagnosis(one.key, diagnosis=" ", **one.told())
    with refuses(UnknownFaultCode):
        actions.record_diagnosis(one.key, diagnosis="水箱漏水", fault_code="X9", **one.told())
    actions.record_diagnosis(one.key, diagnosis="水箱漏水", **one.told())
    assert one.card.diagnosis == "水箱漏水"


@pytest.mark.parametrize("quantity", ["0", "-1", "10000", "0.0001", "NaN"])
def test_a_part_that_cannot_be(qd: Crew, quantity: str) -> None:
    one = card(qd, "at_bench")
    with refuses(PartQuantityInvalid):
        actions.use_part(one.key, part="CBB65-35", quantity=Decimal(quantity), **one.told())
    with refuses(UnknownPart):
        actions.use_part(one.key, part="X", quantity=Decimal(1), **one.told())
    assert actions.use_part(one.key, part="CBB65-35", quantity=Decimal(1), **one.told()).part == Part.objects.get()


def test_what_has_to_be_there_before_it_is_finished(qd: Crew) -> None:
    one = card(qd, "at_bench")
    finish: dict[str, Any] = {"work_done": "更换水箱"}
    with refuses(DiagnosisMissing):
        actions.finish_repair(one.key, **finish, **one.told())
    actions.record_diagnosis(one.key, diagnosis="水箱漏水", **one.told())
    with refuses(NothingWorked):
        actions.finish_repair(one.key, **finish, **one.told())
    actions.start_work(one.key, **one.told())
    for act in (
        lambda: actions.finish_repair(one.key, **finish, **one.told()),
        lambda: actions.cannot_be_repaired(one.key, outcome="as_is", reason="无件", **one.told()),
        lambda: actions.ask_customer(one.key, question="?", **one.desk()),
        lambda: actions.wait_for_parts(one.key, what="水箱", **one.told()),
    ):
        with refuses(WorkStillOpen):
            act()
    actions.stop_work(one.key, **one.told())
    with refuses(TextOwed):
        actions.finish_repair(one.key, work_done="", **one.told())
    actions.finish_repair(one.key, **finish, **one.told())
    assert (one.card.status, one.card.outcome) == ("to_inspect", "mended")


def test_the_customers_answer_with_what_shows_it(qd: Crew) -> None:
    one = card(qd, "asking")
    with refuses(CardInWrongState):
        actions.start_work(one.key, **one.told())
    signed: dict[str, Any] = {"evidence": "signature", "answered_by": "王建华"}
    for wrong, expected in (
        (PHONE | {"note": ""}, AnswerUnproved),
        (PHONE | {"answered_by": ""}, TextOwed),
        (PHONE | {"evidence": "hearsay"}, UnknownChoice),
        (signed | {"strokes": []}, SignatureEmpty),
    ):
        with refuses(expected):
            actions.record_answer(one.key, agreed=True, **wrong, **one.desk())
    asked = CustomerQuestion.objects.get()
    with refuses(EndedBeforeItBegan):
        actions.record_answer(one.key, agreed=True, **PHONE, by=qd.clerk, at=asked.asked_at - timedelta(minutes=1))
    with refuses(NotPermitted):
        actions.record_answer(one.key, agreed=True, **PHONE, **one.told(qd.administrator))
    answer = actions.record_answer(one.key, agreed=True, **signed, strokes=STROKES, **one.desk())
    assert (answer.agreed, answer.strokes, one.card.status) == (True, STROKES, "at_bench")


@pytest.mark.parametrize("amount", ["-1", "0.001", "10000000", "Infinity"])
def test_a_price_that_cannot_be(qd: Crew, amount: str) -> None:
    one = card(qd, "at_bench")
    with refuses(QuotedAmountInvalid):
        actions.ask_customer(one.key, question="?", amount=Decimal(amount), **one.desk())


def test_what_the_customer_does_not_want_is_not_finished(qd: Crew) -> None:
    one = card(qd, "asking")
    actions.record_answer(one.key, agreed=False, **PHONE | {"note": "太贵，不修了"}, **one.desk())
    with refuses(CustomerDeclined):
        actions.finish_repair(one.key, work_done="更换水箱", **one.told())
    actions.cannot_be_repaired(one.key, outcome="as_is", reason="客户不同意报价", **one.told())
    assert (one.card.outcome, one.card.work_done) == ("as_is", "客户不同意报价")


def test_waiting_for_a_part(qd: Crew) -> None:
    one = card(qd, "parts")
    began = PartWait.objects.get().starts_at
    with refuses(EndedBeforeItBegan):
        actions.parts_arrived(one.key, by=qd.supervisor, at=began - timedelta(minutes=1))
    with refuses(NotPermitted):
        actions.parts_arrived(one.key, **one.desk())
    actions.parts_arrived(one.key, **one.told())
    assert one.card.status == "at_bench"
    with refuses(UnknownChoice):
        actions.cannot_be_repaired(one.key, outcome="mended", reason="x", **one.told())
    with refuses(UnknownPart):
        actions.wait_for_parts(one.key, what="", part="X", **one.told())
    actions.wait_for_parts(one.key, what="", part="CBB65-35", **one.told())
    assert PartWait.objects.latest("starts_at").what == "压缩机电容"
