"""服表005 修护卡 as it stands: what hangs on the unit, in the zone of its branch and in the words of the form."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, override

from shouhou.forms.queries import company_name
from shouhou.forms.typesetting import CardSheet, CopyMark
from shouhou.workshop.models import RepairCard
from shouhou.workshop.queries import find_inspections, find_parts_used, find_stretches, points_of
from shouhou.workshop.rules import Outcome


def card_sheet(card: RepairCard, *, mark: CopyMark, qr_content: str, second_line: bool) -> CardSheet:
    """The card with its real times, its parts and, once it is passed, its inspection."""
    zone = ZoneInfo(card.branch.time_zone)

    def shown(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%m-%d %H:%M}" if moment else ""

    passed = find_inspections(card).filter(passed=True).first()
    # The form is a Chinese paper whoever prints it; its English is the second line of the layout.
    with override("zh-hans"):
        points = tuple(
            (gettext(one.label), passed.checks.get(one.code, "") if passed else "") for one in points_of(card)
        )
        outcome = str(Outcome(card.outcome).label) if card.outcome else ""
    return CardSheet(
        mark=mark,
        number=card.number,
        company=company_name(),
        branch=card.branch.name,
        model=card.asset.product_model.name,
        serial=card.asset.serial,
        work_order=card.work_order.number,
        receipt=card.receipt.number,
        accessories=card.receipt.accessories,
        opened_at=shown(card.opened_at),
        planned_on=card.planned_on,
        fault=card.fault,
        technician=card.technician.name if card.technician else "",
        bench=card.bench,
        diagnosis=card.diagnosis,
        result=f"{outcome}：{card.work_done}" if outcome else "",
        stretches=tuple(
            (one.technician.name, str(one.work_class), shown(one.starts_at), shown(one.ends_at))
            for one in find_stretches(card)
        ),
        parts=tuple(
            (f"{one.part.number} {one.part.name}", f"{one.quantity.normalize():f} {one.part.unit}")
            for one in find_parts_used(card)
        ),
        points=points,
        inspector=str(passed.inspector) if passed else "",
        inspected_at=shown(passed.at) if passed else "",
        qr_content=qr_content,
        second_line=second_line,
    )
