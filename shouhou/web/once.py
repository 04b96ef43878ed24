"""A form is done once, however often it is sent: by a double click, by going back, by a browser that tries again.

Every form that posts carries a key of its own beside Django's token (`{% csrf_token %}` writes both). What was sent before,
to the letter, leads to where the first led. What was changed since is not done behind anybody's back: `perform` refuses it
once, in words, on the page with everything typed; sent again from there it is a new form.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils import timezone
from django.utils.translation import gettext as _

from shouhou.access.models import User
from shouhou.access.once import fingerprint_of, take_key
from shouhou.web.models import SentForm
from shouhou.web.showing import SeeOther

FIELD = "once"
DONE_COOKIE = "done"
_KEY = re.compile(r"[0-9a-f-]{36}")
# Django's token is masked anew for each page and each sign-in: it says nothing about what was sent.
_SAYS_NOTHING = ("csrfmiddlewaretoken",)
_OURS = "shouhou.web.views."


class OnceMiddleware:
    """Takes the key of a form in one transaction with its act, and answers what is sent again with the place the first led to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        # Pages of signing in write what must stay although they refuse, such as a wrong password: they are not ours.
        if request.method != "POST" or not view.__module__.startswith(_OURS) or not isinstance(request.user, User):
            return None
        key = request.POST.get(FIELD, "")
        if not _KEY.fullmatch(key):
            return None
        return self._once(request, request.user, key, lambda: view(request, *args, **kwargs))

    def _once(
        self, request: HttpRequest, user: User, key: str, act: Callable[[], HttpResponseBase]
    ) -> HttpResponseBase:
        fingerprint = fingerprint_of(request, without=_SAYS_NOTHING)
        with transaction.atomic():
            sent = SentForm(user=user, key=key, fingerprint=fingerprint, created_at=timezone.now())
            if take_key(sent):
                response = act()
                return _remembered(sent, response)
        before = SentForm.objects.get(user=user, key=key)
        if bytes(before.fingerprint) != fingerprint:
            request.sent_before = before  # type: ignore[attr-defined]
            return act()
        messages.info(request, _("This had already been sent. It was done once."))
        return _done(SeeOther(before.location), key)


def _remembered(sent: SentForm, response: HttpResponseBase) -> HttpResponseBase:
    """Only what leads to another page is an act that must not be repeated; a refusal or a print may be asked for again."""
    if isinstance(response, HttpResponseRedirectBase):
        SentForm.objects.filter(id=sent.id).update(location=response.url)
        return _done(response, sent.key)
    SentForm.objects.filter(id=sent.id).delete()
    return response


def _done(response: HttpResponse, key: str) -> HttpResponse:
    """Tell the browser which form is done, so that it forgets the draft of it and of no other."""
    response.set_cookie(DONE_COOKIE, key, max_age=60, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
