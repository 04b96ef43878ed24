"""New entries of the catalogue. It is shared: the act is recorded at the branch where the actor works."""

from datetime import datetime
from decimal import Decimal

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.actions._entries import add
from shouhou.catalog.actions.pricing import write_first_price
from shouhou.catalog.models import FaultCode, Part, ProductClass, ProductModel, TravelBand, WorkCode
from shouhou.catalog.rules import (
    charged,
    checked_distance,
    checked_hours,
    checked_months,
    checked_prices,
    written_code,
    written_name,
)
from shouhou.kernel.texts import written


def add_product_class(*, code: str, name: str, branch: Branch, by: Actor, at: datetime) -> ProductClass:
    """Add a class of products. Raises CodeTaken, CodeInvalid, EntryNameMissing, TextTooLong, NotPermitted."""
    entry = ProductClass(code=written_code(code, most=30, field="code"), name=written_name(name, most=60))
    return add(entry, branch=branch, by=by, at=at)


def add_product_model(
    *,
    code: str,
    name: str,
    product_class: ProductClass,
    branch: Branch,
    by: Actor,
    at: datetime,
    guarantee_months: int = 12,
) -> ProductModel:
    """Add a model to a class. Raises as add_product_class, and MonthsInvalid, EntryRetired."""
    entry = ProductModel(
        code=written_code(code, most=40, field="code"),
        name=written_name(name, most=80),
        product_class=product_class,
        guarantee_months=checked_months(guarantee_months),
    )
    return add(entry, branch=branch, by=by, at=at)


def add_part(
    *, number: str, name: str, unit: str, branch: Branch, by: Actor, at: datetime, price: Decimal | None = None
) -> Part:
    """Add a spare part; `price` is what customers have always been charged for it out of warranty.

    Raises as add_product_class, and AmountInvalid.
    """
    entry = Part(
        number=written_code(number, most=40, field="number"),
        name=written_name(name, most=80),
        unit=written(unit, most=10, field="unit"),
    )
    first = None if price is None else checked_prices(charged(price))
    with act_transaction():
        part = add(entry, branch=branch, by=by, at=at)
        if first:
            write_first_price(part, first, branch=branch, by=by, at=at)
        return part


def add_fault_code(
    *,
    code: str,
    name: str,
    product_class: ProductClass,
    performance_fault: bool,
    severe: bool,
    branch: Branch,
    by: Actor,
    at: datetime,
) -> FaultCode:
    """Add a fault code to a class. Raises as add_product_class, and EntryRetired."""
    entry = FaultCode(
        product_class=product_class,
        code=written_code(code, most=30, field="code"),
        name=written_name(name, most=80),
        performance_fault=performance_fault,
        severe=severe,
    )
    return add(entry, branch=branch, by=by, at=at)


def add_work_code(
    *, code: str, name: str, product_class: ProductClass, hours: Decimal, branch: Branch, by: Actor, at: datetime
) -> WorkCode:
    """Add a piece of work with its standard hours to a class. Raises as add_product_class, and HoursInvalid, EntryRetired."""
    entry = WorkCode(
        product_class=product_class,
        code=written_code(code, most=30, field="code"),
        name=written_name(name, most=80),
        hours=checked_hours(hours),
    )
    return add(entry, branch=branch, by=by, at=at)


def add_travel_band(*, code: str, name: str, from_km: int, branch: Branch, by: Actor, at: datetime) -> TravelBand:
    """Add a distance with a price of its own. Raises as add_product_class, and DistanceInvalid, BandTaken."""
    entry = TravelBand(
        code=written_code(code, most=30, field="code"),
        name=written_name(name, most=60),
        from_km=checked_distance(from_km),
    )
    return add(entry, branch=branch, by=by, at=at)
