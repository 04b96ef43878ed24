"""Awards: what breaches owe, who approves it, how it is given, and what is taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from shouhou.access.permissions import SEE_AWARDS
from shouhou.commitments import actions
from shouhou.commitments.models import Award
from shouhou.commitments.queries.awards import find_awards, get_award
from shouhou.commitments.rules.award_words import WAYS, AwardState
from shouhou.web.award_pages import APPROVE, SETTLE, WITHDRAW, award_lines, read_award
from shouhou.web.desk import Tab, branch_at_work
from shouhou.web.desk_inputs import EmptyForm, error_lines
from shouhou.web.inputs import ReasonForm
from shouhou.web.ledger_inputs import KeyedForm
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found

PAGE = 50
_TABS: tuple[tuple[str, str | Promise], ...] = (
    ("", pgettext_lazy("awards", "All")),
    (AwardState.PROPOSED, AwardState.PROPOSED.label),
    (AwardState.APPROVED, AwardState.APPROVED.label),
    (AwardState.SETTLED, AwardState.SETTLED.label),
)


class SettlementForm(KeyedForm):
    """How it is given."""

    how = forms.ChoiceField(label=_("How it is given"))

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [(one.value, one.label) for one in WAYS[award.means]]  # type: ignore[attr-defined]


@require_GET
def award_list(request: ActorRequest) -> HttpResponse:
    """What the breaches of the branch owe, the oldest first."""
    branch = branch_at_work(request, SEE_AWARDS)
    asked = request.GET.get("state", "")
    state = asked if asked in AwardState.values else ""
    rows = find_awards(branch.id, by=request.actor, states=[state] if state else [])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": award_lines(list(page.object_list), branch=branch),
        "page": page,
        "state": state,
        "tabs": [
            Tab(str(label), f"?state={value}" if value else reverse("awards"), None, current=state == value)
            for value, label in _TABS
        ],
        "section": "promises",
    }
    return render(request, "awards/award_list.html", context)


@require_GET
def award(request: ActorRequest, award_id: UUID) -> HttpResponse:
    """One award: what it is, how it was computed, who bears it, and what was done to it."""
    return _show(request, _find(request, award_id))


@require_POST
def award_approve(request: ActorRequest, award_id: UUID) -> HttpResponse:
    """Approve what another proposed, within one's limit."""
    return _act(
        request,
        award_id,
        "approve",
        EmptyForm(request.POST),
        lambda _given: actions.approve_award(award_id, by=request.actor, at=timezone.now()),
        permission=APPROVE,
        said=_("Approved. It is owed from now on."),
    )


@require_POST
def award_refuse(request: ActorRequest, award_id: UUID) -> HttpResponse:
    """Say why it is not owed."""
    return _act(
        request,
        award_id,
        "refuse",
        ReasonForm(request.POST, auto_id="refuse-%s"),
        lambda given: actions.refuse_award(award_id, **given, by=request.actor, at=timezone.now()),
        permission=APPROVE,
        said=_("Refused."),
    )


@require_POST
def award_settle(request: ActorRequest, award_id: UUID) -> HttpResponse:
    """Give out what can be given."""
    form = SettlementForm(request.POST, award=_find(request, award_id), auto_id="settle-%s")

    def settle(given: dict[str, Any]) -> object:
        return actions.settle_award(
            award_id, how=given["how"], key=f"award {form.once()}", by=request.actor, at=timezone.now()
        )

    return _act(request, award_id, "settle", form, settle, permission=SETTLE, said=_("It is given, and in the books."))


@require_POST
def award_withdraw(request: ActorRequest, award_id: UUID) -> HttpResponse:
    """Take it back, whatever became of it."""
    return _act(
        request,
        award_id,
        "withdraw",
        ReasonForm(request.POST, auto_id="withdraw-%s"),
        lambda given: actions.withdraw_award(award_id, **given, by=request.actor, at=timezone.now()),
        permission=WITHDRAW,
        said=_("Taken back."),
    )


def _find(request: ActorRequest, award_id: UUID) -> Award:
    return found(lambda: get_award(award_id, by=request.actor))


def _act[F: forms.Form](
    request: ActorRequest,
    award_id: UUID,
    name: str,
    form: F,
    act: Callable[[dict[str, Any]], object],
    *,
    permission: str,
    said: str | Promise,
) -> HttpResponse:
    row = _find(request, award_id)
    if not request.actor.may(permission, row.branch_id):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))
    return one_act(
        request,
        form,
        act,
        said=said,
        leads_to=reverse("award", args=[award_id]),
        refused=lambda form: _show(request, _find(request, award_id), asked=name, refused=form),
    )


def _show(request: ActorRequest, row: Award, *, asked: str = "", refused: forms.Form | None = None) -> HttpResponse:
    page = read_award(row, by=request.actor, at=timezone.now())
    context = {
        "page": page,
        "award": row,
        "asked": asked,
        "settle_form": refused
        if refused and asked == "settle"
        else SettlementForm(award=row, auto_id="settle-%s", initial={"key": uuid4()}),
        "refuse_form": refused if refused and asked == "refuse" else ReasonForm(auto_id="refuse-%s"),
        "withdraw_form": refused if refused and asked == "withdraw" else ReasonForm(auto_id="withdraw-%s"),
        "refusals": error_lines(refused, shown=asked in page.offers) if refused else [],
        "section": "promises",
    }
    return render(request, "awards/award_detail.html", context, status=422 if refused else 200)
