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
    TechnicianAnswer,
    TechnicianPage,
)
from shouhou.api.schemas.visits import VisitAnswer, VisitPage
from shouhou.workforce import actions as acts
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import find_technicians, get_technician

routes = Routes("technicians")
_BY_NAME = Keyset(name=str, id=UUID)
_BY_START = Keyset(starts_at=Moment, id=UUID)
_NEWEST_FIRST = Keyset(starts_on=Day, id=UUID).descending()
_LAST_SENT_FIRST = Keyset(dispatched_at=Moment, id=UUID).descending()


@routes.read("/technicians", TechnicianPage)
def list_technicians(
    request: ActorRequest, branch: BranchName = "", cursor: Cursor = "", limit: Limit = 50
) -> TechnicianPage:
    """List who can be sent by a branch, by name."""
    where = branch_named(request, branch)
    request.auth.require(SEE_REGISTER, where.id)
    return TechnicianPage(**paged(_BY_NAME, find_technicians(where), TechnicianAnswer.of, cursor=cursor, limit=limit))


@routes.read("/technicians/{uuid:technician_id}", TechnicianAnswer)
def show_technician(request: ActorRequest, technician_id: UUID) -> TechnicianAnswer:
    """Show one technician."""
    return TechnicianAnswer.of(_technician(request, technician_id))


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


def _technician(request: ActorRequest, technician_id: UUID) -> Technician:
    technician = get_technician(technician_id, by=request.auth)
    request.auth.require(SEE_REGISTER, technician.branch_id)
    return technician
