"""Photos of a work order."""

import hashlib
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.ids import uuid7
from shouhou.kernel.pictures import fresh_picture
from shouhou.kernel.texts import written
from shouhou.workorders.actions._order import journal, lock_order
from shouhou.workorders.models import Photo

_MOST_PHOTOS = 30


class TooManyPhotos(Conflict):
    code = "too_many_photos"
    template = gettext_noop("There are %(most)s photos already; that is enough.")


def attach_photo(order_id: UUID, *, file: BinaryIO, by: Actor, at: datetime, caption: str = "") -> Photo:
    """Add a photo to an open order.

    Raises PhotoTooLarge, PhotoTooManyPixels, PhotoUnreadable, TooManyPhotos, WrongState, NotPermitted.
    """
    content, width, height = fresh_picture(file)
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
