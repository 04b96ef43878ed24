"""One incident's way through the actions. Each row says where it stood; the acts are those that lead there from where we are.

The recorded times are kept, and the rows of all incidents are followed in the order of time: units, their vouchers and
technicians are shared, and the register runs as the calls came. The log knows a work only when it is done, so a visit's way,
arrival and end all fall on the moment of its "Resolved" row; nobody is at two places at once.
An act that is refused is counted by its reason; then what the refusal demands is done, or the rest of the row is given up,
and the next row starts again from where the order really stands.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from shouhou.cli.replay.log import Entry, State, opened
from shouhou.cli.replay.people import SOURCE, Scene
from shouhou.kernel.errors import Refusal
from shouhou.workorders import actions as acts
from shouhou.workorders.errors import ActBeforeCall, DateInFuture
from shouhou.workorders.models import Visit, Voucher, WorkOrder
from shouhou.workorders.queries import get_voucher_of
from shouhou.workorders.rules import CHECKLISTS, LIVE_VISIT, CallChannel, OrderStatus, VoucherState, WorkClass, WorkType

_CHANNELS = {
    "Phone": CallChannel.PHONE, "IVR": CallChannel.PHONE, "Email": CallChannel.LETTER,
    "Self service": CallChannel.ONLINE, "Direct opening": CallChannel.WALK_IN,
}  # fmt: skip
_FINISHED = (OrderStatus.COMPLETED, OrderStatus.STRUCK_OFF, OrderStatus.CANCELLED)
_POOL = "Pool"


class GivenUp(Exception):
    """An act of the row was refused and nothing else leads where the row says; the refusal has been counted."""


class Course:
    """Drives one incident. `performed` and `refused` count over all incidents, by kind of act and by reason."""

    def __init__(self, scene: Scene, entries: list[Entry], *, performed: Counter[str], refused: Counter[str]) -> None:
        self.scene, self.entries = scene, entries
        self.performed, self.refused = performed, refused
        self.order: WorkOrder | None = None
        self.reopenings = self.reassignments = 0

    def follow(self, entry: Entry) -> str:
        """Perform what the row says. Returns `acted`, `no_change`, or `refused` when every act of it was refused."""
        done, said_no = self.performed.total(), self.refused.total()
        with suppress(GivenUp):
            self._follow(entry)
        if self.performed.total() > done:
            return "acted"
        return "refused" if self.refused.total() > said_no else "no_change"

    def _follow(self, entry: Entry) -> None:
        if self.order is None:
            self._receive(entry)
        order = self._order()
        order.refresh_from_db(fields=["status"])
        grown = entry.reopenings > self.reopenings
        self.reopenings = max(self.reopenings, entry.reopenings)
        reassigned = entry.reassignments > self.reassignments
        self.reassignments = max(self.reassignments, entry.reassignments)
        if grown and entry.state is not State.NEW:
            # The record says "reopened"; where the order was not finished the product refuses, and the row goes on.
            self._try("reopen", acts.reopen_work_order, order.id, reason="recorded as reopened", by=self.scene.supervisor,
                      at=entry.at)  # fmt: skip
            order.refresh_from_db(fields=["status"])
        match entry.state:
            case State.NEW:
                self._back_to_waiting(entry)
            case State.ACTIVE:
                self._be_dispatched(entry, reassigned=reassigned)
            case State.AWAITING:
                self._be_held(entry)
            case State.RESOLVED:
                self._be_done(entry, reassigned=reassigned)
            case State.CLOSED:
                self._be_closed(entry)

    def _receive(self, entry: Entry) -> None:
        called = opened(self.entries)
        customer, asset = self.scene.customer_and_unit(entry, at=entry.at)
        words = [entry.category, entry.subcategory, entry.symptom, entry.unit]
        call: dict[str, Any] = {
            "branch": self.scene.branch,
            "customer": customer,
            "asset": asset,
            "fault": " · ".join(word for word in words if word) or "not recorded",
            "address": entry.location,
            "channel": _CHANNELS.get(entry.contact, CallChannel.OTHER),
            "work_type": WorkType.REPAIR,
            "urgent": entry.urgent,
            "source": SOURCE + entry.number,
            "received_at": called,
            "by": self.scene.clerk,
        }
        try:
            self.order = self._perform("receive", acts.receive_call, at=entry.at, **call)
        except DateInFuture:
            # The record dates the call after its first row: it is written down when it came.
            self.order = self._must("receive", acts.receive_call, at=called, **call)
        self._must("assign_work_class", acts.assign_work_class, self._order().id, work_class=WorkClass.C,
                   reason="not recorded", by=self.scene.clerk, at=entry.at)  # fmt: skip

    def _back_to_waiting(self, entry: Entry) -> None:
        order, by = self._order(), self.scene.supervisor
        reason = f"recorded as {entry.recorded_state}"
        if order.status == OrderStatus.ON_HOLD:
            self._must("resume", acts.resume_work_order, order.id, by=by, at=entry.at)
        elif order.status in _FINISHED:
            self._must("reopen", acts.reopen_work_order, order.id, reason=reason, by=by, at=entry.at)
        elif (visit := self._live_visit()) is not None:
            self._must("withdraw", acts.withdraw_visit, visit.id, reason=reason, by=by, at=entry.at)

    def _be_dispatched(self, entry: Entry, *, reassigned: bool) -> Visit:
        visit = self._live_visit()
        if visit is not None:
            named = entry.assignee or entry.group
            if not reassigned and (not named or visit.technician.name == named[:60]):
                return visit
            self._must("withdraw", acts.withdraw_visit, visit.id, reason="recorded as reassigned",
                       by=self.scene.supervisor, at=entry.at)  # fmt: skip
        else:
            self._back_to_waiting(entry)
        return self._dispatch(entry)

    def _dispatch(self, entry: Entry) -> Visit:
        order = self._order()
        for name in dict.fromkeys([entry.assignee or entry.group or _POOL, _POOL]):
            technician, actor = self.scene.technician(name, at=entry.at)
            visit = self._try("dispatch", acts.dispatch_work_order, order.id, technician_id=technician.id,
                              by=self.scene.supervisor, at=entry.at)  # fmt: skip
            if isinstance(visit, Visit):
                self._must("accept", acts.accept_visit, visit.id, by=actor, at=entry.at)
                visit.technician = technician
                return visit
        raise GivenUp

    def _be_held(self, entry: Entry) -> None:
        order, by = self._order(), self.scene.clerk
        if order.status == OrderStatus.ON_HOLD:
            if order.holds.filter(branch_id=order.branch_id, ends_at=None, reason=entry.recorded_state).exists():
                return
            self._must("resume", acts.resume_work_order, order.id, by=by, at=entry.at)
        elif order.status in _FINISHED:
            self._back_to_waiting(entry)
        self._must("hold", acts.hold_work_order, order.id, reason=entry.recorded_state, by=by, at=entry.at)

    def _be_done(self, entry: Entry, *, reassigned: bool) -> None:
        order = self._order()
        if order.status in (OrderStatus.COMPLETED, OrderStatus.STRUCK_OFF):
            return
        visit = self._be_dispatched(entry, reassigned=reassigned)
        visit, actor = self._depart(visit, entry)
        self._must("arrive", acts.arrive, visit.id, by=actor, at=entry.at)
        found = " · ".join(word for word in (entry.symptom, entry.subcategory) if word) or "not recorded"
        self._must("complete", acts.complete_visit, visit.id, fault_found=found,
                   work_done=f"recorded as {entry.recorded_state} ({entry.resolution or 'no code'})",
                   checks={point.code: "ok" for point in CHECKLISTS[order.work_type] if point.required},
                   by=actor, at=entry.at)  # fmt: skip
        self._must("record_signature_refused", acts.record_signature_refused, order.id,
                   reason="recorded without signature", by=actor, at=entry.at)  # fmt: skip

    def _depart(self, visit: Visit, entry: Entry) -> tuple[Visit, Any]:
        """Set out; a paper that is elsewhere is fetched first, someone who is elsewhere is replaced."""
        _technician, actor = self.scene.technician(visit.technician.name, at=entry.at)
        if self._try("depart", acts.depart, visit.id, by=actor, at=entry.at):
            return visit, actor
        voucher = get_voucher_of(self._order())
        if voucher.state in (VoucherState.SIGNED, VoucherState.HANDED_IN):
            self._file(voucher, entry)
        else:
            self._must("withdraw", acts.withdraw_visit, visit.id, reason="technician is elsewhere",
                       by=self.scene.supervisor, at=entry.at)  # fmt: skip
            visit = self._dispatch(entry)
            _technician, actor = self.scene.technician(visit.technician.name, at=entry.at)
        self._must("depart", acts.depart, visit.id, by=actor, at=entry.at)
        return visit, actor

    def _file(self, voucher: Voucher, entry: Entry) -> None:
        """Bring a signed voucher back to its folder, whichever order it is out for."""
        if voucher.work_order_id is None:
            raise GivenUp
        by = self.scene.clerk
        if voucher.state == VoucherState.SIGNED:
            self._must("hand_in", acts.hand_in_voucher, voucher.work_order_id, by=by, at=entry.at)
        self._must("file", acts.file_voucher, voucher.work_order_id, by=by, at=entry.at)

    def _be_closed(self, entry: Entry) -> None:
        order = self._order()
        if order.status == OrderStatus.STRUCK_OFF:
            return
        if order.status != OrderStatus.COMPLETED:
            # Closed without having been resolved: the product asks for the work first.
            if self._try("strike_off", acts.strike_off, order.id, by=self.scene.clerk, at=entry.at):
                return
            self._be_done(entry, reassigned=False)
        voucher = get_voucher_of(order)
        if voucher.work_order_id == order.id:
            self._file(voucher, entry)
        self._must("strike_off", acts.strike_off, order.id, by=self.scene.clerk, at=entry.at)

    def _live_visit(self) -> Visit | None:
        order = self._order()
        rows = Visit.objects.filter(branch_id=order.branch_id, work_order_id=order.id, status__in=LIVE_VISIT)
        return rows.select_related("technician").first()

    def _order(self) -> WorkOrder:
        if self.order is None:
            raise GivenUp
        return self.order

    def _perform[**P, R](self, kind: str, act: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        """Perform an act and count it, or count its refusal and raise it."""
        try:
            result = act(*arguments, **named)
        except Refusal as refusal:
            self.refused[refusal.code] += 1
            raise
        self.performed[kind] += 1
        return result

    def _try[**P, R](self, kind: str, act: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R | None:
        """As `_perform`, but None for a refusal. What the record dates before its own call is done when the call came."""
        try:
            return self._perform(kind, act, *arguments, **named)
        except ActBeforeCall:
            return self._late(kind, act, *arguments, **named)
        except Refusal:
            return None

    def _late[**P, R](self, kind: str, act: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R | None:
        order = self._order()
        moved: Any = {**named, "at": self._earliest(order)}
        try:
            return self._perform(kind, act, *arguments, **moved)
        except Refusal:
            return None

    def _earliest(self, order: WorkOrder) -> datetime:
        last = order.voucher_entries.filter(branch_id=order.branch_id).order_by("-entered_at").first()
        return max(order.received_at, last.entered_at) if last else order.received_at

    def _must[**P, R](self, kind: str, act: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        """As `_try`; a refusal gives the rest of the row up."""
        result = self._try(kind, act, *arguments, **named)
        if result is None:
            raise GivenUp
        return result
