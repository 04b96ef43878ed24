from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouhou.audit.looks import Look
from shouhou.catalog.models import (
    CatalogueEntry,
    FaultCode,
    Part,
    PartFit,
    Price,
    Priced,
    ProductClass,
    ProductModel,
    Substitute,
    TravelBand,
    WorkCode,
)
from shouhou.catalog.rules import Side, in_force
from shouhou.kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from shouhou.kernel.money import Money


class UnknownProductClass(Invalid):
    code = "unknown_product_class"
    template = gettext_noop("There is no product class “%(product_class)s” in the catalogue.")


class UnknownProduct(Invalid):
    code = "unknown_product"
    template = gettext_noop("There is no product model “%(model)s” in the catalogue.")


class UnknownPart(Invalid):
    code = "unknown_part"
    template = gettext_noop("There is no part “%(part)s” in the catalogue.")


class UnknownFaultCode(Invalid):
    code = "unknown_fault_code"
    template = gettext_noop("There is no fault code “%(fault_code)s” for %(product_class)s.")


class UnknownEntry(Invalid):
    code = "unknown_catalogue_entry"
    template = gettext_noop("There is no “%(entry)s” in this list of the catalogue.")


class EntryRetired(Conflict):
    code = "catalogue_entry_retired"
    template = gettext_noop("%(entry)s is no longer in use; nothing new can be written down with it.")


class EntryNotFound(NotFound):
    code = "catalogue_entry_not_found"


_MODEL = Look(lambda code: ProductModel.objects.select_related("product_class").filter(code=code))


def in_use[E: CatalogueEntry](entry: E, *, field: str = "") -> E:
    """The entry itself. Raises EntryRetired."""
    if entry.retired_at is not None:
        raise EntryRetired(entry=entry.key, field=field)
    return entry


def get_product_class(code: str) -> ProductClass:
    """The class with this code. Raises UnknownProductClass, EntryRetired."""
    found = ProductClass.objects.filter(code=code).first()
    if found is None:
        raise UnknownProductClass(product_class=code, field="product_class")
    return in_use(found, field="product_class")


def get_product_model(code: str) -> ProductModel:
    """The model with this code. Raises UnknownProduct, EntryRetired."""
    model = _MODEL.first(code=code)
    if model is None:
        raise UnknownProduct(model=code, field="product_model")
    return in_use(model, field="product_model")


def get_part(number: str) -> Part:
    """The part with this number. Raises UnknownPart, EntryRetired."""
    part = Part.objects.filter(number=number).first()
    if part is None:
        raise UnknownPart(part=number, field="part")
    return in_use(part, field="part")


def get_fault_code(code: str, *, product_model: ProductModel) -> FaultCode:
    """The fault code for the model's class. Raises UnknownFaultCode, EntryRetired."""
    found = FaultCode.objects.filter(product_class_id=product_model.product_class_id, code=code).first()
    if found is None:
        raise UnknownFaultCode(fault_code=code, product_class=product_model.product_class.name, field="fault_code")
    return in_use(found, field="fault_code")


def get_entry[E: CatalogueEntry](kind: type[E], entry_id: UUID) -> E:
    """The entry of a list with this id, retired or not. Raises EntryNotFound."""
    found = find_entries(kind).filter(id=entry_id).first()
    if found is None:
        raise EntryNotFound()
    return found


def get_entry_named[E: CatalogueEntry](kind: type[E], code: str, *, product_class: str = "") -> E:
    """The entry with this code, retired or not; the class is needed where codes are given anew in each. Raises UnknownEntry."""
    rows = find_entries(kind).filter(**{kind.code_field: code})
    if kind in (FaultCode, WorkCode):
        rows = rows.filter(product_class__code=product_class)
    found = rows.first()
    if found is None:
        raise UnknownEntry(entry=code, field="code")
    return found


def find_entries[E: CatalogueEntry](kind: type[E], *, text: str = "", product_class: str = "") -> QuerySet[E]:
    """A list of the catalogue with all that is retired; of one class where the list has classes.

    `text` is the beginning of a code or any piece of a name. The order is the caller's.
    """
    rows = kind._default_manager.all()
    if has_class(kind):
        rows = rows.select_related("product_class")
        rows = rows.filter(product_class__code=product_class) if product_class else rows
    if text:
        rows = rows.filter(Q(**{f"{kind.code_field}__istartswith": text}) | Q(name__icontains=text))
    return rows


def has_class(kind: type[CatalogueEntry]) -> bool:
    """Whether the entries of this list belong to a class of products."""
    return kind in (ProductModel, FaultCode, WorkCode)


def find_product_classes() -> QuerySet[ProductClass]:
    """The classes in use, by name."""
    return ProductClass.objects.filter(retired_at=None).order_by("name", "id")


def find_product_models() -> QuerySet[ProductModel]:
    """The models in use, by name."""
    rows = ProductModel.objects.filter(retired_at=None)
    return rows.select_related("product_class").order_by("name", "id")


def find_parts() -> QuerySet[Part]:
    """The parts in use, by number."""
    return Part.objects.filter(retired_at=None).order_by("number", "id")


def find_fault_codes() -> QuerySet[FaultCode]:
    """The fault codes in use, by product class and code."""
    rows = FaultCode.objects.filter(retired_at=None, product_class__retired_at=None)
    return rows.select_related("product_class").order_by("product_class__name", "code", "id")


def find_fault_codes_of(product_model: ProductModel) -> QuerySet[FaultCode]:
    """The fault codes in use for the class of a model, by code."""
    return FaultCode.objects.filter(retired_at=None, product_class_id=product_model.product_class_id).order_by("code")


def search_parts(text: str, *, limit: int = 8) -> list[Part]:
    """Parts in use by the beginning of their number, or by any piece of their name; by number."""
    text = text.strip()
    if not text:
        return []
    return list(find_parts().filter(Q(number__istartswith=text) | Q(name__icontains=text))[:limit])


def fits(part: Part, product_model: ProductModel) -> bool:
    """Whether a part may go into a model: it is listed for it, or for none at all."""
    listed = PartFit.objects.filter(part_id=part.id)
    return listed.filter(product_model_id=product_model.id).exists() or not listed.exists()


def find_parts_fitting(product_model: ProductModel) -> QuerySet[Part]:
    """The parts in use that may go into a model, by number; those made for it and those that fit all."""
    own = PartFit.objects.filter(part_id=OuterRef("id"))
    return find_parts().filter(Exists(own.filter(product_model_id=product_model.id)) | ~Exists(own))


def find_models_of(part: Part) -> QuerySet[ProductModel]:
    """The models that a part is listed for, by name; none: it fits all."""
    rows = ProductModel.objects.filter(fits__part=part)
    return rows.select_related("product_class").order_by("name", "id")


def find_substitutes(part: Part) -> QuerySet[Part]:
    """The parts in use that may be taken instead, by number."""
    return find_parts().filter(id__in=Substitute.objects.filter(part_id=part.id).values("instead_id"))


def find_travel_band(kilometres: int) -> TravelBand | None:
    """The band in use for a distance: the last that has begun by then."""
    return TravelBand.objects.filter(retired_at=None, from_km__lte=kilometres).order_by("-from_km", "id").first()


@dataclass(frozen=True, slots=True)
class PriceCourse:
    """All prices of one thing as seen from a day: the one that counts, those that have ended, those to come."""

    now: Price | None = None
    past: list[Price] = field(default_factory=list)
    future: list[Price] = field(default_factory=list)


def prices_of(subject: Priced) -> QuerySet[Price]:
    """Every price a thing ever had or will have, the earliest first."""
    return Price.objects.filter(**{priced_as(subject): subject}).order_by("valid_from", "id")


def priced_as(subject: Priced | type[Priced]) -> str:
    """The column of the price list for things of this kind."""
    kind = subject if isinstance(subject, type) else type(subject)
    return {Part: "part", WorkCode: "work_code", TravelBand: "travel_band"}[kind]


def price_of(subject: Priced, *, day: date, in_warranty: bool, side: Side) -> Money | None:
    """What a thing costs on a day; None when nothing was agreed for it then. One query."""
    price = prices_of(subject).filter(valid_from__lte=day).last()
    return price.four.of(in_warranty=in_warranty, side=side) if price else None


def find_courses(subjects: Iterable[Priced], *, day: date) -> Mapping[UUID, PriceCourse]:
    """The prices of many things of one kind, by their id; who has none is there too. One query."""
    rows = list(subjects)
    if not rows:
        return {}
    column = priced_as(rows[0])
    by_subject: dict[UUID, list[Price]] = defaultdict(list)
    for price in Price.objects.filter(**{f"{column}__in": rows}).order_by("valid_from", "id"):
        by_subject[getattr(price, f"{column}_id")].append(price)
    return {row.id: _course(by_subject[row.id], day) for row in rows}


def _course(prices: list[Price], day: date) -> PriceCourse:
    start = in_force((price.valid_from for price in prices), day)
    return PriceCourse(
        now=next((price for price in prices if price.valid_from == start), None),
        past=[price for price in prices if start and price.valid_from < start],
        future=[price for price in prices if price.valid_from > day],
    )


def list_price_on(parts: Iterable[Part], *, day: date) -> dict[UUID, Money]:
    """What customers are charged for these parts out of warranty on a day; without those that have no price then."""
    courses = find_courses(parts, day=day)
    listed = {
        key: course.now.four.of(in_warranty=False, side=Side.CHARGED) for key, course in courses.items() if course.now
    }
    return {key: price for key, price in listed.items() if price is not None}
