"""Proving what lies between branches: crossings are those that acts have written, and both sides say the same of each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from shouhou.access.models import Branch
from shouhou.audit.models import Event
from shouhou.kernel.money import Money
from shouhou.ledger.actions.crossings import seal_of
from shouhou.ledger.models import Crossing, LedgerAccount
from shouhou.ledger.queries import find_crossings_on_their_way, received_entry
from shouhou.ledger.rules import AccountKind

type _Found = Iterator[tuple[str, UUID, str]]
_SENT = "ledger.crossing.sent"


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """Money that has left a branch and has not arrived at another; how often the worker has tried in vain."""

    crossing_id: UUID
    branch_id: UUID
    to_branch_id: UUID
    amount: Money
    since: datetime
    age: timedelta
    tries: int


def find_on_their_way(branch: Branch, *, at: datetime) -> list[OnItsWay]:
    """What a branch has sent and has not arrived, the oldest first. Amounts as they are to be booked there, debit above zero."""
    return [
        OnItsWay(one.id, branch.id, one.to_branch_id, one.amount, one.sent_at, at - one.sent_at, one.tries)
        for one in find_crossings_on_their_way(branch)
    ]


def wrong_crossings(branch: Branch) -> _Found:
    """Crossings that are not what their event says was sent, arrived ones that nobody has booked, and events without one."""
    events = Event.objects.filter(branch_id=branch.id, sequence=1, verb=_SENT)
    told: dict[UUID, Any] = dict(events.values_list("chain_id", "data"))
    for one in Crossing.objects.at(branch).order_by("id").iterator():
        said = told.get(one.id)
        if said is None:
            yield "crossing_without_event", one.id, one.key
        elif not seal_of(one).hex() == bytes(one.fingerprint).hex() == said["fingerprint"]:
            yield "crossing_altered", one.id, one.key
        if one.arrived_at is not None and received_entry(one) is None:
            yield "crossing_not_received", one.id, one.key
    there = Crossing.objects.at(branch).filter(id=OuterRef("chain_id"))
    for key in events.filter(~Exists(there)).order_by("chain_id").values_list("chain_id", flat=True):
        yield "crossing_removed", key, ""


def disagreements(branch: Branch) -> _Found:
    """Current accounts on which this branch says something else of another one than that one says of it.

    What has been received there and is not confirmed here (or the other way round) is the one difference that may be.
    """
    for own in LedgerAccount.objects.at(branch).filter(kind=AccountKind.BRANCH_CURRENT).order_by("id"):
        other = UUID(own.owner_id)
        theirs = LedgerAccount.objects.filter(
            branch_id=other, kind=AccountKind.BRANCH_CURRENT, owner_kind="branch", owner_id=str(branch.id)
        ).filter(currency=own.currency)
        said = theirs.values_list("balance_minor", flat=True).first() or 0
        out = _unconfirmed(branch.id, other, own.currency)
        back = _unconfirmed(other, branch.id, own.currency)
        if difference := own.balance_minor + said + out + back:
            yield "branches_disagree", own.id, f"{Money.of_minor_units(difference, own.currency).amount} {own.currency}"


def _unconfirmed(sender: UUID, receiver: UUID, currency: str) -> int:
    rows = Crossing.objects.filter(branch_id=sender, to_branch_id=receiver, currency=currency, arrived_at=None)
    return sum(one.amount_minor for one in rows.order_by("id") if received_entry(one) is not None)
