"""The life of an order in the demonstration company, act by act.

A life is a generator: it performs an act through the real action and yields the moment of its next one. So the lives of all
orders run interleaved in the order of time, as they do in a company, and where the history stops they stand as they stand.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from random import Random
from typing import Any

from shouhou.cli.demo.calls import Call, take_call
from shouhou.cli.demo.company import NEEDED
from shouhou.cli.demo.diary import office_time
from shouhou.cli.demo.founding import ZONE, Desk, Hand
from shouhou.cli.demo.handwriting import sign_name
from shouhou.workorders import actions as acts
from shouhou.workorders.models import Visit
from shouhou.workorders.rules import CHECKLISTS, LineKind, WorkClass, WorkType

type Life = Generator[datetime, None, None]
type Timed[R] = Generator[datetime, None, R]


class Turn(Enum):
    """What makes a life different from the plain one."""

    PLAIN = auto()
    REFUSED = auto()  # the first technician cannot come
    WITHDRAWN = auto()  # the supervisor sends someone else
    PART_MISSING = auto()  # a second visit is needed, in between the order is on hold
    CANCELLED = auto()
    REOPENED = auto()  # struck off, and the fault came back
    UNSIGNED = auto()  # nobody there to sign


WEIGHTS = {
    Turn.PLAIN: 76, Turn.REFUSED: 4, Turn.WITHDRAWN: 3, Turn.PART_MISSING: 8, Turn.CANCELLED: 4, Turn.REOPENED: 3,
    Turn.UNSIGNED: 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Booking:
    """A visit that is agreed with the customer."""

    hand: Hand
    start: datetime
    end: datetime


def whole_life(desk: Desk, *, received_at: datetime, turn: Turn, rng: Random) -> Life:
    """From the call to the struck-off line, with one turn of fate."""
    yield received_at
    call = take_call(desk, at=received_at, rng=rng, classed=rng.random() < 0.8)
    now = received_at
    if turn is Turn.CANCELLED:
        now += _minutes(rng, 15, 240)
        yield now
        acts.cancel_work_order(call.order.id, reason="客户来电：已自行解决", by=desk.clerk, at=now)
        desk.busy_units.discard(call.order.asset_id)
        return
    now = yield from _classify(desk, call, now, rng)
    now = office_time(now + _minutes(rng, 10, 150), ZONE)
    if turn in (Turn.REFUSED, Turn.WITHDRAWN):
        now = yield from _send_in_vain(desk, call, now, turn, rng)
    if turn is Turn.PART_MISSING:
        now = yield from _visit_without_part(desk, call, now, rng)
    now = yield from _visit_and_file(desk, call, now, turn, rng)
    if turn is Turn.REOPENED:
        now = office_time(now + timedelta(days=rng.randint(1, 6)), ZONE)
        yield now
        acts.reopen_work_order(call.order.id, reason="客户反映故障再次出现", by=desk.supervisor, at=now)
        now = office_time(now + _minutes(rng, 20, 90), ZONE)
        yield from _visit_and_file(desk, call, now, Turn.PLAIN, rng)
    desk.busy_units.discard(call.order.asset_id)


def dispatch(desk: Desk, call: Call, booking: Booking, now: datetime) -> Timed[Visit]:
    """The supervisor gives the call out."""
    yield now
    return acts.dispatch_work_order(
        call.order.id,
        technician_id=booking.hand.technician.id,
        planned_start=booking.start,
        planned_end=booking.end,
        by=desk.supervisor,
        at=now,
    )


def go_there(visit: Visit, booking: Booking, rng: Random) -> Timed[datetime]:
    """The technician sets out with the voucher and arrives more or less on time."""
    hand = booking.hand
    now = booking.start - _minutes(rng, 15, 28)
    yield now
    acts.depart(visit.id, by=hand.actor, at=now)
    now = booking.start + _minutes(rng, -6, 9)
    yield now
    acts.arrive(visit.id, by=hand.actor, at=now)
    return now


def finish(call: Call, visit: Visit, booking: Booking, rng: Random) -> Timed[datetime]:
    """Write down what was spent, then what was found and done."""
    hand, order = booking.hand, call.order
    now = booking.end - _minutes(rng, 4, 18)
    yield now
    for line in _lines(call, rng):
        acts.add_line(visit.id, **line, by=hand.actor, at=now)
    repair = order.work_type == WorkType.REPAIR
    acts.complete_visit(
        visit.id,
        fault_found=call.trouble.found if repair else "机器状态正常",
        work_done=call.trouble.done if repair else _DONE[order.work_type],
        fault_code=call.trouble.code if repair else "",
        checks={point.code: "ok" for point in CHECKLISTS[order.work_type]},
        by=hand.actor,
        at=now,
    )
    return now


def have_signed(call: Call, booking: Booking, now: datetime, turn: Turn, rng: Random) -> Timed[datetime]:
    """The customer signs, or there is a reason why not."""
    now += timedelta(minutes=rng.randint(1, 3))
    yield now
    if turn is Turn.UNSIGNED:
        reason = "客户临时外出，电话确认完工"
        acts.record_signature_refused(call.order.id, reason=reason, by=booking.hand.actor, at=now)
    else:
        name = call.order.contact_name
        acts.record_signature(call.order.id, signer_name=name, strokes=sign_name(rng), by=booking.hand.actor, at=now)
    return now


def hand_in_and_file(desk: Desk, call: Call, now: datetime, rng: Random) -> Timed[datetime]:
    """The paper's way back: to the clerk in the evening, into the folder, off the register."""
    order = call.order
    now = office_time(now + _minutes(rng, 90, 300), ZONE)
    yield now
    acts.hand_in_voucher(order.id, by=desk.clerk, at=now)
    now += _minutes(rng, 5, 60)
    yield now
    acts.file_voucher(order.id, by=desk.clerk, at=now)
    acts.strike_off(order.id, by=desk.clerk, at=now)
    return now


def book(desk: Desk, call: Call, now: datetime, rng: Random, *, without: Hand | None = None) -> Booking:
    """The technician who may do this work and is free first."""
    length = timedelta(minutes=rng.choice([60, 60, 90, 120]))
    order = call.order
    needed = {code for line, kind, code in NEEDED if line == call.line.code and kind in ("", order.work_type)}
    fit = [hand for hand in desk.hands if needed <= hand.certificates and hand is not without]
    starts = [(hand.diary.first_free(now, length, ZONE), number) for number, hand in enumerate(fit)]
    start, number = min(starts)
    fit[number].diary.book(start, start + length)
    return Booking(fit[number], start, start + length)


def _visit_and_file(desk: Desk, call: Call, now: datetime, turn: Turn, rng: Random) -> Timed[datetime]:
    booking = book(desk, call, now, rng)
    visit = yield from dispatch(desk, call, booking, now)
    yield from accept(visit, booking, now, rng)
    yield from go_there(visit, booking, rng)
    now = yield from finish(call, visit, booking, rng)
    now = yield from have_signed(call, booking, now, turn, rng)
    return (yield from hand_in_and_file(desk, call, now, rng))


def accept(visit: Visit, booking: Booking, now: datetime, rng: Random) -> Timed[datetime]:
    """The technician says yes, well before he has to leave."""
    now = min(now + _minutes(rng, 2, 20), booking.start - timedelta(minutes=29))
    yield now
    acts.accept_visit(visit.id, by=booking.hand.actor, at=now)
    return now


def _classify(desk: Desk, call: Call, now: datetime, rng: Random) -> Timed[datetime]:
    if not call.order.work_class:
        now += _minutes(rng, 3, 30)
        yield now
        acts.assign_work_class(call.order.id, work_class=WorkClass.C, reason="保修卡已核对", by=desk.clerk, at=now)
    return now


def _send_in_vain(desk: Desk, call: Call, now: datetime, turn: Turn, rng: Random) -> Timed[datetime]:
    booking = book(desk, call, now, rng)
    visit = yield from dispatch(desk, call, booking, now)
    now += _minutes(rng, 3, 12)
    yield now
    if turn is Turn.REFUSED:
        acts.refuse_visit(visit.id, reason="前一户未完工，赶不过去", by=booking.hand.actor, at=now)
    else:
        acts.withdraw_visit(visit.id, reason="客户要求换人上门", by=desk.supervisor, at=now)
    return now + _minutes(rng, 5, 25)


def _visit_without_part(desk: Desk, call: Call, now: datetime, rng: Random) -> Timed[datetime]:
    booking = book(desk, call, now, rng)
    visit = yield from dispatch(desk, call, booking, now)
    yield from accept(visit, booking, now, rng)
    yield from go_there(visit, booking, rng)
    now = booking.end - _minutes(rng, 5, 20)
    yield now
    acts.leave_incomplete(
        visit.id, reason="缺配件，需订货后再次上门", fault_found=call.trouble.found, by=booking.hand.actor, at=now
    )
    now = yield from have_signed(call, booking, now, Turn.PLAIN, rng)
    yield now
    acts.hold_work_order(call.order.id, reason="等待配件到货", by=booking.hand.actor, at=now)
    now = office_time(now + _minutes(rng, 60, 240), ZONE)
    yield now
    acts.hand_in_voucher(call.order.id, by=desk.clerk, at=now)
    acts.file_voucher(call.order.id, by=desk.clerk, at=now)
    now = office_time(now + timedelta(days=rng.randint(1, 5)), ZONE)
    yield now
    acts.resume_work_order(call.order.id, by=desk.clerk, at=now)
    return office_time(now + _minutes(rng, 10, 60), ZONE)


_DONE: dict[str, str] = {
    WorkType.INSTALLATION: "按规范安装到位，试机正常，已向用户讲解使用方法",
    WorkType.MAINTENANCE: "清洗过滤网和换热器，检查易损件，试机正常",
    WorkType.GUIDANCE: "现场讲解功能与保养要点，用户已会操作",
    WorkType.INSPECTION: "按合同项目巡检，运行参数在规定范围内",
}


def _lines(call: Call, rng: Random) -> list[dict[str, Any]]:
    charged = call.order.work_type != WorkType.INSTALLATION
    labour = Decimal(rng.choice([60, 80, 120]) if charged else 0)
    lines: list[dict[str, Any]] = [
        {
            "kind": LineKind.LABOUR,
            "quantity": Decimal(1),
            "unit": "次",
            "description": "上门服务费",
            "unit_price": labour,
        }
    ]
    if call.order.work_type == WorkType.REPAIR and call.trouble.part:
        quantity = Decimal("0.6") if call.trouble.part == "HF-R32" else Decimal(1)
        lines.append({"kind": LineKind.PART, "quantity": quantity, "part": call.trouble.part})
    if call.suburb:
        price = Decimal("1.50")
        quantity = Decimal(rng.randint(18, 46))
        lines.append(
            {
                "kind": LineKind.TRAVEL,
                "quantity": quantity,
                "unit": "km",
                "description": "远郊交通",
                "unit_price": price,
            }
        )
    return lines


def _minutes(rng: Random, least: int, most: int) -> timedelta:
    return timedelta(minutes=rng.randint(least, most))
