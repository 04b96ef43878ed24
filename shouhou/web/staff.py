"""People of branches as the administration lists them: counts, technicians, what expires, who is away."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count

from shouhou.access.models import Branch, RoleAssignment
from shouhou.access.wall import BranchQuerySet
from shouhou.workforce.models import Absence, Certificate, Technician
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import OPEN

SOON = timedelta(days=60)


def count_people(branches: Collection[Branch]) -> dict[UUID, int]:
    """How many active users have a role right at each branch."""
    rows = RoleAssignment.objects.filter(branch__in=branches, user__is_active=True).values("branch_id")
    return {row["branch_id"]: row["people"] for row in rows.annotate(people=Count("user_id", distinct=True))}


def count_open(branches: Collection[Branch]) -> dict[UUID, int]:
    """How many calls are open at each branch."""
    rows = WorkOrder.objects.filter(branch__in=branches, status__in=OPEN).values("branch_id")
    return {row["branch_id"]: row["calls"] for row in rows.annotate(calls=Count("id"))}


def find_technicians_of(branches: Collection[Branch], *, gone: bool = False) -> BranchQuerySet[Technician]:
    """Technicians of branches, by branch and name; with `gone` also those who have left."""
    rows = Technician.objects.filter(branch__in=branches).select_related("branch", "user")
    return (rows if gone else rows.filter(active=True)).order_by("branch__path", "-active", "name", "id")


@dataclass(frozen=True, slots=True)
class Standing:
    """A certificate as it stands on a day. `tone` as of a tag: red expired, amber soon, green good."""

    certificate: Certificate
    tone: str
    days: int | None


def standing_of(certificate: Certificate, *, today: date) -> Standing:
    """How long it is still good; `days` is None where it never expires, negative or 0 when it is over."""
    if certificate.ends_on is None:
        return Standing(certificate, "green", None)
    days = (certificate.ends_on - today).days
    return Standing(certificate, "red" if days <= 0 else "amber" if days <= SOON.days else "green", days)


def find_standings(technicians: Collection[Technician], *, today: date) -> dict[UUID, list[Standing]]:
    """For each technician what he holds: of each qualification the certificate that is good longest. One query."""
    branches = {one.branch_id for one in technicians}
    rows = Certificate.objects.filter(branch_id__in=branches, technician_id__in=[one.id for one in technicians])
    best: dict[tuple[UUID, UUID], Certificate] = {}
    for row in rows.select_related("qualification", "technician").order_by("qualification__code"):
        key = (row.technician_id, row.qualification_id)
        if key not in best or _lasts(row) > _lasts(best[key]):
            best[key] = row
    found: dict[UUID, list[Standing]] = {}
    for (technician_id, _), row in best.items():
        found.setdefault(technician_id, []).append(standing_of(row, today=today))
    return found


def find_certificates(technician: Technician, *, today: date) -> list[Standing]:
    """All that one technician holds or held, the newest first."""
    rows = Certificate.objects.filter(branch_id=technician.branch_id, technician_id=technician.id)
    rows = rows.select_related("qualification").order_by("-starts_on", "-id")
    return [standing_of(row, today=today) for row in rows]


def find_expiring(technicians: Collection[Technician], *, today: date) -> list[Standing]:
    """What expires within sixty days or is over and was not renewed, the most urgent first."""
    standings = [one for held in find_standings(technicians, today=today).values() for one in held]
    return sorted((one for one in standings if one.tone != "green"), key=lambda one: one.days or 0)


def find_absences(technicians: Collection[Technician], *, after: datetime) -> BranchQuerySet[Absence]:
    """Absences that are not over, the next one first."""
    branches = {one.branch_id for one in technicians}
    rows = Absence.objects.filter(branch_id__in=branches, technician_id__in=[one.id for one in technicians])
    return rows.filter(ends_at__gt=after).select_related("technician").order_by("starts_at", "id")


def _lasts(certificate: Certificate) -> date:
    return certificate.ends_on or date.max
