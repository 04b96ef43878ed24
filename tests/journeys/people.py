"""One person at a screen: signs in as people do, presses what they press, and complains when the page does."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from shouhou.access.actors import Actor
from tests.cast import PASSWORD

PATIENCE = 20_000  # milliseconds; the machine may be busy


@dataclass(frozen=True)
class Seat:
    """Where somebody works, and what he likes to see."""

    phone: bool = False
    language: str = "zh-hans"
    theme: Literal["light", "dark"] = "light"

    def __str__(self) -> str:
        return f"{'phone' if self.phone else 'desk'}-{self.language[:2]}-{self.theme}"

    def open(self, open_page: Callable[..., Page]) -> Page:
        return open_page(
            phone=self.phone, locale="zh-CN" if self.language == "zh-hans" else "en-GB", color_scheme=self.theme
        )


class Person:
    """Somebody signed in, on a desk or on a telephone."""

    def __init__(self, page: Page, actor: Actor, *, seat: Seat) -> None:
        self.page, self.seat, self.phone = page, seat, seat.phone
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._listen)
        assert actor.user
        page.goto("/accounts/login/")
        page.fill("[name=login]", actor.user.username)
        page.fill("[name=password]", PASSWORD)
        self.press(page.locator("form:has([name=password]) button[type=submit]"))
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        assert page.locator("html").get_attribute("lang") == seat.language

    def says(self, text: str, context: str = "") -> str:
        """A text of the product as he reads it."""
        with override(self.seat.language):
            return pgettext(context, text) if context else gettext(text)

    def go(self, place: str) -> None:
        """By the rail, or the bar of the phone."""
        self.press(self.page.locator(f'.rail-link[href="{place}"]'))
        self.page.wait_for_url(f"**{place}")

    def press(self, what: Locator | str) -> None:
        """With the mouse or a finger."""
        target = self.page.locator(what) if isinstance(what, str) else what
        target.first.tap() if self.phone else target.first.click()

    def shows(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE)

    def shot(self, name: str) -> None:
        """A picture of the screen, where somebody wants to see them; and nothing may stick out at the side."""
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{name} is {over} px too wide"
        if folder := os.environ.get("SHOUHOU_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder, f"{self.seat}-{name}.png"))

    def draw(self, canvas: str = "canvas") -> None:
        """A signature: two strokes with bends."""
        pad = self.page.locator(canvas)
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box
        touch = self.page.context.new_cdp_session(self.page) if self.phone else None

        def pen(kind: str, x: float, y: float) -> None:
            if touch:
                points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
                return
            self.page.mouse.move(x, y)
            if kind == "touchStart":
                self.page.mouse.down()
            elif kind == "touchEnd":
                self.page.mouse.up()

        for left, top in ((0.15, 0.3), (0.5, 0.5)):
            x, y = box["x"] + box["width"] * left, box["y"] + box["height"] * top
            pen("touchStart", x, y)
            for step in range(1, 12):
                pen("touchMove", x + 9 * step, y + (14 if step % 4 < 2 else -10))
            pen("touchEnd", x + 99, y)
        if touch:  # a tap that follows a stroke at once counts to Chromium as part of the same gesture
            self.page.wait_for_timeout(500)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")


type Enter = Callable[[Actor], Person]
