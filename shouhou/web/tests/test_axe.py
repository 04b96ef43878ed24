"""WCAG 2.2 AA as far as a program can tell: axe-core finds nothing on any page, in both themes, on a desk and on a telephone.

The pages are those of the table of routes, so that a new one is looked at without anybody thinking of it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import axe_playwright_python
import pytest
from django.conf import settings
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from shouhou.access.permissions import Role
from shouhou.web.tests.routes_table import ROUTES
from shouhou.web.tests.test_wall import Key, address_of, signed_in, world_of
from tests.cast import Cast
from tests.walls import rolled_back

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Those that look at colours. A theme changes nothing else, so the second one is asked for these only.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Only what is wrong leaves the browser: carrying over all that is right takes longer than looking at the page.
ASK = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return found.violations.map((one) => [one.id, one.nodes[0].html, one.nodes.length]);
}"""
# Into the other theme, and wait until every colour has arrived there.
DRESS = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)));
}"""
# Who works most on a screen looks at it; the others see the same.
READERS = (Role.CLERK, Role.TECHNICIAN, Role.SUPERVISOR, Role.ADMINISTRATOR, *Role)
LANGUAGES = {"zh-hans": False, "en": True}  # English is looked at on the telephone, where it is too long first


def pages_of(role: Role) -> Iterator[Key]:
    """The pages that this role is the first to look at."""
    for key, route in ROUTES.items():
        first = next((one for one in READERS if one in route.allowed), None)
        if key[1] == "GET" and route.status == 200 and first == role:
            yield key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [role for role in dict.fromkeys(READERS) if any(pages_of(role))])
def test_axe_finds_nothing(
    role: Role, language: str, cast: Cast, open_page: Callable[..., Page], live_server: LiveServer
) -> None:
    page, staff = open_page(phone=LANGUAGES[language]), (cast.qd.actors, cast.headquarters)
    clients = {place: signed_in(one[role], at=cast.qd) for place, one in enumerate(staff) if role in one}
    for client in clients.values():
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    found, looked_at = [], 0
    for key in pages_of(role):
        with rolled_back():
            where = address(key, role, cast)
            answer = clients[ROUTES[key].headquarters].get(where)
            whole = answer.getvalue()
        # Files, and pieces that htmx puts into a page: they are looked at there.
        if b"<title>" not in whole:
            continue
        looked_at += 1
        show(page, live_server.url + where, whole)
        for theme, rules in (("light", RULES), ("dark", OF_COLOURS)):
            page.evaluate(DRESS, theme)
            found += [f"{key[0]} in the {theme}: {fault}" for fault in ask_axe(page, rules)]
    assert looked_at
    assert not found, "\n".join(found)


def show(page: Page, where: str, whole: bytes) -> None:
    """The page as the server wrote it, with the server's styles and scripts. What it belongs to is rolled back by now."""

    def answer(route: Route) -> None:
        if route.request.url == where:
            route.fulfill(body=whole, content_type="text/html; charset=utf-8")
        elif urlsplit(route.request.url).path.startswith(settings.STATIC_URL):
            route.continue_()
        else:
            route.fulfill(status=204)

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(where, wait_until="load")


def address(key: Key, role: Role, cast: Cast) -> str:
    world = world_of(key, cast.qd, cast).of(cast.qd.actors[role])
    path, fields = address_of(key[0], world), ROUTES[key].fields
    return f"{path}?{urlencode(fields(world), doseq=True)}" if fields else path


def ask_axe(page: Page, rules: Any) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return [f"{name}: {html[:160]} ({count})" for name, html, count in page.evaluate(ASK, rules)]
