"""Promises: what is owed and by when, the clock of one, its excuses and the rulings on them."""

from typing import Annotated, BinaryIO, cast
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import UploadedFile
from ninja.params.models import File, Form

from shouhou.access.permissions import SEE_REGISTER, Role
from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.fields import BranchName, Word
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.routing import Routes
from shouhou.api.schemas.promises import (
    ExcuseAnswer,
    ExcuseRulingInput,
    PauseInput,
    PromiseAnswer,
    PromiseHistoryAnswer,
    PromisePage,
    StandWanted,
)
from shouhou.commitments import actions as acts
from shouhou.commitments.models import Commitment, Excuse
from shouhou.commitments.queries import (
    excuses_of,
    find_owed,
    get_commitment,
    get_evidence,
    get_excuse,
    marks_of,
    notices_of,
)

routes = Routes("promises")
_IN_ORDER = Keyset(id=UUID)


@routes.read("/promises", PromisePage)
def list_promises(
    request: ActorRequest,
    branch: BranchName = "",
    stand: StandWanted | None = None,
    owner: Role | None = None,
    definition: Word = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> PromisePage:
    """List what the branch owes and has not kept yet, in the order in which it was promised."""
    where, now = branch_named(request, branch), timezone.now()
    request.auth.require(SEE_REGISTER, where.id)
    rows = find_owed(where, owner=owner or "", definition=definition, stand=stand or "", at=now)
    return PromisePage(**paged(_IN_ORDER, rows, lambda row: PromiseAnswer.of(row, now=now), cursor=cursor, limit=limit))


@routes.read("/promises/{uuid:commitment_id}", PromiseHistoryAnswer)
def show_promise(request: ActorRequest, commitment_id: UUID) -> PromiseHistoryAnswer:
    """Show one promise with everything that happened to its clock."""
    return _whole(_promise(request, commitment_id))


@routes.act("POST", "/promises/{uuid:commitment_id}/pause", PromiseAnswer, status=201)
def pause_promise(request: ActorRequest, commitment_id: UUID, body: PauseInput) -> PromiseAnswer:
    """Stop the clock by hand. With a cause of our own it is written down, and the clock goes on."""
    now = timezone.now()
    row = acts.pause_commitment(commitment_id, cause=body.cause, reason=body.reason, by=request.auth, at=now)
    return PromiseAnswer.of(row, now=now)


@routes.act("DELETE", "/promises/{uuid:commitment_id}/pause", PromiseAnswer)
def release_promise(request: ActorRequest, commitment_id: UUID) -> PromiseAnswer:
    """Let the clock go on that was stopped by hand."""
    now = timezone.now()
    return PromiseAnswer.of(acts.release_commitment(commitment_id, by=request.auth, at=now), now=now)


@routes.act("POST", "/promises/{uuid:commitment_id}/excuses", ExcuseAnswer, status=201)
def claim_excuse(
    request: ActorRequest,
    commitment_id: UUID,
    kind: Annotated[Excuse.Kind, Form(...)],
    account: Annotated[str, Form(..., min_length=1, max_length=1000, pattern=r"^[^\x00]*$")],
    evidence: Annotated[UploadedFile, File(..., description="JPEG, PNG, WebP or PDF, at most 8 MB.")],
) -> ExcuseAnswer:
    """Claim that an objective cause kept us from it, with a file that proves it."""
    proof = [cast("BinaryIO", evidence.file)]
    told = {"kind": str(kind), "account": account}
    excuse = acts.claim_excuse(commitment_id, **told, evidence=proof, by=request.auth, at=timezone.now())
    return ExcuseAnswer.of(excuse)


@routes.act("POST", "/promises/{uuid:commitment_id}/excuses/{uuid:excuse_id}/ruling", ExcuseAnswer, status=201)
def rule_on_excuse(
    request: ActorRequest, commitment_id: UUID, excuse_id: UUID, body: ExcuseRulingInput
) -> ExcuseAnswer:
    """Accept an excuse, or do not. Accepted, what the breach owes is taken back."""
    excuse = get_excuse(commitment_id, excuse_id, by=request.auth)
    acts.rule_on_excuse(excuse.id, accepted=body.accepted, reason=body.reason, by=request.auth, at=timezone.now())
    return ExcuseAnswer.of(get_excuse(commitment_id, excuse_id, by=request.auth))


@routes.read_file("/promises/evidence/{uuid:evidence_id}", "application/octet-stream")
def show_evidence(request: ActorRequest, evidence_id: UUID) -> HttpResponse:
    """Fetch a file that proves an excuse: a JPEG or a PDF."""
    one = get_evidence(evidence_id, by=request.auth)
    request.auth.require(SEE_REGISTER, one.branch_id)
    with one.file.open() as file:
        return HttpResponse(
            file.read(),
            content_type="image/jpeg" if one.is_picture else "application/pdf",
            headers={"Content-Disposition": "attachment"},
        )


def _promise(request: ActorRequest, commitment_id: UUID) -> Commitment:
    row = get_commitment(commitment_id, by=request.auth)
    request.auth.require(SEE_REGISTER, row.branch_id)
    return row


def _whole(row: Commitment) -> PromiseHistoryAnswer:
    return PromiseHistoryAnswer.whole(
        row,
        marks=marks_of([row], branch_id=row.branch_id)[row.id],
        notices=notices_of(row),
        excuses=excuses_of(row),
        now=timezone.now(),
    )
