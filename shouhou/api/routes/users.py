"""Users and roles: who may sign in, and where he may do what."""

from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shouhou.access import actions as acts
from shouhou.access.models import User
from shouhou.access.passwords import link_of
from shouhou.access.permissions import SEE_PEOPLE, Role
from shouhou.access.queries import find_people, find_seen_branches, get_person
from shouhou.api.auth import ActorRequest, branch_named
from shouhou.api.fields import BranchName, Name
from shouhou.api.paging import Cursor, Keyset, Limit, paged
from shouhou.api.queries import get_role_of
from shouhou.api.routing import Routes
from shouhou.api.schemas.users import (
    NewUserAnswer,
    NewUserInput,
    PasswordLinkAnswer,
    RoleAnswer,
    RoleInput,
    UserAnswer,
    UserChange,
    UserPage,
    UserRow,
)
from shouhou.api.schemas.work_orders import ReasonInput
from shouhou.kernel.errors import NotPermitted

routes = Routes("users")
_BY_NAME = Keyset(display_name=str, id=UUID)


@routes.read("/users", UserPage)
def list_users(
    request: ActorRequest,
    branch: BranchName = "",
    role: Role | None = None,
    active: bool | None = None,
    q: Name = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> UserPage:
    """List who counts for something in your branches, by name.

    `q` is a piece of the name or of the user name; `branch` and `role` narrow to those who have a role there, or that role.
    """
    where = branch_named(request, branch).id if branch else None
    if not find_seen_branches(by=request.auth):
        raise NotPermitted(permission=SEE_PEOPLE)
    rows = find_people(by=request.auth, text=q, role=role or "", branch_id=where)
    if active is not None:
        rows = rows.filter(is_active=active)
    return UserPage(**paged(_BY_NAME, rows, UserRow.of, cursor=cursor, limit=limit))


@routes.read("/users/{uuid:user_id}", UserAnswer)
def show_user(request: ActorRequest, user_id: UUID) -> UserAnswer:
    """Show one user with his roles."""
    return UserAnswer.of(get_person(user_id, by=request.auth))


@routes.act("POST", "/users", NewUserAnswer, status=201, shown_once="password_link")
def register_user(request: ActorRequest, body: NewUserInput) -> NewUserAnswer:
    """Register somebody with his first role. Hand him the link: with it he chooses his password."""
    branch, by, now = branch_named(request, body.branch), request.auth, timezone.now()
    with transaction.atomic():  # neither a user without a role nor a link to nobody
        made = acts.register_user(
            username=body.username,
            display_name=body.display_name,
            email=body.email,
            password=None,
            branch=branch,
            by=by,
            at=now,
        )
        acts.assign_role(made, role=body.role, branch=branch, by=by, at=now)
        linked = acts.hand_out_password_link(made.id, by=by, at=now)
    shown = UserAnswer.of(get_person(made.id, by=by))
    return NewUserAnswer(**dict(shown), password_link=_address(request, linked))


@routes.act("PUT", "/users/{uuid:user_id}", UserAnswer)
def change_user(request: ActorRequest, user_id: UUID, body: UserChange) -> UserAnswer:
    """Correct the name as it is shown, and the e-mail address."""
    acts.change_user(user_id, display_name=body.display_name, email=body.email, by=request.auth, at=timezone.now())
    return UserAnswer.of(get_person(user_id, by=request.auth))


@routes.act("POST", "/users/{uuid:user_id}/roles", RoleAnswer, status=201)
def assign_role(request: ActorRequest, user_id: UUID, body: RoleInput) -> RoleAnswer:
    """Give a role at a branch and below. Giving it twice changes nothing."""
    user, branch = get_person(user_id, by=request.auth), branch_named(request, body.branch)
    return RoleAnswer.of(acts.assign_role(user, role=body.role, branch=branch, by=request.auth, at=timezone.now()))


@routes.act("DELETE", "/users/{uuid:user_id}/roles/{uuid:role_id}", RoleAnswer)
def withdraw_role(request: ActorRequest, user_id: UUID, role_id: UUID) -> RoleAnswer:
    """Take a role back. It counts at once."""
    held = get_role_of(get_person(user_id, by=request.auth), role_id, by=request.auth)
    acts.withdraw_role(user_id, role=Role(held.role), branch=held.branch, by=request.auth, at=timezone.now())
    return RoleAnswer.of(held)


@routes.act("POST", "/users/{uuid:user_id}/deactivation", UserAnswer)
def deactivate_user(request: ActorRequest, user_id: UUID, body: ReasonInput) -> UserAnswer:
    """Shut somebody out: his sessions and tokens end at once."""
    acts.deactivate_user(user_id, reason=body.reason, by=request.auth, at=timezone.now())
    return UserAnswer.of(get_person(user_id, by=request.auth))


@routes.act("POST", "/users/{uuid:user_id}/reactivation", UserAnswer)
def reactivate_user(request: ActorRequest, user_id: UUID, body: ReasonInput) -> UserAnswer:
    """Let somebody in again, with the roles that he had. His tokens stay revoked."""
    acts.reactivate_user(user_id, reason=body.reason, by=request.auth, at=timezone.now())
    return UserAnswer.of(get_person(user_id, by=request.auth))


@routes.act("POST", "/users/{uuid:user_id}/password-reset", PasswordLinkAnswer, shown_once="password_link")
def reset_password(request: ActorRequest, user_id: UUID, body: ReasonInput) -> PasswordLinkAnswer:
    """Take a password away, and answer the link with which its owner chooses a new one."""
    now = timezone.now()
    with transaction.atomic():  # nobody is left without a password and without a link
        acts.reset_password(user_id, reason=body.reason, by=request.auth, at=now)
        user = acts.hand_out_password_link(user_id, by=request.auth, at=now)
    return PasswordLinkAnswer(user_id=user.id, password_link=_address(request, user))


@routes.act("POST", "/users/{uuid:user_id}/password-link", PasswordLinkAnswer, shown_once="password_link")
def hand_out_password_link(request: ActorRequest, user_id: UUID) -> PasswordLinkAnswer:
    """Answer another link for somebody who has no password yet."""
    user = acts.hand_out_password_link(user_id, by=request.auth, at=timezone.now())
    return PasswordLinkAnswer(user_id=user.id, password_link=_address(request, user))


@routes.act("POST", "/users/{uuid:user_id}/second-factor-reset", UserAnswer)
def reset_second_factor(request: ActorRequest, user_id: UUID, body: ReasonInput) -> UserAnswer:
    """Take away a lost second factor; the password alone then lets him in."""
    acts.reset_second_factor(user_id, reason=body.reason, by=request.auth, at=timezone.now())
    return UserAnswer.of(get_person(user_id, by=request.auth))


@routes.act("POST", "/users/{uuid:user_id}/unlocking", UserAnswer)
def unlock_user(request: ActorRequest, user_id: UUID) -> UserAnswer:
    """Forget the wrong passwords that were counted against him."""
    acts.unlock_user(user_id, by=request.auth, at=timezone.now())
    return UserAnswer.of(get_person(user_id, by=request.auth))


def _address(request: ActorRequest, user: User) -> str:
    return request.build_absolute_uri(reverse("choose_password", args=[link_of(user)]))
