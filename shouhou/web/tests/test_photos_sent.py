"""Photos in a real browser: shrunk, sent one by one, and sent again where the connection failed."""

from pathlib import Path
from random import Random

import pytest
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import Page, expect

from shouhou.access.actors import Actor
from shouhou.workorders.models import Photo
from tests.cast import PASSWORD, Crew, Life
from tests.journeys.people import PATIENCE, Person, Seat

SEND = "form:has([name=photos]) button:not([type=button])"
LOSE_THE_NEXT_ANSWER = """() => {
    const open = XMLHttpRequest.prototype.open;
    XMLHttpRequest.prototype.open = function (...how) {
        XMLHttpRequest.prototype.open = open;
        this.addEventListener("load", (event) => {
            event.stopImmediatePropagation();
            this.dispatchEvent(new ProgressEvent("error"));
        });
        return open.apply(this, how);
    };
}"""

KEPT = """() => new Promise((done) => {
    indexedDB.open("unsent", 1).onsuccess = ({ target }) => {
        const count = target.result.transaction("photos").objectStore("photos").count();
        count.onsuccess = () => done(count.result);
    };
})"""


@pytest.fixture
def shots(tmp_path: Path) -> list[Path]:
    """Three photos as a telephone takes them: the first of twelve million pixels and several MB."""
    dice, paths = Random(1), [tmp_path / f"IMG_{number}.jpg" for number in range(3)]
    noise = Image.effect_noise((1000, 750), 60).convert("RGB")
    noise.resize((4000, 3000)).save(paths[0], "JPEG", quality=98)
    for path in paths[1:]:
        Image.new("RGB", (640, 480), (dice.randrange(256), 90, 40)).save(path, "JPEG")
    return paths


@pytest.fixture
def technician(qd: Crew, phone: Page, settings, tmp_path: Path) -> Person:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path / "media"
    return Person(phone, qd.technician_actor, seat=Seat(phone=True))


@pytest.fixture
def life(qd: Crew) -> Life:
    return qd.order("on_site")


def sign_in(page: Page, actor: Actor) -> None:
    assert actor.user
    page.fill("[name=login]", actor.user.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()


def choose(technician: Person, life: Life, shots: list[Path]) -> None:
    technician.page.goto(f"/visits/{life.visit.id}/")
    technician.page.set_input_files("[name=photos]", shots)
    expect(technician.page.locator("[data-photos] .photo")).to_have_count(len(shots), timeout=PATIENCE)


def test_several_are_sent_one_by_one_and_small(technician: Person, life: Life, shots: list[Path]) -> None:
    choose(technician, life, shots)
    page = technician.page
    sent: list[str] = []
    assert page.evaluate("Math.max(...[...document.querySelector('[name=photos]').files].map((one) => one.size))") < (
        shots[0].stat().st_size
    )
    page.on("request", lambda one: sent.append(one.method))
    technician.shot("photos-chosen")
    technician.press(SEND)
    expect(page.locator("#photos-title")).to_contain_text("3", timeout=PATIENCE)
    assert sent.count("POST") == 3
    assert {photo.width for photo in Photo.objects.filter(work_order_id=life.id)} == {2048, 640}
    technician.shot("photos-sent")


def test_what_did_not_get_through_stays_and_is_not_there_twice(
    technician: Person, life: Life, shots: list[Path]
) -> None:
    choose(technician, life, shots[1:])
    page = technician.page
    page.evaluate(LOSE_THE_NEXT_ANSWER)
    technician.press(SEND)
    expect(page.locator("[data-photos-error]")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-photos] .photo")).to_have_count(2)
    expect(page.locator("[data-photo-again]").first).to_be_visible()
    assert Photo.objects.filter(work_order_id=life.id).count() == 1
    technician.shot("photos-failed")
    technician.press("[data-photo-again]")
    expect(page.locator("#photos-title")).to_contain_text("2", timeout=PATIENCE)
    assert Photo.objects.filter(work_order_id=life.id).count() == 2


def test_they_wait_while_one_signs_in_again(technician: Person, qd: Crew, life: Life, shots: list[Path]) -> None:
    choose(technician, life, shots[1:])
    page = technician.page
    Session.objects.all().delete()
    technician.press(SEND)
    page.wait_for_url("**/accounts/login/**")
    sign_in(page, qd.technician_actor)
    page.wait_for_url(f"**/visits/{life.visit.id}/")
    expect(page.locator("[data-photos] .photo")).to_have_count(2, timeout=PATIENCE)
    assert not Photo.objects.filter(work_order_id=life.id).exists()  # they did not send themselves
    technician.press(SEND)
    expect(page.locator("#photos-title")).to_contain_text("2", timeout=PATIENCE)
    page.reload()
    expect(page.locator("[data-photos] .photo")).to_have_count(0)


def test_another_user_does_not_get_them(technician: Person, qd: Crew, life: Life, shots: list[Path]) -> None:
    choose(technician, life, shots[1:])
    page = technician.page
    page.wait_for_function(f"async () => await ({KEPT})() === 2", timeout=PATIENCE)
    Session.objects.all().delete()
    page.goto("/accounts/login/")
    sign_in(page, qd.supervisor)
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    page.wait_for_function(f"async () => await ({KEPT})() === 0", timeout=PATIENCE)


def test_a_refused_one_says_why_and_the_others_arrive(
    technician: Person, life: Life, shots: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    choose(technician, life, [broken, shots[1]])
    technician.press(SEND)
    expect(technician.page.locator("[data-photos-error]")).to_contain_text("JPEG", timeout=PATIENCE)
    expect(technician.page.locator("[data-photos] .photo")).to_have_count(1)
    assert Photo.objects.filter(work_order_id=life.id).count() == 1
