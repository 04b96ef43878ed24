"""Dates of a unit, and what the code on its plate says. Pure."""

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shouhou.kernel.days import months_after as months_after


class ProofKind(TextChoices):
    """What shows the day of the sale or of the delivery."""

    INVOICE = "invoice", _("Invoice")
    SERIAL = "serial", _("Serial number")
    WAYBILL = "waybill", _("Waybill")
    NONE = "none", _("No proof")


class Channel(TextChoices):
    """Where the unit was bought."""

    STORE = "store", _("In a shop")
    ONLINE = "online", _("Online")


class HappeningKind(TextChoices):
    """What happens to a unit after its sale."""

    REPAIR_BEGUN = "repair_begun", _("Repair begun")
    REPAIR_ENDED = "repair_ended", _("Repair finished")
    PART_WAIT_BEGUN = "part_wait_begun", _("Waiting for a part")
    PART_WAIT_ENDED = "part_wait_ended", _("The part is there")
    LEFT_OUT = "left_out", _("Time that does not count")
    REPLACED = "replaced", _("Unit replaced")
    METER_READ = "meter_read", _("Meter read")
    TAKEN_BACK = "taken_back", _("Taken back")


_SEPARATOR = "\x1d"
_SYMBOLOGY = re.compile(r"^\](C1|d2|Q3|e0)")
_BRACKETED = re.compile(r"\((\d{2,4})\)([^(]*)")
_LINK = re.compile(r"^https?://[^/?#]+/(?:[^?#]*/)?01/\d{14}/(?:[^?#]*/)?21/([^/?#]+)", re.IGNORECASE)
# Elements of fixed length (identifier → digits after it); all others end at the separator.
_FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2}
_LONGER_IDENTIFIERS = {"23": 3, "24": 3, "25": 3, "39": 4, "42": 3, "70": 4, "71": 3, "80": 4, "82": 4}
_SERIAL = "21"


def serial_in(code: str) -> str:
    """The serial number that a code on a name plate says: element 21 where it is written the GS1 way, else all of it."""
    code = code.strip(" \t\r\n")  # not the separator, which Python counts as white space
    if link := _LINK.match(code):
        return link[1]
    if code.startswith("("):
        return dict(_BRACKETED.findall(code)).get(_SERIAL, "").strip() or code
    bare = _SYMBOLOGY.sub("", code).lstrip(_SEPARATOR)
    # Without a mark in front, a number that merely begins like one must not be cut: the trade number has a check digit.
    if bare != code or _SEPARATOR in bare or _begins_with_trade_number(bare):
        return _elements(bare).get(_SERIAL) or bare
    return code


def _elements(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    while len(text) > 2:
        identifier = text[: _LONGER_IDENTIFIERS.get(text[:2], 2)]
        rest = text[len(identifier) :]
        if identifier in _FIXED:
            length = _FIXED[identifier]
            value, text = rest[:length], rest[length:].removeprefix(_SEPARATOR)
        else:
            value, _, text = rest.partition(_SEPARATOR)
        found[identifier] = value
    return found


def _begins_with_trade_number(text: str) -> bool:
    if not re.match(r"01\d{14}(10|11|13|15|17|21|24)", text):
        return False
    *digits, check = map(int, text[2:16])
    return (10 - sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits)) % 10) % 10 == check
