"""Technicians with what they hold and when they are away; and the catalogue."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from shouhou.api.tests.conftest import Caller, assert_problem
from tests.cast import Cast, Crew, unchanged


def _in(hours: float) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()


def test_technicians_are_listed_by_name(clerk: Caller, qd: Crew) -> None:
    rows = clerk.get("/technicians").json()["rows"]
    assert {row["name"] for row in rows} == {"李明", "王强"}
    assert clerk.get(f"/technicians/{qd.technician.id}").json()["phone"] == "139****0001"


def test_an_absence_keeps_a_technician_at_home(supervisor: Caller, qd: Crew) -> None:
    path = f"/technicians/{qd.technician.id}/absences"
    made = supervisor.post(path, {"starts_at": _in(-1), "ends_at": _in(8), "reason": "培训"}).json()
    assert [row["id"] for row in supervisor.get(path).json()["rows"]] == [made["id"]]
    order = qd.order("received", at=timezone.now() - timedelta(days=1))
    with unchanged():
        sent = supervisor.post(f"/work-orders/{order.id}/dispatches", {"technician_id": str(qd.technician.id)})
        assert_problem(sent, 409, "technician_absent")
        assert_problem(supervisor.post(path, {"starts_at": _in(2), "ends_at": _in(1)}), 422, "period_ends_before_start")


def test_two_visits_at_the_same_hour_are_refused(supervisor: Caller, qd: Crew) -> None:
    body = {"technician_id": str(qd.technician.id), "planned_start": _in(1), "planned_end": _in(2)}
    first, second = (qd.order("received", at=timezone.now() - timedelta(days=1)).id for _ in range(2))
    assert supervisor.post(f"/work-orders/{first}/dispatches", body).status_code == 201
    with unchanged():
        assert_problem(supervisor.post(f"/work-orders/{second}/dispatches", body), 409, "technician_booked")
        upside_down = body | {"planned_end": _in(0.5)}
        assert_problem(supervisor.post(f"/work-orders/{second}/dispatches", upside_down), 422, "slot_invalid")


def test_times_are_taken_with_their_zone(supervisor: Caller, qd: Crew) -> None:
    path = f"/technicians/{qd.colleague.id}/absences"
    made = supervisor.post(path, {"starts_at": "2030-01-01T08:00:00+08:00", "ends_at": "2030-01-01T01:00:00Z"}).json()
    assert datetime.fromisoformat(made["ends_at"]) - datetime.fromisoformat(made["starts_at"]) == timedelta(hours=1)


def test_a_certificate_is_written_down(supervisor: Caller, qd: Crew) -> None:
    path = f"/technicians/{qd.colleague.id}/qualifications"
    assert supervisor.get(path).json()["rows"] == []
    made = supervisor.post(path, {"qualification": "gas", "starts_on": "2026-01-01", "number": "R-1"}).json()
    assert supervisor.get(path).json()["rows"] == [made]
    with unchanged():
        assert_problem(
            supervisor.post(path, {"qualification": "x", "starts_on": "2026-01-01"}), 422, "unknown_qualification"
        )


def test_the_visits_of_a_technician_are_listed(supervisor: Caller, qd: Crew) -> None:
    at = timezone.now() - timedelta(days=1)
    over, live = qd.order("refused", at=at).visit, qd.order("dispatched", at=at + timedelta(hours=1)).visit
    path = f"/technicians/{qd.technician.id}/visits"
    assert [row["id"] for row in supervisor.get(path).json()["rows"]] == [str(live.id), str(over.id)]
    assert [row["id"] for row in supervisor.get(path, live="true").json()["rows"]] == [str(live.id)]


CATALOGUE: list[tuple[str, dict[str, Any], str]] = [
    ("/product-classes", {"code": "tv", "name": "电视机"}, "catalogue_code_taken"),
    ("/product-models", {"code": "KFR-72", "name": "海风 KFR-72", "product_class": "ac"}, "catalogue_code_taken"),
    ("/parts", {"number": "P-1", "name": "风扇", "price": "12.50"}, "catalogue_code_taken"),
    ("/fault-codes", {"code": "E9", "name": "缺氟", "product_class": "ac", "severe": True}, "catalogue_code_taken"),
    ("/qualifications", {"code": "hv", "name": "高压电工证"}, "qualification_known_already"),
]


@pytest.mark.parametrize(("path", "body", "taken"), CATALOGUE, ids=[path for path, _, _ in CATALOGUE])
def test_the_catalogue_is_read_by_all_and_added_to_by_few(
    path: str, body: dict[str, Any], taken: str, administrator: Caller, clerk: Caller
) -> None:
    body = {"branch": "QD"} | body
    with unchanged():
        assert_problem(clerk.post(path, body), 403, "not_permitted")
    made = administrator.post(path, body)
    assert made.status_code == 201, made.content
    assert made.json() in clerk.get(path).json()["rows"]
    with unchanged():
        assert_problem(administrator.post(path, body), 409, taken)


def test_it_refuses_what_hangs_in_the_air(administrator: Caller) -> None:
    body = {"branch": "QD", "code": "X", "name": "X", "product_class": "none"}
    with unchanged():
        assert_problem(administrator.post("/product-models", body), 422, "unknown_product_class")
        assert_problem(administrator.post("/fault-codes", body), 422, "unknown_product_class")
        price = {"branch": "QD", "number": "P", "name": "P", "price": "-1"}
        assert_problem(administrator.post("/parts", price), 422, "invalid_input")


def test_fault_codes_are_narrowed_to_a_class(clerk: Caller, cast: Cast) -> None:
    assert [row["code"] for row in clerk.get("/fault-codes", product_class="ac").json()["rows"]] == ["E4"]
    assert clerk.get("/fault-codes", product_class="gas").json()["rows"] == []
