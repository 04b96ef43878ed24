"""What is done with the lines of the register list: acts on the marked ones, their vouchers on paper, a sheet of the list."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST

from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_REGISTER
from shouhou.forms import actions as paper
from shouhou.kernel.sheet_writing import csv_chunks, xlsx_chunks
from shouhou.web.acting import perform
from shouhou.web.book import PAGE, book_lines
from shouhou.web.book_columns import Column, sheet_head, sheet_row
from shouhou.web.bulk import ACTS, act_on_each, keep_outcome
from shouhou.web.desk import branch_at_work
from shouhou.web.register_filter import read_list
from shouhou.web.register_inputs import ActForm, ExportForm, marked
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found
from shouhou.web.views.printing import PAPER_ONLY, pdf_answer
from shouhou.web.views.register import show_register
from shouhou.workorders import actions
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import find_vouchers_of
from shouhou.workorders.register import find_chosen

_AT_ONCE = 500
_KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_POST
def register_acts(request: ActorRequest) -> HttpResponse:
    """One act for each marked line; then the list again, which says which went and why the others did not."""
    branch = branch_at_work(request, SEE_REGISTER)
    orders, form = _marked_orders(request, branch), ActForm(request.POST, branch=branch)
    if not form.is_valid() or not _countable(request, orders):
        return show_register(request, status=422, act_form=form, marked={str(one.id) for one in orders})
    act, technician = ACTS[form.cleaned_data["act"]], form.cleaned_data["technician"]
    if not request.actor.may(act.permission):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))
    technician_id = UUID(technician) if technician else None
    keep_outcome(request, act_on_each(orders, act, technician_id=technician_id, by=request.actor, at=timezone.now()))
    return SeeOther(f"{reverse('register')}?{request.GET.urlencode()}")


@require_POST
@csp_override(PAPER_ONLY)
def print_vouchers(request: ActorRequest) -> HttpResponse:
    """服表001 of every marked line as one document, in the order of the list; two lines of one unit share theirs."""
    branch = branch_at_work(request, "forms.print_form")
    orders = _marked_orders(request, branch)
    if not _countable(request, orders):
        return SeeOther(f"{reverse('register')}?{request.GET.urlencode()}")
    vouchers = find_vouchers_of(orders)
    in_order = dict.fromkeys(vouchers[one.asset_id] for one in orders)
    pdf = found(
        lambda: paper.print_vouchers(
            [voucher.id for voucher in in_order],
            by=request.actor,
            at=timezone.now(),
            qr_contents={
                voucher.id: request.build_absolute_uri(reverse("asset", args=[voucher.asset_id]))
                for voucher in in_order
            },
        )
    )
    return pdf_answer(pdf, f"SF001-{branch.code}-{timezone.localtime():%Y%m%d-%H%M}.pdf")


@require_POST
def export_register(request: ActorRequest) -> HttpResponseBase:
    """The list as it stands, or its marked lines, as a sheet. That it left the house is written down before it does."""
    branch = branch_at_work(request, "workorders.export_register")
    now, chosen = timezone.now(), marked(request.POST)
    shown, form = read_list(request.GET, branch=branch, by=request.actor), ExportForm(request.POST)

    def export() -> list[UUID]:
        columns = [column.key for column in shown.columns]
        return actions.export_register(
            branch, wanted=shown.wanted, columns=columns, chosen=chosen, by=request.actor, at=now
        )

    ids = perform(request, export, form=form) if form.is_valid() else None
    if ids is None:
        return show_register(request, status=422, export_form=form, marked={str(one) for one in chosen})
    kind, title = form.cleaned_data["file"], _("Call register")
    rows = _sheet(branch, ids, shown.columns, at=now)
    chunks = xlsx_chunks(rows, title=title) if kind == "xlsx" else csv_chunks(rows)
    response = StreamingHttpResponse(chunks, content_type=_KINDS[kind])
    name = f"{title}-{branch.code}-{timezone.localtime(now):%Y%m%d-%H%M}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _sheet(branch: Branch, ids: Sequence[UUID], columns: Sequence[Column], *, at: datetime) -> Iterator[list[str]]:
    """The rows of the sheet, read in pieces while it is sent: by then nobody else knows the reader's language and zone."""
    language, zone = translation.get_language(), timezone.get_current_timezone()
    yield sheet_head(columns)
    today = timezone.localdate(at, zone)
    for start in range(0, len(ids), _AT_ONCE):
        with translation.override(language), timezone.override(zone):
            orders = find_chosen(branch, ids[start : start + _AT_ONCE])
            rows = [sheet_row(line, columns) for line in book_lines(orders, today=today)]
        yield from rows


def _marked_orders(request: ActorRequest, branch: Branch) -> list[WorkOrder]:
    """The marked lines, newest first. One that is none of this branch does not exist, and nothing is done with the others."""
    ids = marked(request.POST)
    orders = list(find_chosen(branch, ids[: PAGE + 1]))
    if len(orders) != len(ids[: PAGE + 1]):
        raise Http404
    return orders


def _countable(request: ActorRequest, orders: Sequence[WorkOrder]) -> bool:
    """Whether there are lines, and not more than a page has; else it is said."""
    if not orders:
        messages.error(request, _("Mark the lines first."))
    elif len(orders) > PAGE:
        messages.error(
            request,
            ngettext("At most %(most)s line at a time.", "At most %(most)s lines at a time.", PAGE) % {"most": PAGE},
        )
    return 0 < len(orders) <= PAGE
