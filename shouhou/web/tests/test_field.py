"""The technician's day and his visits: what the phone shows, and that each button is one act."""

from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders import actions as acts
from shouhou.workorders.models import Photo, Visit, WorkOrderLine
from shouhou.workorders.rules import VisitStatus, VoucherState
from tests.cast import CHECKS, Cast, Crew, Life, unchanged

HTMX = {"HX-Request": "true"}
DONE = {
    "fault_found": "电容老化",
    "work_done": "更换电容",
    **{f"check-{code}": answer for code, answer in CHECKS.items()},
}


@pytest.fixture
def phone(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.technician_actor)


def day(technician: object = None) -> str:
    return reverse("technician_day", query={"technician": technician} if technician else None)


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(client: Client, visit: Visit) -> str:
    return text_of(client, reverse("visit", args=[visit.id]))


def do(client: Client, act: str, visit: Visit, **given: object) -> int:
    return client.post(reverse(f"visit_{act}", args=[visit.id]), given).status_code


# The day


@pytest.mark.parametrize(
    ("stage", "act"),
    [("dispatched", "acceptance"), ("accepted", "departure"), ("travelling", "arrival")],
)
def test_the_next_act_is_the_button(qd: Crew, phone: Client, stage: str, act: str) -> None:
    life = qd.order(stage)  # type: ignore[arg-type]
    assert f"/visits/{life.visit.id}/{act}/" in text_of(phone, day())


def test_what_is_under_way_leads_the_day(qd: Crew, phone: Client) -> None:
    waiting, under_way = (
        qd.order("accepted", fault="waits"),
        qd.order("travelling", unit=qd.gas_unit, fault="under way"),
    )
    page = text_of(phone, day())
    assert page.index(f"visit-{under_way.visit.id}") < page.index(f"visit-{waiting.visit.id}")


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("completed", "the customer has not signed yet"),
        ("signed", "signed, with you"),
        ("left_incomplete", "not signed"),
    ],
)
def test_vouchers_to_bring_in_say_what_they_wait_for(qd: Crew, phone: Client, stage: str, said: str) -> None:
    qd.order(stage)  # type: ignore[arg-type]
    assert said in text_of(phone, day())


def test_a_voucher_that_is_not_needed_goes_back(qd: Crew, phone: Client) -> None:
    life = qd.order("travelling")
    acts.withdraw_visit(life.visit.id, reason="改派", by=qd.supervisor, at=life.next())
    assert "give it back to the clerk" in text_of(phone, day())


def test_the_day_shows_nobody_elses_visits(qd: Crew, phone: Client) -> None:
    life = qd.order("dispatched", technician=qd.colleague)
    assert str(life.visit.id) not in text_of(phone, day())


def test_an_empty_day_says_so(phone: Client) -> None:
    assert "No visits at the moment." in text_of(phone, day())


def test_it_costs_the_same_for_2_visits_and_for_12(qd: Crew, phone: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(phone, day())
        return len(queries)

    for _ in range(2):
        qd.order("dispatched")
    text_of(phone, day())
    few = cost()
    for _ in range(10):
        qd.order("dispatched")
    assert cost() == few


# For another


def test_a_supervisor_chooses_whose_day(qd: Crew, as_: SignIn) -> None:
    assert "李明" in text_of(as_(qd.supervisor), day())


def test_a_supervisor_acts_for_a_technician(qd: Crew, as_: SignIn) -> None:
    life, client = qd.order("dispatched"), as_(qd.supervisor)
    assert "You act for 李明." in text_of(client, day(qd.technician.id))
    answer = client.post(reverse("visit_accept", args=[life.visit.id]), {"back": "day"})
    assert (answer.status_code, answer["Location"]) == (303, day(qd.technician.id))
    assert life.visit.status == VisitStatus.ACCEPTED
    assert life.events[-1].actor_id == qd.supervisor.user_id


@pytest.mark.parametrize("role", [Role.CLERK, Role.ACCOUNTANT, Role.TECHNICIAN])
def test_others_may_not_look_at_a_technicians_day(qd: Crew, as_: SignIn, role: Role) -> None:
    assert as_(qd.actors[role]).get(day(qd.colleague.id)).status_code == 403


def test_a_clerk_has_no_day(qd: Crew, as_: SignIn) -> None:
    assert as_(qd.clerk).get(day()).status_code == 403


def test_another_branchs_technician_is_not_there(jn: Crew, qd: Crew, as_: SignIn) -> None:
    assert as_(qd.supervisor).get(day(jn.technician.id)).status_code == 404


# The acts


@pytest.mark.parametrize(
    ("stage", "act", "after"),
    [
        ("dispatched", "accept", VisitStatus.ACCEPTED),
        ("accepted", "depart", VisitStatus.TRAVELLING),
        ("travelling", "arrive", VisitStatus.ON_SITE),
    ],
)
def test_a_step_is_one_press(qd: Crew, phone: Client, stage: str, act: str, after: VisitStatus) -> None:
    life = qd.order(stage)  # type: ignore[arg-type]
    assert do(phone, act, life.visit) == 303
    assert life.visit.status == after


def test_departing_takes_the_voucher_along(qd: Crew, phone: Client) -> None:
    life = qd.order("accepted")
    do(phone, "depart", life.visit)
    assert (life.voucher.state, life.voucher.holder_id) == (VoucherState.WITH_TECHNICIAN, qd.technician.id)


def test_who_is_at_one_place_cannot_set_out_for_another(qd: Crew, phone: Client) -> None:
    first, second = qd.order("on_site"), qd.order("accepted", unit=qd.gas_unit)
    with unchanged():
        answer = phone.post(reverse("visit_depart", args=[second.visit.id]), {"back": "day"}, headers=HTMX)
    assert answer.status_code == 422
    assert first.order.number in answer["HX-Trigger"]


def test_pressed_twice_says_so_and_does_nothing(qd: Crew, phone: Client) -> None:
    life = qd.order("accepted")
    with unchanged():
        assert do(phone, "accept", life.visit) == 422


def test_refusing_needs_a_reason(qd: Crew, phone: Client) -> None:
    life = qd.order("dispatched")
    with unchanged():
        answer = phone.post(reverse("visit_refuse", args=[life.visit.id]), {"reason": ""})
    assert answer.status_code == 422
    assert "Please give the reason." in answer.content.decode()
    assert do(phone, "refuse", life.visit, reason="车坏了") == 303
    assert life.visit.reason == "车坏了"


def test_it_completes_and_asks_for_the_signature(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    answer = phone.post(reverse("visit_complete", args=[life.visit.id]), {**DONE, "labour_minutes": 42})
    assert answer["Location"] == reverse("sign", args=[life.id])
    assert (life.entry.work_done, life.entry.labour_minutes, life.entry.checks) == ("更换电容", 42, CHECKS)


def test_the_fault_that_it_was_is_chosen_and_shown(qd: Crew, phone: Client, as_: SignIn) -> None:
    life = qd.order("on_site")
    address = reverse("visit_complete", args=[life.visit.id])
    assert "E4 压缩机过热保护" in page_of(phone, life.visit)
    with unchanged():
        assert phone.post(address, {**DONE, "fault_code": "E99"}).status_code == 422
    assert phone.post(address, {**DONE, "fault_code": "E4"}).status_code == 303
    shown = "E4 压缩机过热保护"
    assert shown in phone.get(reverse("sign", args=[life.id])).text
    desk = as_(qd.clerk)
    assert shown in desk.get(reverse("order", args=[life.id])).text
    assert shown in desk.get(reverse("asset", args=[qd.unit.id])).text


def test_it_refuses_when_a_point_is_open_and_keeps_what_was_typed(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    given = {key: value for key, value in DONE.items() if key != "check-safe"}
    with unchanged():
        answer = phone.post(reverse("visit_complete", args=[life.visit.id]), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Still to be answered." in page
    assert "更换电容" in page


def test_minutes_beyond_reason_are_refused_beside_the_field(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    with unchanged():
        answer = phone.post(reverse("visit_complete", args=[life.visit.id]), {**DONE, "travel_minutes": -5})
    assert answer.status_code == 422
    assert "Minutes must be between" in answer.content.decode()


def test_what_cannot_be_finished_has_its_reason(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    assert do(phone, "incomplete", life.visit, reason="缺压缩机", fault_found="压缩机卡死") == 303
    assert (life.visit.status, life.entry.fault_found) == (VisitStatus.NOT_COMPLETED, "压缩机卡死")


@pytest.mark.parametrize("act", ["accept", "refuse", "depart", "arrive", "complete", "incomplete", "line"])
def test_a_colleague_cannot_act_on_the_visit(qd: Crew, as_: SignIn, act: str) -> None:
    stage = {"accept": "dispatched", "refuse": "dispatched", "depart": "accepted", "arrive": "travelling"}
    life, client = qd.order(stage.get(act, "on_site")), as_(qd.colleague_actor)  # type: ignore[arg-type]
    given = {**DONE, "reason": "x", "kind": "other", "description": "x", "quantity": "1"}
    with unchanged():
        assert do(client, act, life.visit, **given) == 422


# Lines


def test_a_part_is_found_and_written_down_at_its_price(cast: Cast, phone: Client) -> None:
    life = cast.qd.order("on_site")
    found = text_of(phone, reverse("visit_parts", args=[life.visit.id], query={"q": "电容"}))
    assert cast.capacitor.number in found
    assert do(phone, "line", life.visit, kind="part", part=cast.capacitor.number, quantity="2") == 303
    assert WorkOrderLine.objects.get().amount == Decimal("77.00")


def test_without_a_script_the_number_is_typed(cast: Cast, phone: Client) -> None:
    life = cast.qd.order("on_site")
    assert do(phone, "line", life.visit, kind="part", q=cast.capacitor.number, quantity="1") == 303


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "part", "q": "nothing like it", "quantity": "1"}, "There is no part"),
        ({"kind": "labour", "quantity": "1"}, "Please say what the line is for."),
        ({"kind": "labour", "description": "x", "quantity": "-1"}, "The quantity must be more than nothing"),
        ({"kind": "labour", "description": "x", "quantity": "1", "unit_price": "-1"}, "The price must not be negative"),
        ({"kind": "labour", "description": "x", "quantity": "NaN"}, "Enter a number."),
        ({"kind": "theft", "description": "x", "quantity": "1"}, "Select a valid choice"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(qd: Crew, phone: Client, given: dict[str, str], said: str) -> None:
    life = qd.order("on_site")
    with unchanged():
        answer = phone.post(reverse("visit_line", args=[life.visit.id]), given, headers=HTMX)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_line_is_taken_back_once(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    do(phone, "line", life.visit, kind="other", description="停车", quantity="1", unit_price="10")
    url = reverse("visit_line_back", args=[life.visit.id, WorkOrderLine.objects.get().id])
    assert phone.post(url).status_code == 303
    with unchanged():
        assert phone.post(url).status_code == 422
    page = page_of(phone, life.visit)
    assert "taken back" in page
    assert url not in page


# Photos


def picture(size: int = 0) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (60, 40), "red").save(file, "JPEG")
    return SimpleUploadedFile("a.jpg", file.getvalue() + b"\0" * size, "image/jpeg")


def test_photos_are_attached(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    assert do(phone, "photo", life.visit, photos=[picture(), picture()]) == 303
    assert Photo.objects.filter(work_order_id=life.id).count() == 2


@pytest.mark.parametrize("megabytes", [10, 24])
def test_a_photo_that_is_too_large_gets_its_message(qd: Crew, phone: Client, megabytes: int) -> None:
    life = qd.order("on_site")
    with unchanged():
        answer = phone.post(reverse("visit_photo", args=[life.visit.id]), {"photos": picture(megabytes * 1024 * 1024)})
    assert answer.status_code == 422
    assert f"too large ({megabytes}.0 MB" in answer.content.decode()


def test_what_is_no_photo_is_refused_and_the_others_are_kept(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    text = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    assert do(phone, "photo", life.visit, photos=[text, picture()]) == 422
    assert Photo.objects.filter(work_order_id=life.id).count() == 1


# What is shown, and to whom


def test_the_number_is_shown_only_by_an_act(qd: Crew, phone: Client) -> None:
    life = qd.order("accepted")
    assert "13812342071" not in page_of(phone, life.visit)
    answer = phone.post(reverse("visit_phone", args=[life.visit.id]), headers=HTMX)
    assert 'href="tel:+8613812342071"' in answer.content.decode()
    assert Event.objects.filter(verb="customers.phone.revealed", actor_id=qd.technician_actor.user_id).count() == 1


def test_what_others_wrote_is_escaped(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site", fault="<img src=x onerror=alert(1)>", contact_name="<b>x</b>")
    do(phone, "line", life.visit, kind="other", description="<i>y</i>", quantity="1")
    for page in (page_of(phone, life.visit), text_of(phone, day())):
        assert "<img src=x" not in page
        assert "<b>x</b>" not in page
        assert "<i>y</i>" not in page


def test_a_clerk_reads_the_visit_without_its_acts(qd: Crew, as_: SignIn) -> None:
    page = page_of(as_(qd.clerk), qd.order("on_site").visit)
    assert "completion-form" not in page
    assert "/lines/" not in page


def everything(life: Life) -> list[str]:
    names = ["accept", "refuse", "depart", "arrive", "complete", "incomplete", "line", "photo", "phone"]
    urls = [reverse(f"visit_{name}", args=[life.visit.id]) for name in names]
    return [*urls, reverse("visit_line_back", args=[life.visit.id, uuid4()])]


def test_another_branchs_visit_is_not_there(qd: Crew, jn: Crew, as_: SignIn) -> None:
    life, client = jn.order("on_site"), as_(qd.supervisor)
    with unchanged():
        assert client.get(reverse("visit", args=[life.visit.id])).status_code == 404
        assert client.get(reverse("visit_parts", args=[life.visit.id])).status_code == 404
        for url in everything(life):
            assert client.post(url, {**DONE, "reason": "x", "kind": "other", "quantity": "1"}).status_code == 404


def test_reading_never_writes(qd: Crew, phone: Client) -> None:
    life = qd.order("on_site")
    assert {phone.get(url).status_code for url in everything(life)} == {405}


def test_a_stranger_is_sent_to_the_door(client: Client, qd: Crew) -> None:
    life = qd.order("on_site")
    with unchanged():
        assert {client.post(url).status_code for url in everything(life)} == {302}
