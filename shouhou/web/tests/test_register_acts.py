"""Acts on marked lines: each for itself, told apart afterwards; vouchers as one document; nothing half."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from shouhou.audit.models import Event
from shouhou.forms import actions as forms_actions
from shouhou.forms.models import FormSheet
from shouhou.forms.typesetting import TypesettingFailed
from shouhou.web.book import PAGE
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import OrderStatus, VoucherState
from tests.cast import Crew, unchanged
from tests.walls import yesterday

ACTS, PRINT = reverse("register_acts"), reverse("print_vouchers")


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.supervisor)


def status(order: WorkOrder) -> str:
    order.refresh_from_db()
    return order.status


def test_each_line_goes_or_is_refused_for_itself(desk: Client, qd: Crew) -> None:
    filed = qd.order("filed", at=yesterday()).first
    waiting = qd.order("received", at=yesterday(), unit=qd.gas_unit).first
    answer = desk.post(f"{ACTS}?state=open", {"act": "strike_off", "order": [waiting.id, filed.id]})
    assert answer.status_code == 303
    assert answer["Location"] == reverse("register") + "?state=open"
    outcome = desk.get(answer["Location"]).context["outcome"]
    assert [one.number for one in outcome.went] == [filed.number]
    assert [one.number for one in outcome.refused] == [waiting.number]
    assert outcome.refused[0].reason
    assert (status(filed), status(waiting)) == (OrderStatus.STRUCK_OFF, OrderStatus.RECEIVED)
    assert desk.get(answer["Location"]).context["outcome"] is None, "said once"


def test_vouchers_are_filed(desk: Client, qd: Crew) -> None:
    life = qd.order("handed_in", at=yesterday())
    page = desk.post(ACTS, {"act": "file", "order": [life.id]}, follow=True)
    assert life.first.number in page.text
    assert life.voucher.state == VoucherState.FILED


def test_many_are_sent_to_one_technician_each_if_he_may_do_it(desk: Client, qd: Crew) -> None:
    air, gas = qd.receive(at=yesterday()), qd.receive(at=yesterday(), unit=qd.gas_unit)
    chosen = {"act": "dispatch", "technician": qd.colleague.id, "order": [air.id, gas.id]}
    outcome = desk.post(ACTS, chosen, follow=True).context["outcome"]
    assert [one.number for one in outcome.went] == [air.number]
    assert [one.number for one in outcome.refused] == [gas.number], "he has no certificate for gas"
    assert (status(air), status(gas)) == (OrderStatus.DISPATCHED, OrderStatus.RECEIVED)


def test_sent_twice_it_is_done_once(desk: Client, qd: Crew) -> None:
    order, once = qd.receive(at=yesterday()), str(uuid4())
    chosen = {"act": "dispatch", "technician": qd.technician.id, "order": [order.id], "once": once}
    assert [desk.post(ACTS, chosen).status_code for _ in range(2)] == [303, 303]
    assert Event.objects.filter(chain_id=order.id, verb="workorders.work_order.dispatched").count() == 1


@pytest.mark.parametrize("chosen", [{}, {"act": "dance"}, {"act": "dispatch"}, {"act": "dispatch", "technician": "x"}])
def test_what_is_not_said_is_asked_for_and_the_marks_stay(desk: Client, qd: Crew, chosen: dict[str, str]) -> None:
    order = qd.receive(at=yesterday())
    with unchanged():
        answer = desk.post(ACTS, chosen | {"order": str(order.id)})
    assert answer.status_code == 422
    assert f'value="{order.id}" form="chosen" data-choose checked' in answer.text


def test_without_a_mark_nothing_is_done(desk: Client) -> None:
    with unchanged():
        assert desk.post(ACTS, {"act": "file"}).status_code == 422


def test_more_than_a_page_is_refused(desk: Client, qd: Crew) -> None:
    orders = [qd.receive(at=yesterday()).id for _ in range(PAGE + 1)]
    with unchanged():
        answer = desk.post(ACTS, {"act": "dispatch", "technician": qd.technician.id, "order": orders})
    assert answer.status_code == 422


@pytest.mark.parametrize("address", [ACTS, PRINT, reverse("export_register")])
def test_one_line_of_another_branch_among_own_ones_stops_all(desk: Client, qd: Crew, jn: Crew, address: str) -> None:
    own, theirs = qd.order("handed_in", at=yesterday()), jn.order("handed_in", at=yesterday())
    for other in (theirs.id, uuid4(), "x"):
        with unchanged():
            answer = desk.post(address, {"act": "file", "file": "csv", "order": [own.id, other]})
        assert answer.status_code == 404


def test_who_may_not_do_it_is_refused(as_: SignIn, qd: Crew) -> None:
    order, client = qd.receive(at=yesterday()), as_(qd.clerk)
    with unchanged():
        answer = client.post(ACTS, {"act": "dispatch", "technician": qd.technician.id, "order": [order.id]})
    assert answer.status_code == 403


def test_the_vouchers_are_one_document_and_each_is_counted(desk: Client, qd: Crew) -> None:
    first, second = qd.receive(at=yesterday()), qd.receive(at=yesterday(), unit=qd.gas_unit)
    again = qd.receive(at=yesterday())  # of the first unit: one paper for both
    answer = desk.post(PRINT, {"order": [first.id, second.id, again.id]})
    assert answer["Content-Type"] == "application/pdf"
    assert len(PdfReader(BytesIO(answer.content)).pages) == 2
    assert sorted(FormSheet.objects.values_list("print_count", flat=True)) == [1, 1]
    assert Event.objects.filter(verb="forms.sheet.printed").count() == 2


def test_one_that_cannot_be_set_leaves_none_counted(desk: Client, qd: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [qd.receive(at=yesterday()), qd.receive(at=yesterday(), unit=qd.gas_unit)]
    set_before = []

    def fail_at_the_second(sheet: object) -> bytes:
        set_before.append(sheet)
        if len(set_before) == 2:
            raise TypesettingFailed("unreadable")
        return b""

    monkeypatch.setattr(forms_actions, "typeset_voucher", fail_at_the_second)
    with unchanged(), pytest.raises(TypesettingFailed):
        desk.post(PRINT, {"order": [one.id for one in orders]})
    assert len(set_before) == 2


def test_nothing_marked_nothing_printed(desk: Client) -> None:
    with unchanged():
        answer = desk.post(f"{PRINT}?state=open", {})
    assert answer["Location"].endswith("?state=open")
