"""Photos of a work order. What is stored is a fresh picture: re-encoded, bounded, without the camera's data."""

import hashlib
from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.ids import uuid7
from shouhou.kernel.texts import written
from shouhou.workorders.actions._order import journal, lock_order
from shouhou.workorders.models import Photo

MOST_BYTES = 8 * 1024 * 1024
_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 2048
_MOST_PHOTOS = 30
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


class TooManyPhotos(Conflict):
    code = "too_many_photos"
    template = gettext_noop("There are %(most)s photos already; that is enough.")


def attach_photo(order_id: UUID, *, file: BinaryIO, by: Actor, at: datetime, caption: str = "") -> Photo:
    """Add a photo to an open order.

    Raises PhotoTooLarge, PhotoTooManyPixels, PhotoUnreadable, TooManyPhotos, WrongState, NotPermitted.
    """
    content, width, height = _fresh_picture(file)
    caption = written(caption, most=100, field="caption")
    with act_transaction():
        order = lock_order(order_id, act="attach_photo", permission="workorders.attach_photo", by=by, at=at)
        if Photo.objects.filter(branch_id=order.branch_id, work_order_id=order.id).count() >= _MOST_PHOTOS:
            raise TooManyPhotos(most=_MOST_PHOTOS)
        photo = Photo(
            branch_id=order.branch_id,
            work_order=order,
            digest=hashlib.sha256(content).hexdigest(),
            width=width,
            height=height,
            caption=caption,
            taken_by=by.user,
            taken_at=at,
        )
        # A random name: nothing of what the sender called his file is used.
        photo.file.save(f"{uuid7().hex}.jpg", ContentFile(content), save=False)
        try:
            photo.save(force_insert=True)
            data = {"digest": photo.digest, "width": width, "height": height}
            journal(order, "photo.attached", subject=("photo", photo.id), by=by, at=at, data=data)
        except BaseException:
            photo.file.delete(save=False)  # no row, so no file either
            raise
        return photo


def _fresh_picture(file: BinaryIO) -> tuple[bytes, int, int]:
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
