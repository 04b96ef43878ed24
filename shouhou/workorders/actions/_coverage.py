"""The verdict on who pays, as part of the acts that ask for it; and the class that follows from it, or from a person."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.assets.models import Asset
from shouhou.audit.statements import write
from shouhou.catalog.models import FaultCode
from shouhou.entitlements.actions import Overridden, override_verdict, store_verdict
from shouhou.entitlements.models import Verdict
from shouhou.entitlements.queries import question_about
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.queries import rules_in_force
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.divided import DividedBook
from shouhou.workorders.models import WorkOrder, WorkOrderLine
from shouhou.workorders.rules import WorkClass, is_imported


class AmountMissing(Invalid):
    code = "override_amount_missing"
    template = gettext_noop("Please say what the work will cost about: the rules let the customer pay.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A verdict that was asked for, with the book by which it was given."""

    unit: Asset
    book: RuleBook | DividedBook
    coverage: Coverage


def ask_who_pays(
    unit: Asset,
    *,
    branch: Branch,
    work_type: str,
    work_class: str,
    fault_code: FaultCode | None,
    at: datetime,
    fresh: bool = False,
) -> Asked:
    """The verdict by the rules in force. Work of the house itself (class D) is known as such by its class alone.

    `fresh`: the unit was registered in this very act.
    """
    book = rules_in_force()
    internal = work_class == WorkClass.D
    question = question_about(
        unit, branch=branch, at=at, work_type=work_type, fault_code=fault_code, internal=internal, fresh=fresh
    )
    return Asked(unit, book, entitle(book, question))


def keep_verdict(order: WorkOrder, asked: Asked, *, by: Actor, at: datetime, first: bool = False) -> Verdict:
    """Store the verdict with the locked order."""
    return store_verdict(asked.unit, asked.coverage, about=order.id, book=asked.book, by=by, at=at, first=first)


def decide_class(
    order: WorkOrder,
    verdict: Verdict | None,
    *,
    work_class: str,
    reason: str,
    amount: Decimal | None,
    by: Actor,
    at: datetime,
) -> Overridden | None:
    """Give a locked order the class that a person says. Where the verdict says another one, that is an override.

    An override above the person's limit waits: until it is confirmed, the class stays. Raises OverrideReasonMissing,
    AmountMissing, AmountInvalid, TextTooLong.
    """
    overridden = None
    if verdict is not None and verdict.work_class and verdict.work_class != work_class:
        gives_away = verdict.work_class == WorkClass.A
        if gives_away and reason and amount is None and not is_imported(order.source):
            raise AmountMissing(field="amount")
        stake = max(amount or Decimal(0), _booked(order)) if gives_away else Decimal(0)
        overridden = override_verdict(verdict, work_class=work_class, reason=reason, amount=stake, by=by, at=at)
        if not overridden.counts:
            return overridden
    if order.work_class != work_class:
        order.work_class = work_class
        write(order, "work_class")
    return overridden


def _booked(order: WorkOrder) -> Decimal:
    lines = WorkOrderLine.objects.filter(branch_id=order.branch_id, work_order_id=order.id)
    total: Decimal | None = lines.aggregate(total=Sum("amount"))["total"]
    return max(total or Decimal(0), Decimal(0))
