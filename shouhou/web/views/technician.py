"""The technician's visits, day by day, and the vouchers that he still has to bring in. What is next stands on his start page."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhou.dispatch.queries import find_visits_by_technician
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found, show
from shouhou.web.visit_facts import day_of, days_of, to_bring_in
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import find_technician_of, find_technicians, get_technician

TEMPLATE = "field/day_list.html"


class WhoseForm(forms.Form):
    technician = forms.UUIDField(required=False)


@require_GET
def technician_day(request: ActorRequest) -> HttpResponse:
    """One's own day; `?technician=` another's, for those who may act for technicians."""
    wanted = WhoseForm(request.GET)
    wanted.is_valid()
    technician = day_owner(request, wanted.cleaned_data.get("technician"))
    return show_day(request, technician) if technician else _choose(request)


def day_owner(request: ActorRequest, technician_id: UUID | None) -> Technician | None:
    """Whose day it is; None where one has first to be chosen. Raises PermissionDenied, Http404."""
    own = find_technician_of(request.actor.user_id, by=request.actor)
    if technician_id and not (own and own.id == technician_id):
        other = found(lambda: get_technician(technician_id, by=request.actor))
        if not request.actor.may("workorders.work_for_technician", other.branch_id):
            raise PermissionDenied(_("This is the day of another technician."))
        return other
    if own or request.actor.may("workorders.work_for_technician"):
        return own
    raise PermissionDenied(_("You are not entered as a technician of this branch."))


def show_day(request: ActorRequest, technician: Technician, *, status: int = 200) -> HttpResponse:
    """The day of a technician; also what an act from one of its cards comes back to."""
    cards, papers = day_of(technician), to_bring_in(technician)
    counts = {act: sum(1 for one in papers if one.act == act) for act in ("sign", "hand_in", "return")}
    own = technician.user_id == request.actor.user_id
    request.badges = {"visits": len(cards)} if own else {}  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "section": "visits",
        "technician": technician,
        "own": own,
        "cards": cards,
        "days": days_of(cards),
        "papers": papers,
        "to_sign": counts["sign"],
        "to_hand_in": counts["hand_in"],
        "may_call": request.actor.may("customers.reveal_phone", technician.branch_id),
        "back": reverse("technician_day", query=None if own else {"technician": technician.id}),
    }
    return show(request, TEMPLATE, context, region="day", status=status)


def _choose(request: ActorRequest) -> HttpResponse:
    """For a supervisor: whose day?"""
    branch = request.actor.branch
    people = list(find_technicians(branch)) if branch else []
    visits = find_visits_by_technician(branch, day=timezone.localdate()) if branch else {}
    rows = [(one, len(visits.get(one.id, ()))) for one in people]
    return show(request, "field/technician_list.html", {"section": "visits", "rows": rows}, region="people")
