from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.audit.looks import Look
from shouhou.kernel.errors import NotFound, Refusal, gettext_noop
from shouhou.workforce.models import Absence, Certificate, Qualification, Requirement, Technician


class TechnicianNotFound(NotFound):
    code = "technician_not_found"


class CertificateNotFound(NotFound):
    code = "certificate_not_found"


class AbsenceNotFound(NotFound):
    code = "absence_not_found"


class TechnicianInactive(Refusal):
    code = "technician_inactive"
    template = gettext_noop("%(technician)s no longer works here.")


class QualificationMissing(Refusal):
    code = "qualification_missing"
    template = gettext_noop("%(technician)s does not hold “%(qualification)s”, which this work needs.")


class QualificationExpired(Refusal):
    code = "qualification_expired"
    template = gettext_noop("“%(qualification)s” of %(technician)s expired on %(expired)s; this work needs it.")


class TechnicianAbsent(Refusal):
    code = "technician_absent"
    template = gettext_noop("%(technician)s is away until %(until)s (%(reason)s).")


def get_technician(technician_id: UUID, *, by: Actor) -> Technician:
    """One technician of the actor's branches. Raises TechnicianNotFound."""
    technician = Technician.objects.visible_to(by).filter(id=technician_id).first()
    if technician is None:
        raise TechnicianNotFound(field="technician")
    return technician


def get_certificate(certificate_id: UUID, *, by: Actor) -> Certificate:
    """One certificate of a technician of the actor's branches. Raises CertificateNotFound."""
    certificate = Certificate.objects.visible_to(by).select_related("qualification").filter(id=certificate_id).first()
    if certificate is None:
        raise CertificateNotFound(field="certificate")
    return certificate


def get_absence(absence_id: UUID, *, by: Actor) -> Absence:
    """One absence of a technician of the actor's branches. Raises AbsenceNotFound."""
    absence = Absence.objects.visible_to(by).filter(id=absence_id).first()
    if absence is None:
        raise AbsenceNotFound(field="absence")
    return absence


def find_technician_of(user_id: UUID | None, *, by: Actor) -> Technician | None:
    """The technician that a user is, if he is one in the actor's branches."""
    return Technician.objects.visible_to(by).filter(user_id=user_id).first() if user_id else None


def find_technicians(branch: Branch) -> BranchQuerySet[Technician]:
    """Those who can be sent by this branch, by name."""
    return Technician.objects.at(branch).filter(active=True).order_by("name", "id")


def find_former_and_present(branch: Branch) -> BranchQuerySet[Technician]:
    """Everybody who was ever sent by this branch, those who can be sent now first."""
    return Technician.objects.at(branch).order_by("-active", "name", "id")


def find_required(*, product_class_id: UUID, work_type: str) -> QuerySet[Qualification]:
    """The qualifications that this work needs."""
    needed = Requirement.objects.filter(product_class_id=product_class_id).filter(
        Q(work_type="") | Q(work_type=work_type)
    )
    return Qualification.objects.filter(id__in=needed.values("qualification_id")).order_by("code")


def _absences(
    branch_ids: Sequence[UUID], keys: Sequence[UUID], from_: datetime, until: datetime | None = None
) -> BranchQuerySet[Absence]:
    rows = Absence.objects.within(branch_ids).filter(technician_id__in=keys, ends_at__gt=from_)
    return rows.filter(starts_at__lt=until) if until else rows.filter(starts_at__lte=from_)


_REQUIRED, _AWAY = Look(find_required), Look(_absences)


def refusals_of(
    technicians: Iterable[Technician],
    *,
    product_class_id: UUID,
    work_type: str,
    day: date,
    from_: datetime,
    until: datetime | None,
) -> dict[UUID, Refusal]:
    """Why technicians may not be sent to this work at that time; those who may are not in the answer.

    `day` is the date at the branch on which certificates must be in force; `[from_, until)` the time of the visit
    (without an end: the moment `from_`). Three queries for any number of technicians.
    """
    people = list(technicians)
    keys = [one.id for one in people]
    branches = {one.branch_id for one in people}
    required = _REQUIRED.all(product_class_id=product_class_id, work_type=work_type)
    held: dict[tuple[UUID, UUID], list[Certificate]] = defaultdict(list)
    if required:
        for certificate in Certificate.objects.filter(
            branch_id__in=branches, technician_id__in=keys, qualification__in=required
        ):
            held[certificate.technician_id, certificate.qualification_id].append(certificate)
    absences = _AWAY.all(branch_ids=branches, keys=keys, from_=from_, **({"until": until} if until else {}))
    away = {absence.technician_id: absence for absence in absences}

    found: dict[UUID, Refusal] = {}
    for person in people:
        refusal = _inactive(person) or _unqualified(person, required, held, day) or _absent(person, away)
        if refusal:
            found[person.id] = refusal
    return found


def _inactive(person: Technician) -> Refusal | None:
    return None if person.active else TechnicianInactive(technician=person.name, field="technician")


def _unqualified(
    person: Technician,
    required: list[Qualification],
    held: dict[tuple[UUID, UUID], list[Certificate]],
    day: date,
) -> Refusal | None:
    for qualification in required:
        certificates = held[person.id, qualification.id]
        if any(one.starts_on <= day and (one.ends_on is None or day < one.ends_on) for one in certificates):
            continue
        expired = [one.ends_on for one in certificates if one.ends_on and one.ends_on <= day]
        if expired:
            return QualificationExpired(
                technician=person.name,
                qualification=qualification.name,
                expired=max(expired).isoformat(),
                field="technician",
            )
        return QualificationMissing(technician=person.name, qualification=qualification.name, field="technician")
    return None


def _absent(person: Technician, away: dict[UUID, Absence]) -> Refusal | None:
    absence = away.get(person.id)
    if absence is None:
        return None
    return TechnicianAbsent(
        technician=person.name, until=absence.ends_at.isoformat(), reason=absence.reason or "—", field="technician"
    )
