"""What needs no database: how numbers are put together, and what a branch may be called."""

import re
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shouhou.kernel.numbers import dated_number, running_number

# It stands in document numbers and, with slashes around it, in paths.
_PREFIX = re.compile(r"[A-Z0-9]{1,8}")


class NumberKind(TextChoices):
    """The documents that a branch numbers by itself."""

    WORK_ORDER = "work_order", _("Work order")
    VOUCHER = "voucher", _("Voucher")
    REGISTER_PAGE = "register_page", _("Register page")


PREFIXED = (NumberKind.WORK_ORDER, NumberKind.VOUCHER)


def is_prefix(text: str) -> bool:
    """Whether numbers may begin with it: one to eight capital letters and digits."""
    return bool(_PREFIX.fullmatch(text))


def period_of(kind: str, day: date) -> str:
    """The stretch in which a kind is counted: work orders anew every day, the others without end."""
    return f"{day:%y%m%d}" if kind == NumberKind.WORK_ORDER else ""


def document_number(kind: str, *, prefix: str, day: date, counter: int) -> str:
    """The number as it is printed."""
    match kind:
        case NumberKind.WORK_ORDER:
            return dated_number(prefix, day, counter)
        case NumberKind.VOUCHER:
            return running_number(prefix, counter)
        case _:
            return str(counter)
