"""The workshop tells custody down that a unit may not leave before it is inspected, and that it may.

Both are parts of acts of the workshop, which have permissions of their own.
"""

from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.permissions import SEE_CUSTODY
from shouhou.audit.actions import record
from shouhou.audit.statements import write
from shouhou.custody.actions._handing import lock_away
from shouhou.custody.models import Custody
from shouhou.kernel.errors import Conflict, gettext_noop


class UnitKeptAlready(Conflict):
    code = "unit_kept_already"
    template = gettext_noop("The repair card %(card)s hangs on this unit already.")


class UnitReadyAlready(Conflict):
    code = "unit_ready_already"
    template = gettext_noop("The unit waits for its customer already; take it off that shelf first.")


def keep_goods(asset_id: UUID, *, kept_for: str, by: Actor, at: datetime) -> Custody:
    """From now on the unit is handed back only after `release_goods`.

    Raises UnitKeptAlready, UnitReadyAlready, UnitNotAway, UnitNotFound, NotPermitted.
    """
    custody, _receipt = lock_away(asset_id, permission=SEE_CUSTODY, by=by)
    if custody.kept_for:
        raise UnitKeptAlready(card=custody.kept_for)
    if custody.ready:
        raise UnitReadyAlready()
    return _write(custody, kept_for, verb="kept", card=kept_for, by=by, at=at)


def release_goods(asset_id: UUID, *, kept_for: str, by: Actor, at: datetime) -> Custody:
    """What it was kept for is done: it may be handed back. Raises UnitKeptAlready for another card, and as `keep_goods` does."""
    custody, _receipt = lock_away(asset_id, permission=SEE_CUSTODY, by=by)
    if custody.kept_for != kept_for:
        raise UnitKeptAlready(card=custody.kept_for)
    return _write(custody, "", verb="released", card=kept_for, by=by, at=at)


def _write(custody: Custody, kept_for: str, *, verb: str, card: str, by: Actor, at: datetime) -> Custody:
    custody.kept_for = kept_for
    write(custody, "kept_for")
    record(
        branch_id=custody.branch_id,
        chain_id=custody.id,
        verb=f"custody.unit.{verb}",
        subject=("custody", custody.id),
        by=by,
        at=at,
        data={"card": card},
    )
    return custody
