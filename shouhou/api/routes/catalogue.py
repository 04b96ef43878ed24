"""The catalogue, and the certificates of the trade. Shared by all branches; a code is never changed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone

from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.days import today_at
from shouhou.api.fields import Input, Word
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.queries import find_qualifications
from shouhou.api.routing import Routes
from shouhou.api.schemas.catalog import (
    FaultCodeAnswer,
    FaultCodeInput,
    FaultCodePage,
    Named,
    NamedPage,
    PartAnswer,
    PartInput,
    PartPage,
    ProductClassAnswer,
    ProductClassInput,
    ProductClassPage,
    ProductModelAnswer,
    ProductModelInput,
    ProductModelPage,
    QualificationInput,
    TravelBandAnswer,
    TravelBandInput,
    TravelBandPage,
    WorkCodeAnswer,
    WorkCodeInput,
    WorkCodePage,
    named,
)
from shouhou.catalog import actions as acts
from shouhou.catalog.models import (
    FaultCode,
    Part,
    ProductClass,
    ProductModel,
    TravelBand,
    WorkCode,
)
from shouhou.catalog.queries import (
    find_entries,
    get_product_class,
    list_price_on,
)
from shouhou.workforce import actions as workforce_acts

routes = Routes("catalogue")
_BY_CODE = Keyset(code=str, id=UUID)
_BY_NAME = Keyset(name=str, id=UUID)
_BY_NUMBER = Keyset(number=str, id=UUID)


@routes.read("/product-classes", ProductClassPage)
def list_product_classes(request: ActorRequest, cursor: Cursor = "", limit: Limit = 50) -> ProductClassPage:
    """List the classes of products."""
    rows = find_entries(ProductClass)
    return ProductClassPage(**paged(_BY_CODE, rows, ProductClassAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/product-classes", ProductClassAnswer, status=201)
def add_product_class(request: ActorRequest, body: ProductClassInput) -> ProductClassAnswer:
    """Add a class of products."""
    return ProductClassAnswer.of(_write(request, acts.add_product_class, body))


@routes.read("/product-models", ProductModelPage)
def list_product_models(request: ActorRequest, cursor: Cursor = "", limit: Limit = 50) -> ProductModelPage:
    """List the models that the company sold, by name."""
    rows = find_entries(ProductModel)
    return ProductModelPage(**paged(_BY_NAME, rows, ProductModelAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/product-models", ProductModelAnswer, status=201)
def add_product_model(request: ActorRequest, body: ProductModelInput) -> ProductModelAnswer:
    """Add a model to the catalogue."""
    return ProductModelAnswer.of(_write(request, acts.add_product_model, body))


@routes.read("/parts", PartPage)
def list_parts(request: ActorRequest, cursor: Cursor = "", limit: Limit = 50) -> PartPage:
    """List the spare parts, by number."""
    found, next_cursor = _BY_NUMBER.page(find_entries(Part), cursor=cursor, limit=limit)
    prices = list_price_on(found, day=today_at(branch_named(request)))
    return PartPage(rows=[PartAnswer.priced(row, prices.get(row.id)) for row in found], next_cursor=next_cursor)


@routes.act("POST", "/parts", PartAnswer, status=201)
def add_part(request: ActorRequest, body: PartInput) -> PartAnswer:
    """Add a spare part with its list price."""
    part = _write(request, acts.add_part, body)
    return PartAnswer.priced(part, list_price_on([part], day=today_at(branch_named(request, body.branch))).get(part.id))


@routes.read("/fault-codes", FaultCodePage)
def list_fault_codes(
    request: ActorRequest, product_class: Word = "", cursor: Cursor = "", limit: Limit = 50
) -> FaultCodePage:
    """List fault codes, of one class of products or of all."""
    rows = find_entries(FaultCode, product_class=product_class)
    return FaultCodePage(**paged(_BY_CODE, rows, FaultCodeAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/fault-codes", FaultCodeAnswer, status=201)
def add_fault_code(request: ActorRequest, body: FaultCodeInput) -> FaultCodeAnswer:
    """Add a fault code to a class of products."""
    return FaultCodeAnswer.of(_write(request, acts.add_fault_code, body))


@routes.read("/work-codes", WorkCodePage)
def list_work_codes(
    request: ActorRequest, product_class: Word = "", cursor: Cursor = "", limit: Limit = 50
) -> WorkCodePage:
    """List pieces of work with their standard hours, of one class of products or of all."""
    rows = find_entries(WorkCode, product_class=product_class)
    return WorkCodePage(**paged(_BY_CODE, rows, WorkCodeAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/work-codes", WorkCodeAnswer, status=201)
def add_work_code(request: ActorRequest, body: WorkCodeInput) -> WorkCodeAnswer:
    """Add a piece of work to a class of products."""
    return WorkCodeAnswer.of(_write(request, acts.add_work_code, body))


@routes.read("/travel-bands", TravelBandPage)
def list_travel_bands(request: ActorRequest, cursor: Cursor = "", limit: Limit = 50) -> TravelBandPage:
    """List the distances that have a price."""
    return TravelBandPage(**paged(_BY_CODE, find_entries(TravelBand), TravelBandAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/travel-bands", TravelBandAnswer, status=201)
def add_travel_band(request: ActorRequest, body: TravelBandInput) -> TravelBandAnswer:
    """Add a distance that has a price."""
    return TravelBandAnswer.of(_write(request, acts.add_travel_band, body))


@routes.read("/qualifications", NamedPage)
def list_qualifications(request: ActorRequest, cursor: Cursor = "", limit: Limit = 50) -> NamedPage:
    """List the certificates of the trade."""
    return NamedPage(**paged(_BY_CODE, find_qualifications(), named, cursor=cursor, limit=limit))


@routes.act("POST", "/qualifications", Named, status=201)
def add_qualification(request: ActorRequest, body: QualificationInput) -> Named:
    """Add a certificate of the trade."""
    return named(_write(request, workforce_acts.add_qualification, body))


def _write[E](request: ActorRequest, act: Callable[..., E], body: Input) -> E:
    """Every adding in one shape: the fields of the body are what the act wants, but for the names of branch and class."""
    given: dict[str, Any] = body.model_dump()
    branch = branch_named(request, given.pop("branch"))
    if "product_class" in given:
        given["product_class"] = get_product_class(given["product_class"])
    return act(**given, branch=branch, by=request.auth, at=timezone.now())
