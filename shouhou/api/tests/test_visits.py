"""The whole life of an order over the API, and what is refused on the way."""

from collections.abc import Callable
from typing import Any

import pytest

from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from shouhou.workorders.models import WorkOrderLine
from tests.cast import CHECKS, STROKES, Crew, Life, Stage, unchanged

type Lives = Callable[[Stage], Life]


def test_a_whole_life(clerk: Caller, supervisor: Caller, technician: Caller, qd: Crew) -> None:
    call = {
        "branch": "QD",
        "customer": str(qd.customer.id),
        "asset": str(qd.unit.id),
        "fault": "不制冷",
        "work_class": "A",
        "class_reason": "人为损坏",
    }
    order = f"/work-orders/{clerk.post('/work-orders', call).json()['id']}"
    sent = supervisor.post(f"{order}/dispatches", {"technician_id": str(qd.technician.id)}).json()
    visit = f"/visits/{sent['id']}"
    for act in ("acceptance", "departure", "arrival"):
        assert technician.post(f"{visit}/{act}").status_code == 200
    line = technician.post(f"{visit}/lines", {"kind": "part", "part": "CBB65-35", "quantity": "2"}).json()
    assert (line["amount"], line["quantity"], line["description"]) == ("77.00", "2.000", "压缩机电容")
    done = {"fault_found": "电容老化", "work_done": "更换电容", "checks": CHECKS, "labour_minutes": 40}
    done |= {"fault_code": "E4"}
    entry = technician.post(f"{visit}/completion", done).json()
    assert (entry["charge"], entry["labour_minutes"], entry["fault_code"]) == ("77.00", 40, "E4")
    signed = technician.post(f"{order}/signature", {"signer_name": "王建华", "strokes": STROKES}).json()
    assert len(signed["seal"]) == 64
    assert technician.post(f"{order}/voucher/hand-in").json()["state"] == "handed_in"
    assert clerk.post(f"{order}/voucher/filing").json()["state"] == "filed"
    assert clerk.post(f"{order}/strike-off").json()["status"] == "struck_off"
    shown = clerk.get(order).json()
    assert [one["status"] for one in shown["visits"]] == ["completed"]
    assert [one["part"] for one in shown["lines"]] == ["CBB65-35"]


def test_it_refuses_the_visit_of_another_technician(life: Lives, qd: Crew, technician: Caller) -> None:
    path, colleague = f"/visits/{life('dispatched').visit.id}/acceptance", caller_for(qd.colleague_actor)
    with unchanged():
        assert_problem(colleague.post(path), 409, "not_your_visit")
    assert technician.post(path).json()["status"] == "accepted"


@pytest.mark.parametrize("act", ["arrival", "departure"])
def test_it_refuses_an_act_out_of_turn(act: str, life: Lives, technician: Caller) -> None:
    visit = life("dispatched").visit
    with unchanged():
        response = technician.post(f"/visits/{visit.id}/{act}")
    assert_problem(response, 409, "visit_in_wrong_state")


def test_it_is_refused_and_withdrawn_with_a_reason(life: Lives, technician: Caller, supervisor: Caller) -> None:
    refused, withdrawn = life("dispatched").visit, life("dispatched").visit
    response = technician.post(f"/visits/{refused.id}/refusal", {"reason": "车坏了"})
    assert (response.json()["status"], response.json()["reason"]) == ("refused", "车坏了")
    with unchanged():
        assert_problem(technician.post(f"/visits/{withdrawn.id}/withdrawal", {"reason": "改派"}), 403, "not_permitted")
    assert supervisor.post(f"/visits/{withdrawn.id}/withdrawal", {"reason": "改派"}).json()["status"] == "withdrawn"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"kind": "part", "part": "X-1", "quantity": "1"}, "unknown_part"),
        ({"kind": "labour", "quantity": "1"}, "description_missing"),
        ({"kind": "labour", "quantity": "0", "description": "检修"}, "quantity_invalid"),
        ({"kind": "labour", "quantity": "-1", "description": "检修"}, "quantity_invalid"),
        ({"kind": "labour", "quantity": "1.00001", "description": "检修"}, "invalid_input"),
        ({"kind": "labour", "quantity": "NaN", "description": "检修"}, "invalid_input"),
        ({"kind": "labour", "quantity": "1", "description": "检修", "unit_price": "-1"}, "invalid_input"),
        ({"kind": "magic", "quantity": "1", "description": "检修"}, "invalid_input"),
    ],
)
def test_it_refuses_a_line_that_makes_no_sense(
    line: dict[str, Any], code: str, life: Lives, technician: Caller
) -> None:
    path = f"/visits/{life('on_site').visit.id}/lines"
    with unchanged():
        assert_problem(technician.post(path, line), 422, code)
    assert technician.post(path, {"kind": "labour", "quantity": "1", "description": "检修"}).status_code == 201


def test_a_line_is_taken_back_by_its_reversal(life: Lives, technician: Caller) -> None:
    path = f"/visits/{life('on_site').visit.id}/lines"
    line = technician.post(
        path, {"kind": "travel", "quantity": "3", "description": "路程", "unit_price": "2.50"}
    ).json()
    reversal = technician.delete(f"{path}/{line['id']}").json()
    assert (reversal["reverses_id"], reversal["amount"]) == (line["id"], "-7.50")
    assert WorkOrderLine.objects.count() == 2
    with unchanged():
        assert_problem(technician.delete(f"{path}/{line['id']}"), 409, "line_reversed_already")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"checks": {}}, "checklist_incomplete"),
        ({"checks": CHECKS | {"flies": "ok"}}, "check_unknown"),
        ({"work_done": " "}, "work_done_missing"),
        ({"labour_minutes": -1}, "invalid_input"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_it_refuses_an_unfinished_completion(wrong: dict[str, Any], code: str, life: Lives, technician: Caller) -> None:
    path = f"/visits/{life('on_site').visit.id}/completion"
    done = {"fault_found": "电容老化", "work_done": "更换电容", "checks": CHECKS}
    with unchanged():
        assert_problem(technician.post(path, done | wrong), 422, code)
    assert technician.post(path, done).status_code == 200


def test_a_visit_may_end_unfinished(life: Lives, technician: Caller) -> None:
    order = life("on_site")
    entry = technician.post(f"/visits/{order.visit.id}/non-completion", {"reason": "缺压缩机"}).json()
    assert entry["completed"] is False
    assert order.order.status == "received"


@pytest.mark.parametrize(
    ("strokes", "code"),
    [
        ([], "signature_empty"),
        ([[[5, 5, 0]]], "signature_empty"),
        ([[[5, 5]]], "invalid_input"),
        ([[[5, -1, 0]]], "invalid_input"),
        ([[["5", 5, 0]]], "invalid_input"),
        ("signed", "invalid_input"),
    ],
    ids=["nothing", "a dot", "no time", "outside", "text", "a word"],
)
def test_it_refuses_what_is_no_signature(strokes: Any, code: str, life: Lives, technician: Caller) -> None:
    path = f"/work-orders/{life('completed').id}/signature"
    with unchanged():
        assert_problem(technician.post(path, {"signer_name": "王建华", "strokes": strokes}), 422, code)
        assert_problem(technician.post(path, {"signer_name": " ", "strokes": STROKES}), 422, "signer_missing")
    assert technician.post(path, {"signer_name": "王建华", "strokes": STROKES}).status_code == 200


def test_a_customer_may_refuse_to_sign(life: Lives, technician: Caller) -> None:
    order = life("completed")
    path = f"/work-orders/{order.id}/signature-refusal"
    assert technician.post(path, {"reason": "客户不在家"}).json()["unsigned_reason"] == "客户不在家"
    assert order.voucher.state == "signed"
    with unchanged():
        assert_problem(technician.post(path, {"reason": "客户不在家"}), 409, "nothing_to_sign")
