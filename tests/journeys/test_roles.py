"""A first morning of each role in a real browser: the start page, every place of the rail, what lies one step behind it.

Nothing is too wide, no page complains, every link leads somewhere the role may go, and `?` shows the keys.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from shouhou.access.permissions import Role
from tests.cast import Cast
from tests.journeys.people import Person, Seat
from tests.walls import yesterday

pytestmark = pytest.mark.django_db(transaction=True)
# Whoever works outside looks at the telephone; English and the dark are looked at by turns.
SEATS: dict[Role, Seat] = {
    Role.CLERK: Seat(),
    Role.SUPERVISOR: Seat(phone=True, theme="dark"),
    Role.TECHNICIAN: Seat(phone=True),
    Role.ACCOUNTANT: Seat(theme="dark"),
    Role.PARTS_KEEPER: Seat(phone=True),
    Role.CLAIMS_AGENT: Seat(),
    Role.HQ: Seat(theme="dark"),
    Role.MANAGER: Seat(phone=True),
    Role.ADMINISTRATOR: Seat(),
}
LONGEST_WALK = 12  # pages behind one place


@pytest.fixture
def sits_down(open_page: Callable[..., Page], cast: Cast) -> Iterator[Callable[[Role], Person]]:
    people: list[Person] = []

    def come_in(role: Role) -> Person:
        people.append(Person(SEATS[role].open(open_page), cast.qd.actors[role], seat=SEATS[role]))
        return people[-1]

    yield come_in
    assert not [complaint for one in people for complaint in one.complaints]


@pytest.mark.parametrize("role", Role)
def test_a_first_morning(role: Role, cast: Cast, sits_down: Callable[[Role], Person]) -> None:
    cast.qd.receive(at=yesterday())
    cast.qd.order("filed", at=yesterday())
    person = sits_down(role)
    page = person.page
    person.shot(f"{role}-start")
    expect(page.locator("h1")).to_have_count(1)
    places = page.locator(".rail-link[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert places
    walked: set[str] = set()
    for place in places:
        for path in (place, *_behind(person, place)):
            if path in walked:
                continue
            walked.add(path)
            answer = page.goto(path)
            assert answer
            assert answer.status == 200, path
            person.shot(f"{role}-{path.strip('/').replace('/', '-')[:40] or 'start'}")
    assert len(walked) >= len(places)


def _behind(person: Person, place: str) -> list[str]:
    """Where the links of that page lead within the product, one of each kind."""
    person.page.goto(place)
    links = person.page.locator("main a[href]").evaluate_all("all => all.map(one => one.href)")
    own = [urlsplit(link) for link in links if urlsplit(link).netloc == urlsplit(person.page.url).netloc]
    kinds = {_kind(one.path): one.path for one in own if not one.path.startswith("/static/")}
    return list(kinds.values())[:LONGEST_WALK]


def _kind(path: str) -> str:
    """An address without what differs from row to row."""
    return "/".join("*" if any(sign.isdigit() for sign in part) else part for part in path.split("/"))
