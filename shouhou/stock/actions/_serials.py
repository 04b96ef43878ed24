"""Serial numbers in one place each: inside the branch by their row, between branches by a directory that all share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from shouhou.audit.statements import Statement, insert_once
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.stock.models import Balance, SerialNumber, SerialWhereabouts

if TYPE_CHECKING:
    from shouhou.stock.actions._moving import Step

_ID, _KEPT_BY = SerialWhereabouts._meta.concrete_fields
_CLAIM = Statement(
    "INSERT INTO stock_serialwhereabouts (id, kept_by_id) VALUES (%s, %s) ON CONFLICT (id) "
    "DO UPDATE SET kept_by_id = excluded.kept_by_id WHERE stock_serialwhereabouts.kept_by_id IS NULL "
    "OR stock_serialwhereabouts.kept_by_id = excluded.kept_by_id RETURNING id",
    takes=[_ID, _KEPT_BY],
    gives=[_ID],
)
_LET_GO = Statement(
    "UPDATE stock_serialwhereabouts SET kept_by_id = NULL WHERE id = %s AND kept_by_id = %s", takes=[_ID, _KEPT_BY]
)


class SerialElsewhere(Conflict):
    code = "serial_elsewhere"
    template = gettext_noop("%(part)s no. %(serial)s is not at %(place)s: the books have it at %(found)s.")


class SerialInOtherBranch(Conflict):
    code = "serial_in_other_branch"
    template = gettext_noop("%(part)s no. %(serial)s is on a shelf of another branch.")


class SerialUnknown(Conflict):
    code = "serial_unknown"
    template = gettext_noop("%(part)s no. %(serial)s has never been in stock here.")


def bring_serials(
    branch_id: UUID, steps: Sequence[Step], balances: Mapping[tuple[UUID, UUID], Balance]
) -> dict[tuple[UUID, str], UUID]:
    """The rows of the serial numbers of an act, each where it is to be taken from; new ones come from outside.

    Raises SerialElsewhere, SerialUnknown.
    """
    named = sorted((one for one in steps if one.serial), key=lambda one: (one.part.id, one.serial))
    if not named:
        return {}
    keys: dict[tuple[UUID, str], UUID] = {}
    rows = SerialNumber.objects.filter(
        branch_id=branch_id, part_id__in={one.part.id for one in named}, number__in={one.serial for one in named}
    )
    known = {(row.part_id, row.number): row for row in rows.select_related("balance__place")}
    for one in named:
        start = balances[one.start.id, one.part.id]
        row = known.get((one.part.id, one.serial))
        if row is None:
            row = _new(branch_id, one, start)
        elif row.balance_id != start.id:
            raise SerialElsewhere(
                part=one.part.number,
                serial=one.serial,
                place=one.start.shown,
                found=row.balance.place.shown,
                field="serials",
            )
        keys[one.part.id, one.serial] = row.id
    return keys


def _new(branch_id: UUID, step: Step, start: Balance) -> SerialNumber:
    if not step.start.may_be_negative:
        raise SerialUnknown(part=step.part.number, serial=step.serial, field="serials")
    row = SerialNumber(branch_id=branch_id, part_id=step.part.id, number=step.serial, balance_id=start.id)
    if insert_once(row, unique=("branch_id", "part_id", "number")):
        return row
    # Somebody else has just brought it: he holds the same balance of the outside, so this is his committed row.
    found = SerialNumber.objects.filter(branch_id=branch_id, part_id=step.part.id).select_related("balance__place")
    raise SerialElsewhere(
        part=step.part.number,
        serial=step.serial,
        place=step.start.shown,
        found=found.get(number=step.serial).balance.place.shown,
        field="serials",
    )


def tell_directory(branch_id: UUID, steps: Sequence[Step]) -> None:
    """Say in the directory what came onto our shelves from outside, and what left them. Raises SerialInOtherBranch."""
    for one in sorted((one for one in steps if one.serial), key=lambda one: (one.part.id, one.serial)):
        key = UUID(bytes=digest([str(one.part.id), one.serial])[:16])
        if one.start.may_be_negative:
            if not _CLAIM.rows(key, branch_id):
                raise SerialInOtherBranch(part=one.part.number, serial=one.serial, field="serials")
        elif one.end.may_be_negative:
            _LET_GO.run(key, branch_id)
