"""Spreadsheets of the catalogue: out as CSV, in with a preview of what would become of each row."""

import csv
from collections import Counter
from io import StringIO

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouhou.catalog.rules import CHANGE_CATALOGUE
from shouhou.kernel.sheets import safe_cell
from shouhou.web.acting import perform
from shouhou.web.catalogue_inputs import SheetForm
from shouhou.web.catalogue_sheets import (
    MOST_ROWS,
    Line,
    Outcome,
    Sheet,
    enter_rows,
    packed,
    read_upload,
    sheet_named,
    sheet_rows,
    unpacked,
)
from shouhou.web.desk import branch_at_work
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther

_BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8


@require_GET
def export(request: ActorRequest, slug: str) -> HttpResponse:
    """The whole list as CSV, for anybody who may read it."""
    sheet = _sheet(slug)
    file = StringIO()
    file.write(_BYTE_ORDER_MARK)
    csv.writer(file).writerows([safe_cell(cell) for cell in row] for row in sheet_rows(sheet))
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{timezone.localdate():%Y%m%d}.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_import(request: ActorRequest, slug: str) -> HttpResponse:
    """Choose a file; a POST shows what would become of each row, and changes nothing."""
    sheet, branch = _sheet(slug), branch_at_work(request, CHANGE_CATALOGUE)
    if request.method != "POST":
        return _show(request, sheet, SheetForm())
    form = SheetForm(request.POST, request.FILES)
    lines = (
        perform(request, lambda: read_upload(sheet, form.cleaned_data["file"]), form=form) if form.is_valid() else None
    )
    if lines is None:
        return _show(request, sheet, form, status=422)
    outcomes = enter_rows(sheet, lines, branch=branch, by=request.actor, at=timezone.now(), rehearsal=True)
    return _show(request, sheet, SheetForm(), lines=lines, outcomes=outcomes)


@require_POST
def take_over(request: ActorRequest, slug: str) -> HttpResponse:
    """Do what the preview showed. What has changed since is judged anew, row by row."""
    sheet, branch = _sheet(slug), branch_at_work(request, CHANGE_CATALOGUE)
    lines = unpacked(request.POST.get("rows", ""))
    if lines is None:
        return HttpResponseBadRequest()
    outcomes = enter_rows(sheet, lines, branch=branch, by=request.actor, at=timezone.now())
    count = Counter(one.what for one in outcomes)
    said = _("%(added)s added, %(changed)s changed, %(same)s as they were, %(refused)s refused.")
    level = messages.WARNING if count["refused"] else messages.SUCCESS
    messages.add_message(request, level, said % {what: count[what] for what in ("added", "changed", "same", "refused")})
    return SeeOther(reverse(sheet.url_name))


def _sheet(slug: str) -> Sheet:
    sheet = sheet_named(slug)
    if sheet is None:
        raise Http404
    return sheet


def _show(
    request: ActorRequest,
    sheet: Sheet,
    form: SheetForm,
    *,
    lines: list[Line] | None = None,
    outcomes: list[Outcome] | None = None,
    status: int = 200,
) -> HttpResponse:
    count = Counter(one.what for one in outcomes or [])
    context = {
        "sheet": sheet,
        "form": form,
        "columns": [(label, name in sheet.owed) for name, label in sheet.columns.items()],
        "outcomes": outcomes,
        "counts": {what: count[what] for what in ("added", "changed", "same", "refused")},
        "to_do": count["added"] + count["changed"],
        "rows": packed(lines or []),
        "most": MOST_ROWS,
        "section": "administration",
    }
    return render(request, "catalogue/sheet_import.html", context, status=status)
