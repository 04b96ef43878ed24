"""A real browser against the running product. Where no Chromium is found these tests are skipped, loudly;
with SHOUHOU_REQUIRE_BROWSER=1 they fail instead.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--disable-gpu",
    # Of its own accord a browser asks its maker's computers for many things at every start.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
DESKTOP = ViewportSize(width=1360, height=800)
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Starts Chromium: `launch("--use-fake-device-for-media-stream")` gives it a camera. Whoever starts one closes it."""
    # Playwright keeps an event loop in this thread, which makes Django believe that it is in asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        path = executable(playwright)
        yield lambda *more: playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *more])


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """Chromium, started once."""
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens a browser window of its own, with its own session: one call per person. `open_page(phone=True)`.

    Addresses are relative to the running product. The test fails when a page threw an error or broke its own
    Content-Security-Policy, whatever else it showed.
    """
    contexts, complaints = [], []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_one(*, phone: bool = False, locale: str = "zh-CN", **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESKTOP,
            is_mobile=phone,
            has_touch=phone,
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", listen)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A desktop window."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A telephone."""
    return open_page(phone=True)


def executable(playwright: Playwright) -> str:
    """Where Chromium is; ends the test when it is nowhere."""
    if named := os.environ.get("SHOUHOU_CHROMIUM"):
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    own = playwright.chromium.executable_path
    if found or Path(own).exists():
        return found or own
    reason = "browser tests: no Chromium or Chrome was found. Install one, or name it in SHOUHOU_CHROMIUM."
    if os.environ.get("SHOUHOU_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)
