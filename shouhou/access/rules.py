"""What needs no database: how numbers are put together, what a branch may be called, who decides up to how much."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shouhou.access.permissions import Role
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


class Decision(TextChoices):
    """What is decided about money, each kind with limits of its own (权责划分)."""

    OVERRIDE = "override", _("Another pays than the rules say")
    EXCUSE = "excuse", _("A missed promise is excused")
    COMPENSATION = "compensation", _("Compensation to a customer")
    PENALTY = "penalty", _("Penalty for staff")
    DISCOUNT = "discount", _("Discount")
    REFUND = "refund", _("Refund")
    REQUISITION = "requisition", _("Parts that are asked for")


@dataclass(frozen=True, slots=True)
class Authority:
    """What somebody may decide alone: nothing, or amounts up to `most`; None is without limit."""

    most: Decimal | None
    may: bool = True

    def covers(self, amount: Decimal) -> bool:
        """Whether the amount needs nobody else."""
        return self.may and (self.most is None or amount <= self.most)

    @classmethod
    def widest(cls, several: Iterable[Authority]) -> Authority:
        """What somebody may who has all of these."""
        given = [one for one in several if one.may]
        if not given:
            return NO_AUTHORITY
        amounts = [one.most for one in given if one.most is not None]
        return cls(max(amounts) if len(amounts) == len(given) else None)


NO_AUTHORITY = Authority(Decimal(0), may=False)
UNLIMITED = Authority(None)

# What a company begins with, in CNY (None: without limit); its administrators change it.
FIRST_LIMITS: dict[Decision, dict[Role, int | None]] = {
    Decision.OVERRIDE: {Role.CLERK: 500, Role.SUPERVISOR: 2000, Role.HQ: None, Role.MANAGER: None},
    Decision.EXCUSE: {Role.SUPERVISOR: 500, Role.HQ: None, Role.MANAGER: None},
    Decision.COMPENSATION: {Role.CLAIMS_AGENT: 200, Role.SUPERVISOR: 1000, Role.MANAGER: 10_000, Role.HQ: None},
    Decision.PENALTY: {Role.SUPERVISOR: 200, Role.MANAGER: 2000, Role.HQ: None},
    Decision.DISCOUNT: {Role.CLERK: 50, Role.SUPERVISOR: 300, Role.MANAGER: 5000, Role.HQ: None},
    Decision.REFUND: {Role.CLAIMS_AGENT: 200, Role.SUPERVISOR: 1000, Role.MANAGER: 10_000, Role.HQ: None},
    Decision.REQUISITION: {Role.PARTS_KEEPER: 500, Role.SUPERVISOR: 5000, Role.MANAGER: None, Role.HQ: None},
}
