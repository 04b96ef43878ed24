"""Who calls: the token in the Authorization header, and the actor that its user is."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from shouhou.access.actors import Actor, BranchNotVisible, actor_for
from shouhou.access.models import Branch, User
from shouhou.api.queries import find_live_token


class ActorRequest(HttpRequest):
    """A request whose token was accepted."""

    auth: Actor


class Token(HttpBearer):
    """`Authorization: Bearer sh_…`. No cookie counts here, so there is nothing that a foreign page could ride on."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        live = find_live_token(token, at=timezone.now())
        return actor_for(live.user, channel="api", scopes=live.scopes) if live else None


def user_of(request: ActorRequest) -> User:
    """The user behind the token; there always is one."""
    return cast("User", request.auth.user)


def branch_named(request: ActorRequest, name: str = "") -> Branch:
    """The branch with this code or id among those that the caller sees; without a name the one he works in.

    Raises BranchNotVisible.
    """
    actor = request.auth
    if name:
        for branch in actor.branches:
            if name == branch.code or name.lower() == str(branch.id):
                return branch
    elif actor.branch:
        return actor.branch
    raise BranchNotVisible(field="branch")
