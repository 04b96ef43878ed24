"""Promises of arrival judged by what happened: kept, missed, by how much, and what each formula would have made of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from statistics import median

from shouhou.cli.promises.mapping import BadLine, PromisedOrder
from shouhou.commitments.queries import clock_for
from shouhou.commitments.rules.remedies import FactsMissing, Remedy, compute, delay_facts
from shouhou.commitments.rules.standing import Mark, Standing, stand
from shouhou.commitments.rules.terms import Terms
from shouhou.commitments.rules.words import MarkKind, State


@dataclass
class Bill:
    """What one formula makes of all breaches. `without_facts`: of so many it cannot be said."""

    remedy: Remedy
    orders: int = 0
    amount: Decimal = Decimal(0)
    largest: Decimal = Decimal(0)
    bound: Counter[str] = field(default_factory=Counter)
    without_facts: int = 0


@dataclass(frozen=True, slots=True)
class Missed:
    """One missed promise: how late, in begun days, and what each formula makes of it (None where a fact is missing)."""

    order: PromisedOrder
    days_late: int
    amounts: tuple[Decimal | None, ...]


@dataclass
class ArrivalAccount:
    """How all of them stand at the moment."""

    states: Counter[State]
    missed: list[Missed]
    bills: list[Bill]
    bad: list[BadLine]

    @property
    def read(self) -> int:
        return self.states.total() + len(self.bad)

    @property
    def days_late(self) -> list[int]:
        return sorted(one.days_late for one in self.missed)

    @property
    def median_days(self) -> float:
        """Of the missed ones, in days."""
        return float(median(self.days_late)) if self.missed else 0.0


def judge_arrivals(
    orders: Iterable[PromisedOrder | BadLine], remedies: Sequence[Remedy], *, at: datetime
) -> ArrivalAccount:
    """How each stands at the moment, by the same rules as the product's own promises.

    One that has not been kept is late up to the moment.
    """
    account = ArrivalAccount(Counter(), [], [Bill(one) for one in remedies], [])
    for one in orders:
        if isinstance(one, BadLine):
            account.bad.append(one)
            continue
        standing = _standing(one, at)
        account.states[standing.state] += 1
        if standing.state is State.BREACHED:
            facts = delay_facts(one.due, standing.ended_at or at)
            amounts = tuple(_billed(bill, {**one.facts, **facts}) for bill in account.bills)
            account.missed.append(Missed(one, int(facts["days_late"]), amounts))
    return account


def _standing(order: PromisedOrder, at: datetime) -> Standing:
    marks = [Mark(MarkKind.START, order.begun)]
    if order.is_void:
        marks.append(Mark(MarkKind.VOID, order.begun))
    if order.kept is not None:
        marks.append(Mark(MarkKind.STOP, order.kept))
    # The end was agreed as a moment, so that no calendar has a part in it.
    return stand(Terms(limit=None, until=order.due), marks, clock_for(""), at)


def _billed(bill: Bill, facts: dict[str, Decimal]) -> Decimal | None:
    try:
        owed = compute(bill.remedy, facts)
    except FactsMissing:
        bill.without_facts += 1
        return None
    amount = owed.amount.amount
    bill.orders += bool(amount)
    bill.amount += amount
    bill.largest = max(bill.largest, amount)
    bill.bound[owed.bound] += 1
    return amount
