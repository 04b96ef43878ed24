"""What every act on a unit begins and ends with: the row locked, the right checked, and one event in the unit's journal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.assets.models import Asset
from shouhou.assets.queries import AssetNotFound
from shouhou.audit.actions import record

RECORD_HISTORY = "assets.record_history"


def lock_unit(asset_id: UUID, *, permission: str, by: Actor) -> Asset:
    """The unit, locked until the act ends. Raises AssetNotFound, NotPermitted."""
    unit = Asset.objects.visible_to(by).select_for_update().filter(id=asset_id).first()
    if unit is None:
        raise AssetNotFound(field="asset")
    by.require(permission, unit.branch_id)
    return unit


def record_on_unit(
    unit: Asset,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    data: dict[str, Any],
    subject: tuple[str, UUID] | None = None,
    opens: bool = False,
) -> None:
    """One event in the journal of the unit, the first if it `opens`; about the unit itself unless another subject is named."""
    record(
        branch_id=unit.branch_id,
        chain_id=unit.id,
        verb=verb,
        subject=subject or ("asset", unit.id),
        by=by,
        at=at,
        data=data,
        opens=opens,
    )
