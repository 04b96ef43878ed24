"""A form that is sent twice: one act, and the same page for both. In threads, too, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import reverse

from shouhou.customers.models import Contact
from shouhou.web.models import SentForm
from shouhou.web.tests.conftest import SignIn
from shouhou.web.tests.test_wall import signed_in
from shouhou.workorders.models import WorkOrder
from tests.cast import PHONE, Crew, unchanged

CONTACT = {"name": "李姐", "phone": PHONE, "position": "店长"}
TIMES = 6


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def send(client: Client, crew: Crew, key: object, **given: str) -> Any:
    return client.post(reverse("customer_contact", args=[crew.customer.id]), CONTACT | {"once": str(key)} | given)


def call(crew: Crew, **given: Any) -> dict[str, Any]:
    chosen = {"customer": crew.customer.id, "asset": crew.unit.id, "fault": "不制冷", "work_class": "C"}
    return chosen | {"key": uuid4(), "once": str(uuid4())} | given


def test_every_form_of_a_page_has_a_key_of_its_own(desk: Client, qd: Crew) -> None:
    text = desk.get(reverse("customer", args=[qd.customer.id])).text
    keys = [part.split('"')[0] for part in text.split('name="once" value="')[1:]]
    assert len(keys) == len(set(keys)) == text.count("csrfmiddlewaretoken") > 4


def test_the_same_form_again_leads_to_where_the_first_led(desk: Client, qd: Crew) -> None:
    key = uuid4()
    first, again = send(desk, qd, key), send(desk, qd, key, csrfmiddlewaretoken="another mask of the same token")
    assert (first.status_code, first.headers["Location"]) == (again.status_code, again.headers["Location"])
    assert first.status_code == 303
    assert Contact.objects.filter(name="李姐").count() == 1
    assert "It was done once." in [str(one) for one in get_messages(again.wsgi_request)][-1]


def test_a_new_form_is_a_new_act(desk: Client, qd: Crew) -> None:
    for _ in range(2):
        assert send(desk, qd, uuid4()).status_code == 303
    assert Contact.objects.filter(name="李姐").count() == 2


def test_what_was_changed_after_sending_is_refused_once_and_kept(desk: Client, qd: Crew) -> None:
    key = uuid4()
    send(desk, qd, key)
    with unchanged():
        back = send(desk, qd, key, name="李姐的妹妹")
    assert back.status_code == 422
    assert "李姐的妹妹" in back.text
    assert "already sent at" in back.text
    assert str(key) not in back.text  # the form that came back is a new one


def test_a_refused_form_may_be_sent_again(desk: Client, qd: Crew) -> None:
    key = uuid4()
    with unchanged():
        assert send(desk, qd, key, phone="").status_code == 422
    assert send(desk, qd, key).status_code == 303


def test_the_key_of_another_user_is_not_his(desk: Client, qd: Crew, as_: SignIn) -> None:
    key = uuid4()
    for client in (desk, as_(qd.supervisor)):
        assert send(client, qd, key).status_code == 303
    assert Contact.objects.filter(name="李姐").count() == 2


def test_a_print_may_be_asked_for_again_with_the_same_form(desk: Client, qd: Crew) -> None:
    voucher, key = qd.order("signed").voucher, uuid4()
    for _ in range(2):
        assert desk.post(reverse("print_voucher", args=[voucher.id]), {"once": str(key)}).status_code == 200
    assert not SentForm.objects.exists()


def test_the_browser_is_told_which_form_is_done(desk: Client, qd: Crew) -> None:
    key = uuid4()
    assert send(desk, qd, key).cookies["done"].value == str(key)
    assert "done" not in send(desk, qd, uuid4(), phone="").cookies


def test_a_key_that_is_none_changes_nothing(desk: Client, qd: Crew) -> None:
    for key in ("", "x" * 200, "<script>", "\0"):
        assert send(desk, qd, key).status_code == 303
    assert not SentForm.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_calls_at_once_one_gets_into_the_register(qd: Crew) -> None:
    """Without the call's own key, which would also keep it out: here the form's is what counts."""
    form, before = call(qd), WorkOrder.objects.count()
    answers = at_once([signed_in(qd.clerk) for _ in range(TIMES)], reverse("intake"), form)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert WorkOrder.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_of_two_contacts_at_once_one_is_added(qd: Crew) -> None:
    form = CONTACT | {"once": str(uuid4())}
    clients = [signed_in(qd.clerk) for _ in range(TIMES)]
    answers = at_once(clients, reverse("customer_contact", args=[qd.customer.id]), form)
    assert {answer.status_code for answer in answers} == {303}
    assert Contact.objects.filter(name="李姐").count() == 1


def at_once(clients: list[Client], address: str, form: dict[str, Any]) -> list[Any]:
    start = Barrier(len(clients))

    def post(client: Client) -> Any:
        start.wait()
        try:
            return client.post(address, form)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(post, clients))
