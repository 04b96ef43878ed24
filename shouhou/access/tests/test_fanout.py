"""Where a search looks."""

from dataclasses import replace

import pytest

from shouhou.access import fanout
from shouhou.access.fanout import branches_to_search
from shouhou.access.permissions import SEE_CUSTOMER, Role
from tests.cast import Cast


def test_the_branch_one_works_in_comes_first(cast: Cast) -> None:
    manager = cast.headquarters[Role.MANAGER].at(cast.qd.branch)
    assert branches_to_search(SEE_CUSTOMER, by=manager)[0] == cast.qd.branch
    assert {branch.code for branch in branches_to_search(SEE_CUSTOMER, by=manager)} == {"HQ", "QD", "JN"}
    assert branches_to_search(SEE_CUSTOMER, by=cast.jn.clerk) == [cast.jn.branch]


def test_a_branch_without_the_permission_is_left_out(cast: Cast) -> None:
    blind = replace(cast.qd.clerk, scopes=frozenset({"workorders.see_register"}))
    assert branches_to_search(SEE_CUSTOMER, by=blind) == []


def test_there_is_an_end_to_the_branches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "MOST_BRANCHES", 2)
    manager = cast.headquarters[Role.MANAGER].at(cast.jn.branch)
    found = branches_to_search(SEE_CUSTOMER, by=manager)
    assert len(found) == 2
    assert found[0] == cast.jn.branch
