"""Tokens of others: an administrator makes and ends them for the programs of his branches."""

from uuid import UUID

from django.utils import timezone

from shouhou.access import actions as acts
from shouhou.access.models import Branch, User
from shouhou.access.queries import get_person, may_over
from shouhou.api.auth import ActorRequest
from shouhou.api.queries import find_tokens_of, get_token_of
from shouhou.api.routing import Routes
from shouhou.api.schemas.people import NewTokenAnswer, TokenAnswer, TokenList
from shouhou.api.schemas.users import TokenForUserInput
from shouhou.kernel.errors import NotPermitted

routes = Routes("users")
_ISSUE = "access.issue_token"


@routes.read("/users/{uuid:user_id}/tokens", TokenList)
def list_tokens_of_user(request: ActorRequest, user_id: UUID) -> TokenList:
    """List the tokens that act as this user, newest first."""
    return TokenList(rows=[TokenAnswer.of(token) for token in find_tokens_of(_owner(request, user_id))])


@routes.act("POST", "/users/{uuid:user_id}/tokens", NewTokenAnswer, status=201, shown_once="secret")
def issue_token_for_user(request: ActorRequest, user_id: UUID, body: TokenForUserInput) -> NewTokenAnswer:
    """Make a token that acts as this user, within its scopes. It cannot do more than the token that asks for it."""
    owner = _owner(request, user_id)
    token, secret = acts.issue_token(
        owner,
        name=body.name,
        scopes=body.scopes,
        expires_at=body.expires_at,
        branch=_written_down_at(owner),
        by=request.auth,
        at=timezone.now(),
    )
    return NewTokenAnswer(**dict(TokenAnswer.of(token)), secret=secret)


@routes.act("DELETE", "/users/{uuid:user_id}/tokens/{uuid:token_id}", TokenAnswer)
def revoke_token_of_user(request: ActorRequest, user_id: UUID, token_id: UUID) -> TokenAnswer:
    """End a token of this user at once."""
    owner = _owner(request, user_id)
    token = get_token_of(owner, token_id)
    revoked = acts.revoke_token(token.id, branch=_written_down_at(owner), by=request.auth, at=timezone.now())
    return TokenAnswer.of(revoked)


def _owner(request: ActorRequest, user_id: UUID) -> User:
    owner = get_person(user_id, by=request.auth)
    if not may_over(owner, _ISSUE, by=request.auth):
        raise NotPermitted(permission=_ISSUE)
    return owner


def _written_down_at(owner: User) -> Branch:
    """Whoever may make tokens for him may do so wherever he counts; the journal stands at his home, if he has one."""
    return owner.home or owner.assignments.all()[0].branch
