"""Scanning in a real browser, before a camera that shows a code: QR, Code 128, the wrong kind, and no camera at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import segno
from django.urls import reverse
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import Crew
from tests.journeys.people import PATIENCE, Person, Seat

FRAMES = 8
# Widths of bars and spaces, from value 0 on; then start B and stop.
CODE_128_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131"
)
CODE_128 = CODE_128_WIDTHS.split(" ")
START_B, STOP = "211214", "2331112"
EAN_LEFT = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"]
EAN_FIRST_6 = "LGGGLL"


def code_128(text: str) -> list[int]:
    values = [ord(letter) - 32 for letter in text]
    check = (104 + sum(place * value for place, value in enumerate(values, 1))) % 103
    return [int(width) for part in (START_B, *(CODE_128[value] for value in (*values, check)), STOP) for width in part]


def ean_13(digits: str) -> list[int]:
    """Of a number that begins with 6."""
    left = [
        EAN_LEFT[int(digit)] if kind == "L" else EAN_LEFT[int(digit)][::-1]
        for digit, kind in zip(digits[1:7], EAN_FIRST_6, strict=True)
    ]
    parts = ("111", *left, "11111", *(EAN_LEFT[int(digit)] for digit in digits[7:]), "111")
    return [int(width) for part in parts for width in part]


def bars(widths: list[int]) -> Image.Image:
    scale = 560 // sum(widths)
    picture = Image.new("L", (640, 480), 255)
    pen, x = ImageDraw.Draw(picture), (640 - sum(widths) * scale) // 2
    for place, width in enumerate(widths):
        if place % 2 == 0:
            pen.rectangle((x, 120, x + width * scale - 1, 360), fill=0)
        x += width * scale
    return picture


def qr(text: str) -> Image.Image:
    matrix = list(segno.make(text, error="m", micro=False).matrix)
    scale = 400 // len(matrix)
    picture = Image.new("L", (640, 480), 255)
    pen = ImageDraw.Draw(picture)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                corner = 320 - 200 + x * scale, 240 - 200 + y * scale
                pen.rectangle((*corner, corner[0] + scale - 1, corner[1] + scale - 1), fill=0)
    return picture


type Before = Callable[..., Page]


@pytest.fixture
def before(launch: Callable[..., Browser], live_server: LiveServer, tmp_path: Path) -> Iterator[Before]:
    """`before(picture)`: a window whose camera sees that picture; `allowed=False`: its use is refused."""

    @contextmanager
    def camera(picture: Image.Image, allowed: bool) -> Iterator[BrowserContext]:
        film = tmp_path / "camera.mjpeg"
        with film.open("wb") as file:
            for _ in range(FRAMES):
                picture.convert("RGB").save(file, "JPEG", quality=92)
        browser = launch("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}")
        try:
            yield browser.new_context(
                base_url=live_server.url,
                locale="zh-CN",
                viewport={"width": 360, "height": 780},
                permissions=["camera"] if allowed else [],
                reduced_motion="reduce",
            )
        finally:
            browser.close()

    opened, complaints = [], []

    def before(picture: Image.Image, *, allowed: bool = True) -> Page:
        opened.append(camera(picture, allowed))
        page = opened[-1].__enter__().new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        # Every stream that is opened is remembered, to see that it is stopped.
        page.add_init_script(
            """const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            window.streams = [];
            navigator.mediaDevices.getUserMedia = async (what) => {
                streams.push(await ask(what));
                return streams.at(-1);
            }"""
        )
        return page

    yield before
    for one in opened:
        one.__exit__(None, None, None)
    assert not complaints


def watching(page: Page) -> bool:
    return bool(page.evaluate("streams.some((one) => one.getTracks().some((track) => track.readyState === 'live'))"))


def test_the_qr_of_a_voucher_opens_its_unit(before: Before, qd: Crew, live_server: LiveServer) -> None:
    unit = reverse("asset", args=[qd.unit.id])
    technician = Person(before(qr(f"{live_server.url}{unit}")), qd.technician_actor, seat=Seat())
    page = technician.page
    page.goto(reverse("scan"))
    technician.press("[data-scan-for]")
    expect(page.locator("[data-scan-read]")).to_have_text(qd.unit.serial, timeout=PATIENCE)
    expect(page.locator("[data-scan-said]")).to_contain_text(qd.customer.name)
    expect(page.locator("[data-scan-take]")).to_be_focused()
    assert not watching(page)
    technician.shot("scan-read")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{unit}")


def test_code_128_is_scanned_into_a_field(before: Before, qd: Crew) -> None:
    clerk = Person(before(bars(code_128("HF-2026-0815"))), qd.clerk, seat=Seat())
    page = clerk.page
    page.goto(reverse("customer", args=[qd.customer.id]))
    clerk.press(page.locator("summary:has(~ form [name=serial])"))
    clerk.press(".scan-field:has([name=serial]) .scan-button")
    expect(page.locator("[data-scan-read]")).to_have_text("HF-2026-0815", timeout=PATIENCE)
    clerk.press("[data-scan-again]")  # the same code is found again
    expect(page.locator("[data-scan-take]")).to_be_visible(timeout=PATIENCE)
    clerk.press("[data-scan-take]")
    expect(page.locator("[name=serial]")).to_have_value("HF-2026-0815")
    expect(page.locator("[name=serial]")).to_be_focused()


def test_a_trade_number_is_refused_in_words_and_the_camera_stops_with_the_dialog(before: Before, qd: Crew) -> None:
    technician = Person(before(bars(ean_13("6901234567892"))), qd.technician_actor, seat=Seat())
    page = technician.page
    page.goto(reverse("scan"))
    technician.press("[data-scan-for]")
    wrong = page.locator(".scan").get_attribute("data-said-wrong-kind") or ""
    expect(page.locator("[data-scan-said]")).to_have_text(wrong, timeout=PATIENCE)
    expect(page.locator("[data-scan-take]")).to_be_hidden()
    technician.shot("scan-wrong-kind")
    assert watching(page)
    page.keyboard.press("Escape")
    expect(page.locator("#scan")).to_be_hidden()
    assert not watching(page)


def test_without_the_camera_the_number_is_typed(before: Before, qd: Crew) -> None:
    technician = Person(before(qr("SN"), allowed=False), qd.technician_actor, seat=Seat())
    page = technician.page
    page.goto(reverse("scan"))
    technician.press("[data-scan-for]")
    refused = page.locator(".scan").get_attribute("data-said-refused") or ""
    expect(page.locator("[data-scan-said]")).to_have_text(refused, timeout=PATIENCE)
    expect(page.locator("#scan-typed")).to_be_focused()
    technician.shot("scan-refused")
    page.keyboard.type(qd.unit.serial)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('asset', args=[qd.unit.id])}")


def test_no_decoder_is_loaded_before_the_camera_is_asked_for(page: Page, qd: Crew) -> None:
    loaded: list[str] = []
    page.on("request", lambda one: loaded.append(one.url))
    technician = Person(page, qd.technician_actor, seat=Seat())
    page.goto(reverse("scan"))
    technician.shows(technician.says("Open the camera"))
    assert not [one for one in loaded if "zxing" in one]
