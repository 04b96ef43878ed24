"""The catalogue: product classes and models, parts, fault codes, certificates of the trade. Shared by all branches."""

from uuid import UUID

from django.utils import timezone

from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.fields import Word
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.queries import find_fault_codes, find_product_classes, find_qualifications, get_product_class
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
    ProductClassInput,
    ProductModelAnswer,
    ProductModelInput,
    ProductModelPage,
    QualificationInput,
    named,
)
from shouhou.catalog import actions as acts
from shouhou.catalog.queries import find_parts, find_product_models
from shouhou.workforce import actions as workforce_acts

routes = Routes("catalogue")
_BY_CODE = Keyset(code=str, id=UUID)
_BY_NAME = Keyset(name=str, id=UUID)
_BY_NUMBER = Keyset(number=str, id=UUID)


@routes.read("/product-classes", NamedPage)
def list_product_classes(request: ActorRequest, cursor: Cursor = "", limit: Limit = 50) -> NamedPage:
    """List the classes of products."""
    return NamedPage(**paged(_BY_CODE, find_product_classes(), named, cursor=cursor, limit=limit))


@routes.act("POST", "/product-classes", Named, status=201)
def add_product_class(request: ActorRequest, body: ProductClassInput) -> Named:
    """Add a class of products."""
    branch = branch_named(request, body.branch)
    added = acts.add_product_class(code=body.code, name=body.name, branch=branch, by=request.auth, at=timezone.now())
    return named(added)


@routes.read("/product-models", ProductModelPage)
def list_product_models(request: ActorRequest, cursor: Cursor = "", limit: Limit = 50) -> ProductModelPage:
    """List the models that the company sold, by name."""
    rows = find_product_models()
    return ProductModelPage(**paged(_BY_NAME, rows, ProductModelAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/product-models", ProductModelAnswer, status=201)
def add_product_model(request: ActorRequest, body: ProductModelInput) -> ProductModelAnswer:
    """Add a model to the catalogue."""
    added = acts.add_product_model(
        code=body.code,
        name=body.name,
        product_class=get_product_class(body.product_class),
        guarantee_months=body.guarantee_months,
        branch=branch_named(request, body.branch),
        by=request.auth,
        at=timezone.now(),
    )
    return ProductModelAnswer.of(added)


@routes.read("/parts", PartPage)
def list_parts(request: ActorRequest, cursor: Cursor = "", limit: Limit = 50) -> PartPage:
    """List the spare parts, by number."""
    return PartPage(**paged(_BY_NUMBER, find_parts(), PartAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/parts", PartAnswer, status=201)
def add_part(request: ActorRequest, body: PartInput) -> PartAnswer:
    """Add a spare part with its list price."""
    added = acts.add_part(
        number=body.number,
        name=body.name,
        unit=body.unit,
        price=body.price,
        branch=branch_named(request, body.branch),
        by=request.auth,
        at=timezone.now(),
    )
    return PartAnswer.of(added)


@routes.read("/fault-codes", FaultCodePage)
def list_fault_codes(
    request: ActorRequest, product_class: Word = "", cursor: Cursor = "", limit: Limit = 50
) -> FaultCodePage:
    """List fault codes, of one class of products or of all."""
    rows = find_fault_codes(product_class=product_class)
    return FaultCodePage(**paged(_BY_CODE, rows, FaultCodeAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/fault-codes", FaultCodeAnswer, status=201)
def add_fault_code(request: ActorRequest, body: FaultCodeInput) -> FaultCodeAnswer:
    """Add a fault code to a class of products."""
    added = acts.add_fault_code(
        code=body.code,
        name=body.name,
        product_class=get_product_class(body.product_class),
        performance_fault=body.performance_fault,
        severe=body.severe,
        branch=branch_named(request, body.branch),
        by=request.auth,
        at=timezone.now(),
    )
    return FaultCodeAnswer.of(added)


@routes.read("/qualifications", NamedPage)
def list_qualifications(request: ActorRequest, cursor: Cursor = "", limit: Limit = 50) -> NamedPage:
    """List the certificates of the trade."""
    return NamedPage(**paged(_BY_CODE, find_qualifications(), named, cursor=cursor, limit=limit))


@routes.act("POST", "/qualifications", Named, status=201)
def add_qualification(request: ActorRequest, body: QualificationInput) -> Named:
    """Add a certificate of the trade."""
    branch = branch_named(request, body.branch)
    added = workforce_acts.add_qualification(
        code=body.code, name=body.name, branch=branch, by=request.auth, at=timezone.now()
    )
    return named(added)
