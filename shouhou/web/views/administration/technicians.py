"""Technicians: who is sent to customers, what they hold, when they are away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.access.models import Branch, User
from shouhou.access.permissions import SEE_PEOPLE
from shouhou.access.queries import find_people
from shouhou.web.administration import REGISTER_TECHNICIAN, may_look
from shouhou.web.administration_inputs import (
    AbsenceForm,
    CertificateForm,
    LeavingForm,
    NewTechnicianForm,
    TechnicianForm,
)
from shouhou.web.desk_inputs import EmptyForm, error_lines
from shouhou.web.inputs import ReasonForm
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found
from shouhou.web.staff import find_absences, find_certificates, find_expiring, find_standings, find_technicians_of
from shouhou.workforce import actions
from shouhou.workforce.models import Absence, Certificate, Qualification, Technician
from shouhou.workforce.queries import get_absence, get_certificate, get_technician
from shouhou.workorders.actions import part_with_technician

RECORD_ABSENCE, GRANT = "workforce.record_absence", "workforce.grant_qualification"


@require_GET
def technician_list(request: ActorRequest) -> HttpResponse:
    """By branch; what expires soon and who is away stands beside it."""
    return _list(request)


@require_POST
def technician_register(request: ActorRequest) -> HttpResponse:
    """Make a user a technician of the branch one works in."""
    may_look(request, REGISTER_TECHNICIAN)
    here, people = _branch_here(request), _candidates(request)
    found(lambda: request.actor.require(REGISTER_TECHNICIAN, here.id))

    def register(given: dict[str, Any]) -> Technician:
        user = next(one for one in people if one.username == given["username"])
        return actions.register_technician(user, branch=here, phone=given["phone"], by=request.actor, at=timezone.now())

    return one_act(
        request,
        NewTechnicianForm(request.POST, people=people),
        register,
        said=_("The technician is registered. Now enter his qualifications."),
        leads_to=reverse("technicians"),
        refused=lambda form: _list(request, refused=form),
    )


@require_GET
def technician(request: ActorRequest, technician_id: UUID) -> HttpResponse:
    """One technician, all his certificates, his absences to come."""
    return _show(request, _found(request, technician_id))


@require_POST
def technician_change(request: ActorRequest, technician_id: UUID) -> HttpResponse:
    """Correct name and phone. The number stays when none is typed: the form does not spell it out."""
    who = _found(request, technician_id)

    def change(given: dict[str, Any]) -> Technician:
        phone = given["phone"] or who.phone
        return actions.change_technician(
            technician_id, name=given["name"], phone=phone, by=request.actor, at=timezone.now()
        )

    return _act(request, who, "change", TechnicianForm(request.POST), change, _("Corrected."), REGISTER_TECHNICIAN)


@require_POST
def technician_leave(request: ActorRequest, technician_id: UUID) -> HttpResponse:
    """He leaves the company."""

    def leave(given: dict[str, Any]) -> Technician:
        return part_with_technician(technician_id, **given, by=request.actor, at=timezone.now())

    said = _("He is sent nowhere from now on. If he is to be shut out as well, do that on the page of his user.")
    form = LeavingForm(request.POST)
    return _act(request, _found(request, technician_id), "leave", form, leave, said, REGISTER_TECHNICIAN)


@require_POST
def technician_return(request: ActorRequest, technician_id: UUID) -> HttpResponse:
    """He is back."""

    def take_on(_given: dict[str, Any]) -> Technician:
        return actions.take_on_again(technician_id, by=request.actor, at=timezone.now())

    who, form = _found(request, technician_id), EmptyForm(request.POST)
    return _act(request, who, "return", form, take_on, _("He can be sent again."), REGISTER_TECHNICIAN)


@require_POST
def technician_qualification(request: ActorRequest, technician_id: UUID) -> HttpResponse:
    """Write down a certificate."""
    who = _found(request, technician_id)

    def grant(given: dict[str, Any]) -> Certificate:
        held = Qualification.objects.get(code=given.pop("qualification"))
        return actions.grant_qualification(
            technician_id, qualification=held, **given, by=request.actor, at=timezone.now()
        )

    form = CertificateForm(request.POST, known=_known())
    return _act(request, who, "qualification", form, grant, _("The certificate is entered."), GRANT)


@require_POST
def technician_absence(request: ActorRequest, technician_id: UUID) -> HttpResponse:
    """Write down when he cannot be sent."""

    def absent(given: dict[str, Any]) -> Absence:
        return actions.record_absence(technician_id, **given, by=request.actor, at=timezone.now())

    who, form = _found(request, technician_id), AbsenceForm(request.POST)
    return _act(request, who, "absence", form, absent, _("The absence is entered."), RECORD_ABSENCE)


@require_POST
def qualification_back(request: ActorRequest, certificate_id: UUID) -> HttpResponse:
    """Take back a certificate that was entered by mistake, or was revoked."""
    certificate = found(lambda: get_certificate(certificate_id, by=request.actor))

    def withdraw(given: dict[str, Any]) -> Technician:
        return actions.withdraw_qualification(
            certificate_id, reason=given["reason"], by=request.actor, at=timezone.now()
        )

    who, form = _found(request, certificate.technician_id), ReasonForm(request.POST)
    return _act(request, who, "qualification_back", form, withdraw, _("The certificate is withdrawn."), GRANT)


@require_POST
def absence_back(request: ActorRequest, absence_id: UUID) -> HttpResponse:
    """He comes after all."""
    absence = found(lambda: get_absence(absence_id, by=request.actor))

    def withdraw(_given: dict[str, Any]) -> Technician:
        return actions.withdraw_absence(absence_id, by=request.actor, at=timezone.now())

    who, form = _found(request, absence.technician_id), EmptyForm(request.POST)
    return _act(request, who, "absence_back", form, withdraw, _("The absence is withdrawn."), RECORD_ABSENCE)


def _found(request: ActorRequest, technician_id: UUID) -> Technician:
    who = found(lambda: get_technician(technician_id, by=request.actor))
    found(lambda: request.actor.require(SEE_PEOPLE, who.branch_id))
    return who


def _act[F: forms.Form](
    request: ActorRequest,
    who: Technician,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], object],
    said: str | Promise,
    code: str,
) -> HttpResponse:
    found(lambda: request.actor.require(code, who.branch_id))
    return one_act(
        request,
        form,
        act,
        said=said,
        leads_to=reverse("technician", args=[who.id]),
        refused=lambda form: _show(request, _found(request, who.id), asked=name, refused=form),
    )


def _branch_here(request: ActorRequest) -> Branch:
    branch = request.actor.branch
    return branch if branch else may_look(request)[0]


def _candidates(request: ActorRequest) -> list[User]:
    """Who may become a technician here: active users of the branch who are none yet."""
    people = find_people(by=request.actor, branch_id=_branch_here(request).id)
    return list(people.filter(is_active=True, technician=None))


def _known() -> list[tuple[str, str]]:
    return list(Qualification.objects.order_by("code").values_list("code", "name"))


def _list(request: ActorRequest, *, refused: forms.Form | None = None) -> HttpResponse:
    branches, here, now = may_look(request), _branch_here(request), timezone.now()
    technicians = list(find_technicians_of(branches, gone=True))
    active = [one for one in technicians if one.active]
    standings = find_standings(active, today=timezone.localdate())
    absences = list(find_absences(active, after=now))
    away = {one.technician_id: one for one in reversed(absences) if one.starts_at <= now}
    may_register = request.actor.may(REGISTER_TECHNICIAN, here.id) and here.closed_at is None
    people = _candidates(request) if may_register else []
    context = {
        "lines": [
            {"technician": one, "standings": standings.get(one.id, []), "away": away.get(one.id)} for one in technicians
        ],
        "several": len(branches) > 1,
        "expiring": find_expiring(active, today=timezone.localdate()),
        "absences": absences,
        "here": here,
        "may_register": may_register,
        "people": people,
        "form": refused or NewTechnicianForm(people=people),
        "refused": refused is not None,
        "refusals": error_lines(refused, shown=True) if refused else [],
        "section": "administration",
    }
    return render(request, "administration/technician_list.html", context, status=422 if refused else 200)


def _show(
    request: ActorRequest, who: Technician, *, asked: str = "", refused: forms.Form | None = None
) -> HttpResponse:
    today, actor = timezone.localdate(), request.actor
    blank: dict[str, forms.Form] = {
        "change": TechnicianForm(initial={"name": who.name}),
        "qualification": CertificateForm(known=_known(), initial={"starts_on": today}),
        "absence": AbsenceForm(),
        "leave": LeavingForm(initial={"left_on": today}),
    }
    if refused and asked in blank:
        blank[asked] = refused
    elif isinstance(refused, ReasonForm):
        blank["qualification_back"] = refused
    context = {
        "technician": who,
        "certificates": find_certificates(who, today=today),
        "absences": find_absences([who], after=timezone.now()),
        "may_change": actor.may(REGISTER_TECHNICIAN, who.branch_id),
        "may_grant": actor.may(GRANT, who.branch_id),
        "may_absent": actor.may(RECORD_ABSENCE, who.branch_id),
        "asked": asked,
        "forms": blank,
        "refused_id": request.resolver_match.kwargs.get("certificate_id") if request.resolver_match else None,
        "refusals": error_lines(refused, shown=asked in blank) if refused else [],
        "section": "administration",
    }
    return render(request, "administration/technician_detail.html", context, status=422 if refused else 200)
