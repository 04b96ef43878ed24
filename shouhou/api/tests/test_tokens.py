"""Who gets in: the token and its scopes; and a caller's own tokens."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from shouhou.access.models import ApiToken, User
from shouhou.api import auth
from shouhou.api.models import StoredAnswer
from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from shouhou.audit.models import Event
from tests.cast import Cast, Crew, unchanged


def _tomorrow() -> str:
    return (timezone.now() + timedelta(days=1)).isoformat()


def test_it_lets_a_token_in(clerk: Caller, qd: Crew) -> None:
    assert clerk.get("/me").json()["username"] == qd.clerk.user.username  # type: ignore[union-attr]


def test_its_use_is_noted_about_once_an_hour(qd: Crew) -> None:
    caller = caller_for(qd.clerk, last_used_at=None)
    token = ApiToken.objects.get()
    caller.get("/me")
    token.refresh_from_db()
    assert token.last_used_at
    with unchanged():
        caller.get("/me")
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(hours=2))
    caller.get("/me")
    assert timezone.now() - ApiToken.objects.get().last_used_at < timedelta(hours=1)  # type: ignore[operator]


def test_a_read_does_not_fail_because_its_use_cannot_be_noted(
    qd: Crew, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(*_args: Any, **_given: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(auth, "note_token_used", locked)
    assert caller_for(qd.clerk).get("/me").status_code == 200
    assert "was not noted: database is locked" in caplog.text


@pytest.mark.parametrize(
    "fields", [{"expires_at": timezone.now()}, {"revoked_at": timezone.now()}], ids=["expired", "revoked"]
)
def test_it_refuses_a_dead_token(fields: dict[str, Any], qd: Crew) -> None:
    response = caller_for(qd.clerk, **fields).get("/me")
    assert_problem(response, 401, "invalid_token")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("secret", ["", "sh_wrong", "Bearer", "\x00", "钥匙"])
def test_it_refuses_a_wrong_token(secret: str, cast: Cast) -> None:
    assert_problem(Caller(secret).get("/me"), 401, "invalid_token")


def test_it_refuses_another_scheme(clerk: Caller) -> None:
    assert_problem(clerk._client.get("/api/v1/me", headers={"Authorization": "Basic YTpi"}), 401, "invalid_token")


def test_it_refuses_the_token_of_someone_who_left(qd: Crew, clerk: Caller) -> None:
    User.objects.filter(username="clerk.qd").update(is_active=False)
    assert_problem(clerk.get("/me"), 401, "invalid_token")


def test_it_refuses_a_session_cookie(qd: Crew, client: Any) -> None:
    client.force_login(qd.clerk.user)
    assert_problem(client.get("/api/v1/me"), 401, "invalid_token")


def test_a_scope_is_all_that_a_token_may_do(qd: Crew) -> None:
    narrow = caller_for(qd.clerk, scopes=["customers.see_customer"])
    assert narrow.get("/customers").status_code == 200
    assert_problem(narrow.get("/work-orders"), 403, "not_permitted")
    with unchanged():
        assert_problem(narrow.post(f"/customers/{qd.customer.id}/phone"), 403, "not_permitted")


def test_who_knows_nobody_sees_nothing(cast: Cast, qd: Crew) -> None:
    qd.clerk.user.assignments.all().delete()  # type: ignore[union-attr]
    caller = caller_for(qd.clerk)
    assert caller.get("/me").json()["branches"] == []
    assert_problem(caller.get("/work-orders"), 404, "branch_not_found")


def test_it_says_who_one_is_and_what_one_may(qd: Crew) -> None:
    me = caller_for(qd.clerk, scopes=["customers.see_customer"]).get("/me").json()
    assert me["branch"] == "QD"
    assert [(one["code"], one["permissions"]) for one in me["branches"]] == [("QD", ["customers.see_customer"])]


def test_it_issues_a_token_that_works(clerk: Caller) -> None:
    made = clerk.post("/tokens", {"branch": "QD", "name": "商城", "expires_at": _tomorrow()}).json()
    assert Caller(made["secret"]).get("/me").status_code == 200
    assert made["id"] in [one["id"] for one in clerk.get("/tokens").json()["rows"]]
    assert "secret" not in clerk.get("/tokens").json()["rows"][0]


def test_the_secret_is_not_kept_for_repeats(clerk: Caller) -> None:
    body = {"branch": "QD", "name": "商城", "expires_at": _tomorrow()}
    secret = clerk.post("/tokens", body, key="k").json()["secret"]
    assert secret not in str(StoredAnswer.objects.get().body)
    assert clerk.post("/tokens", body, key="k").json()["secret"] is None


@pytest.mark.parametrize("scopes", [[], ["workorders.receive_call"]], ids=["all", "another"])
def test_it_refuses_a_scoped_token_to_issue_a_wider_one(scopes: list[str], qd: Crew) -> None:
    narrow = caller_for(qd.clerk, scopes=["customers.see_customer"])
    body = {"branch": "QD", "name": "商城", "expires_at": _tomorrow()}
    with unchanged():
        assert_problem(narrow.post("/tokens", body | {"scopes": scopes}), 403, "scope_too_wide")
    assert narrow.post("/tokens", body | {"scopes": ["customers.see_customer"]}).status_code == 201


def test_it_refuses_an_unknown_scope_and_a_past_end(clerk: Caller) -> None:
    body = {"branch": "QD", "name": "商城", "expires_at": _tomorrow()}
    with unchanged():
        assert_problem(clerk.post("/tokens", body | {"scopes": ["fly"]}), 422, "unknown_scope")
        past = timezone.now().isoformat()
        assert_problem(clerk.post("/tokens", body | {"expires_at": past}), 422, "token_expiry_in_past")


def test_it_revokes_a_token_at_once(clerk: Caller) -> None:
    made = clerk.post("/tokens", {"branch": "QD", "name": "商城", "expires_at": _tomorrow()}).json()
    assert clerk.delete(f"/tokens/{made['id']}").json()["revoked_at"]
    assert_problem(Caller(made["secret"]).get("/me"), 401, "invalid_token")
    assert Event.objects.filter(verb="access.token.revoked", subject_id=made["id"]).count() == 1


def test_it_refuses_to_revoke_the_token_of_another(clerk: Caller, supervisor: Caller, qd: Crew) -> None:
    theirs = ApiToken.objects.get(user=qd.supervisor.user)
    with unchanged():
        assert_problem(clerk.delete(f"/tokens/{theirs.id}"), 404, "token_not_found")


def test_it_costs_two_queries_to_let_someone_in(clerk: Caller, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        clerk.get("/me")
