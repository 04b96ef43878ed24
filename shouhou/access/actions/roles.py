"""Roles are given at a branch, and taken back."""

from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch, RoleAssignment, User
from shouhou.access.permissions import Role
from shouhou.access.queries import UserNotFound
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, NotFound, gettext_noop

ASSIGN = "access.assign_role"


class RoleNotHeld(NotFound):
    code = "role_not_held"


class LastAdministrator(Conflict):
    code = "last_administrator"
    template = gettext_noop("Then nobody would administer %(branch)s. Give the role to somebody else first.")


def assign_role(user: User, *, role: Role, branch: Branch, by: Actor, at: datetime) -> RoleAssignment:
    """Give a user a role at a branch and below. Giving it twice changes nothing and leaves no second event."""
    with act_transaction():
        if by.user:
            by.require(ASSIGN, branch.id)
        assignment, created = RoleAssignment.objects.get_or_create(user=user, branch=branch, role=role)
        if created:
            _record("assigned", assignment, branch, by=by, at=at)
        return assignment


def withdraw_role(user_id: UUID, *, role: Role, branch: Branch, by: Actor, at: datetime) -> User:
    """Take a role back. It counts at once: rights are read anew with every request.

    Raises RoleNotHeld, LastAdministrator, UserNotFound, NotPermitted.
    """
    with act_transaction():
        if by.user:
            by.require(ASSIGN, branch.id)
        if role == Role.ADMINISTRATOR:
            lock_administrators()
        user = User.objects.select_for_update().filter(id=user_id).first()
        if user is None:
            raise UserNotFound(field="user")
        assignment = RoleAssignment.objects.filter(user=user, branch=branch, role=role).first()
        if assignment is None:
            raise RoleNotHeld(field="role")
        assignment.delete()
        if role == Role.ADMINISTRATOR:
            check_administered(branch)
        _record("withdrawn", assignment, branch, by=by, at=at)
        return user


def lock_administrators() -> None:
    """Let those who take administrators away go one after the other: two who remove each other would leave nobody.

    Locked in one order, and before anything else of the act is.
    """
    rows = RoleAssignment.objects.filter(role=Role.ADMINISTRATOR).select_for_update().order_by("id")
    list(rows.values_list("id", flat=True))


def check_administered(branch: Branch) -> None:
    """Raises LastAdministrator when no active administrator is left for the branch, there or above it."""
    codes = branch.path.rstrip("/").split("/")
    left = RoleAssignment.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True, branch__code__in=codes)
    if not left.exists():
        raise LastAdministrator(branch=branch.name)


def _record(what: str, assignment: RoleAssignment, branch: Branch, *, by: Actor, at: datetime) -> None:
    record(
        branch_id=branch.id,
        chain_id=assignment.user_id,
        verb=f"access.role.{what}",
        subject=("user", assignment.user_id),
        by=by,
        at=at,
        data={"role": str(assignment.role), "branch": branch.code},
    )
