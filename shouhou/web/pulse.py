"""Whether anything has happened: asked for every few seconds by each open page, so it has to cost next to nothing.

A page shows a ticket, signed and good for two minutes, and gets a mark back: a few letters that change with what happens in
its branch or to its order. No session is read, no content is told. The mark is worked out from the journal at most once a
second for each branch in each server process, however many pages ask; it is the same in all processes, because it is made of
nothing but the last events themselves. (A cursor would not do: an event may be committed after one with a later key.)

To get a new ticket one has to be signed in. Whoever signs out or is shut out therefore hears no more after two minutes.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from threading import Lock
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils import timezone

from shouhou.audit.models import Chain, Event

TICKET_LASTS = timedelta(minutes=2)
LOOK_EVERY = 1.0  # seconds
LAST = 64  # events; one that is committed while more than these overtake it is told with the next
_SALT = "shouhou.web.pulse"
_SHOWN = ("workorders.", "commitments.")  # looking at a telephone number is an event, too, but no page shows it


class TicketExpired(Exception):
    """The ticket is too old, or none of ours."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What a page wants to hear of: everything in a branch, or only one order of it."""

    branch_id: UUID
    order_id: UUID | None = None

    def ticket(self) -> str:
        """The proof that its holder may hear of it."""
        return signing.dumps([self.branch_id.hex, self.order_id.hex if self.order_id else ""], salt=_SALT)

    @classmethod
    def of(cls, ticket: str, *, lasts: timedelta | None = TICKET_LASTS) -> "Watch":
        """What the ticket is for. Raises TicketExpired; `lasts=None` takes an old one, too, which alone proves nothing."""
        try:
            branch, order = signing.loads(ticket, salt=_SALT, max_age=lasts)
        except signing.BadSignature:
            raise TicketExpired from None
        return cls(UUID(branch), UUID(order) if order else None)


@dataclass(frozen=True, slots=True)
class Beat:
    """The mark, and when the last of what it stands for happened."""

    mark: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class _Seen:
    beat: Beat
    looked: float
    under: str = ""


class Marks:
    """The marks that this process knows, each at most a second old."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._branches: dict[UUID, _Seen] = {}
        self._orders: dict[UUID, _Seen] = {}

    def beat(self, watch: Watch) -> Beat:
        """One query where a second has passed, and one more for an order where something has happened in its branch."""
        with self._lock:
            branch = self._branch(watch.branch_id)
            if watch.order_id is None:
                return branch.beat
            seen = self._orders.get(watch.order_id)
            if seen is None or seen.under != branch.beat.mark:
                seen = _Seen(_read_order(watch.order_id, branch.beat.at), branch.looked, branch.beat.mark)
                self._orders[watch.order_id] = seen
            return seen.beat

    def _branch(self, branch_id: UUID) -> _Seen:
        now = self._clock()
        seen = self._branches.get(branch_id)
        if seen is None or now - seen.looked >= LOOK_EVERY:
            seen = _Seen(_read_branch(branch_id), now)
            self._branches[branch_id] = seen
            self._forget(now)
        return seen

    def _forget(self, now: float) -> None:
        # Orders that nobody has had open for a while.
        if len(self._orders) > 5000:
            self._orders = {key: one for key, one in self._orders.items() if now - one.looked < 600}


def _read_branch(branch_id: UUID) -> Beat:
    rows = Event.objects.filter(branch_id=branch_id).order_by("-at").values_list("id", "verb", "at")[:LAST]
    shown: list[tuple[Any, datetime]] = [(key, at) for key, verb, at in rows if verb.startswith(_SHOWN)]
    if not shown:
        return Beat("-", None)
    # Sorted, because events of the same moment come in no certain order.
    sealed = blake2b(b"".join(sorted(key.bytes for key, _at in shown)), digest_size=8)
    return Beat(sealed.hexdigest(), shown[0][1])


def _read_order(order_id: UUID, at: datetime | None) -> Beat:
    length = Chain.objects.filter(id=order_id).values_list("length", flat=True).first()
    return Beat(str(length or 0), at)


marks = Marks()


def seconds_since(beat: Beat) -> int:
    """How long ago the last thing happened, in whole seconds; a day where that is unknown or longer ago."""
    day = timedelta(days=1)
    past = min(timezone.now() - beat.at, day) if beat.at else day
    return max(0, int(past.total_seconds()))
