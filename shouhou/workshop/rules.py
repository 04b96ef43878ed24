"""Where a repair card is, which act leads on from there, and what an inspection looks at. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouhou.kernel.errors import Conflict, Invalid, gettext_noop


class CardStatus(TextChoices):
    """Where a card is; each is a column of the board. Only acts move it."""

    QUEUED = "queued", _("Waiting for a bench")
    AT_BENCH = "at_bench", _("At the bench")
    ASKING = "asking", _("Waiting for the customer's answer")
    PARTS = "parts", _("Waiting for parts")
    TO_INSPECT = "to_inspect", _("To be inspected")
    INSPECTED = "inspected", _("Inspected, to be handed back")
    CLOSED = "closed", _("Handed back")


class Outcome(TextChoices):
    """What the bench made of it."""

    MENDED = "mended", _("Mended")
    AS_IS = "as_is", _("Goes back as it is")
    RIGHT = "right", _("Cannot be mended: replacement or refund")


class Evidence(TextChoices):
    """What shows the customer's answer."""

    LINK = "link", _("His answer to our message")
    PHONE_CALL = "phone_call", _("Phone call, noted")
    SIGNATURE = "signature", _("Signature")


# Act → from which statuses, and where it leads; None: the card stays where it is.
ACTS: Mapping[str, tuple[tuple[CardStatus, ...], CardStatus | None]] = {
    "assign_bench": ((CardStatus.QUEUED, CardStatus.AT_BENCH), CardStatus.AT_BENCH),
    "start_work": ((CardStatus.AT_BENCH,), None),
    "stop_work": ((CardStatus.AT_BENCH,), None),
    "record_diagnosis": ((CardStatus.AT_BENCH,), None),
    "use_part": ((CardStatus.AT_BENCH,), None),
    "ask_customer": ((CardStatus.AT_BENCH,), CardStatus.ASKING),
    "record_answer": ((CardStatus.ASKING,), CardStatus.AT_BENCH),
    "wait_for_parts": ((CardStatus.AT_BENCH,), CardStatus.PARTS),
    "parts_arrived": ((CardStatus.PARTS,), CardStatus.AT_BENCH),
    "finish_repair": ((CardStatus.AT_BENCH,), CardStatus.TO_INSPECT),
    "cannot_be_repaired": ((CardStatus.AT_BENCH,), CardStatus.TO_INSPECT),
    "inspect": ((CardStatus.TO_INSPECT,), CardStatus.INSPECTED),
    "send_back_to_bench": ((CardStatus.TO_INSPECT,), CardStatus.AT_BENCH),
    "close_card": ((CardStatus.INSPECTED,), CardStatus.CLOSED),
}


class CardInWrongState(Conflict):
    code = "card_in_wrong_state"
    template = gettext_noop("The card %(number)s is “%(status)s”; this is not possible now.")


class ChecksMissing(Invalid):
    code = "checks_missing"
    template = gettext_noop("Still to be inspected: %(missing)s.")


class InspectionPointUnknown(Invalid):
    code = "inspection_point_unknown"
    template = gettext_noop("“%(check)s” = “%(answer)s” is not on the inspection list of these goods.")


class PassedDespiteFault(Invalid):
    code = "passed_despite_fault"
    template = gettext_noop("Not all right: %(points)s. Send it back to the bench instead.")


def status_after(act: str, status: str, *, number: str) -> CardStatus:
    """Where the act leads from the status. Raises CardInWrongState."""
    starts, end = ACTS[act]
    if status not in starts:
        raise CardInWrongState(number=number, status=CardStatus(status).label, act=act)
    return end or CardStatus(status)


@dataclass(frozen=True, slots=True)
class InspectionPoint:
    """One thing that is looked at before goods leave the house."""

    code: str
    label: str


ANSWERS = ("ok", "not_ok", "not_applicable")
# What goes back unmended is looked at as well: it must not be worse, or less, than what came in.
_GOES_BACK = (
    InspectionPoint("complete", gettext_noop("Complete: accessories and screws as on the receipt")),
    InspectionPoint("safe", gettext_noop("Safe: insulation, earth, no loose parts")),
)
_MENDED = (
    InspectionPoint("fault_gone", gettext_noop("The reported fault does not show any more")),
    InspectionPoint("test_run", gettext_noop("Test run, all functions")),
    *_GOES_BACK,
    InspectionPoint("clean", gettext_noop("Clean, old parts kept for the customer")),
)
_COOLING = (
    InspectionPoint("tight", gettext_noop("Refrigerant circuit tight")),
    InspectionPoint("cools", gettext_noop("Temperatures within limits")),
)
_GAS = (
    InspectionPoint("gas_tight", gettext_noop("Gas path tight (tested)")),
    InspectionPoint("exhaust", gettext_noop("Flame, exhaust and cut-off tested")),
)
_WATER = (InspectionPoint("water_tight", gettext_noop("No water leaks")),)
# By the name that the rule packs have for a class of goods.
_OF_CLASS: Mapping[str, tuple[InspectionPoint, ...]] = {
    "air_conditioner": _COOLING,
    "refrigerator": _COOLING,
    "gas_water_heater": (*_GAS, *_WATER),
    "gas_cooker": _GAS,
    "washing_machine": _WATER,
}


def inspection_list(rules_class: str, outcome: str) -> tuple[InspectionPoint, ...]:
    """What has to be looked at in goods of this class with this outcome of the repair."""
    return (*_MENDED, *_OF_CLASS.get(rules_class, ())) if outcome == Outcome.MENDED else _GOES_BACK


def check_passed(points: Collection[InspectionPoint], answers: Mapping[str, str]) -> None:
    """Raise ChecksMissing, InspectionPointUnknown or PassedDespiteFault unless all is looked at and nothing is wrong."""
    known = {point.code for point in points}
    for code, answer in answers.items():
        if code not in known or answer not in ANSWERS:
            raise InspectionPointUnknown(check=code, answer=answer, field="checks")
    if missing := [point for point in points if not answers.get(point.code)]:
        raise ChecksMissing(missing=_told(missing), codes=[point.code for point in missing], field="checks")
    if wrong := [point for point in points if answers[point.code] == "not_ok"]:
        raise PassedDespiteFault(points=_told(wrong), field="checks")


def time_worked(stretches: Collection[tuple[datetime, datetime | None]], *, now: datetime) -> timedelta:
    """All the stretches together; one that is still open counts until now."""
    return sum((max((end or now) - start, timedelta()) for start, end in stretches), timedelta())


def _told(points: Collection[InspectionPoint]) -> str:
    return ", ".join(f"“{gettext(point.label)}”" for point in points)
