"""What open pages ask every few seconds (`shouhou.web.pulse`)."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from shouhou.web.pulse import TicketExpired, Watch, marks, seconds_since
from shouhou.web.requests import ActorRequest

TICKET = "X-Ticket"
_KEPT_NOWHERE = {"Cache-Control": "no-store, private"}


@login_not_required
@require_GET
def pulse(request: HttpRequest) -> HttpResponse:
    """The mark of what the ticket is for, and how many seconds ago it last changed; 401 when the ticket is too old."""
    try:
        beat = marks.beat(Watch.of(request.headers.get(TICKET, "")))
    except TicketExpired:
        return HttpResponse(status=401, headers=_KEPT_NOWHERE)
    said = f"{beat.mark} {seconds_since(beat)}"
    return HttpResponse(said, content_type="text/plain; charset=utf-8", headers=_KEPT_NOWHERE)


@require_GET
def pulse_ticket(request: ActorRequest) -> HttpResponse:
    """A new ticket in the place of one that is running out, as long as its holder may still see the branch."""
    try:
        watch = Watch.of(request.headers.get(TICKET, ""), lasts=None)
    except TicketExpired:
        raise Http404 from None
    if watch.branch_id not in {branch.id for branch in request.actor.branches}:
        raise Http404
    return HttpResponse(watch.ticket(), content_type="text/plain; charset=utf-8")
