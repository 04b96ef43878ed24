"""Paper out of the house: each print is a counted act, each sheet can be declared void."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from shouhou.access.permissions import Role
from shouhou.forms.models import FormSheet
from shouhou.web.tests.conftest import SignIn
from tests.cast import Crew, unchanged

DAY = date(2026, 11, 23)


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def test_the_voucher_is_printed_and_counted(desk: Client, qd: Crew) -> None:
    life = qd.order("struck_off")
    url = reverse("print_voucher", args=[life.voucher.id])
    assert life.voucher.number in text_of(desk.post(url))
    assert "voucher" in text_of(desk.post(url, {"second_line": "1"})).lower()
    assert FormSheet.objects.get().print_count == 2
    assert "reprinted 1 times" in desk.get(reverse("order", args=[life.id])).text


def test_the_page_of_the_register_is_printed(desk: Client, qd: Crew) -> None:
    order = qd.receive()
    assert order.number in text_of(desk.post(reverse("print_register_page", args=[DAY])))


def test_a_day_without_a_page_cannot_be_printed(desk: Client) -> None:
    assert desk.post(reverse("print_register_page", args=[DAY])).status_code == 404


def test_a_sheet_is_declared_void_and_the_next_is_a_new_copy(desk: Client, qd: Crew) -> None:
    life = qd.order("received")
    desk.post(reverse("print_voucher", args=[life.voucher.id]))
    back = reverse("order", args=[life.id])
    answer = desk.post(reverse("void_sheet", args=[FormSheet.objects.get().id]), {"reason": "印坏", "next": back})
    assert (answer.status_code, answer.headers["Location"]) == (303, back)
    assert FormSheet.objects.get().void_reason == "印坏"
    desk.post(reverse("print_voucher", args=[life.voucher.id]))
    assert FormSheet.objects.count() == 2


def test_a_sheet_is_not_void_without_a_reason(desk: Client, qd: Crew) -> None:
    desk.post(reverse("print_voucher", args=[qd.order("received").voucher.id]))
    sheet = FormSheet.objects.get()
    with unchanged():
        answer = desk.post(reverse("void_sheet", args=[sheet.id]), {"reason": " "}, follow=True)
    assert "Please give the reason." in answer.text


def test_another_branch_prints_nothing_of_it(as_: SignIn, desk: Client, qd: Crew, jn: Crew) -> None:
    life = qd.order("received")
    desk.post(reverse("print_voucher", args=[life.voucher.id]))
    stranger = as_(jn.clerk)
    with unchanged():
        assert stranger.post(reverse("print_voucher", args=[life.voucher.id])).status_code == 404
        void = reverse("void_sheet", args=[FormSheet.objects.get().id])
        assert stranger.post(void, {"reason": "x"}).status_code == 404
        assert stranger.post(reverse("print_register_page", args=[DAY])).status_code == 404


def test_who_may_not_print_is_refused(as_: SignIn, qd: Crew) -> None:
    life = qd.order("received")
    keeper = as_(qd.actors[Role.PARTS_KEEPER])
    with unchanged():
        assert keeper.post(reverse("print_voucher", args=[life.voucher.id])).status_code == 403
        assert keeper.post(reverse("print_register_page", args=[DAY])).status_code == 403


def test_looking_does_not_print(desk: Client, qd: Crew) -> None:
    assert desk.get(reverse("print_voucher", args=[qd.order("received").voucher.id])).status_code == 405
