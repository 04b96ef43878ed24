"""Users: registered with a link, given roles, shut out and let in again; and the tokens of others."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shouhou.access.models import ApiToken, RoleAssignment, User
from shouhou.access.permissions import Role
from shouhou.api.models import StoredAnswer
from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from tests.cast import Cast, Crew, unchanged

NEW = {"branch": "QD", "role": "clerk", "username": "zhou.min", "display_name": "周敏"}
REASON = {"reason": "离职"}


@pytest.fixture
def path(qd: Crew) -> str:
    return f"/users/{qd.clerk.user_id}"


def test_a_new_user_chooses_his_password_by_the_link(administrator: Caller) -> None:
    made = administrator.post("/users", NEW)
    assert made.status_code == 201, made.content
    user = User.objects.get(id=made.json()["id"])
    assert [(one.branch.code, one.role) for one in user.assignments.all()] == [("QD", "clerk")]
    assert (made.json()["has_password"], user.has_usable_password()) == (False, False)
    link, browser = made.json()["password_link"], Client()
    assert link.startswith("http://testserver/")
    assert browser.post(link, dict.fromkeys(("password", "again"), "seven long words here")).status_code == 303
    assert administrator.get(f"/users/{user.id}").json()["has_password"] is True
    assert browser.get(link).status_code == 404


def test_the_link_is_not_kept_for_repeats(administrator: Caller) -> None:
    link = administrator.post("/users", NEW, key="k").json()["password_link"]
    assert link.rsplit("/", 2)[-2] not in str(StoredAnswer.objects.get().body)
    again = administrator.post("/users", NEW, key="k").json()
    assert (again["username"], again["password_link"]) == ("zhou.min", None)


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"username": "clerk.qd"}, 409, "username_taken"),
        ({"username": "a b"}, 422, "username_invalid"),
        ({"display_name": " "}, 422, "display_name_missing"),
        ({"email": "x"}, 422, "email_invalid"),
        ({"role": "king"}, 422, "invalid_input"),
        ({"branch": "JN"}, 404, "branch_not_found"),
        ({"password": "secret"}, 422, "invalid_input"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_it_refuses_a_user_who_cannot_be(wrong: dict[str, Any], status: int, code: str, administrator: Caller) -> None:
    with unchanged():
        assert_problem(administrator.post("/users", NEW | wrong), status, code)
    assert administrator.post("/users", NEW).status_code == 201


def test_without_the_right_to_give_roles_nobody_is_registered(qd: Crew) -> None:
    narrow = caller_for(qd.administrator, scopes=["access.change_user", "access.see_people"])
    with unchanged():
        assert_problem(narrow.post("/users", NEW), 403, "not_permitted")


def test_users_are_listed_and_narrowed(administrator: Caller, qd: Crew) -> None:
    rows = administrator.get("/users", limit=100).json()["rows"]
    assert len(rows) == len(Role) + 1  # one of each role, and a second technician
    assert not any("email" in row for row in rows)
    for query, names in (
        ({"role": "technician"}, {"technician.qd", "colleague.qd"}),
        ({"q": "CLERK"}, {"clerk.qd"}),
        ({"branch": "QD", "role": "manager"}, {"manager.qd"}),
        ({"active": "false"}, set()),
    ):
        found = administrator.get("/users", **query).json()["rows"]
        assert {row["username"] for row in found} == names, query
    with unchanged():
        assert_problem(administrator.get("/users", branch="JN"), 404, "branch_not_found")
        assert_problem(administrator.get("/users", role="king"), 422, "invalid_input")


def test_a_user_is_corrected(administrator: Caller, clerk: Caller, path: str) -> None:
    change = {"display_name": "周敏", "email": "zhou@example.com"}
    with unchanged():
        assert_problem(clerk.put(path, change), 403, "not_permitted")
        assert_problem(administrator.put(path, {"display_name": "周敏"}), 422, "invalid_input")
    assert administrator.put(path, change).json()["display_name"] == "周敏"
    assert administrator.get(path).json()["email"] == "zhou@example.com"


def test_a_role_is_given_and_taken_back(administrator: Caller, path: str, qd: Crew) -> None:
    given = administrator.post(f"{path}/roles", {"branch": "QD", "role": "manager"}).json()
    assert [one["role"] for one in administrator.get(path).json()["roles"]] == ["clerk", "manager"]
    assert administrator.post(f"{path}/roles", {"branch": "QD", "role": "manager"}).json() == given
    assert administrator.delete(f"{path}/roles/{given['id']}").json() == given
    with unchanged():
        assert_problem(administrator.delete(f"{path}/roles/{given['id']}"), 404, "role_not_held")
        other = RoleAssignment.objects.get(user=qd.supervisor.user)
        assert_problem(administrator.delete(f"{path}/roles/{other.id}"), 404, "role_not_held")


def test_the_last_administrator_stays(cast: Cast) -> None:
    boss = cast.headquarters[Role.ADMINISTRATOR]
    caller, held = caller_for(boss), RoleAssignment.objects.get(user=boss.user)
    with unchanged():
        refused = caller.delete(f"/users/{boss.user_id}/roles/{held.id}")
        assert_problem(refused, 409, "last_administrator")


def test_it_is_shut_out_and_let_in_again(administrator: Caller, clerk: Caller, path: str, qd: Crew) -> None:
    with unchanged():
        assert_problem(administrator.post(f"{path}/deactivation", {"reason": " "}), 422, "reason_missing")
        assert_problem(administrator.post(f"{path}/reactivation", REASON), 409, "user_active")
        own = f"/users/{qd.administrator.user_id}/deactivation"
        assert_problem(administrator.post(own, REASON), 403, "own_sign_in")
    assert administrator.post(f"{path}/deactivation", REASON).json()["active"] is False
    assert_problem(clerk.get("/me"), 401, "invalid_token")
    assert administrator.post(f"{path}/reactivation", REASON).json()["active"] is True
    assert_problem(clerk.get("/me"), 401, "invalid_token")  # his tokens stay revoked


def test_a_password_is_reset_by_a_link(administrator: Caller, path: str) -> None:
    with unchanged():
        assert_problem(administrator.post(f"{path}/password-link"), 409, "password_set")
    reset = administrator.post(f"{path}/password-reset", REASON, key="r")
    assert Client().get(reset.json()["password_link"]).status_code == 200
    assert administrator.post(f"{path}/password-reset", REASON, key="r").json()["password_link"] is None
    assert administrator.get(path).json()["has_password"] is False
    assert administrator.post(f"{path}/password-link").json()["password_link"]


def test_a_second_factor_that_is_not_there_is_not_reset(administrator: Caller, path: str) -> None:
    with unchanged():
        assert_problem(administrator.post(f"{path}/second-factor-reset", REASON), 409, "no_second_factor")


def test_whoever_counts_elsewhere_is_out_of_reach(cast: Cast, administrator: Caller) -> None:
    user = cast.qd.clerk.user
    assert user
    RoleAssignment.objects.create(user=user, branch=cast.jn.branch, role=Role.CLERK)
    with unchanged():
        refused = administrator.post(f"/users/{user.id}/deactivation", REASON)
        assert_problem(refused, 403, "reaches_further")
        token = {"name": "商城", "expires_at": _tomorrow()}
        assert_problem(administrator.post(f"/users/{user.id}/tokens", token), 403, "not_permitted")


def test_an_administrator_makes_and_ends_tokens_of_others(administrator: Caller, clerk: Caller, path: str) -> None:
    body = {"name": "商城", "expires_at": _tomorrow(), "scopes": ["workorders.see_register"]}
    with unchanged():
        assert_problem(clerk.post(f"{path}/tokens", body), 403, "not_permitted")
    made = administrator.post(f"{path}/tokens", body, key="k").json()
    assert administrator.post(f"{path}/tokens", body, key="k").json()["secret"] is None
    program = Caller(made["secret"])
    assert program.get("/me").json()["username"] == "clerk.qd"
    assert_problem(program.get("/customers"), 403, "not_permitted")
    used = {one["id"]: one["last_used_at"] for one in administrator.get(f"{path}/tokens").json()["rows"]}
    assert used[made["id"]]
    assert administrator.delete(f"{path}/tokens/{made['id']}").json()["revoked_at"]
    assert_problem(program.get("/me"), 401, "invalid_token")


def test_a_token_is_ended_below_its_own_user_only(administrator: Caller, path: str, qd: Crew, clerk: Caller) -> None:
    own = ApiToken.objects.get(user=qd.administrator.user)
    with unchanged():
        assert_problem(administrator.delete(f"{path}/tokens/{own.id}"), 404, "token_not_found")


def _tomorrow() -> str:
    return (timezone.now() + timedelta(days=1)).isoformat()
