"""Receiving a call, saying who pays, holding it, and the end of its line."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from shouhou.api.tests.conftest import Caller, assert_problem
from shouhou.workorders.models import WorkOrder
from tests.cast import PHONE, Crew, Life, Stage, unchanged

type Lives = Callable[[Stage], Life]


@pytest.fixture
def call(qd: Crew) -> dict[str, Any]:
    return {
        "branch": "QD",
        "customer": str(qd.customer.id),
        "asset": str(qd.unit.id),
        "fault": "不制冷",
        "work_class": "C",
    }


def test_it_receives_a_call_of_a_known_customer(clerk: Caller, call: dict[str, Any], qd: Crew) -> None:
    response = clerk.post("/work-orders", call)
    assert response.status_code == 201
    order = WorkOrder.objects.get(id=response.json()["id"])
    assert (order.branch_id, order.customer_id, order.fault) == (qd.branch.id, qd.customer.id, "不制冷")
    assert response.json()["number"] == order.number


def test_it_receives_a_call_of_somebody_new_with_a_new_unit(clerk: Caller, call: dict[str, Any]) -> None:
    new = {"name": "周敏", "phone": "13900139000", "address": "香港路 3 号"}
    unit = {"product_model": "KFR-35GW", "serial": "sn-9", "sale_date": "2026-01-31"}
    order = clerk.post("/work-orders", call | {"customer": new, "asset": unit}).json()
    shown = clerk.get(f"/work-orders/{order['id']}").json()
    assert shown["customer"]["name"] == shown["contact_name"] == "周敏"
    assert (shown["asset"]["serial"], shown["address"], shown["phone"]) == ("SN-9", "香港路 3 号", "139****9000")


def test_it_writes_down_when_the_customer_would_like_the_visit(clerk: Caller, call: dict[str, Any]) -> None:
    start = timezone.localtime(timezone.now() + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    wish = {"wished_start": start.isoformat(), "wished_end": (start + timedelta(hours=2)).isoformat()}
    made = clerk.post("/work-orders", call | wish)
    assert made.status_code == 201, made.content
    (line,) = clerk.get("/work-orders").json()["rows"]
    shown = clerk.get(f"/work-orders/{line['id']}").json()
    for one in (line, shown):
        assert datetime.fromisoformat(one["wished_end"]) - datetime.fromisoformat(one["wished_start"]) == timedelta(
            hours=2
        )
        assert datetime.fromisoformat(one["wished_start"]) == start


@pytest.mark.parametrize(
    ("start", "end"),
    [(2, 1), (2, None), (None, 2), (-48, -47), (2, 40)],
    ids=["upside down", "no end", "no start", "over", "two days"],
)
def test_it_refuses_a_wish_that_nobody_can_meet(
    start: int | None, end: int | None, clerk: Caller, call: dict[str, Any]
) -> None:
    noon = timezone.localtime(timezone.now()).replace(hour=12) + timedelta(days=1)
    wish = {
        name: (noon + timedelta(hours=hours)).isoformat()
        for name, hours in (("wished_start", start), ("wished_end", end))
        if hours is not None
    }
    with unchanged():
        assert_problem(clerk.post("/work-orders", call | wish), 422, "wish_invalid")
    assert clerk.post("/work-orders", call).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"fault": " "}, 422, "fault_missing"),
        ({"fault": "坏" * 2001}, 422, "text_too_long"),
        ({"asset": {"product_model": "X1"}}, 422, "unknown_product"),
        ({"asset": {"product_model": "KFR-35GW", "sale_date": "2199-01-01"}}, 422, "date_in_future"),
        ({"customer": {"name": "周敏", "phone": ""}}, 422, "phone_missing"),
        ({"customer": {"name": "周敏", "phone": "call me"}}, 422, "phone_invalid"),
        ({"customer": {"name": " ", "phone": PHONE}}, 422, "name_missing"),
        ({"fault_code": "Z9"}, 422, "unknown_fault_code"),
        ({"branch": "XX"}, 404, "branch_not_found"),
        ({"customer": str(uuid4())}, 404, "customer_not_found"),
        ({"asset": str(uuid4())}, 404, "asset_not_found"),
        ({"work_class": "Z"}, 422, "invalid_input"),
        ({"customer": 7}, 422, "invalid_input"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_it_refuses_a_call_that_makes_no_sense(
    wrong: dict[str, Any], status: int, code: str, clerk: Caller, call: dict[str, Any]
) -> None:
    with unchanged():
        assert_problem(clerk.post("/work-orders", call | wrong), status, code)
    assert clerk.post("/work-orders", call).status_code == 201


def test_it_refuses_a_call_from_the_future(clerk: Caller, call: dict[str, Any]) -> None:
    earlier, later = (timezone.now() + timedelta(hours=hours) for hours in (-2, 2))
    with unchanged():
        response = clerk.post("/work-orders", call | {"received_at": later.isoformat()})
        assert_problem(response, 422, "date_in_future")
    assert clerk.post("/work-orders", call | {"received_at": earlier.isoformat()}).status_code == 201


def test_it_refuses_the_same_call_from_outside_twice(clerk: Caller, call: dict[str, Any]) -> None:
    assert clerk.post("/work-orders", call | {"source": "shop-17"}).status_code == 201
    with unchanged():
        assert_problem(clerk.post("/work-orders", call | {"source": "shop-17"}), 409, "received_already")


def test_it_says_who_pays(clerk: Caller, life: Lives) -> None:
    order = life("unclassed")
    response = clerk.put(f"/work-orders/{order.id}/work-class", {"work_class": "A", "reason": "过保"})
    assert response.json()["work_class"] == order.order.work_class == "A"


def test_it_refuses_to_dispatch_while_nobody_said_who_pays(supervisor: Caller, life: Lives, qd: Crew) -> None:
    order = life("unclassed")
    path, body = f"/work-orders/{order.id}/dispatches", {"technician_id": str(qd.technician.id)}
    with unchanged():
        assert_problem(supervisor.post(path, body), 409, "work_class_missing")
    supervisor.put(f"/work-orders/{order.id}/work-class", {"work_class": "C"})
    assert supervisor.post(path, body).status_code == 201


def test_it_refuses_a_second_dispatch(supervisor: Caller, life: Lives, qd: Crew) -> None:
    path, body = f"/work-orders/{life('received').id}/dispatches", {"technician_id": str(qd.technician.id)}
    assert supervisor.post(path, body).status_code == 201
    with unchanged():
        assert_problem(supervisor.post(path, body), 409, "wrong_state")


def test_it_refuses_a_technician_without_the_certificate(supervisor: Caller, qd: Crew) -> None:
    order = qd.order("received", at=timezone.now() - timedelta(days=1), unit=qd.gas_unit)
    path = f"/work-orders/{order.id}/dispatches"
    with unchanged():
        refused = supervisor.post(path, {"technician_id": str(qd.colleague.id)})
        assert_problem(refused, 409, "qualification_missing")
    assert supervisor.post(path, {"technician_id": str(qd.technician.id)}).status_code == 201


def test_candidates_are_shown_with_what_speaks_against_them(supervisor: Caller, qd: Crew) -> None:
    order = qd.order("received", at=timezone.now() - timedelta(days=1), unit=qd.gas_unit)
    rows = supervisor.get(f"/work-orders/{order.id}/candidates").json()["rows"]
    assert [(row["technician"]["id"], row["refusal_code"]) for row in rows] == [
        (str(qd.technician.id), None),
        (str(qd.colleague.id), "qualification_missing"),
    ]


def test_it_holds_and_resumes(clerk: Caller, life: Lives) -> None:
    order = life("received")
    path = f"/work-orders/{order.id}"
    assert clerk.post(f"{path}/hold", {"reason": "等配件"}).json()["status"] == "on_hold"
    assert clerk.get(path).json()["hold_reason"] == "等配件"
    with unchanged():
        assert_problem(clerk.post(f"{path}/hold", {"reason": "等"}), 409, "wrong_state")
        assert_problem(clerk.post(f"{path}/cancellation", {"reason": " "}), 422, "reason_missing")
    assert clerk.delete(f"{path}/hold").json()["status"] == "received"
    assert clerk.get(path).json()["hold_reason"] is None


def test_it_cancels_and_reopens(supervisor: Caller, life: Lives) -> None:
    path = f"/work-orders/{life('received').id}"
    assert supervisor.post(f"{path}/cancellation", {"reason": "客户取消"}).json()["status"] == "cancelled"
    assert supervisor.post(f"{path}/reopening", {"reason": "客户又来电"}).json()["status"] == "received"


def test_it_strikes_off_only_when_nothing_is_open(clerk: Caller, life: Lives) -> None:
    order = life("completed")
    path = f"/work-orders/{order.id}"
    with unchanged():
        assert_problem(clerk.post(f"{path}/strike-off"), 409, "still_open")
    points = clerk.get(f"{path}/open-points").json()["rows"]
    assert [point["code"] for point in points if not point["done"]] == ["signed", "handed_in", "filed"]
    order.to("filed")
    assert clerk.post(f"{path}/strike-off").json()["status"] == "struck_off"


def test_the_journal_is_told_in_its_order(clerk: Caller, life: Lives) -> None:
    order = life("struck_off")
    path = f"/work-orders/{order.id}/events"
    first = clerk.get(path, limit=3).json()
    rest = clerk.get(path, cursor=first["next_cursor"]).json()
    verbs = [row["verb"].removeprefix("workorders.") for row in first["rows"] + rest["rows"]]
    assert verbs == order.verbs
    assert rest["next_cursor"] is None
