"""What a caller may know and change about himself: who he is, where, and his tokens."""

from uuid import UUID

from django.utils import timezone

from shouhou.access import actions as acts
from shouhou.api.auth import ActorRequest, branch_named, user_of
from shouhou.api.queries import find_tokens_of, get_token_of
from shouhou.api.routing import Routes
from shouhou.api.schemas.people import (
    BranchAnswer,
    MeAnswer,
    NewTokenAnswer,
    TokenAnswer,
    TokenInput,
    TokenList,
)

routes = Routes("yourself")


@routes.read("/me", MeAnswer)
def show_me(request: ActorRequest) -> MeAnswer:
    """Show whose token this is, the branches that he sees and what he may do there."""
    actor, user = request.auth, user_of(request)
    return MeAnswer(
        user_id=user.id,
        username=user.username,
        display_name=user.display_name,
        branch=actor.branch.code if actor.branch else None,
        branches=[
            BranchAnswer(
                id=branch.id,
                code=branch.code,
                name=branch.name,
                kind=branch.kind,
                time_zone=branch.time_zone,
                permissions=sorted(code for code in actor.codes[branch.id] if actor.may(code, branch.id)),
            )
            for branch in actor.branches
        ],
    )


@routes.read("/tokens", TokenList)
def list_tokens(request: ActorRequest) -> TokenList:
    """List your own tokens, newest first."""
    return TokenList(rows=[TokenAnswer.of(token) for token in find_tokens_of(user_of(request))])


@routes.act("POST", "/tokens", NewTokenAnswer, status=201, shown_once="secret")
def issue_token(request: ActorRequest, body: TokenInput) -> NewTokenAnswer:
    """Make a token of your own. It cannot do more than the token that asks for it."""
    token, secret = acts.issue_token(
        user_of(request),
        name=body.name,
        scopes=body.scopes,
        expires_at=body.expires_at,
        branch=branch_named(request, body.branch),
        by=request.auth,
        at=timezone.now(),
    )
    return NewTokenAnswer(**dict(TokenAnswer.of(token)), secret=secret)


@routes.act("DELETE", "/tokens/{uuid:token_id}", TokenAnswer)
def revoke_token(request: ActorRequest, token_id: UUID) -> TokenAnswer:
    """End one of your tokens at once."""
    token = get_token_of(user_of(request), token_id)
    revoked = acts.revoke_token(token.id, branch=branch_named(request), by=request.auth, at=timezone.now())
    return TokenAnswer.of(revoked)
