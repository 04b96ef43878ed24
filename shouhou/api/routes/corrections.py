"""What is corrected in the catalogue, retired and taken up again. A code is never changed: old papers carry it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone

from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.days import today_at
from shouhou.api.fields import Input
from shouhou.api.routing import Routes
from shouhou.api.schemas.catalog import (
    CatalogueEntryAnswer,
    CatalogueEntryInput,
    FaultCodeAnswer,
    FaultCodeChange,
    PartAnswer,
    PartChange,
    ProductClassAnswer,
    ProductClassChange,
    ProductModelAnswer,
    ProductModelChange,
    TravelBandAnswer,
    TravelBandChange,
    WorkCodeAnswer,
    WorkCodeChange,
)
from shouhou.catalog import actions as acts
from shouhou.catalog.models import (
    CatalogueEntry,
    FaultCode,
    Part,
    ProductClass,
    ProductModel,
    TravelBand,
    WorkCode,
)
from shouhou.catalog.queries import get_entry, get_entry_named, list_price_on

routes = Routes("catalogue")
_LISTS: dict[str, type[CatalogueEntry]] = {
    "product-classes": ProductClass,
    "product-models": ProductModel,
    "parts": Part,
    "fault-codes": FaultCode,
    "work-codes": WorkCode,
    "travel-bands": TravelBand,
}


@routes.act("PUT", "/product-classes/{uuid:class_id}", ProductClassAnswer)
def change_product_class(request: ActorRequest, class_id: UUID, body: ProductClassChange) -> ProductClassAnswer:
    """Correct the name of a class of products, its word in the rule packs, and what is usual with such goods."""
    return ProductClassAnswer.of(_change(request, acts.change_product_class, ProductClass, class_id, body))


@routes.act("PUT", "/product-models/{uuid:model_id}", ProductModelAnswer)
def change_product_model(request: ActorRequest, model_id: UUID, body: ProductModelChange) -> ProductModelAnswer:
    """Correct a model. Units that are registered already keep the guarantee that they were given."""
    return ProductModelAnswer.of(_change(request, acts.change_product_model, ProductModel, model_id, body))


@routes.act("PUT", "/parts/{uuid:part_id}", PartAnswer)
def change_part(request: ActorRequest, part_id: UUID, body: PartChange) -> PartAnswer:
    """Correct a spare part."""
    part = _change(request, acts.change_part, Part, part_id, body)
    today = today_at(branch_named(request, body.branch))
    return PartAnswer.priced(part, list_price_on([part], day=today).get(part.id))


@routes.act("PUT", "/fault-codes/{uuid:fault_code_id}", FaultCodeAnswer)
def change_fault_code(request: ActorRequest, fault_code_id: UUID, body: FaultCodeChange) -> FaultCodeAnswer:
    """Correct a fault code."""
    return FaultCodeAnswer.of(_change(request, acts.change_fault_code, FaultCode, fault_code_id, body))


@routes.act("PUT", "/work-codes/{uuid:work_code_id}", WorkCodeAnswer)
def change_work_code(request: ActorRequest, work_code_id: UUID, body: WorkCodeChange) -> WorkCodeAnswer:
    """Correct a piece of work."""
    return WorkCodeAnswer.of(_change(request, acts.change_work_code, WorkCode, work_code_id, body))


@routes.act("PUT", "/travel-bands/{uuid:band_id}", TravelBandAnswer)
def change_travel_band(request: ActorRequest, band_id: UUID, body: TravelBandChange) -> TravelBandAnswer:
    """Correct a travel band."""
    return TravelBandAnswer.of(_change(request, acts.change_travel_band, TravelBand, band_id, body))


@routes.act("POST", "/catalogue-retirements", CatalogueEntryAnswer)
def retire_entry(request: ActorRequest, body: CatalogueEntryInput) -> CatalogueEntryAnswer:
    """Retire an entry of any list: from now on nothing new is written down with it."""
    branch = branch_named(request, body.branch)
    retired = acts.retire_entry(_entry(body), branch=branch, by=request.auth, at=timezone.now())
    return CatalogueEntryAnswer.of(retired)


@routes.act("POST", "/catalogue-reinstatements", CatalogueEntryAnswer)
def reinstate_entry(request: ActorRequest, body: CatalogueEntryInput) -> CatalogueEntryAnswer:
    """Take a retired entry into use again."""
    branch = branch_named(request, body.branch)
    reinstated = acts.reinstate_entry(_entry(body), branch=branch, by=request.auth, at=timezone.now())
    return CatalogueEntryAnswer.of(reinstated)


def _entry(body: CatalogueEntryInput) -> CatalogueEntry:
    return get_entry_named(_LISTS[body.list], body.code, product_class=body.product_class or "")


def _change[E: CatalogueEntry](
    request: ActorRequest, act: Callable[..., E], kind: type[E], entry_id: UUID, body: Input
) -> E:
    """Every correction in one shape."""
    given: dict[str, Any] = body.model_dump()
    branch = branch_named(request, given.pop("branch"))
    return act(get_entry(kind, entry_id), **given, branch=branch, by=request.auth, at=timezone.now())
