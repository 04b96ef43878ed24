"""The small state machines of a work order, its visits and its voucher, and what an act needs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# The words of a verdict are those of the order that it is about.
from shouhou.entitlements.rules.words import WorkClass as WorkClass
from shouhou.entitlements.rules.words import WorkType as WorkType
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.ink import SignatureEmpty as SignatureEmpty
from shouhou.kernel.ink import SignatureMalformed as SignatureMalformed
from shouhou.kernel.ink import Strokes as Strokes
from shouhou.kernel.ink import check_strokes as check_strokes


class CallChannel(TextChoices):
    """How the call came in."""

    PHONE = "phone", _("Phone")
    LETTER = "letter", _("Letter")
    WALK_IN = "walk_in", _("Walk-in")
    ONLINE = "online", _("Online")
    OTHER = "other", _("Other")


# How the source of a call begins that a person typed in here; every other source is another system's.
TYPED_IN = "web:"


def is_imported(source: str) -> bool:
    """Whether a call with this source came from another system, where it was decided."""
    return bool(source) and not source.startswith(TYPED_IN)


class OrderStatus(TextChoices):
    """Where a work order is. Only acts move it."""

    RECEIVED = "received", _("To dispatch")
    DISPATCHED = "dispatched", _("Dispatched")
    IN_PROGRESS = "in_progress", _("On the way or on site")
    ON_HOLD = "on_hold", _("On hold")
    COMPLETED = "completed", _("Done, to be filed")
    STRUCK_OFF = "struck_off", _("Struck off")
    CANCELLED = "cancelled", _("Cancelled")


class VisitStatus(TextChoices):
    """Where one trip of a technician is."""

    DISPATCHED = "dispatched", _("Dispatched")
    ACCEPTED = "accepted", _("Accepted")
    TRAVELLING = "travelling", _("On the way")
    ON_SITE = "on_site", _("On site")
    COMPLETED = "completed", _("Done")
    NOT_COMPLETED = "not_completed", _("Could not be completed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class VoucherState(TextChoices):
    """Where a voucher is. It has exactly one holder at any time."""

    IN_FOLDER = "in_folder", _("In the customer's folder")
    WITH_TECHNICIAN = "with_technician", _("With the technician")
    SIGNED = "signed", _("Signed, with the technician")
    HANDED_IN = "handed_in", _("Handed in")
    FILED = "filed", _("Filed")


class LineKind(TextChoices):
    """What a line of a work order counts."""

    LABOUR = "labour", _("Labour")
    PART = "part", _("Part")
    TRAVEL = "travel", _("Travel")
    OTHER = "other", _("Other")


OPEN = (
    OrderStatus.RECEIVED,
    OrderStatus.DISPATCHED,
    OrderStatus.IN_PROGRESS,
    OrderStatus.ON_HOLD,
    OrderStatus.COMPLETED,
)
LIVE_VISIT = (VisitStatus.DISPATCHED, VisitStatus.ACCEPTED, VisitStatus.TRAVELLING, VisitStatus.ON_SITE)

# Which acts a work order allows, by its status. An act that is not in the row of the status is refused by name.
ORDER_ACTS: Mapping[str, frozenset[str]] = {
    OrderStatus.RECEIVED: frozenset({"assign_work_class", "dispatch", "hold", "cancel", "sign", "attach_photo"}),
    OrderStatus.DISPATCHED: frozenset(
        {"assign_work_class", "accept", "refuse", "withdraw", "depart", "hold", "attach_photo"}
    ),
    OrderStatus.IN_PROGRESS: frozenset(
        {"assign_work_class", "withdraw", "arrive", "add_line", "complete", "leave_incomplete", "hold", "attach_photo"}
    ),
    OrderStatus.ON_HOLD: frozenset({"assign_work_class", "resume", "cancel", "sign", "attach_photo"}),
    OrderStatus.COMPLETED: frozenset({"sign", "strike_off", "reopen", "attach_photo"}),
    OrderStatus.STRUCK_OFF: frozenset({"reopen"}),
    OrderStatus.CANCELLED: frozenset({"reopen"}),
}

# From which visit statuses an act of the technician (or on him) starts, and where it leads.
VISIT_MOVES: Mapping[str, tuple[tuple[VisitStatus, ...], VisitStatus]] = {
    "accept": ((VisitStatus.DISPATCHED,), VisitStatus.ACCEPTED),
    "refuse": ((VisitStatus.DISPATCHED, VisitStatus.ACCEPTED), VisitStatus.REFUSED),
    "withdraw": ((VisitStatus.DISPATCHED, VisitStatus.ACCEPTED, VisitStatus.TRAVELLING), VisitStatus.WITHDRAWN),
    "depart": ((VisitStatus.ACCEPTED,), VisitStatus.TRAVELLING),
    "arrive": ((VisitStatus.TRAVELLING,), VisitStatus.ON_SITE),
    "complete": ((VisitStatus.ON_SITE,), VisitStatus.COMPLETED),
    "leave_incomplete": ((VisitStatus.ON_SITE,), VisitStatus.NOT_COMPLETED),
}

# Custody of the voucher: from which states an act takes it, and where to.
VOUCHER_MOVES: Mapping[str, tuple[tuple[VoucherState, ...], VoucherState]] = {
    "issue": ((VoucherState.IN_FOLDER, VoucherState.FILED), VoucherState.WITH_TECHNICIAN),
    "sign": ((VoucherState.WITH_TECHNICIAN,), VoucherState.SIGNED),
    "return": ((VoucherState.WITH_TECHNICIAN,), VoucherState.IN_FOLDER),
    "hand_in": ((VoucherState.SIGNED,), VoucherState.HANDED_IN),
    "file": ((VoucherState.HANDED_IN,), VoucherState.FILED),
}


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """One question of a checklist; `required` ones must be answered before the work counts as done."""

    code: str
    label: str
    required: bool = True


CHECK_ANSWERS = ("ok", "not_ok", "not_applicable")

CHECKLISTS: Mapping[str, tuple[CheckPoint, ...]] = {
    WorkType.INSTALLATION: (
        CheckPoint(
            "unpacked_complete", gettext_noop("Unpacked together with the customer, nothing missing or damaged")
        ),
        CheckPoint("site_suitable", gettext_noop("Place, supply and exhaust as the manual demands")),
        CheckPoint("test_run", gettext_noop("Test run, values within limits")),
        CheckPoint("customer_instructed", gettext_noop("Customer instructed in use and care")),
    ),
    WorkType.REPAIR: (
        CheckPoint("fault_reproduced", gettext_noop("Fault seen or reproduced"), required=False),
        CheckPoint("safe", gettext_noop("Safe: electricity, gas, water, heights")),
        CheckPoint("works", gettext_noop("Works normally after the repair")),
        CheckPoint("old_parts", gettext_noop("Old parts shown or handed over"), required=False),
    ),
    WorkType.MAINTENANCE: (
        CheckPoint("cleaned", gettext_noop("Cleaned and adjusted")),
        CheckPoint("wear_checked", gettext_noop("Wear parts checked")),
        CheckPoint("test_run", gettext_noop("Test run, values within limits")),
    ),
    WorkType.GUIDANCE: (
        CheckPoint("explained", gettext_noop("Use explained and tried by the customer")),
        CheckPoint("papers_left", gettext_noop("Manual and service number left with the customer"), required=False),
    ),
    WorkType.INSPECTION: (
        CheckPoint("inspected", gettext_noop("Inspected according to the plan")),
        CheckPoint("findings_told", gettext_noop("Findings explained to the customer")),
    ),
}


class ChecklistIncomplete(Invalid):
    code = "checklist_incomplete"
    template = gettext_noop("Still to be checked: %(missing)s.")


class CheckUnknown(Invalid):
    code = "check_unknown"
    template = gettext_noop("“%(check)s” = “%(answer)s” is not on the checklist of this work.")


def check_checklist(work_type: str, answers: Mapping[str, str]) -> None:
    """Raise ChecklistIncomplete or CheckUnknown unless all required points are answered, and only known ones."""
    points = {point.code: point for point in CHECKLISTS[work_type]}
    for code, answer in answers.items():
        if code not in points or answer not in CHECK_ANSWERS:
            raise CheckUnknown(check=code, answer=answer, field="checks")
    missing = [point for point in points.values() if point.required and not answers.get(point.code)]
    if missing:
        labels = ", ".join(f"“{gettext(point.label)}”" for point in missing)
        raise ChecklistIncomplete(missing=labels, codes=[point.code for point in missing], field="checks")
