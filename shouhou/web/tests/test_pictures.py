"""Photos and signatures: added with words for what is wrong, shown only to who may see the order."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from shouhou.access.permissions import Role
from shouhou.web.tests.conftest import SignIn
from shouhou.workorders.models import Photo
from tests.cast import Crew, Life, unchanged


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def picture(name: str = "plate.jpg") -> SimpleUploadedFile:
    target = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(target, "JPEG")
    return SimpleUploadedFile(name, target.getvalue(), "image/jpeg")


def add(client: Client, life: Life, *files: SimpleUploadedFile, **said: str) -> Any:
    return client.post(reverse("order_photos", args=[life.id]), {"photos": files, **said})


def test_photos_are_added_and_shown(desk: Client, qd: Crew) -> None:
    life = qd.order("received")
    assert add(desk, life, picture(), picture("b.jpg"), caption="铭牌 <b>").status_code == 303
    assert Photo.objects.count() == 2
    text = desk.get(reverse("order", args=[life.id])).text
    assert reverse("photo", args=[Photo.objects.all()[0].id]) in text
    assert "铭牌 &lt;b&gt;" in text


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SimpleUploadedFile("a.jpg", b"no picture"), "This is not a photo"),
        (SimpleUploadedFile("big.jpg", b"\xff" * (9 * 1024 * 1024)), "The photo is too large"),
    ],
    ids=["unreadable", "too large"],
)
def test_what_is_no_photo_is_refused_in_words(desk: Client, qd: Crew, file: SimpleUploadedFile, said: str) -> None:
    life = qd.order("received")
    with unchanged():
        answer = add(desk, life, file)
    assert answer.status_code == 422
    assert said in answer.text


def test_what_came_before_a_refused_one_stays(desk: Client, qd: Crew) -> None:
    answer = add(desk, qd.order("received"), picture(), SimpleUploadedFile("a.jpg", b"x"))
    assert answer.status_code == 422
    assert Photo.objects.count() == 1


def test_no_photo_at_all_is_said(desk: Client, qd: Crew) -> None:
    assert add(desk, qd.order("received")).status_code == 422


def test_a_photo_comes_as_an_attachment_and_is_not_guessed_at(desk: Client, qd: Crew) -> None:
    add(desk, qd.order("received"), picture("../../evil.html"))
    answer = desk.get(reverse("photo", args=[Photo.objects.get().id]))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "evil" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_the_signature_is_shown_as_it_was_drawn(desk: Client, qd: Crew) -> None:
    entry = qd.order("signed").entry
    answer = desk.get(reverse("signature_image", args=[entry.id]))
    assert answer.content == bytes(entry.signature_image or b"")
    assert answer.headers["Content-Type"] == "image/png"


def test_what_is_not_signed_has_no_picture(desk: Client, qd: Crew) -> None:
    assert desk.get(reverse("signature_image", args=[qd.order("completed").entry.id])).status_code == 404


def test_another_branch_sees_neither(as_: SignIn, desk: Client, qd: Crew, jn: Crew) -> None:
    life = qd.order("signed")
    add(desk, life, picture())
    stranger = as_(jn.supervisor)
    assert stranger.get(reverse("photo", args=[Photo.objects.get().id])).status_code == 404
    assert stranger.get(reverse("signature_image", args=[life.entry.id])).status_code == 404
    with unchanged():
        assert add(stranger, life, picture()).status_code == 404


def test_a_stranger_has_to_sign_in(client: Client, qd: Crew) -> None:
    assert client.get(reverse("signature_image", args=[qd.order("signed").entry.id])).status_code == 302


def test_who_only_looks_adds_none(as_: SignIn, qd: Crew) -> None:
    life = qd.order("received")
    keeper = as_(qd.actors[Role.PARTS_KEEPER])
    with unchanged():
        assert add(keeper, life, picture()).status_code == 403
