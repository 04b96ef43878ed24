"""Photos and signatures: shown only through a check of who asks."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shouhou.web.acting import perform
from shouhou.web.desk_inputs import PhotoForm
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found
from shouhou.web.views.work_orders import find_order, show_order
from shouhou.workorders.actions import attach_photo
from shouhou.workorders.models import Photo
from shouhou.workorders.queries import get_entry, get_photo


@require_POST
def order_photos(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Add photos, each an act of its own: what went in before a refused one stays."""
    order = find_order(request, order_id)
    form, files = PhotoForm(request.POST), request.FILES.getlist("photos")
    if not files:
        form.add_error("photo", _("Choose a photo first."))
    added = 0
    for file in files if form.is_valid() else []:
        if perform(request, _attaching(request, order_id, file, form.cleaned_data["caption"]), form=form) is None:
            break
        added += 1
    if added:
        said = ngettext("%(count)s photo added.", "%(count)s photos added.", added) % {"count": added}
        messages.success(request, said)
    if form.errors:
        return show_order(request, order, asked="attach_photo", refused=form)
    return SeeOther(reverse("order", args=[order_id]))


def _attaching(request: ActorRequest, order_id: UUID, file: Any, caption: str) -> Callable[[], Photo]:
    return lambda: attach_photo(order_id, file=file, caption=caption, by=request.actor, at=timezone.now())


@require_GET
def photo(request: ActorRequest, photo_id: UUID) -> FileResponse:
    """The picture. As an attachment: inside a page it is shown, by itself it is saved and never run."""
    shown = found(lambda: get_photo(photo_id, by=request.actor))
    name = f"{timezone.localtime(shown.taken_at):%Y%m%d-%H%M%S}.jpg"
    return FileResponse(shown.file.open("rb"), as_attachment=True, filename=name, content_type="image/jpeg")


@require_GET
def signature_image(request: ActorRequest, entry_id: UUID) -> HttpResponse:
    """What the customer drew, as it is sealed."""
    entry = found(lambda: get_entry(entry_id, by=request.actor))
    if not entry.signature_image:
        raise Http404
    return HttpResponse(bytes(entry.signature_image), content_type="image/png")
