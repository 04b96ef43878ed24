"""Who may act on whom and on which branch: one needs the right at every place where the other one counts for something."""

from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor, BranchNotVisible
from shouhou.access.models import Branch, User
from shouhou.access.queries import UserNotFound, places_of
from shouhou.audit.actions import record
from shouhou.kernel.errors import Invalid, NotPermitted, gettext_noop
from shouhou.kernel.texts import written


class ReasonOwed(Invalid):
    code = "reason_missing"
    template = gettext_noop("Please give the reason.")


class ReachesFurther(NotPermitted):
    code = "reaches_further"
    template = gettext_noop(
        "%(user)s also counts for something in branches that you do not administer (%(permission)s)."
    )


class OwnSignIn(NotPermitted):
    code = "own_sign_in"
    template = gettext_noop(
        "This is your own account. Your own sign-in is changed on your own page, or by a colleague."
    )


def require_over(user: User, *, code: str, by: Actor) -> None:
    """The permission at his home and wherever he has a role: else one would reach through him into other branches.

    Raises BranchNotVisible, ReachesFurther, NotPermitted.
    """
    if by.user is None:
        return
    places = places_of(user)
    if not places & set(by.branch_ids):
        raise BranchNotVisible()
    for branch_id in sorted(places):
        if branch_id not in by.branch_ids:
            raise ReachesFurther(user=str(user), permission=code)
        by.require(code, branch_id)


def lock_user(user_id: UUID, *, code: str, by: Actor) -> User:
    """The user, locked, if the actor has this permission over him. Raises UserNotFound, BranchNotVisible, NotPermitted."""
    user = User.objects.select_for_update().filter(id=user_id).first()
    if user is None:
        raise UserNotFound(field="user")
    require_over(user, code=code, by=by)
    return user


def lock_branch(branch_id: UUID, *, by: Actor) -> Branch:
    """The branch, locked, if the actor may change it. Raises BranchNotVisible, NotPermitted."""
    if by.user:
        by.require("access.change_branch", branch_id)
    # Rows that refer to the branch are written all day; only what changes the branch itself has to wait.
    branch = Branch.objects.select_for_update(no_key=True).filter(id=branch_id).first()
    if branch is None:
        raise BranchNotVisible(field="branch")
    return branch


def record_of_branch(what: str, branch: Branch, data: dict[str, object], *, by: Actor, at: datetime) -> None:
    """Write the event of an act on the branch itself, or on its numbers, into the branch's journal."""
    record(
        branch_id=branch.id,
        chain_id=branch.id,
        verb=f"access.branch.{what}",
        subject=("branch", branch.id),
        by=by,
        at=at,
        data=data,
    )


def given_reason(reason: str) -> str:
    """The reason without white space around it. Raises ReasonOwed, TextTooLong."""
    reason = written(reason, most=200, field="reason")
    if not reason:
        raise ReasonOwed(field="reason")
    return reason
