import pytest

from shouhou.access.actions import LastAdministrator, RoleNotHeld, assign_role, deactivate_user, withdraw_role
from shouhou.access.actors import Actor, BranchNotVisible, actor_for
from shouhou.access.models import RoleAssignment, User
from shouhou.access.permissions import Role
from shouhou.access.queries import UserNotFound
from shouhou.audit.models import Event
from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.ids import uuid7
from tests.cast import NOW, Cast, refuses


def user_of(actor: Actor) -> User:
    assert actor.user
    return actor.user


def test_it_counts_at_once(cast: Cast) -> None:
    clerk = user_of(cast.qd.clerk)
    withdraw_role(clerk.id, role=Role.CLERK, branch=cast.qd.branch, by=cast.qd.administrator, at=NOW)
    assert actor_for(clerk, channel="web").branches == ()
    assert Event.objects.filter(chain_id=clerk.id, verb="access.role.withdrawn").count() == 1


def test_a_role_that_he_does_not_have_is_not_found(cast: Cast) -> None:
    for user_id, refusal in ((user_of(cast.qd.clerk).id, RoleNotHeld), (uuid7(), UserNotFound)):
        with refuses(refusal):
            withdraw_role(user_id, role=Role.MANAGER, branch=cast.qd.branch, by=cast.qd.administrator, at=NOW)


def test_only_administrators_of_the_branch_withdraw(cast: Cast) -> None:
    clerk = user_of(cast.qd.clerk).id
    for by, refusal in ((cast.qd.supervisor, NotPermitted), (cast.jn.administrator, BranchNotVisible)):
        with refuses(refusal):
            withdraw_role(clerk, role=Role.CLERK, branch=cast.qd.branch, by=by, at=NOW)


def test_a_branch_may_lose_its_administrator_while_one_above_is_left(cast: Cast) -> None:
    own, above = cast.qd.administrator, cast.headquarters[Role.ADMINISTRATOR]
    withdraw_role(user_of(own).id, role=Role.ADMINISTRATOR, branch=cast.qd.branch, by=above, at=NOW)
    with refuses(LastAdministrator):
        withdraw_role(user_of(above).id, role=Role.ADMINISTRATOR, branch=cast.hq, by=above, at=NOW)
    with refuses(LastAdministrator):
        deactivate_user(user_of(above).id, reason="离职", by=cast.root, at=NOW)


def test_an_administrator_who_was_shut_out_does_not_count(cast: Cast) -> None:
    above = cast.headquarters[Role.ADMINISTRATOR]
    second = user_of(cast.headquarters[Role.MANAGER])
    assign_role(second, role=Role.ADMINISTRATOR, branch=cast.hq, by=above, at=NOW)
    deactivate_user(second.id, reason="休假", by=above, at=NOW)
    with refuses(LastAdministrator):
        withdraw_role(user_of(above).id, role=Role.ADMINISTRATOR, branch=cast.hq, by=above, at=NOW)


@pytest.mark.parametrize("role", Role)
def test_nobody_gives_a_role_above_his_own_branches(role: Role, cast: Cast) -> None:
    with refuses(BranchNotVisible):
        assign_role(user_of(cast.qd.clerk), role=role, branch=cast.hq, by=cast.qd.administrator, at=NOW)
    assign_role(user_of(cast.qd.clerk), role=role, branch=cast.qd.branch, by=cast.qd.administrator, at=NOW)
    assert RoleAssignment.objects.filter(user=user_of(cast.qd.clerk), branch=cast.qd.branch, role=role).exists()
