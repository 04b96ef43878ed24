"""Service packages: what is done for the units of a model after the sale."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from shouhou.api.fields import Answer
from shouhou.entitlements.models import ServicePackage
from shouhou.entitlements.package_queries import PackageCourse
from shouhou.entitlements.rules.scope import Measure, ScopeItem, ScopeLine, Strategy, Terms


class PackageLineAnswer(Answer):
    """One of the six kinds of work."""

    item: ScopeItem
    terms: Terms
    number: int | None = Field(description="Hours, visits a year or years after the sale; null: not promised.")
    measure: Measure | None = Field(description="What the number counts; null where the item has none.")
    extra: str

    @classmethod
    def of(cls, line: ScopeLine) -> Self:
        return cls(item=line.item, terms=line.terms, number=line.number, measure=line.measure, extra=line.extra)


class ServicePackageAnswer(Answer):
    """A package as it was decided. It counts from its day until the next one begins, and is never changed."""

    id: UUID
    valid_from: date
    strategy: Strategy
    reason: str
    decided_at: datetime
    lines: list[PackageLineAnswer]

    @classmethod
    def of(cls, row: ServicePackage) -> Self:
        return cls(
            id=row.id,
            valid_from=row.valid_from,
            strategy=Strategy(row.strategy),
            reason=row.reason,
            decided_at=row.decided_at,
            lines=[PackageLineAnswer.of(line) for line in row.scope],
        )


class ServicePackageCourse(Answer):
    """The packages of a model as they stand today, the newest first."""

    now: ServicePackageAnswer | None = Field(description="What counts today; null where nothing has been decided yet.")
    future: list[ServicePackageAnswer]
    past: list[ServicePackageAnswer] = Field(description="Ended, or decided anew before they began.")

    @classmethod
    def of(cls, course: PackageCourse) -> Self:
        return cls(
            now=ServicePackageAnswer.of(course.now) if course.now else None,
            future=[ServicePackageAnswer.of(row) for row in course.future],
            past=[ServicePackageAnswer.of(row) for row in course.past],
        )
