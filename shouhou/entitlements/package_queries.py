"""Service packages as they are read: which counts on a day, which did before, which are to come."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from shouhou.catalog.models import ProductModel
from shouhou.entitlements.models import ServicePackage


@dataclass(frozen=True, slots=True)
class PackageCourse:
    """All packages of a model as seen from a day, the newest first. What was decided anew before it began is in the past."""

    now: ServicePackage | None = None
    future: list[ServicePackage] = field(default_factory=list)
    past: list[ServicePackage] = field(default_factory=list)


def packages_of(model: ProductModel) -> QuerySet[ServicePackage]:
    """Every package a model ever had or will have, in the order in which they count."""
    rows = ServicePackage.objects.filter(product_model=model).select_related("decided_by").prefetch_related("lines")
    return rows.order_by("valid_from", "decided_at", "id")


def package_on(model: ProductModel, *, day: date) -> ServicePackage | None:
    """The package that counts on a day; None when none had been decided by then."""
    return packages_of(model).filter(valid_from__lte=day).last()


def package_course(model: ProductModel, *, day: date) -> PackageCourse:
    """The packages of a model by when they count. Two queries."""
    rows = list(packages_of(model))
    standing = {package.valid_from: package for package in rows}
    begun = [package for package in standing.values() if package.valid_from <= day]
    now = begun[-1] if begun else None
    future = [package for package in standing.values() if package.valid_from > day]
    known = {package.id for package in future} | ({now.id} if now else set())
    return PackageCourse(
        now=now, future=future[::-1], past=[package for package in reversed(rows) if package.id not in known]
    )
