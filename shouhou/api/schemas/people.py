"""Technicians, what they hold, when they are away, and who can be sent to a call."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from shouhou.access.models import ApiToken
from shouhou.api.fields import Answer, BranchName, Code, Day, Input, Line, Moment, Name, Word
from shouhou.api.paging import Page
from shouhou.api.schemas.catalog import Named, named
from shouhou.dispatch.queries import Candidate
from shouhou.kernel.phones import masked_phone
from shouhou.workforce.models import Absence, Certificate, Technician


class TechnicianAnswer(Answer):
    """Who is sent to customers."""

    id: UUID
    branch_id: UUID
    name: str
    phone: str = Field(description="Masked.")
    active: bool
    left_on: date | None

    @classmethod
    def of(cls, row: Technician) -> Self:
        return cls(
            id=row.id,
            branch_id=row.branch_id,
            name=row.name,
            phone=masked_phone(row.phone) if row.phone else "",
            active=row.active,
            left_on=row.left_on,
        )


class TechnicianPage(Page):
    rows: list[TechnicianAnswer]


class TechnicianInput(Input):
    """A user of a branch who shall be sent to customers."""

    branch: BranchName
    user_id: UUID
    phone: Word = ""


class TechnicianChange(Input):
    """How customers know him from now on. The phone is written out, or empty for none: what is shown is masked."""

    name: Name = Field(examples=["李明"])
    phone: Word


class DepartureInput(Input):
    left_on: Day
    reason: Line = Field(examples=["辞职"])


class CertificateAnswer(Answer):
    """A qualification that a technician holds, until `ends_on` (exclusive), or open."""

    id: UUID
    qualification: Named
    number: str
    starts_on: date
    ends_on: date | None

    @classmethod
    def of(cls, row: Certificate) -> Self:
        return cls(
            id=row.id,
            qualification=named(row.qualification),
            number=row.number,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )


class CertificatePage(Page):
    rows: list[CertificateAnswer]


class CertificateInput(Input):
    qualification: Code = Field(description="Code of the qualification.", examples=["gas"])
    number: Word = ""
    starts_on: Day
    ends_on: Day | None = None


class AbsenceAnswer(Answer):
    """A time when a technician cannot be sent."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str

    @classmethod
    def of(cls, row: Absence) -> Self:
        return cls(id=row.id, starts_at=row.starts_at, ends_at=row.ends_at, reason=row.reason)


class AbsencePage(Page):
    rows: list[AbsenceAnswer]


class AbsenceInput(Input):
    starts_at: Moment
    ends_at: Moment
    reason: str = Field("", max_length=100, pattern=r"^[^\x00]*$")


class CandidateAnswer(Answer):
    """A technician beside a call: how many visits he has that day, and why he may not be sent, if so."""

    technician: TechnicianAnswer
    visits: int
    refusal_code: str | None = Field(examples=["qualification_missing"])
    refusal: str | None

    @classmethod
    def of(cls, candidate: Candidate, refusal: str | None) -> Self:
        return cls(
            technician=TechnicianAnswer.of(candidate.technician),
            visits=len(candidate.visits),
            refusal_code=candidate.refusal.code if candidate.refusal else None,
            refusal=refusal,
        )


class CandidateList(Answer):
    """All technicians of the branch, those who may go first."""

    rows: list[CandidateAnswer]


class BranchAnswer(Answer):
    """A branch that you see, and what you may do there."""

    id: UUID
    code: str
    name: str
    kind: str
    time_zone: str
    permissions: list[str]


class MeAnswer(Answer):
    """Whose token this is."""

    user_id: UUID
    username: str
    display_name: str
    branch: str | None = Field(description="Code of the branch that is meant where none is named.")
    branches: list[BranchAnswer]


class TokenAnswer(Answer):
    """A token. Its secret is not kept."""

    id: UUID
    name: str
    scopes: list[str] = Field(description="Permission codes; empty means all that its user may do.")
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To about an hour.")

    @classmethod
    def of(cls, row: ApiToken) -> Self:
        return cls(
            id=row.id,
            name=row.name,
            scopes=row.scopes,
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
        )


class TokenList(Answer):
    rows: list[TokenAnswer]


class NewTokenAnswer(TokenAnswer):
    """A token just made."""

    secret: str | None = Field(
        description="Shown once. Null when the answer is given again for the same idempotency key."
    )


class TokenInput(Input):
    branch: BranchName
    name: Name = Field(min_length=1, examples=["Web shop"])
    expires_at: Moment
    scopes: list[Name] = Field([], max_length=60)
