"""What of an event is sealed. Pure: the same for writing and for verifying."""

from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from shouhou.kernel.hashing import link


class Author(Protocol):
    """Whoever acts, as the journal sees him. `user_id` is None for the product itself (worker, import)."""

    @property
    def user_id(self) -> UUID | None: ...

    @property
    def channel(self) -> str: ...


class Sealed(Protocol):
    """The sealed fields of an event."""

    id: UUID
    branch_id: UUID
    chain_id: UUID
    sequence: int
    verb: str
    subject_kind: str
    subject_id: UUID
    actor_id: UUID | None
    channel: str
    at: datetime
    data: Any


def seal(previous: bytes, event: Sealed) -> bytes:
    """The hash of an event that follows one with hash `previous`."""
    return link(
        previous,
        {
            "id": str(event.id),
            "branch": str(event.branch_id),
            "chain": str(event.chain_id),
            "sequence": event.sequence,
            "verb": event.verb,
            "subject": [event.subject_kind, str(event.subject_id)],
            "actor": str(event.actor_id) if event.actor_id else None,
            "channel": event.channel,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "data": event.data,
        },
    )
