"""Pictures that people send: what is kept is a fresh one, re-encoded, bounded, without the camera's data."""

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from shouhou.kernel.errors import Invalid, gettext_noop

MOST_BYTES = 8 * 1024 * 1024
_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 2048
_FORMATS = ("JPEG", "PNG", "WEBP")


class PhotoTooLarge(Invalid):
    code = "photo_too_large"
    template = gettext_noop("The photo is too large (%(size)s MB; at most %(most)s MB). Choose a lower resolution.")


class PhotoTooManyPixels(Invalid):
    code = "photo_too_many_pixels"
    template = gettext_noop(
        "The photo has too many pixels (at most %(most)s million). Set the camera to a lower resolution."
    )


class PhotoUnreadable(Invalid):
    code = "photo_unreadable"
    template = gettext_noop("This is not a photo that can be read (JPEG, PNG or WebP).")


def fresh_picture(file: BinaryIO) -> tuple[bytes, int, int]:
    """A JPEG of what the file shows, with its width and height.

    Raises PhotoTooLarge, PhotoTooManyPixels, PhotoUnreadable.
    """
    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        size = file.seek(0, 2) / 1024 / 1024
        raise PhotoTooLarge(size=f"{size:.1f}", most=MOST_BYTES // 1024 // 1024, field="photo")
    try:
        with Image.open(BytesIO(raw), formats=_FORMATS) as source:
            if source.width * source.height > _MOST_PIXELS:
                raise PhotoTooManyPixels(most=_MOST_PIXELS // 1_000_000, field="photo")
            source.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            picture = ImageOps.exif_transpose(source).convert("RGB")
    except Image.DecompressionBombError:  # so many that Pillow does not even look at them
        raise PhotoTooManyPixels(most=_MOST_PIXELS // 1_000_000, field="photo") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise PhotoUnreadable(field="photo") from None
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    target = BytesIO()
    picture.save(target, "JPEG", quality=82, optimize=True)
    return target.getvalue(), picture.width, picture.height
