import pytest

from shouhou.access.actors import Actor, BranchNotVisible, actor_for
from shouhou.access.permissions import CODES, ROLE_CODES, Role
from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.ids import uuid7
from tests.cast import Cast

RECEIVE = "workorders.receive_call"


def test_every_role_has_codes_and_every_code_a_role() -> None:
    assert set(ROLE_CODES) == set(Role)
    assert frozenset().union(*ROLE_CODES.values()) == CODES


def test_it_may_what_its_roles_allow_where_it_has_them(cast: Cast) -> None:
    clerk, (here, there) = cast.qd.clerk, (cast.qd.branch, cast.jn.branch)
    assert clerk.may(RECEIVE)
    assert clerk.may(RECEIVE, here.id)
    assert not clerk.may(RECEIVE, there.id)
    assert not clerk.may("workorders.dispatch_work_order")
    clerk.require(RECEIVE, here.id)
    with pytest.raises(NotPermitted, match="dispatch"):
        clerk.require("workorders.dispatch_work_order", here.id)
    with pytest.raises(BranchNotVisible):
        clerk.require(RECEIVE, there.id)


def test_a_scope_narrows_and_never_widens(cast: Cast) -> None:
    assert cast.qd.clerk.user
    scoped = actor_for(
        cast.qd.clerk.user, channel="api", scopes=["workorders.see_register", "workforce.record_absence"]
    )
    assert scoped.may("workorders.see_register")
    assert not scoped.may(RECEIVE)
    assert not scoped.may("workforce.record_absence")


def test_he_works_in_the_branch_he_asked_for_or_his_first(cast: Cast) -> None:
    manager = cast.headquarters[Role.MANAGER]
    assert manager.user
    assert actor_for(manager.user, channel="web", branch_id=cast.qd.branch.id).branch == cast.qd.branch
    assert cast.qd.clerk.user
    for foreign in (cast.jn.branch.id, cast.hq.id, uuid7()):
        assert actor_for(cast.qd.clerk.user, channel="web", branch_id=foreign).branch == cast.qd.branch


def test_he_changes_over_to_another_of_his_branches(cast: Cast) -> None:
    manager = cast.headquarters[Role.MANAGER]
    assert manager.at(cast.jn.branch).branch == cast.jn.branch
    assert manager.branch_of(cast.qd.branch.id) == cast.qd.branch
    with pytest.raises(BranchNotVisible):
        cast.qd.clerk.at(cast.jn.branch)
    with pytest.raises(BranchNotVisible):
        cast.qd.clerk.branch_of(cast.jn.branch.id)


def test_the_product_itself_may_everything_everywhere(cast: Cast) -> None:
    assert all(cast.root.may(code, branch.id) for code in CODES for branch in cast.root.branches)
    assert cast.root.user_id is None


def test_without_a_branch_nothing_is_allowed() -> None:
    assert not Actor(user=None, channel="web", codes={}).may(RECEIVE)


def test_a_misspelt_code_is_an_error_of_the_program(cast: Cast) -> None:
    with pytest.raises(ValueError, match="no such permission"):
        cast.qd.clerk.may("workorders.recieve_call")
