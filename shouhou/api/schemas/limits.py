"""Approval limits: who decides alone up to how much."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from pydantic import Field

from shouhou.access.models import ApprovalLimit
from shouhou.access.permissions import Role
from shouhou.access.rules import Decision
from shouhou.api.fields import Amount, Answer, BranchName, Input

_PLACE = Field(default=None, description="Null: everywhere.")


class LimitAnswer(Answer):
    """Up to what whoever holds a role decides one kind of thing alone."""

    kind: Decision
    role: Role
    amount: Amount | None = Field(description="Null: without limit.")
    currency: str
    set_at: str | None = Field(
        description="Code of the branch that says so, for itself and all below; null: everywhere."
    )
    since: datetime
    until: datetime | None

    @classmethod
    def of(cls, limit: ApprovalLimit) -> Self:
        return cls(
            kind=Decision(limit.kind),
            role=Role(limit.role),
            amount=limit.amount,
            currency=limit.currency,
            set_at=limit.place.code if limit.place else None,
            since=limit.starts_at,
            until=limit.ends_at,
        )


class LimitList(Answer):
    """Limits, each kind from who decides least to who decides most; in a history the newest first."""

    rows: list[LimitAnswer]


class LimitOfRole(Input):
    """Which limit is meant."""

    branch: BranchName | None = _PLACE
    kind: Decision
    role: Role


class LimitInput(LimitOfRole):
    """What a limit is from now on."""

    amount: Decimal | None = Field(description="Null: without limit.", ge=0, max_digits=12, decimal_places=2)
