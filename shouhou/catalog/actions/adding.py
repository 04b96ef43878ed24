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
    KeptAs,
    charged,
    checked_distance,
    checked_hours,
    checked_months,
    checked_prices,
    written_code,
    written_name,
    written_rules_word,
)
from shouhou.kernel.choices import check_choice
from shouhou.kernel.texts import written


def add_product_class(
    *,
    code: str,
    name: str,
    branch: Branch,
    by: Actor,
    at: datetime,
    rules_class: str = "",
    trader_installs: bool | None = None,
    bulky: bool | None = None,
) -> ProductClass:
    """Add a class of products; `rules_class` is its word in the rule packs, the rest what is usual with such goods.

    Raises CodeTaken, CodeInvalid, EntryNameMissing, TextTooLong, WordMalformed, NotPermitted.
    """
    entry = ProductClass(
        code=written_code(code, most=30, field="code"),
        name=written_name(name, most=60),
        rules_class=written_rules_word(rules_class, field="rules_class"),
        trader_installs=trader_installs,
        bulky=bulky,
    )
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
    brand: str = "",
) -> ProductModel:
    """Add a model to a class. Raises as add_product_class, and MonthsInvalid, EntryRetired."""
    entry = ProductModel(
        code=written_code(code, most=40, field="code"),
        name=written_name(name, most=80),
        product_class=product_class,
        guarantee_months=checked_months(guarantee_months),
        brand=written_rules_word(brand, field="brand"),
    )
    return add(entry, branch=branch, by=by, at=at)


def add_part(
    *,
    number: str,
    name: str,
    unit: str,
    branch: Branch,
    by: Actor,
    at: datetime,
    price: Decimal | None = None,
    rules_part: str = "",
    kept_as: str = KeptAs.COUNTED,
) -> Part:
    """Add a spare part; `price` is what customers have always been charged for it out of warranty.

    `rules_part` is its word in the rule packs: by it a repair tells what it replaced.

    Raises as add_product_class, and AmountInvalid, UnknownChoice.
    """
    check_choice("kept_as", kept_as, KeptAs.values)
    entry = Part(
        number=written_code(number, most=40, field="number"),
        name=written_name(name, most=80),
        unit=written(unit, most=10, field="unit"),
        rules_part=written_rules_word(rules_part, field="rules_part"),
        kept_as=kept_as,
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
    faulty_part: str = "",
    main_part: bool | None = None,
) -> FaultCode:
    """Add a fault code to a class. Raises as add_product_class, and EntryRetired."""
    entry = FaultCode(
        product_class=product_class,
        code=written_code(code, most=30, field="code"),
        name=written_name(name, most=80),
        performance_fault=performance_fault,
        severe=severe,
        faulty_part=written_rules_word(faulty_part, field="faulty_part"),
        main_part=main_part,
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
