"""Writes of the catalogue. It is shared: the act is recorded at the branch where the actor works."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.catalog.models import FaultCode, Part, ProductClass, ProductModel
from shouhou.kernel.errors import Conflict, gettext_noop


class CodeTaken(Conflict):
    code = "catalogue_code_taken"
    template = gettext_noop("The code %(taken)s is in the catalogue already.")


def add_product_class(*, code: str, name: str, branch: Branch, by: Actor, at: datetime) -> ProductClass:
    """Add a class of products. Raises CodeTaken, NotPermitted."""
    with transaction.atomic():
        _check(ProductClass.objects.filter(code=code).exists(), code, branch=branch, by=by)
        added = ProductClass.objects.create(code=code, name=name)
        _record("product_class", added.id, {"code": code, "name": name}, branch=branch, by=by, at=at)
        return added


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
    """Add a model to the catalogue. Raises CodeTaken, NotPermitted."""
    with transaction.atomic():
        _check(ProductModel.objects.filter(code=code).exists(), code, branch=branch, by=by)
        added = ProductModel.objects.create(
            code=code, name=name, product_class=product_class, guarantee_months=guarantee_months
        )
        _record("product_model", added.id, {"code": code, "name": name}, branch=branch, by=by, at=at)
        return added


def add_part(*, number: str, name: str, unit: str, price: Decimal, branch: Branch, by: Actor, at: datetime) -> Part:
    """Add a spare part. Raises CodeTaken, NotPermitted."""
    with transaction.atomic():
        _check(Part.objects.filter(number=number).exists(), number, branch=branch, by=by)
        added = Part.objects.create(number=number, name=name, unit=unit, price=price)
        _record("part", added.id, {"number": number, "name": name, "price": str(price)}, branch=branch, by=by, at=at)
        return added


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
    """Add a fault code to a product class. Raises CodeTaken, NotPermitted."""
    with transaction.atomic():
        _check(FaultCode.objects.filter(product_class=product_class, code=code).exists(), code, branch=branch, by=by)
        added = FaultCode.objects.create(
            product_class=product_class, code=code, name=name, performance_fault=performance_fault, severe=severe
        )
        _record("fault_code", added.id, {"code": code, "name": name}, branch=branch, by=by, at=at)
        return added


def _check(taken: bool, code: str, *, branch: Branch, by: Actor) -> None:
    by.require("catalog.change_catalogue", branch.id)
    if taken:
        raise CodeTaken(taken=code, field="code")


def _record(kind: str, key: UUID, data: dict[str, Any], *, branch: Branch, by: Actor, at: datetime) -> None:
    record(
        branch_id=branch.id,
        chain_id=key,
        verb=f"catalog.{kind}.added",
        subject=(kind, key),
        by=by,
        at=at,
        data=data,
    )
