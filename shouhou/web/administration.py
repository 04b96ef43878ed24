"""What the pages of the administration share: who may look, and what the branches of the reader are."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.permissions import SEE_PEOPLE
from shouhou.access.queries import find_seen_branches
from shouhou.web.requests import ActorRequest

CHANGE_BRANCH, CHANGE_USER = "access.change_branch", "access.change_user"
ASSIGN_ROLE, ISSUE_TOKEN = "access.assign_role", "access.issue_token"
REGISTER_TECHNICIAN = "workforce.register_technician"


def may_look(request: ActorRequest, code: str = SEE_PEOPLE) -> list[Branch]:
    """The branches whose people the reader may see; a 403 where he may not see any, or lacks the permission in all."""
    seen = find_seen_branches(by=request.actor)
    if not any(request.actor.may(code, branch.id) for branch in seen):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))
    return seen


def where(actor: Actor, code: str) -> list[Branch]:
    """The open branches in which he has a permission, from the top down."""
    return [branch for branch in actor.branches if actor.may(code, branch.id) and branch.closed_at is None]


def by_code(branches: list[Branch], code: str) -> Branch:
    """The one of them with this code. The form has seen to it that there is one."""
    return next(branch for branch in branches if branch.code == code)
