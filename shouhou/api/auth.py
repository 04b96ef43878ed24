"""Who calls: the token in the Authorization header, and the actor that its user is."""

import logging
from datetime import datetime
from typing import cast

from django.db import OperationalError
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from shouhou.access.actions import note_token_used
from shouhou.access.actors import Actor, BranchNotVisible, actor_for
from shouhou.access.models import ApiToken, Branch, User
from shouhou.api.queries import find_live_token

_log = logging.getLogger(__name__)


class ActorRequest(HttpRequest):
    """A request whose token was accepted."""

    auth: Actor


class Token(HttpBearer):
    """`Authorization: Bearer sh_…`. No cookie counts here, so there is nothing that a foreign page could ride on."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        now = timezone.now()
        live = find_live_token(token, at=now)
        if live is None:
            return None
        _note_used(live, at=now)
        return actor_for(live.user, channel="api", scopes=live.scopes)


def user_of(request: ActorRequest) -> User:
    """The user behind the token; there always is one."""
    return cast("User", request.auth.user)


def branch_named(request: ActorRequest, name: str = "", *, field: str = "branch") -> Branch:
    """The branch with this code or id among those that the caller sees; without a name the one he works in.

    `field` is where the name was read from. Raises BranchNotVisible.
    """
    actor = request.auth
    if name:
        for branch in actor.branches:
            if name == branch.code or name.lower() == str(branch.id):
                return branch
    elif actor.branch:
        return actor.branch
    raise BranchNotVisible(field=field)


def _note_used(token: ApiToken, *, at: datetime) -> None:
    # A call that only reads must not fail because somebody else is writing just now; the next one will note it.
    try:
        note_token_used(token, at=at)
    except OperationalError as error:
        _log.warning("the use of token %s was not noted: %s", token.id, error)
