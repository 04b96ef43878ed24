"""Printing and voiding sheets. Every print is counted and leaves an event: it takes personal data out of the house."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.forms.card_sheets import card_sheet
from shouhou.forms.models import FormCode, FormSheet
from shouhou.forms.queries import copy_mark, get_register_page, get_voucher, register_sheet, voucher_sheet
from shouhou.forms.typesetting import CopyMark, bound, typeset_card, typeset_register, typeset_voucher
from shouhou.kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from shouhou.workshop.queries import get_card


class SheetNotFound(NotFound):
    code = "sheet_not_found"


class SheetVoidAlready(Conflict):
    code = "sheet_void_already"
    template = gettext_noop("This sheet has been declared void already.")


class VoidReasonMissing(Invalid):
    code = "void_reason_missing"
    template = gettext_noop("Please say why the sheet is void.")


def print_voucher(
    voucher_id: UUID, *, by: Actor, at: datetime, qr_content: str = "", second_line: bool = False
) -> tuple[FormSheet, bytes]:
    """服表001 as PDF. Raises VoucherNotFound, NotPermitted, TypesettingFailed (then nothing is counted)."""
    voucher = get_voucher(voucher_id, by=by)

    def typeset(mark: CopyMark) -> bytes:
        sheet = voucher_sheet(
            voucher, mark=mark, qr_content=qr_content or voucher.number, second_line=second_line, at=at
        )
        return typeset_voucher(sheet)

    return _print(voucher.branch, FormCode.VOUCHER, voucher.id, typeset, by=by, at=at)


def print_vouchers(voucher_ids: Sequence[UUID], *, by: Actor, at: datetime, qr_contents: Mapping[UUID, str]) -> bytes:
    """服表001 of each voucher, as one PDF in the order given. All are printed and counted, or none. Raises as `print_voucher`."""
    with transaction.atomic():
        # In the order of their keys, so that two who print the same vouchers never wait for each other in a ring.
        printed = {
            key: print_voucher(key, by=by, at=at, qr_content=qr_contents[key])[1] for key in sorted(set(voucher_ids))
        }
    return bound([printed[key] for key in voucher_ids])


def print_register_page(
    branch: Branch, *, day: date, by: Actor, at: datetime, qr_content: str = "", second_line: bool = False
) -> tuple[FormSheet, bytes]:
    """服表002 of one day as PDF. Raises RegisterPageNotFound, NotPermitted, TypesettingFailed (then nothing is counted)."""
    page = get_register_page(day, branch=branch, by=by)

    def typeset(mark: CopyMark) -> bytes:
        content = qr_content or f"{page.branch.code}{page.day:%y%m%d}"
        return typeset_register(register_sheet(page, mark=mark, qr_content=content, second_line=second_line))

    return _print(page.branch, FormCode.REGISTER, page.id, typeset, by=by, at=at)


def print_card(
    card_id: UUID, *, by: Actor, at: datetime, qr_content: str = "", second_line: bool = False
) -> tuple[FormSheet, bytes]:
    """服表005 as PDF. Raises CardNotFound, NotPermitted, TypesettingFailed (then nothing is counted)."""
    card = get_card(card_id, by=by)

    def typeset(mark: CopyMark) -> bytes:
        return typeset_card(card_sheet(card, mark=mark, qr_content=qr_content or card.number, second_line=second_line))

    return _print(card.branch, FormCode.REPAIR_CARD, card.id, typeset, by=by, at=at)


def void_sheet(sheet_id: UUID, *, reason: str, by: Actor, at: datetime) -> FormSheet:
    """Declare the valid sheet void; the next print is a new issue. Raises VoidReasonMissing, SheetVoidAlready, SheetNotFound."""
    if not reason.strip():
        raise VoidReasonMissing(field="reason")
    with transaction.atomic():
        sheet = FormSheet.objects.visible_to(by).select_for_update().filter(id=sheet_id).first()
        if sheet is None:
            raise SheetNotFound()
        by.require("forms.void_form", sheet.branch_id)
        if sheet.voided_at:
            raise SheetVoidAlready()
        sheet.voided_at, sheet.void_reason = at, reason.strip()[:200]
        sheet.save(update_fields=["voided_at", "void_reason"])
        _record(sheet, "voided", {"issue": sheet.issue, "reason": sheet.void_reason}, by=by, at=at)
        return sheet


def _print(
    branch: Branch,
    form_code: FormCode,
    subject_id: UUID,
    typeset: Callable[[CopyMark], bytes],
    *,
    by: Actor,
    at: datetime,
) -> tuple[FormSheet, bytes]:
    by.require("forms.print_form", branch.id)
    with transaction.atomic():
        sheet = _valid_sheet(branch, form_code, subject_id, at=at)
        sheet.print_count += 1
        sheet.last_printed_at = at
        sheet.save(update_fields=["print_count", "last_printed_at"])
        data = {"form": str(form_code), "issue": sheet.issue, "print": sheet.print_count}
        _record(sheet, "printed", data, by=by, at=at)
        local = at.astimezone(ZoneInfo(branch.time_zone))
        mark = copy_mark(sheet, printed_by=str(by.user or "—"), printed_at=f"{local:%Y-%m-%d %H:%M}")
        # Inside the transaction: a sheet that could not be set was not printed, and must not be counted.
        return sheet, typeset(mark)


def _valid_sheet(branch: Branch, form_code: FormCode, subject_id: UUID, *, at: datetime) -> FormSheet:
    sheets = FormSheet.objects.filter(branch_id=branch.id, form_code=form_code, subject_id=subject_id)
    sheet = sheets.select_for_update().filter(voided_at=None).first()
    if sheet:
        return sheet
    new = FormSheet(
        branch=branch,
        form_code=form_code,
        subject_id=subject_id,
        issue=sheets.count() + 1,
        first_printed_at=at,
        last_printed_at=at,
    )
    # Two first prints at once: one row comes in, and both count on it.
    FormSheet.objects.bulk_create([new], ignore_conflicts=True)
    return sheets.select_for_update().get(voided_at=None)


def _record(sheet: FormSheet, verb: str, data: dict[str, object], *, by: Actor, at: datetime) -> None:
    record(
        branch_id=sheet.branch_id,
        chain_id=sheet.subject_id,
        verb=f"forms.sheet.{verb}",
        subject=("form_sheet", sheet.id),
        by=by,
        at=at,
        data=data,
    )
