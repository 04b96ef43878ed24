"""How an entry of the catalogue is written: one way for all its lists."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.models import CatalogueEntry, ProductClass, TravelBand
from shouhou.catalog.queries import EntryNotFound, in_use
from shouhou.catalog.rules import CHANGE_CATALOGUE
from shouhou.kernel.errors import Conflict, gettext_noop


class CodeTaken(Conflict):
    code = "catalogue_code_taken"
    template = gettext_noop("The code %(taken)s is in the catalogue already.")


class BandTaken(Conflict):
    code = "travel_band_taken"
    template = gettext_noop("Another travel band in use begins at %(kilometres)s km already.")


def add[E: CatalogueEntry](entry: E, *, branch: Branch, by: Actor, at: datetime) -> E:
    """Put an entry that was made in memory onto its list. Raises CodeTaken, BandTaken, EntryRetired, NotPermitted."""
    by.require(CHANGE_CATALOGUE, branch.id)
    with act_transaction():
        if isinstance(product_class := getattr(entry, "product_class", None), ProductClass):
            # Locked, so that the class is not retired while something is added to it.
            in_use(locked(product_class), field="product_class")
        _insist(entry)
        values = {field.attname: getattr(entry, field.attname) for field in entry._meta.concrete_fields}
        said = {name: _plain(value) for name, value in values.items() if name not in ("id", "retired_at")}
        journal(entry, "added", said, branch=branch, by=by, at=at, opens=True)
        return entry


def change[E: CatalogueEntry](entry: E, values: Mapping[str, Any], *, branch: Branch, by: Actor, at: datetime) -> E:
    """Write these fields of an entry; what is as it was leaves no event. Raises EntryNotFound, BandTaken, NotPermitted."""
    by.require(CHANGE_CATALOGUE, branch.id)
    with act_transaction():
        row = locked(entry)
        steps = {
            name: {"from": _plain(getattr(row, name)), "to": _plain(value)}
            for name, value in values.items()
            if getattr(row, name) != value
        }
        if not steps:
            return row
        for name in steps:
            setattr(row, name, values[name])
        _insist(row, named=list(steps))
        journal(row, "changed", steps, branch=branch, by=by, at=at)
        return row


def locked[E: CatalogueEntry](entry: E) -> E:
    """The entry as it is now, locked until the act is over. Raises EntryNotFound."""
    row = type(entry)._default_manager.select_for_update().filter(id=entry.id).first()
    if row is None:
        raise EntryNotFound()
    return row


def journal(
    entry: CatalogueEntry,
    what: str,
    data: dict[str, Any],
    *,
    branch: Branch,
    by: Actor,
    at: datetime,
    opens: bool = False,
) -> None:
    """One event in the journal of the entry."""
    kind = _KINDS[type(entry).__name__]
    verb = what if "." in what else f"{kind}.{what}"
    record(
        branch_id=branch.id,
        chain_id=entry.id,
        verb=f"catalog.{verb}",
        subject=(kind, entry.id),
        by=by,
        at=at,
        data=data,
        opens=opens,
    )


_KINDS = {
    "ProductClass": "product_class",
    "ProductModel": "product_model",
    "Part": "part",
    "FaultCode": "fault_code",
    "WorkCode": "work_code",
    "TravelBand": "travel_band",
}


def _insist(entry: CatalogueEntry, *, named: list[str] | None = None) -> None:
    """Save these fields, or a new entry; the constraint decides: two people may write the same code in the same moment."""
    try:
        with transaction.atomic():
            entry.save(force_insert=named is None, update_fields=named)
    except IntegrityError:
        if isinstance(entry, TravelBand) and not _code_taken(entry):
            raise BandTaken(kilometres=entry.from_km, field="from_km") from None
        raise CodeTaken(taken=entry.key, field=entry.code_field) from None


def _code_taken(band: TravelBand) -> bool:
    return TravelBand.objects.filter(code=band.code).exclude(id=band.id).exists()


def _plain(value: Any) -> Any:
    """As a journal holds it: no decimals, no keys."""
    return str(value) if isinstance(value, Decimal | UUID) else value
