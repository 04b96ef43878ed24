"""The customer's signature: what he sees, what is refused, and the way of the voucher afterwards."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from shouhou.access.permissions import Role
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders import actions as acts
from shouhou.workorders.rules import VoucherState
from tests.cast import STROKES, Crew, unchanged


@pytest.fixture
def phone(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.technician_actor)


def url_of(order_id: object, name: str = "sign") -> str:
    return reverse(name, args=[order_id])


def text_of(client: Client, order_id: object) -> str:
    answer = client.get(url_of(order_id))
    assert answer.status_code == 200
    return answer.content.decode()


def signature(**given: object) -> dict[str, object]:
    return {"signer_name": "王建华", "strokes": json.dumps(STROKES), **given}


def test_the_customer_reads_what_he_signs(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site", work_class="A")
    acts.add_line(
        life.visit.id,
        kind="labour",
        description="换电容",
        quantity=Decimal(1),
        unit_price=Decimal("80.50"),
        by=life.worker,
        at=life.next(),
    )
    life.to("completed")
    page = text_of(phone, life.id)
    for words in ("电容老化", "更换电容", "换电容", "¥80.50", 'value="王建华"'):
        assert words in page


def test_he_signs_and_it_is_sealed(qd: Crew, phone: Client) -> None:
    life = qd.order("completed")
    assert phone.post(url_of(life.id), signature()).status_code == 303
    assert (life.entry.signer_name, life.voucher.state) == ("王建华", VoucherState.SIGNED)
    page = text_of(phone, life.id)
    assert life.entry.seal in page
    assert "data:image/png;base64," in page
    assert url_of(life.id, "field_hand_in") in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"strokes": "[]"}, "There is no signature yet"),
        ({"strokes": ""}, "There is no signature yet"),
        ({"strokes": "[[[1, 1, 0]]]"}, "There is no signature yet"),
        ({"strokes": "{"}, "could not be read"),
        ({"strokes": "7"}, "could not be read"),
        ({"strokes": "[[[1e99, 1, 0], [2, 2, 1]]]"}, "could not be read"),
        ({"strokes": "[" * 20_000}, "could not be read"),
        ({"signer_name": ""}, "Please write the name"),
        ({"signer_name": "x" * 81}, "at most 80"),
    ],
)
def test_what_is_no_signature_is_refused_in_words(qd: Crew, phone: Client, given: dict[str, str], said: str) -> None:
    life = qd.order("completed")
    with unchanged():
        answer = phone.post(url_of(life.id), signature(**given))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_strokes_stay_when_only_the_name_is_missing(qd: Crew, phone: Client) -> None:
    life = qd.order("completed")
    answer = phone.post(url_of(life.id), signature(signer_name=""))
    assert "[[[10, 10, 0]" in answer.content.decode()


def test_it_is_signed_once(qd: Crew, phone: Client) -> None:
    life = qd.order("signed")
    with unchanged():
        assert phone.post(url_of(life.id), signature()).status_code == 422


def test_who_will_not_sign_says_why(qd: Crew, phone: Client) -> None:
    life = qd.order("completed")
    with unchanged():
        assert phone.post(url_of(life.id, "sign_refused"), {"reason": ""}).status_code == 422
    assert phone.post(url_of(life.id, "sign_refused"), {"reason": "认为收费过高"}).status_code == 303
    page = text_of(phone, life.id)
    assert "认为收费过高" in page
    assert "Closed without a signature." in page
    assert "Signed and sealed." not in page


def test_the_voucher_is_handed_in(qd: Crew, phone: Client) -> None:
    life = qd.order("signed")
    answer = phone.post(url_of(life.id, "field_hand_in"))
    assert (answer.status_code, answer["Location"]) == (303, reverse("technician_day"))
    assert life.voucher.state == VoucherState.HANDED_IN


def test_what_is_not_signed_cannot_be_handed_in(qd: Crew, phone: Client) -> None:
    life = qd.order("completed")
    with unchanged():
        assert phone.post(url_of(life.id, "field_hand_in")).status_code == 422


def test_before_a_visit_is_over_there_is_nothing_to_sign(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    assert "There is nothing to sign yet." in text_of(phone, life.id)
    with unchanged():
        assert phone.post(url_of(life.id), signature()).status_code == 422


def test_a_colleague_cannot_have_it_signed(qd: Crew, as_: SignIn) -> None:
    life, client = qd.order("completed"), as_(qd.colleague_actor)
    with unchanged():
        assert client.post(url_of(life.id), signature()).status_code == 422
        assert client.post(url_of(life.id, "sign_refused"), {"reason": "x"}).status_code == 422


def test_an_accountant_may_read_it_and_no_more(qd: Crew, as_: SignIn) -> None:
    life, client = qd.order("completed"), as_(qd.actors[Role.ACCOUNTANT])
    assert "sign-form" not in text_of(client, life.id)
    with unchanged():
        for name in ("sign", "sign_refused", "field_hand_in"):
            assert client.post(url_of(life.id, name), signature(reason="x")).status_code == 403


def test_what_was_written_is_escaped(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    checks = {"safe": "ok", "works": "ok"}
    acts.complete_visit(
        life.visit.id, fault_found="<u>a</u>", work_done="<s>b</s>", checks=checks, by=life.worker, at=life.next()
    )
    page = text_of(phone, life.id)
    assert "<u>a</u>" not in page
    assert "<s>b</s>" not in page


@pytest.mark.parametrize("name", ["sign", "sign_refused", "field_hand_in"])
def test_another_branchs_order_is_not_there(qd: Crew, jn: Crew, phone: Client, name: str) -> None:
    foreign = jn.order("signed")
    with unchanged():
        for order_id in (foreign.id, uuid4()):
            assert phone.post(url_of(order_id, name), signature(reason="x")).status_code == 404
