"""The last hours of the demonstration company: one order in every state, around the moment at which the history stops."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from shouhou.cli.demo.calls import take_call
from shouhou.cli.demo.founding import ZONE, Desk
from shouhou.cli.demo.lives import (
    Booking,
    Life,
    Turn,
    accept,
    dispatch,
    finish,
    go_there,
    hand_in_and_file,
    have_signed,
)
from shouhou.entitlements.actions import record_finding
from shouhou.workorders import actions as acts
from shouhou.workorders.rules import WorkClass

_HOUR = timedelta(hours=1)


def todays_lives(desk: Desk, *, moment: datetime, rng: Random) -> list[Life]:
    """Lives that stand, at `moment`, where every kind of screen has something to show."""
    first, second, _away, fourth = desk.hands[:4]
    for hand in (first, second, fourth):
        hand.diary.block(moment - 6 * _HOUR, moment + 6 * _HOUR)

    def booking(hand_number: int, start: float, length: float = 1) -> Booking:
        begin = moment + timedelta(minutes=round(start * 60))
        return Booking((first, second, fourth)[hand_number], begin, begin + length * _HOUR)

    yesterday = moment.astimezone(ZONE).date() - timedelta(days=1)

    def evening(hour: int, minute: int) -> datetime:
        return datetime.combine(yesterday, time(hour, minute), ZONE)

    def until(stop: Callable[..., Life], *arguments: object) -> Life:
        return stop(desk, *arguments, Random(rng.random()))  # noqa: S311 - a story, not a secret

    return [
        until(_waiting, evening(16, 35), True, ""),
        until(_waiting, evening(17, 20), False, ""),
        until(_waiting, moment - timedelta(minutes=42), True, ""),
        until(_waiting, moment - timedelta(minutes=9), False, "gas_heater"),
        until(_visited, moment, booking(2, 1.5), "dispatched"),
        until(_visited, moment, booking(0, 2), "accepted"),
        until(_visited, moment, booking(1, 2), "accepted"),
        until(_visited, moment, booking(0, 0.2), "travelling"),
        until(_visited, moment, booking(1, -0.4), "on_site"),
        until(_visited, moment, booking(2, -1.1), "done"),
        until(_visited, moment, booking(0, -4), "signed"),
        until(_visited, moment, booking(1, -5), "handed_in"),
        until(_held, moment),
        until(_to_be_confirmed, moment),
        until(_cancelled, moment),
        until(_reopened, moment, booking(2, -5.5)),
        until(_left_incomplete, moment, booking(2, -3)),
    ]


def _waiting(desk: Desk, received_at: datetime, classed: bool, line: str, rng: Random) -> Life:
    yield received_at
    take_call(desk, at=received_at, rng=rng, classed=classed, line=line)


def _visited(desk: Desk, moment: datetime, booking: Booking, stop: str, rng: Random) -> Life:
    received = booking.start - timedelta(minutes=rng.randint(150, 200))
    if received > moment - _HOUR:
        received = moment - timedelta(minutes=rng.randint(62, 95))
    yield received
    call = take_call(desk, at=received, rng=rng, line=rng.choice(["washer", "fridge"]))
    now = min(received + timedelta(minutes=rng.randint(8, 20)), booking.start - timedelta(minutes=40))
    visit = yield from dispatch(desk, call, booking, now)
    if stop == "dispatched":
        return
    yield from accept(visit, booking, now, rng)
    if stop == "accepted":
        return
    yield from go_there(visit, booking, rng)
    if stop == "on_site":
        return
    now = yield from finish(call, visit, booking, rng)
    if stop == "done":
        return
    now = yield from have_signed(call, booking, now, Turn.PLAIN, rng)
    if stop == "handed_in":
        now += 2 * _HOUR
        yield now
        acts.hand_in_voucher(call.order.id, by=desk.clerk, at=now)


def _held(desk: Desk, moment: datetime, rng: Random) -> Life:
    received = moment - 51 * _HOUR
    yield received
    call = take_call(desk, at=received, rng=rng, line="ac")
    yield received + _HOUR
    acts.hold_work_order(
        call.order.id, reason="客户出差，下周一再约时间", cause="customer", by=desk.clerk, at=received + _HOUR
    )


def _to_be_confirmed(desk: Desk, moment: datetime, rng: Random) -> Life:
    """Water was found in it, so the rules let the customer pay; the clerk asks for more than she may give away alone."""
    received = moment - 5 * _HOUR
    yield received
    call = take_call(desk, at=received, rng=rng, line="fridge", repair=True)
    now = received + _HOUR
    yield now
    evidence = "控制板进水，板上有水渍和锈迹，顾客承认饮料洒在上面"
    record_finding(
        call.order.asset_id, exclusion="misuse", evidence=evidence, about=call.order.id, by=desk.supervisor, at=now
    )
    verdict = acts.judge_again(call.order.id, by=desk.clerk, at=now)
    now += timedelta(minutes=20)
    yield now
    if verdict.work_class == WorkClass.A:
        reason, stake = "老客户，购机三台，申请公司承担一半以上", Decimal(680)
        acts.assign_work_class(
            call.order.id, work_class=WorkClass.C, reason=reason, amount=stake, by=desk.clerk, at=now
        )


def _cancelled(desk: Desk, moment: datetime, rng: Random) -> Life:
    received = moment - 3 * _HOUR
    yield received
    call = take_call(desk, at=received, rng=rng, line="fridge")
    yield received + _HOUR
    acts.cancel_work_order(call.order.id, reason="客户来电：插头松动，已恢复", by=desk.clerk, at=received + _HOUR)


def _reopened(desk: Desk, moment: datetime, booking: Booking, rng: Random) -> Life:
    """Filed and struck off two days ago; this morning the customer called again."""
    start = booking.start - 48 * _HOUR
    booking = Booking(booking.hand, start, start + _HOUR)
    booking.hand.diary.block(start - 3 * _HOUR, start + 3 * _HOUR)
    received = start - 3 * _HOUR
    yield received
    call = take_call(desk, at=received, rng=rng, line="washer")
    visit = yield from dispatch(desk, call, booking, received + timedelta(minutes=15))
    yield from accept(visit, booking, received + timedelta(minutes=20), rng)
    yield from go_there(visit, booking, rng)
    now = yield from finish(call, visit, booking, rng)
    now = yield from have_signed(call, booking, now, Turn.PLAIN, rng)
    yield from hand_in_and_file(desk, call, now, rng)
    now = moment - timedelta(minutes=70)
    yield now
    acts.reopen_work_order(call.order.id, reason="客户反映脱水仍有抖动", by=desk.supervisor, at=now)


def _left_incomplete(desk: Desk, moment: datetime, booking: Booking, rng: Random) -> Life:
    received = booking.start - 2 * _HOUR
    yield received
    call = take_call(desk, at=received, rng=rng, line="washer")
    visit = yield from dispatch(desk, call, booking, received + timedelta(minutes=15))
    yield from accept(visit, booking, received + timedelta(minutes=20), rng)
    yield from go_there(visit, booking, rng)
    now = booking.start + timedelta(minutes=40)
    yield now
    acts.leave_incomplete(
        visit.id,
        reason="现场无电源，待物业恢复供电",
        fault_found="墙插无电，无法开机检查",
        by=booking.hand.actor,
        at=now,
    )
