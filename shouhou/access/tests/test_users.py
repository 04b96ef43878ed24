from typing import Any

import pytest

from shouhou.access.actions import PasswordTooWeak, UsernameTaken, assign_role, register_user
from shouhou.access.actors import BranchNotVisible, actor_for
from shouhou.access.models import RoleAssignment, User
from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.audit.queries import find_faults
from shouhou.kernel.errors import NotPermitted
from tests.cast import NOW, PASSWORD, Cast, refuses


def register(cast: Cast, **given: Any) -> User:
    usual: dict[str, Any] = {"username": "zhoumin", "display_name": "周敏", "password": PASSWORD, "at": NOW}
    return register_user(**usual | {"branch": cast.qd.branch, "by": cast.qd.administrator} | given)


def test_a_new_user_can_sign_in_and_do_nothing(cast: Cast) -> None:
    user = register(cast)
    assert user.check_password(PASSWORD)
    assert actor_for(user, channel="web").branches == ()


def test_it_refuses_a_taken_name_and_a_weak_password(cast: Cast) -> None:
    register(cast)
    with refuses(UsernameTaken):
        register(cast)
    for password in ("12345678", "short", "password", "zhoumin2"):
        with refuses(PasswordTooWeak):
            register(cast, username="zhoumin2", password=password)


def test_only_administrators_register_users_and_give_roles(cast: Cast) -> None:
    with refuses(NotPermitted):
        register(cast, by=cast.qd.supervisor)
    with refuses(BranchNotVisible):
        register(cast, by=cast.jn.administrator)
    user = register(cast)
    with refuses(NotPermitted):
        assign_role(user, role=Role.CLERK, branch=cast.qd.branch, by=cast.qd.supervisor, at=NOW)
    with refuses(BranchNotVisible):
        assign_role(user, role=Role.CLERK, branch=cast.jn.branch, by=cast.qd.administrator, at=NOW)


def test_a_role_given_twice_is_one_role_and_one_event(cast: Cast) -> None:
    user = register(cast)
    for _ in range(2):
        assign_role(user, role=Role.CLERK, branch=cast.qd.branch, by=cast.qd.administrator, at=NOW)
    assert RoleAssignment.objects.filter(user=user).count() == 1
    assert Event.objects.filter(chain_id=user.id).count() == 2


def test_roles_in_several_branches_leave_one_whole_journal(cast: Cast) -> None:
    user = register(cast, branch=cast.hq, by=cast.headquarters[Role.ADMINISTRATOR])
    for branch in (cast.qd.branch, cast.jn.branch):
        assign_role(user, role=Role.CLERK, branch=branch, by=cast.headquarters[Role.ADMINISTRATOR], at=NOW)
    assert Event.objects.filter(chain_id=user.id).count() == 3
    assert not list(find_faults())


@pytest.mark.parametrize("role", Role)
def test_a_role_at_headquarters_counts_in_every_branch(role: Role, cast: Cast) -> None:
    user = register(cast)
    assign_role(user, role=role, branch=cast.hq, by=cast.root, at=NOW)
    actor = actor_for(user, channel="web")
    assert [branch.code for branch in actor.branches] == ["HQ", "JN", "QD"]
    assert actor.branch == cast.jn.branch  # work is done in branches
