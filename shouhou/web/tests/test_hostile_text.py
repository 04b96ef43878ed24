"""What people type stays text: no element, no attribute and no template comes out of it, on any page that shows it."""

from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Dialog, Page, Request
from pytest_django.live_server_helper import LiveServer

from shouhou.access.actors import Actor
from shouhou.web.tests.hostile_story import LONGEST, PAYLOADS, Story
from shouhou.web.tests.test_wall import signed_in
from tests.cast import PHONE, Crew
from tests.walls import rolled_back

HARMLESS = "a harmless text "
_ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post"}
_OURS = ("/", "?", "#", "tel:", "data:image/png;base64,", "https://uri.amap.com/search?keyword=")


class Skeleton(HTMLParser):
    """A page without its words: elements and their attributes, in order. The words are counted."""

    def __init__(self, name: str, page: str) -> None:
        super().__init__()
        self.name = name
        self.bones: list[tuple[str, ...]] = []
        self.said: list[str] = []
        self.leads: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bones.append((tag, *(name for name, _value in attrs)))
        self.said += [value or "" for _name, value in attrs]
        self.leads += [value or "" for name, value in attrs if name in _ADDRESSES]

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def count(self, words: str) -> int:
        """How often they are there (a serial number is written large, a long text is cut off, a word to find has no spaces)."""
        return _closed(" ".join(self.said)).count(_closed(words)[:12])


def _closed(text: str) -> str:
    return "".join(text.casefold().split())


@pytest.fixture(scope="module")
def harmless() -> dict[date, list[Skeleton]]:
    """The pages of the same story in harmless words, told once a day: at midnight all calls become yesterday's."""
    return {}


@pytest.mark.one_database
@pytest.mark.parametrize("payload", PAYLOADS)
def test_it_stays_text(payload: str, qd: Crew, harmless: dict[date, list[Skeleton]]) -> None:
    plain, hostile, today = HARMLESS.ljust(LONGEST, "."), payload.ljust(LONGEST, "."), timezone.localdate()
    if today not in harmless:
        with rolled_back():
            harmless[today] = pages_of(qd, plain)
    for page, pattern in zip(pages_of(qd, hostile), harmless[today], strict=True):
        assert page.bones == pattern.bones, page.name
        assert page.count(hostile) == pattern.count(plain), page.name
        assert not [one for one in page.leads if one and not one.startswith(_OURS)], page.name


def pages_of(crew: Crew, words: str) -> list[Skeleton]:
    pages: list[Skeleton] = []

    def look(actor: Actor, address: str) -> None:
        answer = story.client(actor).get(address)
        assert answer.status_code == 200, address
        pages.append(Skeleton(address, answer.content.decode()))

    story = Story(crew, say=lambda: words, look=look, read=lambda name, page: pages.append(Skeleton(name, page)))
    story.tell()
    return pages


@pytest.mark.django_db(transaction=True)
def test_a_browser_runs_none_of_it(qd: Crew, open_page: Callable[..., Page], live_server: LiveServer) -> None:
    """`open_page` itself fails the test when a page breaks its own Content-Security-Policy."""
    windows: dict[Any, Page] = {}
    complaints: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        complaints.append(f"{dialog.page and dialog.page.url}: {dialog.message}")
        dialog.dismiss()

    def stay_here(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:")):
            complaints.append(request.url)

    def window(actor: Actor) -> Page:
        page = open_page()
        page.on("dialog", dismiss)
        page.on("request", stay_here)
        key = signed_in(actor).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return page

    def look(actor: Actor, address: str) -> None:
        if actor.user_id not in windows:
            windows[actor.user_id] = window(actor)
        page = windows[actor.user_id]
        page.goto(address)
        assert urlsplit(page.url).path == urlsplit(address).path

    words = cycle(PAYLOADS)
    Story(qd, say=lambda: next(words), look=look, read=lambda _name, _page: None).tell()
    look_up_the_caller(windows[qd.clerk.user_id], qd)
    assert not complaints


def look_up_the_caller(page: Page, crew: Crew) -> None:
    """What htmx puts into the page is drawn by the same templates, but put there by a script."""
    page.goto(reverse("intake"))
    page.locator("#id_caller").press_sequentially(PHONE[-4:])
    page.locator("#matches a").first.click()
    page.locator("label.unit").first.wait_for()
