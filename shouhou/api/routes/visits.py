"""The technician's trip: yes or no, on the way, there, lines, done or not done."""

from uuid import UUID

from django.utils import timezone

from shouhou.access.permissions import SEE_REGISTER
from shouhou.api.auth import ActorRequest
from shouhou.api.routing import Routes
from shouhou.api.schemas.visits import CompletionInput, LineAnswer, LineInput, NonCompletionInput, VisitAnswer
from shouhou.api.schemas.vouchers import EntryAnswer
from shouhou.api.schemas.work_orders import ReasonInput
from shouhou.workorders import actions as acts
from shouhou.workorders.queries import get_visit

routes = Routes("visits")


@routes.read("/visits/{uuid:visit_id}", VisitAnswer)
def show_visit(request: ActorRequest, visit_id: UUID) -> VisitAnswer:
    """Show one visit."""
    visit = get_visit(visit_id, by=request.auth)
    request.auth.require(SEE_REGISTER, visit.branch_id)
    return VisitAnswer.of(visit)


@routes.act("POST", "/visits/{uuid:visit_id}/acceptance", VisitAnswer)
def accept_visit(request: ActorRequest, visit_id: UUID) -> VisitAnswer:
    """Take the visit on."""
    return VisitAnswer.of(acts.accept_visit(visit_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/visits/{uuid:visit_id}/refusal", VisitAnswer)
def refuse_visit(request: ActorRequest, visit_id: UUID, body: ReasonInput) -> VisitAnswer:
    """Refuse the visit. The call is to be dispatched again."""
    return VisitAnswer.of(acts.refuse_visit(visit_id, reason=body.reason, by=request.auth, at=timezone.now()))


@routes.act("POST", "/visits/{uuid:visit_id}/withdrawal", VisitAnswer)
def withdraw_visit(request: ActorRequest, visit_id: UUID, body: ReasonInput) -> VisitAnswer:
    """Take the visit back before the technician is on site."""
    return VisitAnswer.of(acts.withdraw_visit(visit_id, reason=body.reason, by=request.auth, at=timezone.now()))


@routes.act("POST", "/visits/{uuid:visit_id}/departure", VisitAnswer)
def depart(request: ActorRequest, visit_id: UUID) -> VisitAnswer:
    """Set out, taking the unit's voucher along."""
    return VisitAnswer.of(acts.depart(visit_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/visits/{uuid:visit_id}/arrival", VisitAnswer)
def arrive(request: ActorRequest, visit_id: UUID) -> VisitAnswer:
    """Be at the customer's."""
    return VisitAnswer.of(acts.arrive(visit_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/visits/{uuid:visit_id}/lines", LineAnswer, status=201)
def add_line(request: ActorRequest, visit_id: UUID, body: LineInput) -> LineAnswer:
    """Write down labour, a part, travel or something else spent on this visit."""
    line = acts.add_line(
        visit_id,
        kind=body.kind,
        quantity=body.quantity,
        description=body.description,
        part=body.part,
        unit=body.unit,
        unit_price=body.unit_price,
        by=request.auth,
        at=timezone.now(),
    )
    return LineAnswer.of(line)


@routes.act("DELETE", "/visits/{uuid:visit_id}/lines/{uuid:line_id}", LineAnswer)
def take_back_line(request: ActorRequest, visit_id: UUID, line_id: UUID) -> LineAnswer:
    """Take a line back. Answers the line that reverses it; both stay."""
    return LineAnswer.of(acts.take_back_line(visit_id, line_id=line_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/visits/{uuid:visit_id}/completion", EntryAnswer)
def complete_visit(request: ActorRequest, visit_id: UUID, body: CompletionInput) -> EntryAnswer:
    """Finish the work on site. Answers the line on the voucher, ready to be signed."""
    entry = acts.complete_visit(
        visit_id,
        fault_found=body.fault_found,
        fault_code=body.fault_code,
        work_done=body.work_done,
        checks=body.checks,
        labour_minutes=body.labour_minutes,
        travel_minutes=body.travel_minutes,
        by=request.auth,
        at=timezone.now(),
    )
    return EntryAnswer.of(entry)


@routes.act("POST", "/visits/{uuid:visit_id}/non-completion", EntryAnswer)
def leave_incomplete(request: ActorRequest, visit_id: UUID, body: NonCompletionInput) -> EntryAnswer:
    """Leave the work unfinished, with the reason. The call waits for another visit."""
    entry = acts.leave_incomplete(
        visit_id,
        reason=body.reason,
        fault_found=body.fault_found,
        work_done=body.work_done,
        waits_for_part=body.waits_for_part,
        by=request.auth,
        at=timezone.now(),
    )
    return EntryAnswer.of(entry)
