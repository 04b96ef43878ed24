from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouhou.audit.models import Chain, Event
from shouhou.audit.rules import Author, seal
from shouhou.kernel.hashing import GENESIS


def record(
    *,
    branch_id: UUID,
    chain_id: UUID,
    verb: str,
    subject: tuple[str, UUID],
    by: Author,
    at: datetime,
    data: dict[str, Any],
    opens: bool = False,
) -> Event:
    """Write the event of an act, in the act's own transaction, as the next link of the case's chain.

    `verb` is a stable code such as ``workorders.work_order.dispatched``; `data` holds old and new values (no floats).
    `opens` says that the case has just been made, so that no earlier event need be looked for.
    Raises RuntimeError outside a transaction: an event must stand or fall with its act.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is written inside the transaction of its act")
    chain = None if opens else Chain.objects.select_for_update().filter(id=chain_id).first()
    previous = bytes(chain.head) if chain else GENESIS
    event = Event(
        branch_id=branch_id,
        chain_id=chain_id,
        sequence=chain.length + 1 if chain else 1,
        verb=verb,
        subject_kind=subject[0],
        subject_id=subject[1],
        actor_id=by.user_id,
        channel=by.channel,
        at=at,
        data=data,
    )
    event.hash = seal(previous, event)
    event.save(force_insert=True)
    if chain:
        Chain.objects.filter(id=chain_id).update(length=event.sequence, head=event.hash)
    else:
        Chain.objects.create(id=chain_id, branch_id=branch_id, length=1, head=event.hash)
    return event
