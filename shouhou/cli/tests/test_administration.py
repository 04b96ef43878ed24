import pytest

from shouhou.access.actions import token_hash
from shouhou.access.models import ApiToken, Branch, User
from shouhou.cli.tests.conftest import Invoke
from tests.cast import PASSWORD, Crew, unchanged


def test_a_company_can_be_begun_without_a_shell(db: None, invoke: Invoke) -> None:
    assert invoke("branch", "add", "HQ", "总部", "--kind", "hq").code == 0
    assert invoke("branch", "add", "QD", "青岛", "--parent", "HQ", "--region", "shandong").out == "HQ/QD/\n"
    assert Branch.objects.get(code="QD").region == "shandong"
    assert "QD" in invoke("branch", "list").out
    added = invoke("user", "add", "zhou", "--name", "周敏", "--branch", "QD", "--role", "clerk", "--password", PASSWORD)
    assert added.code == 0
    user = User.objects.get(username="zhou")
    assert user.check_password(PASSWORD)
    assert [one.role for one in user.assignments.all()] == ["clerk"]


def test_it_gives_one_more_role(qd: Crew, invoke: Invoke) -> None:
    assert invoke("user", "role", "clerk.qd", "supervisor", "--branch", "JN").code == 0
    user = User.objects.get(username="clerk.qd")
    assert user.assignments.filter(role="supervisor", branch=Branch.objects.get(code="JN")).exists()


def test_a_token_is_printed_once_and_stored_as_its_hash(qd: Crew, invoke: Invoke) -> None:
    printed = invoke(
        "token", "issue", "clerk.qd", "--name", "till", "--branch", "QD", "--scope", "workorders.receive_call"
    )
    token = ApiToken.objects.get()
    assert bytes(token.hash) == token_hash(printed.out.strip())
    assert token.scopes == ["workorders.receive_call"]
    assert invoke("token", "revoke", token.id, "--branch", "QD").code == 0
    assert ApiToken.objects.get().revoked_at


@pytest.mark.parametrize(
    "arguments",
    [
        ("branch", "add", "QD", "again"),
        ("branch", "add", "YT", "烟台", "--region", "qingdao"),
        ("user", "add", "clerk.qd", "--name", "x", "--branch", "QD", "--password", PASSWORD),
        ("user", "add", "new", "--name", "x", "--branch", "QD", "--password", "password"),
        ("user", "add", "new", "--name", "x", "--branch", "XX", "--password", PASSWORD),
        ("user", "role", "nobody", "clerk", "--branch", "QD"),
        ("user", "role", "clerk.qd", "emperor", "--branch", "QD"),
        ("token", "issue", "nobody", "--name", "x", "--branch", "QD"),
        ("token", "issue", "clerk.qd", "--name", "x", "--branch", "QD", "--scope", "all"),
        ("token", "revoke", "01a208d5-b01d-7625-ad6f-5d8249aec464", "--branch", "QD"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(qd: Crew, invoke: Invoke, arguments: tuple[str, ...]) -> None:
    with unchanged():
        printed = invoke(*arguments)
    assert printed.code != 0
    assert printed.err.strip()
