from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

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
    _insert(event)
    if chain:
        _execute(_ADVANCE, [event.sequence, event.hash, chain_id], [_LENGTH, _HEAD, _ID])
    else:
        _insert(Chain(id=chain_id, branch_id=branch_id, length=1, head=event.hash))
    return event


# Every act passes here, so the three statements are written out: building them anew each time costs the ORM longer than
# the database needs to carry them out (bench: a tenth of an act). Values still go through the model's fields.
_ID, _LENGTH, _HEAD = (Chain._meta.get_field(name) for name in ("id", "length", "head"))
_ADVANCE = "UPDATE audit_chain SET length = %s, head = %s WHERE id = %s"
_FIND = "SELECT branch_id, length, head FROM audit_chain WHERE id = %s"


def _locked_chain(chain_id: UUID) -> Chain | None:
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    row = _execute(_FIND + lock, [chain_id], [_ID]).fetchone()
    if row is None:
        return None
    branch_id = row[0] if isinstance(row[0], UUID) else UUID(row[0])
    return Chain(id=chain_id, branch_id=branch_id, length=row[1], head=row[2])


def _insert(row: Model) -> None:
    fields = row._meta.concrete_fields
    columns, marks = ", ".join(str(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    values = [getattr(row, field.attname) for field in fields]
    _execute(f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({marks})", values, fields)  # noqa: S608 - our own names


def _execute(statement: str, values: Sequence[Any], fields: Sequence[Any]) -> CursorWrapper:
    cursor = connection.cursor()
    prepared = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]
    cursor.execute(statement, prepared)
    return cursor
