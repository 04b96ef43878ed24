"""What is corrected, retired and taken up again. A code is never changed: old papers carry it."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.actions._entries import BandTaken, change, journal, locked
from shouhou.catalog.models import CatalogueEntry, FaultCode, Part, ProductClass, ProductModel, TravelBand, WorkCode
from shouhou.catalog.queries import in_use
from shouhou.catalog.rules import (
    CHANGE_CATALOGUE,
    checked_distance,
    checked_hours,
    checked_months,
    written_name,
    written_rules_word,
)
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.texts import written


class ClassStillUsed(Conflict):
    code = "product_class_still_used"
    template = gettext_noop("%(count)s models of this class are in use; retire them first.")


class NotRetired(Conflict):
    code = "catalogue_entry_not_retired"
    template = gettext_noop("%(entry)s is in use already.")


def change_product_class(
    entry: ProductClass,
    *,
    name: str,
    rules_class: str,
    trader_installs: bool | None,
    bulky: bool | None,
    branch: Branch,
    by: Actor,
    at: datetime,
) -> ProductClass:
    """Correct the name of a class, its word in the rule packs, and what is usual with such goods.

    Raises EntryNameMissing, TextTooLong, WordMalformed, EntryNotFound, NotPermitted.
    """
    values = {
        "name": written_name(name, most=60),
        "rules_class": written_rules_word(rules_class, field="rules_class"),
        "trader_installs": trader_installs,
        "bulky": bulky,
    }
    return change(entry, values, branch=branch, by=by, at=at)


def change_product_model(
    entry: ProductModel, *, name: str, guarantee_months: int, brand: str, branch: Branch, by: Actor, at: datetime
) -> ProductModel:
    """Correct a model; units that were registered before keep the guarantee that they were given.

    Raises as change_product_class, and MonthsInvalid.
    """
    values = {
        "name": written_name(name, most=80),
        "guarantee_months": checked_months(guarantee_months),
        "brand": written_rules_word(brand, field="brand"),
    }
    return change(entry, values, branch=branch, by=by, at=at)


def change_part(entry: Part, *, name: str, unit: str, rules_part: str, branch: Branch, by: Actor, at: datetime) -> Part:
    """Correct a part. Raises as change_product_class."""
    values = {
        "name": written_name(name, most=80),
        "unit": written(unit, most=10, field="unit"),
        "rules_part": written_rules_word(rules_part, field="rules_part"),
    }
    return change(entry, values, branch=branch, by=by, at=at)


def change_fault_code(
    entry: FaultCode,
    *,
    name: str,
    performance_fault: bool,
    severe: bool,
    faulty_part: str,
    main_part: bool | None,
    branch: Branch,
    by: Actor,
    at: datetime,
) -> FaultCode:
    """Correct a fault code. Raises as change_product_class."""
    values = {
        "name": written_name(name, most=80),
        "performance_fault": performance_fault,
        "severe": severe,
        "faulty_part": written_rules_word(faulty_part, field="faulty_part"),
        "main_part": main_part,
    }
    return change(entry, values, branch=branch, by=by, at=at)


def change_work_code(
    entry: WorkCode, *, name: str, hours: Decimal, branch: Branch, by: Actor, at: datetime
) -> WorkCode:
    """Correct a piece of work. Raises as change_product_class, and HoursInvalid."""
    values = {"name": written_name(name, most=80), "hours": checked_hours(hours)}
    return change(entry, values, branch=branch, by=by, at=at)


def change_travel_band(
    entry: TravelBand, *, name: str, from_km: int, branch: Branch, by: Actor, at: datetime
) -> TravelBand:
    """Correct a band. Raises as change_product_class, and DistanceInvalid, BandTaken."""
    values = {"name": written_name(name, most=60), "from_km": checked_distance(from_km)}
    return change(entry, values, branch=branch, by=by, at=at)


def retire_entry[E: CatalogueEntry](entry: E, *, branch: Branch, by: Actor, at: datetime) -> E:
    """From now on it is no longer offered; what was written down with it stays as it is.

    Raises EntryRetired, ClassStillUsed, EntryNotFound, NotPermitted.
    """
    by.require(CHANGE_CATALOGUE, branch.id)
    with act_transaction():
        row = in_use(locked(entry))
        if isinstance(row, ProductClass) and (count := row.models.filter(retired_at=None).count()):
            raise ClassStillUsed(count=count)
        row.retired_at = at
        row.save(update_fields=["retired_at"])
        journal(row, "retired", {"code": row.key}, branch=branch, by=by, at=at)
        return row


def reinstate_entry[E: CatalogueEntry](entry: E, *, branch: Branch, by: Actor, at: datetime) -> E:
    """Take a retired entry into use again. Raises NotRetired, EntryRetired (its class is), BandTaken, NotPermitted."""
    by.require(CHANGE_CATALOGUE, branch.id)
    with act_transaction():
        row = locked(entry)
        if row.retired_at is None:
            raise NotRetired(entry=row.key)
        if isinstance(product_class := getattr(row, "product_class", None), ProductClass):
            in_use(locked(product_class))
        row.retired_at = None
        try:
            with transaction.atomic():
                row.save(update_fields=["retired_at"])
        except IntegrityError:
            raise BandTaken(kilometres=getattr(row, "from_km", 0)) from None
        journal(row, "reinstated", {"code": row.key}, branch=branch, by=by, at=at)
        return row
