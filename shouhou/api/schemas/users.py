"""People who may sign in, and their roles."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from shouhou.access.models import RoleAssignment, User
from shouhou.access.permissions import Role
from shouhou.api.fields import Answer, BranchName, Input, Moment, Name
from shouhou.api.paging import Page

_ShownName = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$"), Field(examples=["周敏"])]
_Username = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$"), Field(examples=["zhou.min"])]
_Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^\x00]*$")]


class RoleAnswer(Answer):
    """A role at a branch; it counts in every branch below, too."""

    id: UUID
    branch: str = Field(description="Code of the branch.", examples=["QD"])
    role: Role

    @classmethod
    def of(cls, row: RoleAssignment) -> Self:
        return cls(id=row.id, branch=row.branch.code, role=Role(row.role))


class RoleInput(Input):
    branch: BranchName
    role: Role


class UserRow(Answer):
    """A line of a list of users."""

    id: UUID
    username: str
    display_name: str
    home: str | None = Field(description="Code of the branch whose administrators answer for him.", examples=["QD"])
    active: bool = Field(description="Whether he may sign in.")
    second_factor: bool
    roles: list[RoleAnswer]

    @classmethod
    def of(cls, row: User) -> Self:
        """A user read with his roles, as `find_people` does."""
        return cls(**cls.fields_of(row))

    @staticmethod
    def fields_of(row: User) -> dict[str, Any]:
        return {
            "id": row.id,
            "username": row.username,
            "display_name": row.display_name,
            "home": row.home.code if row.home else None,
            "active": row.is_active,
            "second_factor": row.second_factor,  # type: ignore[attr-defined]  # annotated by `with_roles`
            "roles": [RoleAnswer.of(one) for one in row.assignments.all()],
        }


class UserPage(Page):
    rows: list[UserRow]


class UserAnswer(UserRow):
    """Someone who may sign in."""

    email: str
    has_password: bool = Field(description="If not, he chooses one by a link, or signs in through the company.")
    last_login: datetime | None

    @classmethod
    def of(cls, row: User) -> Self:
        return cls(
            **cls.fields_of(row),
            email=row.email,
            has_password=row.has_usable_password(),
            last_login=row.last_login,
        )


class PasswordLinkAnswer(Answer):
    """The address where a user chooses his password: good once, and for a day."""

    user_id: UUID
    password_link: str | None = Field(
        description="Shown once. Null when the answer is given again for the same idempotency key."
    )


class NewUserAnswer(UserAnswer):
    """A user just registered, with the address where he chooses his password."""

    password_link: str | None = Field(
        description="Shown once; good once, and for a day. Null when the answer is given again for the same idempotency key."
    )


class NewUserInput(Input):
    """Somebody who shall sign in, with his first role, at the branch whose administrators answer for him."""

    branch: BranchName
    role: Role
    username: _Username
    display_name: _ShownName
    email: _Email = ""


class UserChange(Input):
    """What is written of a user from now on, all of it. His user name stays."""

    display_name: _ShownName
    email: _Email


class TokenForUserInput(Input):
    """A token that acts as that user."""

    name: Name = Field(min_length=1, examples=["Web shop"])
    expires_at: Moment
    scopes: list[Name] = Field([], max_length=60)
