from typing import Any

import pytest

from shouhou.access.actions import (
    BranchCodeTaken,
    BranchesBelowOpen,
    BranchNameMissing,
    BranchNotClosed,
    BranchTooDeep,
    UnknownTimeZone,
    change_branch,
    change_prefix,
    close_branch,
    open_branch,
    reopen_branch,
)
from shouhou.access.actors import BranchNotVisible
from shouhou.access.models import Branch
from shouhou.access.permissions import Role
from shouhou.access.queries import BranchClosed
from shouhou.audit.models import Event
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.texts import TextTooLong, WordMalformed
from tests.cast import NOW, Cast, refuses

FACTS = {
    "name": "青岛中心",
    "time_zone": "Asia/Urumqi",
    "phone": "0532-83883321",
    "address": "香港中路 1 号",
    "region": "zhejiang",
}


def change(cast: Cast, **given: Any) -> Branch:
    usual: dict[str, Any] = {**FACTS, "by": cast.qd.administrator, "at": NOW}
    return change_branch(cast.qd.branch.id, **usual | given)


def test_everything_but_code_and_place_is_changed_and_told(cast: Cast) -> None:
    change(cast)
    stored = Branch.objects.get(code="QD")
    assert {name: getattr(stored, name) for name in FACTS} == FACTS
    assert stored.path == "HQ/QD/"
    event = Event.objects.get(verb="access.branch.changed")
    assert event.data["name"] == ["青岛分公司", "青岛中心"]


def test_what_is_the_same_leaves_no_event(cast: Cast) -> None:
    for _ in range(2):
        change(cast)
    assert Event.objects.filter(verb="access.branch.changed").count() == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": "  "}, BranchNameMissing),
        ({"name": "长" * 81}, TextTooLong),
        ({"time_zone": "Mars/Olympus"}, UnknownTimeZone),
        ({"phone": "1" * 21}, TextTooLong),
        ({"region": "Zhejiang 省"}, WordMalformed),
    ],
)
def test_it_refuses_bad_input(given: dict[str, Any], refusal: type[Refusal], cast: Cast) -> None:
    with refuses(refusal):
        change(cast, **given)


def test_only_its_administrators_change_and_close_it(cast: Cast) -> None:
    for by, refusal in (
        (cast.qd.supervisor, NotPermitted),
        (cast.headquarters[Role.MANAGER], NotPermitted),
        (cast.jn.administrator, BranchNotVisible),
    ):
        with refuses(refusal):
            change(cast, by=by)
        with refuses(refusal):
            close_branch(cast.qd.branch.id, reason="合并", by=by, at=NOW)
        with refuses(refusal):
            reopen_branch(cast.qd.branch.id, by=by, at=NOW)
    change(cast, by=cast.headquarters[Role.ADMINISTRATOR])


def test_a_closed_branch_is_closed_once_and_opened_again(cast: Cast) -> None:
    acting: dict[str, Any] = {"by": cast.qd.administrator, "at": NOW}
    with refuses(BranchNotClosed):
        reopen_branch(cast.qd.branch.id, **acting)
    assert close_branch(cast.qd.branch.id, reason="合并", **acting).closed_at == NOW
    with refuses(BranchClosed):
        close_branch(cast.qd.branch.id, reason="合并", **acting)
    assert reopen_branch(cast.qd.branch.id, **acting).closed_at is None


def test_what_is_above_closes_last_and_opens_first(cast: Cast) -> None:
    acting: dict[str, Any] = {"by": cast.headquarters[Role.ADMINISTRATOR], "at": NOW}
    with refuses(BranchesBelowOpen):
        close_branch(cast.hq.id, reason="歇业", **acting)
    for branch in (cast.qd.branch, cast.jn.branch, cast.hq):
        close_branch(branch.id, reason="歇业", **acting)
    with refuses(BranchClosed):
        reopen_branch(cast.qd.branch.id, **acting)
    with refuses(BranchClosed):
        open_branch(code="YT", name="烟台", kind="branch", parent=cast.hq, **acting)


def test_nothing_is_opened_below_a_branch(cast: Cast) -> None:
    acting: dict[str, Any] = {"by": cast.root, "at": NOW}
    with refuses(BranchTooDeep):
        open_branch(code="YT", name="烟台", kind="branch", parent=cast.qd.branch, **acting)
    with refuses(BranchTooDeep):
        open_branch(code="H2", name="第二总部", kind="hq", parent=cast.hq, **acting)


def test_a_prefix_that_another_branch_uses_is_no_code(cast: Cast) -> None:
    change_prefix(cast.qd.branch.id, kind="voucher", prefix="YT", by=cast.qd.administrator, at=NOW)
    with refuses(BranchCodeTaken):
        open_branch(code="YT", name="烟台", kind="branch", parent=cast.hq, by=cast.root, at=NOW)
