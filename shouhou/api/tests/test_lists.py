"""Lists: pages that follow on each other, filters, search; and a cost that does not grow with the rows."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shouhou.access.actions import register_user
from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from shouhou.assets.actions import register_asset
from shouhou.catalog.actions import add_part
from shouhou.customers.actions import register_customer
from shouhou.workforce.actions import record_absence
from shouhou.workorders.actions import assign_work_class
from tests.cast import Cast, Crew


@pytest.fixture
def days(qd: Crew) -> list[str]:
    """Five calls, one a day; their ids, newest first. Two came at the same moment."""
    now = timezone.now()
    moments = [now - timedelta(days=back) for back in (1, 2, 2, 3, 4)]
    orders = [qd.receive(at=moment) for moment in moments]
    return [str(one.id) for one in sorted(orders, key=lambda one: (one.received_at, one.id), reverse=True)]


def test_pages_follow_on_each_other(clerk: Caller, days: list[str]) -> None:
    assert _all(clerk, "/work-orders", limit=2) == days
    assert _all(clerk, "/dispatch-queue", limit=1) == days[::-1]


def test_a_page_keeps_its_place_when_calls_come_in(clerk: Caller, days: list[str], qd: Crew) -> None:
    first = clerk.get("/work-orders", limit=2).json()
    qd.receive(at=timezone.now())
    second = clerk.get("/work-orders", limit=2, cursor=first["next_cursor"]).json()
    assert [row["id"] for row in second["rows"]] == days[2:4]


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "a" * 401, urlsafe_b64encode(b'["2026-01-01"]').decode(), urlsafe_b64encode(b'["x","y"]').decode()],
    ids=["short", "accent", "long", "half", "words"],
)
def test_it_refuses_a_cursor_of_its_own_making(cursor: str, clerk: Caller) -> None:
    assert clerk.get("/work-orders", cursor=cursor.rstrip("=")).status_code == 422


def test_it_refuses_a_cursor_of_another_list(clerk: Caller, days: list[str]) -> None:
    cursor = clerk.get("/work-orders", limit=1).json()["next_cursor"]
    assert_problem(clerk.get("/customers", cursor=cursor), 422, "cursor_invalid")


@pytest.mark.parametrize("limit", [0, 101, -1, "many"])
def test_it_refuses_a_page_without_measure(limit: Any, clerk: Caller) -> None:
    assert_problem(clerk.get("/work-orders", limit=limit), 422, "invalid_input")


def test_lines_are_filtered(clerk: Caller, days: list[str], qd: Crew) -> None:
    held = qd.order("on_hold", at=timezone.now() - timedelta(days=9), unit=qd.gas_unit)
    first = clerk.get(f"/work-orders/{days[-1]}").json()
    filters = {
        "state": "on_hold",
        "asset_id": str(qd.gas_unit.id),
        "received_to": held.order.received_on.isoformat(),
        "product_class": "gas",
    }
    for name, value in filters.items():
        rows = clerk.get("/work-orders", **{name: value}).json()["rows"]
        assert [row["id"] for row in rows] == [str(held.id)], name
    assert len(_all(clerk, "/work-orders", customer_id=str(qd.customer.id))) == 6
    assert _all(clerk, f"/register-pages/{first['received_on']}/lines") == days[-1:]
    assert clerk.get(f"/register-pages/{first['received_on']}").json()["page_number"]


def test_lines_are_searched(clerk: Caller, days: list[str], qd: Crew) -> None:
    number = clerk.get(f"/work-orders/{days[0]}").json()["number"]
    assert _all(clerk, "/work-orders", q=number) == days[:1]
    assert _all(clerk, "/work-orders", q="建华") == days
    assert _all(clerk, "/work-orders", q="sn-kfr") == days
    assert_problem(clerk.get("/work-orders", q="建华", state="received"), 422, "search_stands_alone")


def test_headquarters_chooses_the_branch(cast: Cast, days: list[str]) -> None:
    caller = caller_for(next(iter(cast.headquarters.values())))
    assert (
        _all(caller, "/work-orders", branch="QD") == _all(caller, "/work-orders", branch=str(cast.qd.branch.id)) == days
    )
    assert _all(caller, "/work-orders", branch="JN") == []


LISTS = (
    "/work-orders",
    "/work-orders?q=王建华",
    "/work-orders?state=open&work_class=C&product_class=ac&zone=city",
    "/users",
    "/dispatch-queue",
    "/register-pages/{day}/lines",
    "/customers",
    "/customers?q=王",
    "/customers/{customer}/assets",
    "/assets?serial=S",
    "/technicians/{technician}/visits",
    "/technicians/{technician}/absences",
    "/parts",
    "/prices?list=parts",
    "/work-orders/{order}/events",
)


@pytest.mark.parametrize("path", LISTS)
def test_sixty_rows_cost_as_many_queries_as_ten(path: str, cast: Cast) -> None:
    crew, now = cast.qd, timezone.now()
    order = crew.receive(at=now)
    names = {
        "day": order.received_on,
        "customer": crew.customer.id,
        "technician": crew.technician.id,
        "order": order.id,
    }
    fill, caller = _filler(path, cast, order), caller_for(crew.administrator)
    counts = []
    for start, end in ((0, 10), (10, 60)):
        for number in range(start, end):
            fill(number)
        with CaptureQueriesContext(connection) as queries:
            rows = caller.get(path.format(**names) + ("&" if "?" in path else "?") + "limit=100").json()["rows"]
        assert len(rows) >= end
        counts.append(len(queries))
    assert counts[0] == counts[1]


def _filler(path: str, cast: Cast, order: Any) -> Callable[[int], Any]:
    crew, root, now = cast.qd, cast.root, timezone.now()
    if "absences" in path:
        start = now + timedelta(days=1)
        return lambda number: record_absence(
            crew.technician.id, starts_at=start, ends_at=start + timedelta(hours=1), reason="", by=root, at=now
        )
    if "parts" in path:
        return lambda number: add_part(
            number=f"P-{number}", name="件", unit="件", price=Decimal("38.50"), branch=cast.hq, by=root, at=now
        )
    if path.startswith("/customers") and "assets" not in path:
        return lambda number: register_customer(branch=crew.branch, name="王", phone="13900139000", by=root, at=now)
    if "asset" in path:
        return lambda number: _asset(cast, number)
    if path == "/users":
        return lambda number: register_user(
            username=f"u{number}", display_name="周敏", password=None, branch=crew.branch, by=root, at=now
        )
    if "events" in path:
        return lambda number: _event(cast, order)
    if "visits" in path:
        return lambda number: crew.order("refused", at=now - timedelta(days=1))
    return lambda number: crew.receive(at=now)


def _asset(cast: Cast, number: int) -> None:
    register_asset(
        customer_id=cast.qd.customer.id,
        product_model=cast.air_conditioner,
        serial=f"S{number}",
        by=cast.root,
        at=timezone.now(),
        today=timezone.now().date(),
    )


def _event(cast: Cast, order: Any) -> None:
    assign_work_class(order.id, work_class="A", reason="人为损坏", by=cast.qd.clerk, at=timezone.now())


def _all(caller: Caller, path: str, **query: Any) -> list[str]:
    ids, cursor = [], ""
    while cursor is not None:
        page = caller.get(path, cursor=cursor, **query).json()
        ids += [row["id"] for row in page["rows"]]
        cursor = page["next_cursor"]
    return ids
