"""Accounts of the branch, and the statement of one: on the page and as a sheet."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_LEDGER
from shouhou.kernel.periods import Period
from shouhou.kernel.sheet_writing import csv_chunks, xlsx_chunks
from shouhou.ledger.queries import AccountStatement, find_accounts, find_holds_of, get_statement
from shouhou.ledger.rules import HoldStatus
from shouhou.web.desk import branch_at_work
from shouhou.web.ledger_inputs import AccountFilter, HoldForm, PeriodForm
from shouhou.web.ledger_pages import account_lines, group_accounts, sheet_rows, show_lines
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import found

PAGE = 100
_KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_GET
def account_list(request: ActorRequest) -> HttpResponse:
    """The accounts by kind: balance, of it held, available; how long a clearing account has been open."""
    branch, now = branch_at_work(request, SEE_LEDGER), timezone.now()
    wanted = AccountFilter(request.GET)
    kind = wanted.cleaned_data["kind"] if wanted.is_valid() else ""
    rows = find_accounts(branch, by=request.actor, kinds=[kind] if kind else ())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "groups": group_accounts(list(page.object_list), branch=branch, by=request.actor, at=now),
        "page": page,
        "filter": wanted,
        "kind": kind,
        "may_post": request.actor.may("ledger.post_entry"),
        "may_send": request.actor.may("ledger.send_across"),
        "section": "ledger",
    }
    return render(request, "ledger/account_list.html", context)


@require_GET
def account_statement(request: ActorRequest, account_id: UUID) -> HttpResponse:
    """The statement of one account over a period, and what is held of it."""
    return show_account(request, account_id)


def show_account(request: ActorRequest, account_id: UUID, *, refused: HoldForm | None = None) -> HttpResponse:
    """The page of an account; with the form for a hold that was refused, and then with status 422."""
    form = PeriodForm(request.GET)
    statement, branch, days = _statement(request, account_id, form)
    now, row = timezone.now(), statement.account
    may_hold = request.actor.may("ledger.place_hold", branch.id)
    context: dict[str, Any] = {
        "account": account_lines([row], branch=branch, at=now)[0],
        "statement": statement,
        "lines": show_lines(statement, branch=branch),
        "form": form if form.errors else PeriodForm(initial={"first": days[0], "last": days[1]}),
        "days": days,
        "presets": _presets(timezone.localdate()),
        "holds": find_holds_of(row, by=request.actor).filter(status=HoldStatus.PENDING).select_related("account"),
        "hold_form": (refused or HoldForm()) if may_hold else None,
        "asked": "hold" if refused else "",
        "section": "ledger",
    }
    return render(request, "ledger/account_detail.html", context, status=422 if refused else 200)


@require_GET
def account_sheet(request: ActorRequest, account_id: UUID) -> HttpResponseBase:
    """The same statement as a sheet; `?file=` csv or xlsx."""
    kind = request.GET.get("file", "")
    if kind not in _KINDS:
        raise Http404
    statement, branch, days = _statement(request, account_id, PeriodForm(request.GET))
    line = account_lines([statement.account], branch=branch, at=timezone.now())[0]
    # Written out at once: when the file is sent, nobody knows the reader's language and zone any more.
    rows = list(sheet_rows(statement, show_lines(statement, branch=branch)))
    title = _("Statement")
    chunks = xlsx_chunks(rows, title=title) if kind == "xlsx" else csv_chunks(rows)
    response = StreamingHttpResponse(chunks, content_type=_KINDS[kind])
    name = f"{title}-{line.kind.label}-{line.owner.name}-{days[0]:%Y%m%d}-{days[1]:%Y%m%d}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name.replace("/", " "))
    return response


def _statement(
    request: ActorRequest, account_id: UUID, form: PeriodForm
) -> tuple[AccountStatement, Branch, tuple[date, date]]:
    days = form.days(today=timezone.localdate())
    zone = timezone.get_current_timezone()
    period = Period(
        datetime.combine(days[0], time(), zone), datetime.combine(days[1] + timedelta(days=1), time(), zone)
    )
    statement = found(lambda: get_statement(account_id, period=period, by=request.actor))
    return statement, request.actor.branch_of(statement.account.branch_id), days


def _presets(today: date) -> list[tuple[str, date, date]]:
    before = today.replace(day=1) - timedelta(days=1)
    return [
        (_("This month"), today.replace(day=1), today),
        (_("Last month"), before.replace(day=1), before),
        (_("This year"), today.replace(month=1, day=1), today),
    ]
