"""One version of a company pack: what it changes, who proposed it, who ruled on it; and the ruling itself."""

import re
from collections.abc import Mapping
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

from shouhou.kernel.errors import Refusal
from shouhou.policies.actions import rule_on_pack
from shouhou.policies.models import CompanyPack
from shouhou.policies.queries import VersionState, find_company_packs, get_company_pack, read_company_pack, states_of
from shouhou.policies.wording import said
from shouhou.web.acting import sentence
from shouhou.web.desk_inputs import error_lines
from shouhou.web.one_act import one_act
from shouhou.web.policy_changes import PackChanges, changes_between
from shouhou.web.policy_inputs import ApprovalForm, RefusalForm
from shouhou.web.policy_pages import APPROVE, PROPOSE, at_headquarters, headquarters_of
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found


@require_GET
def policy_version(request: ActorRequest, version_id: UUID) -> HttpResponse:
    """What it changes against the version before it, its text, and the acts on it."""
    return _show(request, version_id)


@require_POST
def policy_approve(request: ActorRequest, version_id: UUID) -> HttpResponse:
    """Put it in force."""
    words = _("The version is in force.")
    return _rule(request, version_id, ApprovalForm(request.POST), approve=True, words=words)


@require_POST
def policy_refuse(request: ActorRequest, version_id: UUID) -> HttpResponse:
    """Say no to it, with the reason."""
    words = _("The version is refused. It stays on record with your reason.")
    return _rule(request, version_id, RefusalForm(request.POST), approve=False, words=words)


@require_GET
def policy_file(request: ActorRequest, version_id: UUID) -> HttpResponse:
    """The text to the letter, as a file to keep or to propose again."""
    one = found(lambda: get_company_pack(version_id))
    response = HttpResponse(one.text, content_type="application/yaml; charset=utf-8")
    name = re.sub(r"[^a-z0-9._-]", "_", one.name)
    response["Content-Disposition"] = f'attachment; filename="{name}-{one.version}.yaml"'
    return response


def _rule(
    request: ActorRequest, version_id: UUID, form: forms.Form, *, approve: bool, words: str | Promise
) -> HttpResponse:
    found(lambda: get_company_pack(version_id))
    branch = at_headquarters(request.actor, APPROVE)

    def act(given: dict[str, Any]) -> object:
        now = timezone.now()
        return rule_on_pack(
            version_id,
            approve=approve,
            reason=given["reason"],
            branch=branch,
            by=request.actor,
            at=now,
            today=timezone.localdate(now),
        )

    return one_act(
        request,
        form,
        act,
        said=words,
        leads_to=reverse("policy_version", args=[version_id]),
        refused=lambda form: _show(request, version_id, asked="approve" if approve else "refuse", refused=form),
    )


def _show(
    request: ActorRequest, version_id: UUID, *, asked: str = "", refused: forms.Form | None = None
) -> HttpResponse:
    one = found(lambda: get_company_pack(version_id))
    versions = [each for each in find_company_packs() if each.name == one.name]
    states = states_of(versions)
    state, actor = states[one.id], request.actor
    may_rule = state is VersionState.PROPOSED and headquarters_of(actor, APPROVE) is not None
    is_own = one.proposed_by_id == actor.user_id
    context = {
        "proposal": one,
        "title": said(read_company_pack(one.name, one.text).title),
        "state": state,
        "ruling": getattr(one, "ruling", None),
        **_compared(one, _before(one, versions, states)),
        "may_rule": may_rule and not is_own,
        "is_own": may_rule and is_own,
        "may_propose": headquarters_of(actor, PROPOSE) is not None,
        "asked": asked,
        "approve_form": refused if isinstance(refused, ApprovalForm) else ApprovalForm(),
        "refuse_form": refused if isinstance(refused, RefusalForm) else RefusalForm(),
        "refusals": error_lines(refused, shown=may_rule and not is_own) if refused else [],
        "section": "administration",
    }
    return render(request, "policies/version_detail.html", context, status=422 if refused else 200)


def _before(one: CompanyPack, versions: list[CompanyPack], states: Mapping[UUID, VersionState]) -> CompanyPack | None:
    """The version that was in force before this one."""
    counted = (VersionState.IN_FORCE, VersionState.SUPERSEDED)
    return next((each for each in versions if each.version < one.version and states[each.id] in counted), None)


def _compared(one: CompanyPack, before: CompanyPack | None) -> dict[str, Any]:
    """What it changes; where the other packs no longer go together with it, that is said in its place."""
    old = read_company_pack(before.name, before.text) if before else None
    changes: PackChanges | None = None
    contradicts = ""
    try:
        changes = changes_between(old, read_company_pack(one.name, one.text))
    except Refusal as refusal:
        contradicts = sentence(refusal)
    return {"before": before, "changes": changes, "contradicts": contradicts}
