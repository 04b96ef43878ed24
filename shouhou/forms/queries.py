"""What a sheet of paper shows: the facts of a voucher or of a register page, as text in the branch's zone."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.entitlements.queries import coverage_of, standing_verdict
from shouhou.forms.models import FormSheet
from shouhou.forms.typesetting import (
    CopyMark,
    DayBalance,
    RegisterRow,
    RegisterSheet,
    VoucherEntryRow,
    VoucherSheet,
)
from shouhou.kernel.errors import NotFound
from shouhou.kernel.phones import national_digits
from shouhou.workorders.models import RegisterPage, Voucher, VoucherEntry, WorkOrderLine
from shouhou.workorders.queries import find_entries_of, find_register_page
from shouhou.workorders.rules import OPEN, CallChannel, LineKind, OrderStatus

PRINTED_CODE = {"SF001": "服表001", "SF002": "服表002", "SF005": "服表005"}
_CHANNEL = {
    CallChannel.PHONE: "电话",
    CallChannel.LETTER: "信函",
    CallChannel.WALK_IN: "来店",
    CallChannel.ONLINE: "网络",
    CallChannel.OTHER: "其他",
}


class VoucherNotFound(NotFound):
    code = "voucher_not_found"


class RegisterPageNotFound(NotFound):
    code = "register_page_not_found"


def get_voucher(voucher_id: UUID, *, by: Actor) -> Voucher:
    """A voucher of the actor's branches, with its unit and customer. Raises VoucherNotFound."""
    rows = Voucher.objects.visible_to(by).select_related(
        "branch", "holder", "work_order", "asset__product_model__product_class", "asset__customer", "asset__site"
    )
    voucher = rows.filter(id=voucher_id).first()
    if voucher is None:
        raise VoucherNotFound()
    return voucher


def _last_free_day(voucher: Voucher, *, at: datetime) -> date | None:
    """As the verdict on the call says; without one as the rules in force say now. None: nobody can say, or nothing was free."""
    verdict = standing_verdict(voucher.work_order_id, branch_id=voucher.branch_id) if voucher.work_order_id else None
    if verdict is None:
        return coverage_of(voucher.asset, branch=voucher.branch, at=at).last_day
    told = verdict.answer["last_day"]
    return date.fromisoformat(told) if told else None


def get_register_page(day: date, *, branch: Branch, by: Actor) -> RegisterPage:
    """The register page of a day. Raises RegisterPageNotFound when no call came in on that day."""
    rows = RegisterPage.objects.visible_to(by).select_related("branch")
    page = rows.filter(branch_id=branch.id, day=day).first()
    if page is None:
        raise RegisterPageNotFound()
    return page


def find_sheets(subject_id: UUID, *, by: Actor) -> list[FormSheet]:
    """The sheets that were printed of a voucher or page, the valid one first."""
    rows = FormSheet.objects.visible_to(by).filter(subject_id=subject_id)
    return list(rows.order_by("-issue"))


def copy_mark(sheet: FormSheet, *, printed_by: str, printed_at: str) -> CopyMark:
    """The copy line of a sheet."""
    return CopyMark(
        form_code=PRINTED_CODE[sheet.form_code],
        copy_number=sheet.issue,
        reprint_count=sheet.reprint_count,
        voided=sheet.voided_at is not None,
        void_reason=sheet.void_reason,
        printed_at=printed_at,
        printed_by=printed_by,
    )


def voucher_sheet(
    voucher: Voucher, *, mark: CopyMark, qr_content: str, second_line: bool, at: datetime
) -> VoucherSheet:
    """服表001 as it stands: the unit's facts and one row for each visit."""
    asset, zone = voucher.asset, ZoneInfo(voucher.branch.time_zone)
    entries = list(find_entries_of(voucher))
    parts = _parts_by_visit(voucher, entries)
    return VoucherSheet(
        mark=mark,
        number=voucher.number,
        company=company_name(),
        branch=voucher.branch.name,
        customer=asset.customer.name,
        phone=national_digits(asset.customer.phone),
        address=asset.site.address if asset.site else "",
        model=asset.product_model.name,
        serial=asset.serial,
        sold_on=asset.sale_date,
        installed_on=asset.installed_date,
        free_until=_last_free_day(voucher, at=at),
        contract_number=asset.contract_number,
        entries=tuple(
            VoucherEntryRow(
                visited_on=entry.entered_at.astimezone(zone).date(),
                work_order=entry.work_order.number,
                work_class=entry.work_class,  # type: ignore[arg-type]  # held to A–D by the database
                fault=f"{entry.fault_code.code} {entry.fault_found}" if entry.fault_code else entry.fault_found,
                work_done=entry.work_done,
                parts=tuple(parts.get(entry.visit_id, ())),
                labour_minutes=entry.labour_minutes,
                travel_minutes=entry.travel_minutes,
                charge=f"¥{entry.charge:,.2f}",
                technician=entry.visit.technician.name,
                signature_png=bytes(entry.signature_image) if entry.signature_image else None,
                signed_at=f"{entry.signed_at.astimezone(zone):%Y-%m-%d %H:%M}" if entry.signed_at else "",
                seal_hash=entry.seal,
            )
            for entry in entries
        ),
        qr_content=qr_content,
        second_line=second_line,
    )


def register_sheet(page: RegisterPage, *, mark: CopyMark, qr_content: str, second_line: bool) -> RegisterSheet:
    """服表002: the calls of one day, in the order in which they came, and how the day stands."""
    zone = ZoneInfo(page.branch.time_zone)
    calls = list(find_register_page(page.branch, page.day))

    def clock(moment: datetime | None) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(zone)
        return f"{local:%H:%M}" if local.date() == page.day else f"{local:%m-%d %H:%M}"

    return RegisterSheet(
        mark=mark,
        number=f"{page.branch.code}{page.day:%y%m%d}",
        company=company_name(),
        branch=page.branch.name,
        day=page.day,
        book_page=page.page_number,
        rows=tuple(
            RegisterRow(
                sequence=place,
                number=call.number,
                received_at=clock(call.received_at),
                channel=_CHANNEL[CallChannel(call.channel)],
                customer=call.contact_name,
                address=call.address,
                phone=national_digits(call.phone),
                model=call.asset.product_model.name,
                fault=call.fault,
                work_class=call.work_class,  # type: ignore[arg-type]  # held to A–D or nothing by the database
                dispatched_to=call.technician.name if call.technician else "",
                dispatched_at=clock(call.dispatched_at),
                arrived_at=clock(call.arrived_at),
                completed_at=clock(call.completed_at),
                struck_off_at=clock(call.closed_at),
            )
            for place, call in enumerate(calls, start=1)
        ),
        counts=DayBalance(
            received=len(calls),
            struck_off=sum(call.status not in OPEN for call in calls),
            still_open=sum(call.status in OPEN for call in calls),
            carried_over=page.carried_over
            if page.closed_at
            else sum(call.status == OrderStatus.RECEIVED and not call.visit_count for call in calls),
        ),
        qr_content=qr_content,
        second_line=second_line,
    )


def company_name() -> str:
    """The company is the root of the branch tree."""
    root = Branch.objects.filter(parent=None).order_by("path").first()
    return root.name if root else ""


def _parts_by_visit(voucher: Voucher, entries: list[VoucherEntry]) -> dict[UUID, list[str]]:
    visits = [entry.visit_id for entry in entries]
    lines = WorkOrderLine.objects.filter(
        branch_id=voucher.branch_id, visit_id__in=visits, kind=LineKind.PART, reverses=None, reversed_by=None
    ).select_related("part")
    found: dict[UUID, list[str]] = {}
    for line in lines.order_by("written_at", "id"):
        number = line.part.number if line.part else ""
        found.setdefault(line.visit_id, []).append(f"{number} {line.description} ×{line.quantity.normalize():f}")
    return found
