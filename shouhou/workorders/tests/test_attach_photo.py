from contextlib import suppress
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from shouhou.kernel.pictures import PhotoTooLarge, PhotoTooManyPixels, PhotoUnreadable
from shouhou.workorders.actions import attach_photo, photos
from shouhou.workorders.actions.photos import TooManyPhotos
from shouhou.workorders.models import Photo
from tests.cast import Crew, Life, refuses


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    file = BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(file, kind, **options)
    return file.getvalue()


def attach(life: Life, content: bytes) -> Photo:
    return attach_photo(life.id, file=BytesIO(content), by=life.crew.clerk, at=life.next(), caption=" 铭牌 ")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_is_stored_afresh_as_a_jpeg(kind: str, qd: Crew, folder: Path) -> None:
    photo = attach(qd.order("received"), picture(kind))
    (file,) = files(folder)
    with Image.open(file) as stored:
        assert (stored.format, stored.size) == ("JPEG", (640, 480))
    assert (photo.caption, photo.width, photo.taken_by) == ("铭牌", 640, qd.clerk.user)


def test_the_cameras_data_is_gone_and_the_picture_upright(qd: Crew, folder: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SpyCam"  # turned by a quarter; maker
    photo = attach(qd.order("received"), picture(exif=exif))
    assert (photo.width, photo.height) == (480, 640)
    assert b"SpyCam" not in files(folder)[0].read_bytes()


def test_a_large_picture_is_made_smaller(qd: Crew) -> None:
    photo = attach(qd.order("received"), picture("JPEG", (3000, 1500)))
    assert (photo.width, photo.height) == (2048, 1024)


def test_it_refuses_ten_megabytes(qd: Crew, folder: Path) -> None:
    life = qd.order("received")
    with refuses(PhotoTooLarge) as caught:
        attach(life, b"\xff\xd8" + bytes(10 * 1024 * 1024))
    assert caught.value.params == {"size": "10.0", "most": 8}
    assert not files(folder)


@pytest.mark.parametrize("side", [9_000, 14_000])
def test_it_refuses_a_small_file_that_is_a_huge_picture(qd: Crew, side: int) -> None:
    file = BytesIO()
    Image.new("1", (side, side)).save(file, "PNG")
    life = qd.order("received")
    with refuses(PhotoTooManyPixels) as caught:
        attach(life, file.getvalue())
    assert caught.value.params == {"most": 50}


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", b"%PDF-1.7", picture()[:2000], picture("BMP")])
def test_it_refuses_what_is_no_photo(content: bytes, qd: Crew, folder: Path) -> None:
    life = qd.order("received")
    with refuses(PhotoUnreadable):
        attach(life, content)
    assert not files(folder)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_pictures_are_refused_by_name(kind: str, qd: Crew) -> None:
    life, whole, dice = qd.order("received"), picture(kind, (64, 64)), Random(7)
    for _ in range(30):
        damaged = bytearray(whole)
        for _ in range(8):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        with suppress(PhotoUnreadable, PhotoTooManyPixels):  # and no other error
            attach(life, bytes(damaged))


def test_no_row_no_file(qd: Crew, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    life = qd.order("received")

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(photos, "journal", fail)
    with pytest.raises(OSError, match="disk full"):
        attach(life, picture())
    assert not files(folder)
    assert not Photo.objects.exists()


def test_thirty_are_enough(qd: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_MOST_PHOTOS", 2)
    life, content = qd.order("received"), picture()
    for _ in range(2):
        attach(life, content)
    with refuses(TooManyPhotos):
        attach(life, content)
