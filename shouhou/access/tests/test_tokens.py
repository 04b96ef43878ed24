from datetime import timedelta
from typing import Any

import pytest

from shouhou.access.actions import (
    ScopeTooWide,
    TokenNeverExpires,
    TokenNotFound,
    UnknownScope,
    issue_token,
    revoke_token,
    token_hash,
)
from shouhou.access.actors import Actor, BranchNotVisible, actor_for
from shouhou.access.models import ApiToken, User
from shouhou.access.permissions import Role
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.ids import uuid7
from tests.cast import NOW, Cast, refuses

SEE, RECEIVE = "workorders.see_register", "workorders.receive_call"


def user_of(actor: Actor) -> User:
    assert actor.user
    return actor.user


def issue(cast: Cast, **given: Any) -> tuple[ApiToken, str]:
    by: Actor = given.pop("by", cast.qd.clerk)
    user = given.pop("user", by.user)
    usual: dict[str, Any] = {
        "name": "交换机",
        "expires_at": NOW + timedelta(days=90),
        "branch": cast.qd.branch,
        "at": NOW,
    }
    return issue_token(user, **usual | {"by": by} | given)


def test_only_its_hash_is_kept(cast: Cast) -> None:
    _, secret = issue(cast, scopes=[RECEIVE, SEE])
    stored = ApiToken.objects.get()
    assert (bytes(stored.hash), stored.scopes) == (token_hash(secret), [RECEIVE, SEE])
    assert secret.startswith("sh_")
    assert secret not in str(list(ApiToken.objects.values()))
    assert issue(cast)[1] != secret


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"scopes": ["workorders.fly"]}, UnknownScope),
        ({"expires_at": NOW}, TokenNeverExpires),
        ({"expires_at": NOW - timedelta(days=1)}, TokenNeverExpires),
    ],
)
def test_it_refuses_bad_input(given: dict[str, Any], refusal: type[Refusal], cast: Cast) -> None:
    with refuses(refusal):
        issue(cast, **given)


def test_an_administrator_issues_tokens_for_his_people_only(cast: Cast) -> None:
    admin = cast.qd.administrator
    assert issue(cast, by=admin, user=cast.qd.clerk.user)[0].user == cast.qd.clerk.user
    with refuses(NotPermitted):
        issue(cast, by=cast.qd.supervisor, user=cast.qd.clerk.user)
    # A token acts as its user: one for somebody of headquarters would open every branch.
    for user in (cast.headquarters[Role.MANAGER].user, cast.jn.clerk.user):
        with refuses(BranchNotVisible):
            issue(cast, by=admin, user=user)


def test_a_scoped_token_gives_no_more_than_it_has(cast: Cast) -> None:
    by = actor_for(user_of(cast.qd.clerk), channel="api", scopes=[SEE])
    for scopes in ([], [SEE, RECEIVE]):
        with refuses(ScopeTooWide):
            issue(cast, by=by, scopes=scopes)
    assert issue(cast, by=by, scopes=[SEE])[0].scopes == [SEE]


def test_it_ends_at_once(cast: Cast) -> None:
    token, _ = issue(cast)
    later = NOW + timedelta(hours=1)
    with refuses(BranchNotVisible):
        revoke_token(token.id, branch=cast.qd.branch, by=cast.jn.administrator, at=later)
    with refuses(NotPermitted):
        revoke_token(token.id, branch=cast.qd.branch, by=cast.qd.supervisor, at=later)
    with refuses(TokenNotFound):
        revoke_token(uuid7(), branch=cast.qd.branch, by=cast.qd.clerk, at=later)
    assert revoke_token(token.id, branch=cast.qd.branch, by=cast.qd.clerk, at=later).revoked_at == later
