"""Every act on a work order as one list, so that what holds for all of them is tested for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image

from shouhou.access.actors import Actor
from shouhou.kernel.ids import uuid7
from shouhou.workorders import actions
from shouhou.workorders.models import Visit, WorkOrderLine
from tests.cast import CHECKS, STROKES, Life, Stage

WORK = "workorders.work_visit"  # or work_for_technician


@dataclass(frozen=True)
class Act:
    """One act: what allows it, a stage in which it is possible, how it is done, and what the journal then says."""

    name: str
    permission: str
    stage: Stage
    do: Callable[[Life, Actor, datetime], Any]
    events: tuple[str, ...]


def picture() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    file.seek(0)
    return file


def visit_of(life: Life) -> UUID:
    """The key of the last visit, or one that no visit has."""
    found = Visit.objects.filter(work_order_id=life.id).order_by("-sequence").first()
    return found.id if found else uuid7()


def _dispatch(life: Life, by: Actor, at: datetime) -> Visit:
    return actions.dispatch_work_order(life.id, technician_id=life.technician.id, by=by, at=at)


def _add_line(life: Life, by: Actor, at: datetime) -> WorkOrderLine:
    return actions.add_line(visit_of(life), kind="labour", quantity=Decimal(1), description="检修", by=by, at=at)


def _complete(life: Life, by: Actor, at: datetime) -> Any:
    return actions.complete_visit(visit_of(life), fault_found="电容老化", work_done="更换", checks=CHECKS, by=by, at=at)


def _sign(life: Life, by: Actor, at: datetime) -> Any:
    return actions.record_signature(life.id, signer_name="王建华", strokes=STROKES, by=by, at=at)


def _refuse_signature(life: Life, by: Actor, at: datetime) -> Any:
    return actions.record_signature_refused(life.id, reason="客户不在", by=by, at=at)


def _issue(life: Life, by: Actor, at: datetime) -> Any:
    return actions.issue_voucher(life.id, technician_id=life.technician.id, by=by, at=at)


def _on_order(act: Callable[..., Any], **given: Any) -> Callable[[Life, Actor, datetime], Any]:
    return lambda life, by, at: act(life.id, by=by, at=at, **given)


def _on_visit(act: Callable[..., Any], **given: Any) -> Callable[[Life, Actor, datetime], Any]:
    return lambda life, by, at: act(visit_of(life), by=by, at=at, **given)


def _photo(life: Life, by: Actor, at: datetime) -> Any:
    return actions.attach_photo(life.id, file=picture(), by=by, at=at)


_REASON = {"reason": "客户要求"}

ACTS: tuple[Act, ...] = (
    Act(
        "assign_work_class",
        "workorders.assign_work_class",
        "received",
        _on_order(actions.assign_work_class, work_class="A", reason="人为损坏"),
        ("work_class.assigned",),
    ),
    Act("dispatch", "workorders.dispatch_work_order", "received", _dispatch, ("work_order.dispatched",)),
    Act("accept", WORK, "dispatched", _on_visit(actions.accept_visit), ("visit.accepted",)),
    Act("refuse", WORK, "dispatched", _on_visit(actions.refuse_visit, **_REASON), ("visit.refused",)),
    Act(
        "withdraw",
        "workorders.dispatch_work_order",
        "dispatched",
        _on_visit(actions.withdraw_visit, **_REASON),
        ("visit.withdrawn",),
    ),
    Act("depart", WORK, "accepted", _on_visit(actions.depart), ("voucher.issued", "visit.departed")),
    Act("arrive", WORK, "travelling", _on_visit(actions.arrive), ("visit.arrived",)),
    Act("add_line", WORK, "on_site", _add_line, ("line.added",)),
    Act("complete", WORK, "on_site", _complete, ("visit.completed",)),
    Act(
        "leave_incomplete",
        WORK,
        "on_site",
        _on_visit(actions.leave_incomplete, **_REASON),
        ("visit.left_incomplete",),
    ),
    Act(
        "hold",
        "workorders.hold_work_order",
        "received",
        _on_order(actions.hold_work_order, **_REASON),
        ("work_order.held",),
    ),
    Act(
        "resume",
        "workorders.hold_work_order",
        "on_hold",
        _on_order(actions.resume_work_order),
        ("work_order.resumed",),
    ),
    Act(
        "cancel",
        "workorders.cancel_work_order",
        "received",
        _on_order(actions.cancel_work_order, **_REASON),
        ("work_order.cancelled",),
    ),
    Act("issue_voucher", "workorders.issue_voucher", "dispatched", _issue, ("voucher.issued",)),
    Act(
        "return_voucher",
        "workorders.hand_in_voucher",
        "left_incomplete",
        _on_order(actions.return_voucher, **_REASON),
        ("voucher.returned",),
    ),
    Act("sign", WORK, "completed", _sign, ("voucher.signed",)),
    Act("refuse_signature", WORK, "completed", _refuse_signature, ("voucher.signature_refused",)),
    Act(
        "hand_in",
        "workorders.hand_in_voucher",
        "signed",
        _on_order(actions.hand_in_voucher),
        ("voucher.handed_in",),
    ),
    Act("file", "workorders.file_voucher", "handed_in", _on_order(actions.file_voucher), ("voucher.filed",)),
    Act("strike_off", "workorders.strike_off", "filed", _on_order(actions.strike_off), ("work_order.struck_off",)),
    Act(
        "reopen",
        "workorders.reopen_work_order",
        "struck_off",
        _on_order(actions.reopen_work_order, **_REASON),
        ("work_order.reopened",),
    ),
    Act("attach_photo", "workorders.attach_photo", "received", _photo, ("photo.attached",)),
)
