"""The tour of the first day: each role its own, once, in nobody's way."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.web.models import TourSeen
from shouhou.web.tests.conftest import SignIn
from shouhou.web.tours import TOURS, TourNotFound, close_tour, tour_of
from tests.cast import NOW, Crew, refuses
from tests.journeys.people import PATIENCE, Person, Seat

NOTE = '<section class="tour"'


@pytest.fixture
def first_day(qd: Crew) -> None:
    TourSeen.objects.all().delete()


@pytest.mark.parametrize(
    ("role", "tour"),
    [
        (Role.TECHNICIAN, "technician"),
        (Role.SUPERVISOR, "supervisor"),
        (Role.MANAGER, "supervisor"),
        (Role.CLERK, "clerk"),
        (Role.ADMINISTRATOR, "administrator"),
        (Role.ACCOUNTANT, "reader"),
        (Role.PARTS_KEEPER, "reader"),
    ],
)
def test_each_role_has_its_own(qd: Crew, role: Role, tour: str) -> None:
    assert tour_of(qd.actors[role]).key == tour


@pytest.mark.parametrize("role", Role)
def test_it_is_shown_on_the_start_page_until_it_is_closed(first_day: None, as_: SignIn, qd: Crew, role: Role) -> None:
    actor = qd.actors[role]
    person, start = as_(actor), reverse(tour_of(actor).start)
    assert NOTE in person.get(start, follow=True).text
    assert person.post(reverse("tour_seen", args=[tour_of(actor).key])).status_code == 204
    assert NOTE not in person.get(start, follow=True).text
    assert NOTE in person.get(start, {"tour": "again"}, follow=True).text


def test_it_is_shown_nowhere_else(first_day: None, as_: SignIn, qd: Crew) -> None:
    clerk = as_(qd.clerk)
    assert not [name for name in ("customers", "intake", "scan") if NOTE in clerk.get(reverse(name)).text]


def test_another_person_still_sees_his(first_day: None, qd: Crew, as_: SignIn) -> None:
    close_tour("technician", by=qd.technician_actor, at=NOW)
    assert NOTE in as_(qd.colleague_actor).get(reverse("technician_day")).text


def test_closed_twice_is_closed_once(first_day: None, qd: Crew) -> None:
    for _ in range(2):
        close_tour("clerk", by=qd.clerk, at=NOW)
    assert TourSeen.objects.count() == 1
    assert Event.objects.filter(verb="web.tour.closed", actor_id=qd.clerk.user_id).count() == 1


def test_there_is_no_other_tour(qd: Crew, as_: SignIn) -> None:
    with refuses(TourNotFound):
        close_tour("nonsense", by=qd.clerk, at=NOW)
    assert as_(qd.clerk).post("/tours/nonsense/seen/").status_code == 404


def test_a_page_without_a_tour_pays_nothing(qd: Crew, as_: SignIn, django_assert_num_queries: Any) -> None:
    clerk = as_(qd.clerk)
    with django_assert_num_queries(3):  # session, user, actor
        clerk.get(reverse("help"))


def test_there_are_three_to_six_steps() -> None:
    assert all(3 <= len(tour.steps) <= 6 for tour in TOURS)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_it_is_walked_by_keyboard_or_finger_and_blocks_nothing(
    first_day: None, qd: Crew, open_page: Any, phone: bool
) -> None:
    clerk = Person(open_page(phone=phone), qd.clerk, seat=Seat(phone=phone))
    note, page = clerk.page.locator("#tour"), clerk.page
    expect(note).to_be_focused()
    title = note.locator("h2").inner_text()
    clerk.shot("tour-1")
    if phone:
        clerk.press("[data-tour-next]")
    else:
        page.locator("[data-tour-next]").focus()
        page.keyboard.press("Enter")
    expect(note.locator("h2")).not_to_have_text(title)
    clerk.shot("tour-2")
    # The rest of the page works meanwhile, and the way back finds the tour where it was.
    page.goto(reverse("customers"))
    expect(note).to_have_count(0)
    page.goto(reverse("home"))
    expect(note.locator("h2")).not_to_have_text(title, timeout=PATIENCE)
    with page.expect_response("**/seen/") as answer:
        clerk.press("[data-tour-skip]") if phone else page.keyboard.press("Escape")
    assert answer.value.status == 204
    expect(note).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload()
    expect(note).to_have_count(0)


def test_help_opens_by_its_key_and_brings_the_tour_back(qd: Crew, page: Page) -> None:
    clerk = Person(page, qd.clerk, seat=Seat())
    page.keyboard.press("h")
    expect(page.locator("#help .help-purpose")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#help [data-keys-list] kbd").first).to_be_visible()
    clerk.shot("help-drawer")
    clerk.press('#help a[href*="tour=again"]')
    expect(page.locator("#tour")).to_be_visible(timeout=PATIENCE)
