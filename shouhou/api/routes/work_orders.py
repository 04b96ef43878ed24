"""Acts on a work order, and what belongs to it: who pays, dispatch, hold, the end of the line, journal and photos."""

from typing import Annotated, BinaryIO, cast
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import UploadedFile
from ninja.params.models import File, Form

from shouhou.access.permissions import SEE_REGISTER
from shouhou.api.auth import ActorRequest
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.problems import said
from shouhou.api.queries import get_photo
from shouhou.api.routing import Routes
from shouhou.api.schemas.people import CandidateAnswer, CandidateList
from shouhou.api.schemas.visits import DispatchInput, VisitAnswer
from shouhou.api.schemas.vouchers import EventAnswer, EventPage
from shouhou.api.schemas.work_orders import (
    HoldInput,
    OpenPointAnswer,
    OpenPointList,
    PhotoAnswer,
    PhotoList,
    ReasonInput,
    WorkClassInput,
    WorkOrderState,
)
from shouhou.audit.queries import find_events
from shouhou.dispatch.queries import find_candidates
from shouhou.workorders import actions as acts
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import find_entries_of, find_photos_of, get_voucher_of, get_work_order, open_points

routes = Routes("work orders")
_IN_SEQUENCE = Keyset(sequence=int)


@routes.act("PUT", "/work-orders/{uuid:order_id}/work-class", WorkOrderState)
def assign_work_class(request: ActorRequest, order_id: UUID, body: WorkClassInput) -> WorkOrderState:
    """Say who pays: A charged, B contract, C free, D internal.

    Another class than the verdict's needs a reason. Above your limit it waits until a second person has ruled on it.
    """
    order = acts.assign_work_class(
        order_id,
        work_class=body.work_class,
        reason=body.reason,
        amount=body.amount,
        by=request.auth,
        at=timezone.now(),
    )
    return WorkOrderState.of(order)


@routes.read("/work-orders/{uuid:order_id}/candidates", CandidateList)
def list_candidates(request: ActorRequest, order_id: UUID) -> CandidateList:
    """List who can be sent to this call now, and why the others cannot."""
    order = _order(request, order_id)
    found = find_candidates(order, branch=order.branch, at=timezone.now())
    return CandidateList(rows=[CandidateAnswer.of(one, said(one.refusal) if one.refusal else None) for one in found])


@routes.act("POST", "/work-orders/{uuid:order_id}/dispatches", VisitAnswer, status=201)
def dispatch_work_order(request: ActorRequest, order_id: UUID, body: DispatchInput) -> VisitAnswer:
    """Send a technician."""
    visit = acts.dispatch_work_order(
        order_id,
        technician_id=body.technician_id,
        planned_start=body.planned_start,
        planned_end=body.planned_end,
        by=request.auth,
        at=timezone.now(),
    )
    return VisitAnswer.of(visit)


@routes.act("POST", "/work-orders/{uuid:order_id}/hold", WorkOrderState, status=201)
def hold_work_order(request: ActorRequest, order_id: UUID, body: HoldInput) -> WorkOrderState:
    """Put the order on hold. A visit that has not reached the customer is withdrawn with it."""
    hold = acts.hold_work_order(order_id, reason=body.reason, cause=body.cause, by=request.auth, at=timezone.now())
    return WorkOrderState.of(hold.work_order)


@routes.act("DELETE", "/work-orders/{uuid:order_id}/hold", WorkOrderState)
def resume_work_order(request: ActorRequest, order_id: UUID) -> WorkOrderState:
    """End the hold. The order is to be dispatched again."""
    return WorkOrderState.of(acts.resume_work_order(order_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/work-orders/{uuid:order_id}/strike-off", WorkOrderState)
def strike_off(request: ActorRequest, order_id: UUID) -> WorkOrderState:
    """Strike the line off the register. Its voucher must be signed, handed in and filed."""
    return WorkOrderState.of(acts.strike_off(order_id, by=request.auth, at=timezone.now()))


@routes.act("POST", "/work-orders/{uuid:order_id}/cancellation", WorkOrderState)
def cancel_work_order(request: ActorRequest, order_id: UUID, body: ReasonInput) -> WorkOrderState:
    """Cancel the call. Not while a visit is live or the voucher is out."""
    return WorkOrderState.of(acts.cancel_work_order(order_id, reason=body.reason, by=request.auth, at=timezone.now()))


@routes.act("POST", "/work-orders/{uuid:order_id}/reopening", WorkOrderState)
def reopen_work_order(request: ActorRequest, order_id: UUID, body: ReasonInput) -> WorkOrderState:
    """Open a finished, struck-off or cancelled line again."""
    return WorkOrderState.of(acts.reopen_work_order(order_id, reason=body.reason, by=request.auth, at=timezone.now()))


@routes.read("/work-orders/{uuid:order_id}/open-points", OpenPointList)
def list_open_points(request: ActorRequest, order_id: UUID) -> OpenPointList:
    """List what has to be so before the line can be struck off."""
    order = _order(request, order_id)
    voucher = get_voucher_of(order)
    points = open_points(order, voucher, find_entries_of(voucher))
    return OpenPointList(
        rows=[
            OpenPointAnswer(code=point.code, done=point.done, text=gettext(point.text) % point.params)
            for point in points
        ]
    )


@routes.read("/work-orders/{uuid:order_id}/events", EventPage)
def list_events(request: ActorRequest, order_id: UUID, cursor: Cursor = "", limit: Limit = 50) -> EventPage:
    """Read the journal of the order, oldest first."""
    order = _order(request, order_id)
    rows = find_events(branch_id=order.branch_id, chain_id=order.id)
    return EventPage(**paged(_IN_SEQUENCE, rows, EventAnswer.of, cursor=cursor, limit=limit))


@routes.read("/work-orders/{uuid:order_id}/photos", PhotoList)
def list_photos(request: ActorRequest, order_id: UUID) -> PhotoList:
    """List the photos of the order; there are at most 30."""
    return PhotoList(rows=[PhotoAnswer.of(photo) for photo in find_photos_of(_order(request, order_id))])


@routes.act("POST", "/work-orders/{uuid:order_id}/photos", PhotoAnswer, status=201)
def attach_photo(
    request: ActorRequest,
    order_id: UUID,
    photo: Annotated[UploadedFile, File(..., description="JPEG, PNG or WebP, at most 8 MB.")],
    caption: Annotated[str, Form("", max_length=100, pattern=r"^[^\x00]*$")] = "",
) -> PhotoAnswer:
    """Add a photo. It is stored re-encoded, without the camera's data."""
    attached = acts.attach_photo(
        order_id, file=cast("BinaryIO", photo.file), caption=caption, by=request.auth, at=timezone.now()
    )
    return PhotoAnswer.of(attached)


@routes.read_file("/work-orders/{uuid:order_id}/photos/{uuid:photo_id}", "image/jpeg")
def show_photo(request: ActorRequest, order_id: UUID, photo_id: UUID) -> HttpResponse:
    """Show one photo."""
    photo = get_photo(_order(request, order_id), photo_id)
    with photo.file.open() as file:
        return HttpResponse(file.read(), content_type="image/jpeg")


def _order(request: ActorRequest, order_id: UUID) -> WorkOrder:
    order = get_work_order(order_id, by=request.auth)
    request.auth.require(SEE_REGISTER, order.branch_id)
    return order
