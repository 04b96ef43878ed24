"""Reading the journal, and proving that it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from shouhou.audit.models import Chain, Event
from shouhou.audit.rules import seal
from shouhou.kernel.hashing import GENESIS


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a chain does not hold. `kind`: altered, removed, reordered, truncated, headless."""

    kind: str
    branch_id: UUID
    chain_id: UUID
    sequence: int


def find_events(*, branch_id: UUID, chain_id: UUID) -> QuerySet[Event]:
    """The journal of one case, oldest first."""
    return Event.objects.filter(branch_id=branch_id, chain_id=chain_id).order_by("sequence")


def find_faults() -> Iterator[Fault]:
    """Walk every chain from its first event to its head and yield what does not hold.

    Reads the whole journal once, in constant memory.
    """
    heads = Chain.objects.order_by("branch_id", "id").iterator()
    events = Event.objects.order_by("branch_id", "chain_id", "sequence").iterator()
    by_chain = groupby(events, key=lambda event: (event.branch_id, event.chain_id))
    head = next(heads, None)
    for (branch_id, chain_id), links in by_chain:
        while head and (str(head.branch_id), str(head.id)) < (str(branch_id), str(chain_id)):
            yield Fault("truncated", head.branch_id, head.id, head.length)
            head = next(heads, None)
        if head and (head.branch_id, head.id) == (branch_id, chain_id):
            yield from _faults_of_chain(links, head)
            head = next(heads, None)
        else:
            yield Fault("headless", branch_id, chain_id, 0)
    while head:
        yield Fault("truncated", head.branch_id, head.id, head.length)
        head = next(heads, None)


def find_faults_of(*, branch_id: UUID, chain_id: UUID) -> list[Fault]:
    """What does not hold in the journal of one case; empty when its chain is whole."""
    head = Chain.objects.filter(id=chain_id, branch_id=branch_id).first()
    if head is None:
        return [Fault("headless", branch_id, chain_id, 0)]
    return list(_faults_of_chain(find_events(branch_id=branch_id, chain_id=chain_id).iterator(), head))


def _faults_of_chain(links: Iterator[Event], head: Chain) -> Iterator[Fault]:
    previous, expected, last_id = GENESIS, 1, UUID(int=0)
    for event in links:
        for missing in range(expected, event.sequence):
            yield Fault("removed", event.branch_id, event.chain_id, missing)
        # After a gap the link to the event before it cannot be checked; the gap itself has been reported.
        if event.sequence == expected and bytes(event.hash) != seal(previous, event):
            # Keys are given out in order of time, so a younger key at an earlier place tells a move from a change.
            kind = "reordered" if event.id < last_id else "altered"
            yield Fault(kind, event.branch_id, event.chain_id, event.sequence)
        previous, expected, last_id = bytes(event.hash), event.sequence + 1, event.id
    if expected - 1 < head.length:
        yield Fault("truncated", head.branch_id, head.id, expected)
    elif bytes(head.head) != previous:
        yield Fault("altered", head.branch_id, head.id, head.length)
