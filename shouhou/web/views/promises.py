"""Promises: what is due and overdue; one promise with its history, its excuses and their rulings."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.access.permissions import SEE_AWARDS, SEE_REGISTER
from shouhou.commitments import actions
from shouhou.commitments.actions.excusing import CLAIM, RULE
from shouhou.commitments.actions.pausing import PAUSE
from shouhou.commitments.models import Commitment
from shouhou.commitments.queries import (
    after_due,
    count_owed,
    find_definitions,
    find_owed,
    find_waiting_excuses,
    get_commitment,
    get_evidence,
    get_excuse,
)
from shouhou.web.desk import Tab, branch_at_work
from shouhou.web.desk_inputs import EmptyForm, error_lines
from shouhou.web.one_act import one_act
from shouhou.web.promise_inputs import STANDS, ExcuseForm, PauseForm, QueueForm, RulingForm
from shouhou.web.promise_page import read_promise
from shouhou.web.promise_words import definition_name, in_words
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found, show

PAGE = 50
LIST, DETAIL = "promises/promise_list.html", "promises/promise_detail.html"


@require_GET
def promise_list(request: ActorRequest) -> HttpResponse:
    """What the branch owes, in the order in which it falls due. The address says what narrows it, and where a page begins."""
    branch, now = branch_at_work(request, SEE_REGISTER), timezone.now()
    form = QueueForm(request.GET, definitions=find_definitions(branch))
    given = form.given()
    narrowed = {name: given.get(name, "") for name in ("owner", "definition")}
    counts = count_owed(find_owed(branch, **narrowed, at=now), at=now)
    rows = find_owed(branch, **given, at=now)
    if mark := _read_mark(request.GET.get("after", "")):
        rows = after_due(rows, due_at=mark[0], commitment_id=mark[1])
    few = list(rows[: PAGE + 1])
    last = few[PAGE - 1] if len(few) > PAGE else None
    context = {
        "promises": in_words(few[:PAGE], now=now),
        "form": form,
        "given": given,
        "tabs": [
            Tab(
                str(label if value else _("All that is owed")),
                _address({**given, "stand": value}),
                counts[value or "all"],
                current=given.get("stand", "") == value,
            )
            for value, label in STANDS
        ],
        "counts": counts,
        "next": _address({**given, "after": _mark(last)}) if last else "",
        "first": _address(given) if mark else "",
        "excuses": [(one, definition_name(one.commitment.definition)) for one in find_waiting_excuses(branch)[:PAGE]],
        "may_see_awards": request.actor.may(SEE_AWARDS),
        "section": "promises",
    }
    response = show(request, LIST, context, region="list")
    if request.htmx:
        response["HX-Push-Url"] = _address(given)
    return response


@require_GET
def promise(request: ActorRequest, commitment_id: UUID) -> HttpResponse:
    """One promise: how it stands, by which terms, and what happened to its clock."""
    return _show(request, _find(request, commitment_id))


@require_POST
def promise_pause(request: ActorRequest, commitment_id: UUID) -> HttpResponse:
    """Let the clock stand still, with the reason."""
    return _act(
        request,
        commitment_id,
        "pause",
        PauseForm(request.POST, auto_id="pause-%s"),
        lambda given: actions.pause_commitment(commitment_id, **given, by=request.actor, at=timezone.now()),
        permission=PAUSE,
        said=_("It is written down; where the cause is not ourselves, the clock stands still."),
    )


@require_POST
def promise_release(request: ActorRequest, commitment_id: UUID) -> HttpResponse:
    """Let the clock go on."""
    return _act(
        request,
        commitment_id,
        "release",
        EmptyForm(request.POST),
        lambda _given: actions.release_commitment(commitment_id, by=request.actor, at=timezone.now()),
        permission=PAUSE,
        said=_("The clock goes on."),
    )


@require_POST
def promise_excuse(request: ActorRequest, commitment_id: UUID) -> HttpResponse:
    """Claim that an objective cause kept us from it, with the files that prove it."""

    def claim(given: dict[str, Any]) -> object:
        told = {"kind": given["kind"], "account": given["account"], "evidence": request.FILES.getlist("files")}
        return actions.claim_excuse(commitment_id, **told, by=request.actor, at=timezone.now())

    return _act(
        request,
        commitment_id,
        "excuse",
        ExcuseForm(request.POST, auto_id="excuse-%s"),
        claim,
        permission=CLAIM,
        said=_("The excuse waits for its ruling."),
    )


@require_POST
def excuse_ruling(request: ActorRequest, commitment_id: UUID, excuse_id: UUID) -> HttpResponse:
    """Accept an excuse, or do not."""
    found(lambda: get_excuse(commitment_id, excuse_id, by=request.actor))

    def rule(given: dict[str, Any]) -> object:
        told = {"accepted": given["accepted"] == "yes", "reason": given["reason"]}
        return actions.rule_on_excuse(excuse_id, **told, by=request.actor, at=timezone.now())

    return _act(
        request,
        commitment_id,
        "rule",
        RulingForm(request.POST, auto_id="ruling-%s"),
        rule,
        permission=RULE,
        said=_("The ruling is written down."),
    )


@require_GET
def excuse_evidence(request: ActorRequest, evidence_id: UUID) -> FileResponse:
    """A file that proves an excuse. As an attachment: a picture is shown inside the page, nothing is ever run."""
    one = found(lambda: get_evidence(evidence_id, by=request.actor))
    _require(request, SEE_REGISTER, one.branch_id)
    kind, ending = ("image/jpeg", "jpg") if one.is_picture else ("application/pdf", "pdf")
    name = f"{timezone.localtime(one.excuse.claimed_at):%Y%m%d-%H%M%S}.{ending}"
    return FileResponse(one.file.open("rb"), as_attachment=True, filename=name, content_type=kind)


def _find(request: ActorRequest, commitment_id: UUID) -> Commitment:
    row = found(lambda: get_commitment(commitment_id, by=request.actor))
    _require(request, SEE_REGISTER, row.branch_id)
    return row


def _require(request: ActorRequest, code: str, branch_id: UUID) -> None:
    if not request.actor.may(code, branch_id):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))


def _act[F: forms.Form](
    request: ActorRequest,
    commitment_id: UUID,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], object],
    *,
    permission: str,
    said: str | Promise,
) -> HttpResponse:
    row = _find(request, commitment_id)
    _require(request, permission, row.branch_id)
    return one_act(
        request,
        form,
        act,
        said=said,
        leads_to=reverse("promise", args=[commitment_id]),
        refused=lambda form: _show(request, _find(request, commitment_id), asked=name, refused=form),
    )


def _show(
    request: ActorRequest, row: Commitment, *, asked: str = "", refused: forms.Form | None = None
) -> HttpResponse:
    page = read_promise(row, by=request.actor, now=timezone.now())
    shown = asked in page.offers
    context = {
        "page": page,
        "promise": page.promise,
        "asked": asked,
        "pause_form": refused if refused and asked == "pause" else PauseForm(auto_id="pause-%s"),
        "excuse_form": refused if refused and asked == "excuse" else ExcuseForm(auto_id="excuse-%s"),
        "ruling_form": refused if refused and asked == "rule" else RulingForm(auto_id="ruling-%s"),
        "refusals": error_lines(refused, shown=shown) if refused else [],
        "section": "promises",
    }
    return show(request, DETAIL, context, region="standing", status=422 if refused else 200)


def _address(given: dict[str, str]) -> str:
    return f"{reverse('promises')}?{urlencode({name: value for name, value in given.items() if value})}".rstrip("?")


def _mark(row: Commitment) -> str:
    """Where the next page begins: what the address carries."""
    due = row.due_at.isoformat() if row.due_at else ""
    return base64.urlsafe_b64encode(f"{due}|{row.id}".encode()).decode()


def _read_mark(text: str) -> tuple[datetime | None, UUID] | None:
    """What `_mark` wrote; anything else is no mark."""
    try:
        due, _bar, key = base64.urlsafe_b64decode(text.encode()).decode().partition("|")
        at = datetime.fromisoformat(due) if due else None
        return None if at is not None and at.tzinfo is None else (at, UUID(key))
    except ValueError:
        return None
