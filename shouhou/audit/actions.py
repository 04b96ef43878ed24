from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouhou.audit.models import Chain, Event
from shouhou.audit.rules import Author, seal
from shouhou.audit.statements import Statement, insert
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
    chain = None if opens else _locked_chain(chain_id)
    previous = bytes(chain.head) if chain else GENESIS
    if chain:
        # The journal of a case stays where it began: a user registered at headquarters may get a role elsewhere.
        branch_id = chain.branch_id
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
    insert(event)
    if chain:
        _ADVANCE.run(event.sequence, event.hash, chain_id)
    else:
        insert(Chain(id=chain_id, branch_id=branch_id, length=event.sequence, head=event.hash))
    return event


_ID, _BRANCH, _LENGTH, _HEAD = Chain._meta.concrete_fields
_FIND = "SELECT branch_id, length, head FROM audit_chain WHERE id = %s"
_LOOK = Statement(_FIND, takes=[_ID], gives=[_BRANCH, _LENGTH, _HEAD])
_LOCK = Statement(_FIND + " FOR UPDATE", takes=[_ID], gives=[_BRANCH, _LENGTH, _HEAD])
_ADVANCE = Statement("UPDATE audit_chain SET length = %s, head = %s WHERE id = %s", takes=[_LENGTH, _HEAD, _ID])


def _locked_chain(chain_id: UUID) -> Chain | None:
    # SQLite has locked the whole database at BEGIN, and has no word for a row.
    found = (_LOCK if connection.features.has_select_for_update else _LOOK).rows(chain_id)
    if not found:
        return None
    branch_id, length, head = found[0]
    return Chain(id=chain_id, branch_id=branch_id, length=length, head=head)
