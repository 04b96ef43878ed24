"""Entries: one with all that stands behind it, reversal, entries by hand, money for another branch."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhou.kernel.money import Money
from shouhou.ledger import actions
from shouhou.ledger.queries import get_account
from shouhou.ledger.rules import CROSSING, Reference, credit, debit
from shouhou.web.acting import perform
from shouhou.web.desk import branch_at_work
from shouhou.web.inputs import ReasonForm
from shouhou.web.ledger_inputs import EntryForm, SendForm
from shouhou.web.ledger_pages import show_entry
from shouhou.web.one_act import one_act
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found

POST_ENTRY, REVERSE_ENTRY, SEND_ACROSS = "ledger.post_entry", "ledger.reverse_entry", "ledger.send_across"


@require_GET
def entry(request: ActorRequest, journal_id: UUID) -> HttpResponse:
    """Its lines, what it comes from, the rule, who posted it, what it takes back or was taken back by."""
    return _show(request, journal_id)


@require_POST
def entry_reverse(request: ActorRequest, journal_id: UUID) -> HttpResponse:
    """Take it back, once and for a reason."""
    shown = found(lambda: show_entry(journal_id, by=request.actor))
    return one_act(
        request,
        ReasonForm(request.POST),
        # One entry is reversed once, so its own key is key enough.
        lambda given: actions.reverse_entry(
            shown.entry.id, key=f"reversal {journal_id}", reason=given["reason"], by=request.actor, at=timezone.now()
        ),
        said=_("The entry is reversed."),
        leads_to=reverse("ledger_entry", args=[journal_id]),
        refused=lambda form: _show(request, journal_id, refused=form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request: ActorRequest) -> HttpResponse:
    """An entry by hand."""
    branch = branch_at_work(request, POST_ENTRY)
    form = EntryForm(request.POST or None, branch=branch, by=request.actor)

    def post() -> Any:
        given = form.cleaned_data
        taking, giving = UUID(given["debit"]), UUID(given["credit"])
        amount = Money(given["amount"], get_account(taking, by=request.actor).currency)
        return actions.post_entry(
            [debit(taking, amount), credit(giving, amount)],
            key=f"by hand {form.once()}",
            memo=given["memo"],
            by=request.actor,
            at=timezone.now(),
        )

    posted = perform(request, post, form=form) if request.method == "POST" and form.is_valid() else None
    if posted is not None:
        return SeeOther(reverse("ledger_entry", args=[posted.id]))
    status = 422 if request.method == "POST" else 200
    return render(request, "ledger/entry_form.html", {"form": form, "section": "ledger"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: ActorRequest) -> HttpResponse:
    """Money for another branch."""
    branch = branch_at_work(request, SEND_ACROSS)
    form = SendForm(request.POST or None, branch=branch, by=request.actor)

    def send_it(given: dict[str, Any]) -> Any:
        account, to = UUID(given["account"]), form.others[given["to"]]
        amount = Money(given["amount"], get_account(account, by=request.actor).currency)
        return actions.send_across(
            credit(account, amount),
            to=to,
            into_kind=given["into_kind"],
            into_owner=Reference("branch", str(to.id)),
            key=f"by hand {form.once()}",
            memo=given["memo"],
            by=request.actor,
            at=timezone.now(),
        )

    def show(form: SendForm, status: int) -> HttpResponse:
        return render(request, "ledger/send_form.html", {"form": form, "section": "ledger"}, status=status)

    if request.method != "POST":
        return show(form, 200)
    return one_act(
        request,
        form,
        send_it,
        said=_("Sent. The other branch books it within a minute."),
        leads_to=reverse("ledger_proof"),
        refused=lambda form: show(form, 422),
    )


def _show(request: ActorRequest, journal_id: UUID, *, refused: ReasonForm | None = None) -> HttpResponse:
    shown = found(lambda: show_entry(journal_id, by=request.actor))
    row = shown.entry
    context = {
        "shown": shown,
        "entry": row,
        "may_reverse": request.actor.may(REVERSE_ENTRY, row.branch_id)
        and row.reverses_id is None
        and shown.reversal is None
        and row.source_kind != CROSSING,
        "asked": "reverse" if refused else "",
        "reason_form": refused or ReasonForm(),
        "section": "ledger",
    }
    return render(request, "ledger/entry_detail.html", context, status=422 if refused else 200)
