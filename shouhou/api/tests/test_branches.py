"""Branches: opened, changed, closed and opened again; and their number series."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from shouhou.access.models import Branch
from shouhou.access.permissions import Role
from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from tests.cast import Cast, Crew, Life, Stage, unchanged

NEW = {"parent": "HQ", "code": "YT", "name": "烟台分公司"}


@pytest.fixture
def boss(cast: Cast) -> Caller:
    """Administers the whole company."""
    return caller_for(cast.headquarters[Role.ADMINISTRATOR])


@pytest.fixture
def path(qd: Crew) -> str:
    return f"/branches/{qd.branch.id}"


def test_a_branch_is_opened_and_its_numbers_begin_with_its_code(boss: Caller) -> None:
    made = boss.post("/branches", NEW)
    assert made.status_code == 201, made.content
    assert [row["code"] for row in boss.get("/branches").json()["rows"]] == ["HQ", "JN", "QD", "YT"]
    series = boss.get(f"/branches/{made.json()['id']}/number-series").json()["rows"]
    assert {row["kind"]: row["prefix"] for row in series} == {"work_order": "YT", "voucher": "YT", "register_page": ""}


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"code": "QD"}, 409, "branch_code_taken"),
        ({"code": "yt"}, 422, "invalid_input"),
        ({"name": " "}, 422, "branch_name_missing"),
        ({"time_zone": "Asia/Qingdao"}, 422, "unknown_time_zone"),
        ({"parent": "QD"}, 422, "branch_too_deep"),
        ({"parent": "XX"}, 404, "branch_not_found"),
        ({"kind": "hq"}, 422, "invalid_input"),
        ({"region": "qingdao"}, 422, "invalid_input"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_it_refuses_a_branch_that_cannot_be(wrong: dict[str, Any], status: int, code: str, boss: Caller) -> None:
    with unchanged():
        problem = assert_problem(boss.post("/branches", NEW | wrong), status, code)
    assert problem["field"] == next(iter(wrong))
    assert boss.post("/branches", NEW).status_code == 201


def test_it_is_corrected_as_a_whole(administrator: Caller, supervisor: Caller, path: str) -> None:
    change = {
        "name": "青岛",
        "time_zone": "Asia/Urumqi",
        "phone": "0532-8888",
        "address": "南京路 1 号",
        "region": "zhejiang",
    }
    with unchanged():
        assert_problem(supervisor.put(path, change), 403, "not_permitted")
        assert_problem(administrator.put(path, {"name": "青岛"}), 422, "invalid_input")
    assert administrator.put(path, change).json().items() >= change.items()
    assert supervisor.get(path).json().items() >= change.items()


def test_it_is_closed_once_nothing_is_open(
    boss: Caller, clerk: Caller, path: str, life: Callable[[Stage], Life], qd: Crew
) -> None:
    order = life("received")
    with unchanged():
        assert_problem(boss.post(f"{path}/closing", {"reason": "合并"}), 409, "orders_still_open")
        assert_problem(boss.post(f"{path}/reopening"), 409, "branch_not_closed")
    clerk.post(f"/work-orders/{order.id}/cancellation", {"reason": "客户取消"})
    assert boss.post(f"{path}/closing", {"reason": "合并"}).json()["closed_at"]
    call = {"branch": "QD", "customer": str(qd.customer.id), "asset": str(qd.unit.id), "fault": "不制冷"}
    with unchanged():
        assert_problem(clerk.post("/work-orders", call), 409, "branch_closed")
    assert boss.post(f"{path}/reopening").json()["closed_at"] is None
    assert clerk.post("/work-orders", call).status_code == 201


def test_headquarters_is_not_closed_above_open_branches(boss: Caller, cast: Cast) -> None:
    with unchanged():
        refused = boss.post(f"/branches/{cast.hq.id}/closing", {"reason": "合并"})
        assert_problem(refused, 409, "branches_below_open")


def test_a_prefix_belongs_to_one_branch_for_good(administrator: Caller, path: str, qd: Crew) -> None:
    prefix = f"{path}/number-series/work_order/prefix"
    with unchanged():
        assert_problem(administrator.put(prefix, {"prefix": "JN"}), 409, "prefix_taken")
        assert_problem(administrator.put(prefix, {"prefix": "q-d"}), 422, "invalid_input")
        pages = f"{path}/number-series/register_page/prefix"
        assert_problem(administrator.put(pages, {"prefix": "QQ"}), 422, "not_prefixed")
        assert_problem(administrator.put(f"{path}/number-series/letters/prefix", {"prefix": "QQ"}), 404, "not_found")
    series = administrator.put(prefix, {"prefix": "QQ"}).json()["rows"]
    assert next(row for row in series if row["kind"] == "work_order")["next_text"].startswith("QQ")
    assert qd.receive(at=timezone.now()).number.startswith("QQ")


def test_a_series_goes_on_and_never_back(administrator: Caller, path: str) -> None:
    number = f"{path}/number-series/voucher/next-number"
    series = administrator.put(number, {"next_number": 700}).json()["rows"]
    assert next(row for row in series if row["kind"] == "voucher")["next_number"] == 700
    with unchanged():
        assert_problem(administrator.put(number, {"next_number": 699}), 409, "number_goes_back")
        assert_problem(administrator.put(number, {"next_number": 0}), 422, "invalid_input")


def test_a_branch_sees_itself_only(administrator: Caller, cast: Cast) -> None:
    assert [row["code"] for row in administrator.get("/branches").json()["rows"]] == ["QD"]
    assert_problem(administrator.get(f"/branches/{cast.jn.branch.id}"), 404, "branch_not_found")
    assert Branch.objects.count() == 3
