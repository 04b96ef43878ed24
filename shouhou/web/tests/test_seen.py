"""Two people at the same order, two people at the same folder: each sees what the other did before he acts on it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouhou.customers.actions import change_customer
from shouhou.customers.models import Customer
from shouhou.kernel.phones import masked_phone
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders import actions
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import OrderStatus
from tests.cast import NOW, PHONE, STEP, Crew, Life, unchanged


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def seen(client: Client, life: Life) -> str:
    """What the forms of the page carry."""
    text = client.get(reverse("order", args=[life.id])).text
    shown = {part.split('"')[0] for part in text.split('name="seen" value="')[1:]}
    assert len(shown) == 1
    return shown.pop()


def hold(client: Client, life: Life, **given: str) -> Any:
    return client.post(reverse("order_hold", args=[life.id]), {"reason": "等压缩机", "cause": "company"} | given)


def test_an_act_on_what_was_seen_is_done(desk: Client, qd: Crew) -> None:
    life = qd.order("received")
    assert hold(desk, life, seen=seen(desk, life)).status_code == 303
    assert life.order.status == OrderStatus.ON_HOLD


def test_an_order_that_moved_on_is_shown_first(desk: Client, qd: Crew) -> None:
    life = qd.order("received")
    was = seen(desk, life)
    actions.assign_work_class(life.id, work_class="B", reason="合同客户", by=qd.supervisor, at=life.next())
    with unchanged():
        back = hold(desk, life, seen=was)
    assert back.status_code == 409
    assert [one.words for one in back.context["meanwhile"]] == ["Work class B"]
    assert str(qd.supervisor.user) in back.text
    assert "等压缩机</textarea>" in back.text
    # The form that came back has seen it: pressed again, it is done.
    assert f'name="seen" value="{int(was) + 1}"' in back.text
    assert hold(desk, life, seen=str(int(was) + 1)).status_code == 303


def test_what_was_written_into_an_act_that_is_gone_is_kept(desk: Client, qd: Crew) -> None:
    life = qd.order("received")
    was = seen(desk, life)
    actions.cancel_work_order(life.id, reason="误报", by=qd.supervisor, at=life.next())
    back = hold(desk, life, seen=was, reason="<b>等压缩机")
    assert back.status_code == 409
    assert 'class="typed">&lt;b&gt;等压缩机' in back.text


@pytest.mark.parametrize("said", ["", "x", "-1", "٣", "9" * 40])
def test_a_form_that_does_not_say_what_it_saw_is_judged_by_the_act_alone(desk: Client, qd: Crew, said: str) -> None:
    assert hold(desk, qd.order("received"), seen=said).status_code == 303


def test_what_is_seen_of_another_branch_tells_nothing(qd: Crew, jn: Crew, as_: SignIn) -> None:
    life, stranger = qd.order("received"), as_(jn.clerk)
    with unchanged():
        assert hold(stranger, life, seen="0").status_code == 404


def correct(client: Client, crew: Crew, shown: dict[str, str], **given: str) -> Any:
    said = shown | given | {f"was_{name}": value for name, value in shown.items()}
    return client.post(reverse("customer_change", args=[crew.customer.id]), {**said, "phone": given.get("phone", "")})


def as_shown(crew: Crew) -> dict[str, str]:
    who = Customer.objects.get(id=crew.customer.id)
    return {"name": who.name, "phone": masked_phone(who.phone), "kind": who.kind, "note": who.note}


def by_somebody_else(crew: Crew, **given: str) -> None:
    who = Customer.objects.get(id=crew.customer.id)
    stands = {"name": who.name, "phone": who.phone, "kind": who.kind, "note": who.note}
    change_customer(crew.customer.id, **stands | given, by=crew.supervisor, at=NOW + STEP)  # type: ignore[arg-type]


def test_changes_that_do_not_touch_each_other_are_both_kept(desk: Client, qd: Crew) -> None:
    shown = as_shown(qd)
    by_somebody_else(qd, note="周末勿扰", phone="13900001111")
    assert correct(desk, qd, shown, name="王建国").status_code == 303
    assert as_shown(qd) == {"name": "王建国", "phone": "139****1111", "kind": "person", "note": "周末勿扰"}


def test_only_a_true_clash_is_asked_about_and_then_done(desk: Client, qd: Crew) -> None:
    shown = as_shown(qd)
    by_somebody_else(qd, name="王建", kind="company", note="先打电话")
    with unchanged():
        back = correct(desk, qd, shown, name="王建国", note="周末勿扰")
    assert back.status_code == 422
    assert set(back.context["forms"]["change"].errors) == {"name", "note", "__all__"}
    assert "王建”" in back.text
    assert "先打电话" in back.text
    assert 'value="王建国"' in back.text
    assert correct(desk, qd, as_shown(qd), name="王建国", note="周末勿扰").status_code == 303
    assert as_shown(qd) | {"phone": ""} == {"name": "王建国", "phone": "", "kind": "company", "note": "周末勿扰"}


def test_a_new_number_is_not_mistaken_for_the_masked_old_one(desk: Client, qd: Crew) -> None:
    alike = f"{PHONE[:3]}9999{PHONE[-4:]}"
    assert correct(desk, qd, as_shown(qd), phone=alike).status_code == 303
    assert Customer.objects.get(id=qd.customer.id).phone == f"+86{alike}"


def test_two_new_numbers_clash(desk: Client, qd: Crew) -> None:
    shown = as_shown(qd)
    by_somebody_else(qd, phone="13900001111")
    with unchanged():
        back = correct(desk, qd, shown, phone="13900002222")
    assert back.status_code == 422
    assert "139****1111" in back.text
    assert "13900001111" not in back.text


def test_the_same_correction_twice_is_no_clash(desk: Client, qd: Crew) -> None:
    shown = as_shown(qd)
    by_somebody_else(qd, name="王建国")
    assert correct(desk, qd, shown, name="王建国").status_code == 303


def test_lines_end_in_the_browser_as_they_like(desk: Client, qd: Crew) -> None:
    by_somebody_else(qd, note="一\n二")
    shown = as_shown(qd) | {"note": "一\r\n二"}
    by_somebody_else(qd, note="三")
    assert correct(desk, qd, shown, name="王建国").status_code == 303
    assert as_shown(qd)["note"] == "三"


def test_it_refuses_an_order_of_nobody(qd: Crew, jn: Crew) -> None:
    order: WorkOrder = qd.order("received").order
    with unchanged(), pytest.raises(actions.MovedOn):
        actions.act_on_seen(order.id, seen=0, by=qd.clerk, act=lambda: None)
