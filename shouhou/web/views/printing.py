"""Paper: the voucher and the register page as PDF, each print counted; a sheet declared void."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST

from shouhou.forms import actions
from shouhou.forms.models import FormSheet
from shouhou.forms.queries import get_voucher
from shouhou.web.acting import perform
from shouhou.web.desk import branch_at_work
from shouhou.web.inputs import ReasonForm
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found

# The browser's own viewer is a plug-in inside the document; nothing else may run there.
PAPER_ONLY = {"default-src": [CSP.NONE], "object-src": [CSP.SELF], "style-src": [CSP.UNSAFE_INLINE]}


@require_POST
@csp_override(PAPER_ONLY)
def print_voucher(request: ActorRequest, voucher_id: UUID) -> HttpResponse:
    """服表001; its QR code leads to the unit's page."""
    voucher = found(lambda: get_voucher(voucher_id, by=request.actor))
    sheet, pdf = found(
        lambda: actions.print_voucher(
            voucher_id,
            by=request.actor,
            at=timezone.now(),
            qr_content=request.build_absolute_uri(reverse("asset", args=[voucher.asset_id])),
            second_line="second_line" in request.POST,
        )
    )
    return pdf_answer(pdf, f"{sheet.form_code}-{voucher.number}.pdf")


@require_POST
@csp_override(PAPER_ONLY)
def print_register_page(request: ActorRequest, day: date) -> HttpResponse:
    """服表002 of a day; its QR code leads to the page on the screen."""
    branch = branch_at_work(request, "forms.print_form")
    sheet, pdf = found(
        lambda: actions.print_register_page(
            branch,
            day=day,
            by=request.actor,
            at=timezone.now(),
            qr_content=request.build_absolute_uri(reverse("register_page", args=[day])),
            second_line="second_line" in request.POST,
        )
    )
    return pdf_answer(pdf, f"{sheet.form_code}-{branch.code}-{day:%Y%m%d}.pdf")


@require_POST
def void_sheet(request: ActorRequest, sheet_id: UUID) -> HttpResponse:
    """The printed sheet no longer counts; then back to the page it was voided from."""
    form = ReasonForm(request.POST)
    voided: FormSheet | None = None
    if form.is_valid():
        voided = perform(
            request,
            lambda: actions.void_sheet(
                sheet_id, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            ),
        )
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    if voided:
        messages.success(request, _("The sheet is void; the next print is a new issue."))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return SeeOther(back if safe else reverse("home"))


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A document that the browser shows in its own viewer."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
