"""Holds: what is set aside, and how it ends."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from shouhou.access.models import User
from shouhou.access.permissions import SEE_LEDGER
from shouhou.audit.queries import find_events
from shouhou.kernel.money import Money
from shouhou.ledger import actions
from shouhou.ledger.queries import find_holds, get_account, get_hold
from shouhou.ledger.rules import HoldStatus
from shouhou.web.desk import branch_at_work
from shouhou.web.inputs import ReasonForm
from shouhou.web.ledger_inputs import HoldFilter, HoldForm, PaymentForm
from shouhou.web.ledger_pages import account_lines
from shouhou.web.one_act import one_act
from shouhou.web.owner_names import name_all
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found
from shouhou.web.views.ledger.statements import show_account

END_HOLD = "ledger.end_hold"
PAGE = 50
_HAPPENED: dict[str, str | Promise] = {
    "ledger.hold.placed": _("Set aside"),
    "ledger.hold.posted": _("Paid"),
    "ledger.hold.voided": _("Given free"),
    "ledger.hold.timed_out": _("Its time was over"),
}


@require_GET
def holds(request: ActorRequest) -> HttpResponse:
    """What is set aside on all accounts of the branch."""
    branch = branch_at_work(request, SEE_LEDGER)
    wanted = HoldFilter(request.GET if "state" in request.GET else {"state": HoldStatus.PENDING})
    state = wanted.cleaned_data["state"] if wanted.is_valid() else ""
    page = Paginator(find_holds(branch, by=request.actor, status=state), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    names = name_all((one.account.owner for one in rows), branch=branch)
    lines = [{"hold": one, "owner": names[one.account.owner]} for one in rows]
    context = {"lines": lines, "page": page, "filter": wanted, "state": state, "section": "ledger"}
    return render(request, "ledger/hold_list.html", context)


@require_POST
def hold_place(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """Set an amount aside on an account."""
    account = found(lambda: get_account(account_id, by=request.actor))
    form = HoldForm(request.POST)

    def place(given: dict[str, Any]) -> Any:
        return actions.place_hold(
            account.id,
            amount=Money(given["amount"], account.currency),
            key=f"by hand {form.once()}",
            memo=given["memo"],
            expires_at=given["expires_at"],
            by=request.actor,
            at=timezone.now(),
        )

    return one_act(
        request,
        form,
        place,
        said=_("The amount is set aside."),
        leads_to=reverse("ledger_account", args=[account.id]),
        refused=lambda form: show_account(request, account.id, refused=form),
    )


@require_GET
def hold(request: ActorRequest, hold_id: UUID) -> HttpResponse:
    """One hold: what for, until when, how it ended."""
    return _show(request, hold_id)


@require_POST
def hold_pay(request: ActorRequest, hold_id: UUID) -> HttpResponse:
    """Pay the whole or a part of it; the rest is free again."""
    row = found(lambda: get_hold(hold_id, by=request.actor))
    form = PaymentForm(request.POST, branch=request.actor.branch_of(row.branch_id), by=request.actor)

    def pay(given: dict[str, Any]) -> Any:
        amount = Money(given["amount"], row.account.currency)
        key = f"by hand {form.once()}"
        to, told = UUID(given["payee"]), {"by": request.actor, "at": timezone.now()}
        return actions.post_hold(row.id, to=to, amount=amount, key=key, **told)  # type: ignore[arg-type]

    return _end(request, hold_id, form, pay, said=_("Paid."), asked="pay")


@require_POST
def hold_void(request: ActorRequest, hold_id: UUID) -> HttpResponse:
    """Give it free again, for a reason."""

    def void(given: dict[str, Any]) -> Any:
        return actions.void_hold(hold_id, reason=given["reason"], by=request.actor, at=timezone.now())

    found(lambda: get_hold(hold_id, by=request.actor))
    return _end(request, hold_id, ReasonForm(request.POST), void, said=_("The amount is free again."), asked="void")


def _end(
    request: ActorRequest, hold_id: UUID, form: forms.Form, act: Any, *, said: str | Promise, asked: str
) -> HttpResponse:
    return one_act(
        request,
        form,
        act,
        said=said,
        leads_to=reverse("ledger_hold", args=[hold_id]),
        refused=lambda form: _show(request, hold_id, asked=asked, refused=form),
    )


def _show(request: ActorRequest, hold_id: UUID, *, asked: str = "", refused: forms.Form | None = None) -> HttpResponse:
    row = found(lambda: get_hold(hold_id, by=request.actor))
    branch = request.actor.branch_of(row.branch_id)
    events = list(find_events(branch_id=branch.id, chain_id=row.id))
    names = {one.id: str(one) for one in User.objects.filter(id__in={one.actor_id for one in events})}
    happened = [
        {
            "at": one.at,
            "words": _HAPPENED.get(one.verb, one.verb),
            "reason": one.data.get("reason", ""),
            "who": names.get(one.actor_id, "") if one.actor_id else "",
        }
        for one in events
    ]
    may_end = request.actor.may(END_HOLD, branch.id) and row.status == HoldStatus.PENDING
    context: dict[str, Any] = {
        "hold": row,
        "account": account_lines([row.account], branch=branch, at=timezone.now())[0],
        "happened": happened,
        "entry": row.entries.first(),
        "may_end": may_end,
        "asked": asked,
        "reason_form": refused if asked == "void" and refused else ReasonForm(),
        "section": "ledger",
    }
    if may_end:
        initial = {"amount": row.amount.amount}
        paying = refused if asked == "pay" else None
        context["payment_form"] = paying or PaymentForm(branch=branch, by=request.actor, initial=initial)
    elif refused is not None:
        context["refusals"] = [error for errors in refused.errors.values() for error in errors]
    return render(request, "ledger/hold_detail.html", context, status=422 if refused else 200)
