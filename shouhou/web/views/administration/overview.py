"""The section's start page: how many there are of what, and what wants looking after."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from shouhou.access.queries import find_people, find_tokens, find_without_second_factor
from shouhou.web.administration import ISSUE_TOKEN, may_look
from shouhou.web.requests import ActorRequest
from shouhou.web.staff import find_absences, find_expiring, find_technicians_of

SOON = timedelta(days=30)
SHOWN = 8


@require_GET
def overview(request: ActorRequest) -> HttpResponse:
    """Figures that lead to their lists; certificates and tokens that expire, and who is away."""
    branches, now = may_look(request), timezone.now()
    technicians = list(find_technicians_of(branches))
    people = find_people(by=request.actor).filter(is_active=True)
    may_tokens = any(request.actor.may(ISSUE_TOKEN, one.id) for one in branches)
    tokens = find_tokens(by=request.actor).filter(revoked_at=None, expires_at__gt=now)
    expiring = find_expiring(technicians, today=timezone.localdate())
    context = {
        "open_branches": sum(1 for one in branches if one.closed_at is None),
        "people": people.count(),
        "without_second_factor": find_without_second_factor(by=request.actor).count(),
        "technicians": len(technicians),
        "expiring": expiring[:SHOWN],
        "expiring_count": len(expiring),
        "absences": find_absences(technicians, after=now)[:SHOWN],
        "tokens": tokens.filter(expires_at__lt=now + SOON).order_by("expires_at")[:SHOWN] if may_tokens else [],
        "section": "administration",
    }
    return render(request, "administration/overview.html", context)
