"""The verdict over the API: about facts, about a unit, stored with an order."""

import pytest

from shouhou.api.tests import setups
from shouhou.api.tests.conftest import Caller, Json, assert_problem
from tests.cast import Crew, unchanged
from tests.walls import World, yesterday

FACTS: Json = {
    "on": "2026-06-01",
    "product_class": "refrigerator",
    "region": "hunan",
    "price": "2000",
    "trader_installs": False,
    "fault": {"code": "leak", "part": "compressor", "performance": True},
    "history": [{"what": "sold", "on": "2026-03-01"}, {"what": "delivered", "on": "2026-03-01"}],
}


def test_it_answers_about_facts_and_writes_nothing(clerk: Caller) -> None:
    with unchanged():
        told = clerk.post("/entitlements/verdicts?outlook=true", FACTS).json()
    assert (told["answer"]["work_class"], told["answer"]["last_day"]) == ("C", "2029-02-28")
    assert told["answer"]["rules"][0] in told["rules"]
    assert told["outlook"]["changed"]["exclusions"][0]["remedies"] == []
    assert told["outlook"]["next_failure"] == {"gained": [], "rules": []}
    assert {one["count"] for one in told["outlook"]["coming"]} >= {"failed_repairs"}
    again = clerk.post("/entitlements/verdicts", told["question"]).json()
    assert again == told | {"outlook": None}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"prodct_class": "refrigerator"}, "unknown_fact"),
        ({"product_class": "sofa"}, "unknown_word"),
        ({"price": "much"}, "wrong_fact"),
        ({"history": [{"what": "stolen"}]}, "unknown_happening"),
        ({"fault_code": "E4"}, "fault_code_without_unit"),
        ({"asset_id": "x"}, "invalid_input"),
    ],
    ids=str,
)
def test_it_refuses_by_name_what_it_does_not_know(wrong: Json, code: str, clerk: Caller) -> None:
    problem = assert_problem(clerk.post("/entitlements/verdicts", FACTS | wrong), 422, code)
    assert problem["field"].partition(".")[0] in wrong


def test_a_missing_day_is_told_with_the_verdict_under_each_assumption(clerk: Caller) -> None:
    answer = clerk.post("/entitlements/verdicts", FACTS | {"history": []}).json()["answer"]
    assert (answer["work_class"], answer["unclear"]["code"]) == (None, "start_not_known")
    assert answer["supposed"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"product_class": "refrigeraton"}, "unknown_word"),
        ({"history": None, "sold_on": "2026-07-01"}, "facts_out_of_order"),
    ],
    ids=["unknown class", "dates in the wrong order"],
)
def test_a_refused_fact_comes_with_the_verdict_for_each_way_to_mend_it(wrong: Json, code: str, clerk: Caller) -> None:
    problem = assert_problem(clerk.post("/entitlements/verdicts", FACTS | wrong), 422, code)
    assert problem["supposed"]
    assert all(one["assumptions"] and "work_class" in one for one in problem["supposed"])


def test_a_fault_code_that_is_none_comes_with_the_verdict_without_it(clerk: Caller, qd: Crew) -> None:
    asked = {"asset_id": str(qd.unit.id), "fault_code": "E99"}
    problem = assert_problem(clerk.post("/entitlements/verdicts", asked), 422, "unknown_fault_code")
    assert problem["supposed"][0]["assumptions"][0]["template"] == "the fault is not named"


def test_a_missing_fact_is_told_with_the_verdict_under_each_value(clerk: Caller) -> None:
    facts = {"on": "2023-05-01", "product_class": "furniture", "region": "hunan", "period_agreed": False}
    dates = {"sold_on": "2023-03-01", "delivered_on": "2023-03-01"}
    answer = clerk.post("/entitlements/verdicts", facts | dates).json()["answer"]
    told = [(one["assumptions"][0]["values"], one["work_class"]) for one in answer["supposed"]]
    assert (answer["needs"], told) == (["defect"], [([True], "C"), ([False], "A")])


def test_about_a_unit_the_books_give_the_facts(clerk: Caller, qd: Crew) -> None:
    asked = {"asset_id": str(qd.unit.id), "fault_code": "E4"}
    told = clerk.post("/entitlements/verdicts", asked).json()
    assert told["question"]["fault"]["code"] == "E4"
    assert told["answer"]["work_class"] == "C"
    problem = assert_problem(clerk.post("/entitlements/verdicts", asked | {"price": "1"}), 422, "fact_beside_unit")
    assert problem["field"] == "price"


def test_judging_again_stands_beside_the_first(clerk: Caller, supervisor: Caller, qd: Crew) -> None:
    life = qd.order("received", at=yesterday())
    world = World(qd, life)
    override = setups.override_waiting(world)
    path = f"/work-orders/{life.id}/verdicts"
    again = clerk.post(path, key="once").json()
    assert clerk.post(path, key="once").json() == again
    rows = clerk.get(path).json()["rows"]
    assert [one["sequence"] for one in rows] == [3, 2, 1]
    assert rows[0] == again
    assert rows[1]["overrides"][0] | {"made_at": ""} == {
        "id": str(override.id), "work_class": "C", "reason": "客户投诉升级", "amount": "1500.00", "limit": "500.00",
        "counts": False, "waits": True, "made_by_id": str(qd.clerk.user_id), "made_at": "", "rulings": [],
    }  # fmt: skip
    ruling = f"/overrides/{override.id}/ruling"
    with unchanged():
        assert_problem(clerk.post(ruling, {"confirm": True}), 403, "not_permitted")
        assert_problem(supervisor.post(ruling, {"confirm": False}), 422, "override_refusal_reason_missing")
    assert supervisor.post(ruling, {"confirm": True}).json()["counts"] is True
    assert clerk.get(f"/work-orders/{life.id}").json()["work_class"] == "C"


def test_the_life_of_a_unit(clerk: Caller, qd: Crew) -> None:
    path = f"/assets/{qd.unit.id}"
    sale = {"sale_date": "2026-03-02", "delivered_date": "2026-03-04", "trader_installs": False, "price": "1999.00"}
    assert clerk.put(f"{path}/sale", sale).json()["delivered_date"] == "2026-03-04"
    assert clerk.get(path).json()["price"] == "1999.00"
    assert_problem(clerk.put(f"{path}/sale", {"sale_date": "2199-01-01"}), 422, "date_in_future")
    reading = clerk.post(f"{path}/meter-readings", {"km": 120}).json()
    back = clerk.post(f"/happenings/{reading['id']}/taking-back", {"reason": "读错"}).json()
    assert back["takes_back_id"] == reading["id"]
    told = clerk.get(f"{path}/history").json()
    assert [one["kind"] for one in told["happenings"]] == ["meter_read", "taken_back"]
    assert {one["start"] for one in told["segments"]} == {"2026-03-04"}
    assert all(step["rule"] in told["rules"] for one in told["segments"] for step in one["steps"])


def test_a_finding_is_of_the_unit_and_its_order(clerk: Caller, qd: Crew) -> None:
    order, other = qd.order("received", at=yesterday()), qd.order("received", at=yesterday(), asset=qd.gas_unit.id)
    path, finding = f"/assets/{qd.unit.id}/findings", {"exclusion": "misuse", "evidence": "<b>进水</b>"}
    with unchanged():
        foreign = finding | {"work_order_id": str(other.id)}
        assert_problem(clerk.post(path, foreign), 404, "work_order_not_found")
        assert_problem(clerk.post(path, finding | {"photos": [str(order.id)]}), 404, "photo_not_found")
    made = clerk.post(path, finding | {"work_order_id": str(order.id)}).json()
    assert made["evidence"] == "<b>进水</b>"
    assert clerk.post("/entitlements/verdicts", {"asset_id": str(qd.unit.id)}).json()["answer"]["ground"] == "excluded"
    withdrawn = clerk.post(f"/findings/{made['id']}/withdrawal", {"reason": "误判"}).json()
    assert [one["id"] for one in clerk.get(path).json()["rows"]] == [made["id"], withdrawn["id"]]
