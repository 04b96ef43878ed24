"""A unit taken in, mended and inspected, by the real actions."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from shouhou.access.actors import Actor
from shouhou.custody.actions import move_goods
from shouhou.custody.models import GoodsReceipt
from shouhou.workorders.actions import take_goods_away
from shouhou.workshop import actions
from shouhou.workshop.models import RepairCard
from shouhou.workshop.rules import inspection_list
from tests.cast import NOW, STEP, STROKES, Crew, Life
from tests.goods_acts import CUSTOMER, OURS, SHELF, in_hand

type CardStage = Literal[
    "queued", "at_bench", "working", "diagnosed", "asking", "parts", "to_inspect", "inspected", "closed"
]
ALL_RIGHT = {point.code: "ok" for point in inspection_list("gas_water_heater", "mended")}
AS_IT_IS = {point.code: "ok" for point in inspection_list("", "as_is")}


@dataclass
class CardLife:
    """One card on its way; `next()` moves on to the time of the next act."""

    crew: Crew
    life: Life
    receipt: GoodsReceipt
    at: datetime
    key: Any = field(default=None)

    @property
    def card(self) -> RepairCard:
        """As it stands in the database now."""
        return RepairCard.objects.get(id=self.key)

    @property
    def mender(self) -> Actor:
        return self.crew.technician_actor

    def next(self) -> datetime:
        self.at += STEP
        return self.at

    def told(self, by: Actor | None = None) -> dict[str, Any]:
        """By whom, the technician unless said otherwise, and when."""
        return {"by": by or self.mender, "at": self.next()}

    def lead(self) -> dict[str, Any]:
        return self.told(self.crew.supervisor)

    def desk(self) -> dict[str, Any]:
        return self.told(self.crew.clerk)

    def to(self, stage: CardStage) -> "CardLife":
        """From the queue along the straight road to this stage."""
        key = self.key
        if stage == "queued":
            return self
        actions.assign_bench(key, technician_id=self.crew.technician.id, bench="一号台", **self.lead())
        if stage == "at_bench":
            return self
        actions.start_work(key, **self.told())
        if stage == "working":
            return self
        actions.stop_work(key, **self.told())
        actions.record_diagnosis(key, diagnosis="水箱漏水", **self.told())
        if stage == "diagnosed":
            return self
        if stage == "asking":
            actions.ask_customer(key, question="更换水箱，是否同意？", amount=Decimal(380), **self.desk())
            return self
        if stage == "parts":
            actions.wait_for_parts(key, what="水箱", **self.told())
            return self
        actions.finish_repair(key, work_done="更换水箱", **self.told())
        if stage == "to_inspect":
            return self
        actions.inspect(key, checks=ALL_RIGHT, **self.lead())
        if stage == "closed":
            back: dict[str, Any] = {"giver": OURS, "customer": CUSTOMER, "receipt_code": self.receipt.number}
            actions.hand_back_repaired(key, **back, **self.lead())
        return self


def bring_in(crew: Crew, *, at: datetime = NOW, **call: Any) -> CardLife:
    """The branch's gas heater, taken in against a receipt and put on a shelf; no card yet."""
    life = crew.order("received", unit=crew.gas_unit, at=at, **call)
    given: dict[str, Any] = {"to": in_hand(crew), "condition": "外壳完好", "accessories": "遥控器"}
    given |= {"promised_on": at.date() + timedelta(days=3), "customer": CUSTOMER, "taker": OURS}
    receipt = take_goods_away(life.id, **given, by=crew.technician_actor, at=at)
    sides: dict[str, Any] = {"giver": OURS, "taker": OURS, "by": crew.supervisor, "at": at + STEP}
    move_goods(crew.gas_unit.id, start=in_hand(crew), to=SHELF, **sides)
    return CardLife(crew, life, receipt, at + STEP)


def card(crew: Crew, stage: CardStage = "queued", **given: Any) -> CardLife:
    """A card for it that has come as far as this."""
    brought = bring_in(crew, **given)
    brought.key = actions.open_card(brought.life.id, **brought.desk()).id
    return brought.to(stage)


def hang_cards(crew: Crew) -> None:
    """A card with a row in every table: asked about, waited for, mended, and sent back once."""
    one = card(crew, "at_bench")
    actions.start_work(one.key, **one.told())
    actions.stop_work(one.key, **one.told())
    actions.record_diagnosis(one.key, diagnosis="水箱漏水", **one.told())
    actions.use_part(one.key, part="CBB65-35", quantity=Decimal(1), **one.told())
    actions.ask_customer(one.key, question="更换水箱，是否同意？", amount=Decimal(380), **one.desk())
    answer: dict[str, Any] = {"agreed": True, "evidence": "signature", "answered_by": "王建华", "strokes": STROKES}
    actions.record_answer(one.key, **answer, **one.desk())
    actions.wait_for_parts(one.key, what="水箱", **one.told())
    actions.parts_arrived(one.key, **one.told())
    actions.finish_repair(one.key, work_done="更换水箱", **one.told())
    actions.send_back_to_bench(one.key, reason="仍有渗水", **one.lead())
    sides: dict[str, Any] = {"giver": OURS, "taker": OURS, **one.lead()}
    move_goods(crew.gas_unit.id, start=SHELF, to=in_hand(crew), **sides)
