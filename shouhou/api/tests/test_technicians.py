"""Technicians: registered, corrected and parted with; what they hold, and when they are away."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from shouhou.api.tests.conftest import Caller, assert_problem
from tests.cast import Cast, Crew, Life, Stage, unchanged


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


def test_a_user_is_made_a_technician(administrator: Caller, supervisor: Caller, cast: Cast) -> None:
    body = {"branch": "QD", "user_id": str(cast.qd.clerk.user_id), "phone": "13700137000"}
    with unchanged():
        assert_problem(supervisor.post("/technicians", body), 403, "not_permitted")
        foreign = body | {"user_id": str(cast.jn.clerk.user_id)}
        assert_problem(administrator.post("/technicians", foreign), 404, "user_not_found")
        assert_problem(administrator.post("/technicians", body | {"phone": "1"}), 422, "phone_invalid")
    made = administrator.post("/technicians", body)
    assert made.status_code == 201, made.content
    assert made.json() in supervisor.get("/technicians").json()["rows"]
    with unchanged():
        assert_problem(administrator.post("/technicians", body), 409, "technician_registered_already")


def test_nobody_who_is_shut_out_is_made_a_technician(administrator: Caller, qd: Crew) -> None:
    administrator.post(f"/users/{qd.clerk.user_id}/deactivation", {"reason": "离职"})
    body = {"branch": "QD", "user_id": str(qd.clerk.user_id)}
    with unchanged():
        assert_problem(administrator.post("/technicians", body), 409, "user_inactive")


def test_a_technician_is_corrected(administrator: Caller, supervisor: Caller, qd: Crew) -> None:
    path = f"/technicians/{qd.technician.id}"
    with unchanged():
        assert_problem(supervisor.put(path, {"name": "李敏", "phone": ""}), 403, "not_permitted")
        masked = supervisor.get(path).json()["phone"]
        assert_problem(administrator.put(path, {"name": "李敏", "phone": masked}), 422, "phone_invalid")
        assert_problem(administrator.put(path, {"name": " ", "phone": ""}), 422, "technician_name_missing")
    assert administrator.put(path, {"name": "李敏", "phone": "13700137000"}).json()["phone"] == "137****7000"


def test_a_technician_leaves_when_nothing_of_his_is_under_way(
    administrator: Caller, technician: Caller, life: Callable[[Stage], Life], qd: Crew
) -> None:
    path, leaving = f"/technicians/{qd.technician.id}", {"left_on": "2026-11-20", "reason": "辞职"}
    visit = life("dispatched").visit
    with unchanged():
        assert_problem(administrator.post(f"{path}/departure", leaving), 409, "visits_still_live")
        assert_problem(administrator.post(f"{path}/return"), 409, "technician_active")
    technician.post(f"/visits/{visit.id}/refusal", {"reason": "车坏了"})
    left = administrator.post(f"{path}/departure", leaving).json()
    assert (left["active"], left["left_on"]) == (False, "2026-11-20")
    with unchanged():
        assert_problem(administrator.post(f"{path}/departure", leaving), 409, "technician_inactive")
    assert [row["name"] for row in administrator.get("/technicians").json()["rows"]] == ["王强"]
    assert left in administrator.get("/technicians", former="true").json()["rows"]
    assert administrator.post(f"{path}/return").json()["active"] is True


def test_a_certificate_is_withdrawn_with_a_reason(supervisor: Caller, clerk: Caller, qd: Crew) -> None:
    path = f"/technicians/{qd.technician.id}/qualifications"
    (held,) = supervisor.get(path).json()["rows"]
    back = f"{path}/{held['id']}/withdrawal"
    with unchanged():
        assert_problem(clerk.post(back, {"reason": "误录"}), 403, "not_permitted")
        other = f"/technicians/{qd.colleague.id}/qualifications/{held['id']}/withdrawal"
        assert_problem(supervisor.post(other, {"reason": "误录"}), 404, "certificate_not_found")
    assert supervisor.post(back, {"reason": "误录"}).json() == held
    assert supervisor.get(path).json()["rows"] == []
    with unchanged():
        assert_problem(supervisor.post(back, {"reason": "误录"}), 404, "certificate_not_found")


def test_an_absence_is_withdrawn(supervisor: Caller, clerk: Caller, qd: Crew) -> None:
    path = f"/technicians/{qd.technician.id}/absences"
    made = supervisor.post(path, {"starts_at": _in(1), "ends_at": _in(8), "reason": "培训"}).json()
    with unchanged():
        assert_problem(clerk.delete(f"{path}/{made['id']}"), 403, "not_permitted")
        other = f"/technicians/{qd.colleague.id}/absences/{made['id']}"
        assert_problem(supervisor.delete(other), 404, "absence_not_found")
    assert supervisor.delete(f"{path}/{made['id']}").json() == made
    assert supervisor.get(path).json()["rows"] == []
