"""Approval limits over the API: what counts where, set and taken back."""

from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from tests.cast import Cast, unchanged

LIMITS = "/approval-limits"
SUPERVISOR = {"branch": "QD", "kind": "excuse", "role": "supervisor"}


def counting(caller: Caller, branch: str = "QD") -> dict[str, Any]:
    rows = caller.get(f"{LIMITS}?branch={branch}").json()["rows"]
    return next(one for one in rows if (one["kind"], one["role"]) == ("excuse", "supervisor"))


def test_a_branch_sets_its_own_and_takes_it_back(administrator: Caller) -> None:
    everywhere = counting(administrator, "")
    assert (everywhere["amount"], everywhere["set_at"]) == ("500.00", None)
    assert counting(administrator) == everywhere
    assert administrator.put(LIMITS, SUPERVISOR | {"amount": "800"}).json()["amount"] == "800.00"
    assert (counting(administrator)["amount"], counting(administrator)["set_at"]) == ("800.00", "QD")
    assert administrator.put(LIMITS, SUPERVISOR | {"amount": None}).json()["amount"] is None
    ended = administrator.post(f"{LIMITS}/taking-back", SUPERVISOR).json()
    assert ended["until"]
    assert counting(administrator) == everywhere
    history = administrator.get(f"{LIMITS}/history?kind=excuse&branch=QD").json()["rows"]
    assert [one["amount"] for one in history] == [None, "800.00"]


@pytest.mark.parametrize("amount", ["-1", "0.001", "99999999999999", "much"])
def test_what_is_no_amount_sets_nothing(administrator: Caller, amount: str) -> None:
    with unchanged():
        assert administrator.put(LIMITS, SUPERVISOR | {"amount": amount}).status_code == 422


def test_everywhere_is_for_the_company(administrator: Caller, cast: Cast) -> None:
    with unchanged():
        said = SUPERVISOR | {"branch": None, "amount": "800"}
        assert_problem(administrator.put(LIMITS, said), 403, "not_permitted")
        assert_problem(administrator.post(f"{LIMITS}/taking-back", SUPERVISOR), 404, "limit_not_set")
    boss = caller_for(cast.headquarters[Role.ADMINISTRATOR])
    assert boss.put(LIMITS, said).status_code == 200
