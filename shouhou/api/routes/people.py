"""Technicians: who there is, what they hold, when they are away, where they are sent."""

from uuid import UUID

from django.utils import timezone

from shouhou.access.permissions import SEE_REGISTER
from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.fields import BranchName, Day, Moment
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.queries import (
    find_absences_of,
    find_all_visits_of,
    find_certificates_of,
    get_absence_of,
    get_candidate,
    get_certificate_of,
    get_qualification,
)
from shouhou.api.routing import Routes
from shouhou.api.schemas.people import (
    AbsenceAnswer,
    AbsenceInput,
    AbsencePage,
    CertificateAnswer,
    CertificateInput,
    CertificatePage,
    DepartureInput,
    TechnicianAnswer,
    TechnicianChange,
    TechnicianInput,
    TechnicianPage,
)
from shouhou.api.schemas.visits import VisitAnswer, VisitPage
from shouhou.api.schemas.work_orders import ReasonInput
from shouhou.workforce import actions as acts
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import find_former_and_present, find_technicians, get_technician
from shouhou.workorders.actions import part_with_technician as end_employment

routes = Routes("technicians")
_REGISTER = "workforce.register_technician"
_BY_NAME = Keyset(name=str, id=UUID)
_BY_START = Keyset(starts_at=Moment, id=UUID)
_NEWEST_FIRST = Keyset(starts_on=Day, id=UUID).descending()
_LAST_SENT_FIRST = Keyset(dispatched_at=Moment, id=UUID).descending()


@routes.read("/technicians", TechnicianPage)
def list_technicians(
    request: ActorRequest, branch: BranchName = "", former: bool = False, cursor: Cursor = "", limit: Limit = 50
) -> TechnicianPage:
    """List who can be sent by a branch, by name; with `former` also those who left."""
    where = branch_named(request, branch)
    request.auth.require(SEE_REGISTER, where.id)
    rows = find_former_and_present(where) if former else find_technicians(where)
    return TechnicianPage(**paged(_BY_NAME, rows, TechnicianAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/technicians", TechnicianAnswer, status=201)
def register_technician(request: ActorRequest, body: TechnicianInput) -> TechnicianAnswer:
    """Make a user of a branch its technician."""
    branch = branch_named(request, body.branch)
    request.auth.require(_REGISTER, branch.id)  # before it is said whether there is such a user
    user = get_candidate(branch, body.user_id, by=request.auth)
    made = acts.register_technician(user, branch=branch, phone=body.phone, by=request.auth, at=timezone.now())
    return TechnicianAnswer.of(made)


@routes.read("/technicians/{uuid:technician_id}", TechnicianAnswer)
def show_technician(request: ActorRequest, technician_id: UUID) -> TechnicianAnswer:
    """Show one technician."""
    return TechnicianAnswer.of(_technician(request, technician_id))


@routes.act("PUT", "/technicians/{uuid:technician_id}", TechnicianAnswer)
def change_technician(request: ActorRequest, technician_id: UUID, body: TechnicianChange) -> TechnicianAnswer:
    """Correct the name as customers see it, and the phone."""
    technician = acts.change_technician(
        technician_id, name=body.name, phone=body.phone, by=request.auth, at=timezone.now()
    )
    return TechnicianAnswer.of(technician)


@routes.act("POST", "/technicians/{uuid:technician_id}/departure", TechnicianAnswer)
def part_with_technician(request: ActorRequest, technician_id: UUID, body: DepartureInput) -> TechnicianAnswer:
    """Let him leave the company, once he has neither visits to make nor vouchers. His user is shut out by an act of its own."""
    technician = end_employment(
        technician_id, left_on=body.left_on, reason=body.reason, by=request.auth, at=timezone.now()
    )
    return TechnicianAnswer.of(technician)


@routes.act("POST", "/technicians/{uuid:technician_id}/return", TechnicianAnswer)
def take_on_again(request: ActorRequest, technician_id: UUID) -> TechnicianAnswer:
    """Take him on again, with the certificates that are still in force."""
    return TechnicianAnswer.of(acts.take_on_again(technician_id, by=request.auth, at=timezone.now()))


@routes.read("/technicians/{uuid:technician_id}/visits", VisitPage)
def list_visits_of_technician(
    request: ActorRequest, technician_id: UUID, live: bool = False, cursor: Cursor = "", limit: Limit = 50
) -> VisitPage:
    """List a technician's visits, last sent first; with `live` only those that are not over."""
    rows = find_all_visits_of(_technician(request, technician_id), live=live)
    return VisitPage(**paged(_LAST_SENT_FIRST, rows, VisitAnswer.of, cursor=cursor, limit=limit))


@routes.read("/technicians/{uuid:technician_id}/qualifications", CertificatePage)
def list_qualifications_of_technician(
    request: ActorRequest, technician_id: UUID, cursor: Cursor = "", limit: Limit = 50
) -> CertificatePage:
    """List the certificates that a technician holds or held."""
    rows = find_certificates_of(_technician(request, technician_id))
    return CertificatePage(**paged(_NEWEST_FIRST, rows, CertificateAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/technicians/{uuid:technician_id}/qualifications", CertificateAnswer, status=201)
def grant_qualification(request: ActorRequest, technician_id: UUID, body: CertificateInput) -> CertificateAnswer:
    """Write down a certificate that a technician holds."""
    certificate = acts.grant_qualification(
        technician_id,
        qualification=get_qualification(body.qualification),
        number=body.number,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        by=request.auth,
        at=timezone.now(),
    )
    return CertificateAnswer.of(certificate)


@routes.act(
    "POST", "/technicians/{uuid:technician_id}/qualifications/{uuid:certificate_id}/withdrawal", CertificateAnswer
)
def withdraw_qualification(
    request: ActorRequest, technician_id: UUID, certificate_id: UUID, body: ReasonInput
) -> CertificateAnswer:
    """Take back a certificate that was written down by mistake, or revoked. Answers it as it was."""
    certificate = get_certificate_of(_technician(request, technician_id), certificate_id)
    acts.withdraw_qualification(certificate.id, reason=body.reason, by=request.auth, at=timezone.now())
    return CertificateAnswer.of(certificate)


@routes.read("/technicians/{uuid:technician_id}/absences", AbsencePage)
def list_absences_of_technician(
    request: ActorRequest, technician_id: UUID, cursor: Cursor = "", limit: Limit = 50
) -> AbsencePage:
    """List absences that are not over, the next one first."""
    rows = find_absences_of(_technician(request, technician_id), after=timezone.now())
    return AbsencePage(**paged(_BY_START, rows, AbsenceAnswer.of, cursor=cursor, limit=limit))


@routes.act("POST", "/technicians/{uuid:technician_id}/absences", AbsenceAnswer, status=201)
def record_absence(request: ActorRequest, technician_id: UUID, body: AbsenceInput) -> AbsenceAnswer:
    """Write down a time when a technician cannot be sent."""
    absence = acts.record_absence(
        technician_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        reason=body.reason,
        by=request.auth,
        at=timezone.now(),
    )
    return AbsenceAnswer.of(absence)


@routes.act("DELETE", "/technicians/{uuid:technician_id}/absences/{uuid:absence_id}", AbsenceAnswer)
def withdraw_absence(request: ActorRequest, technician_id: UUID, absence_id: UUID) -> AbsenceAnswer:
    """Take an absence back: he comes after all. Answers it as it was."""
    absence = get_absence_of(_technician(request, technician_id), absence_id)
    acts.withdraw_absence(absence.id, by=request.auth, at=timezone.now())
    return AbsenceAnswer.of(absence)


def _technician(request: ActorRequest, technician_id: UUID) -> Technician:
    technician = get_technician(technician_id, by=request.auth)
    request.auth.require(SEE_REGISTER, technician.branch_id)
    return technician
