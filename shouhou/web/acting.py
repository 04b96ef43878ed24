"""One act, one place where its refusal becomes something a person can read."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from shouhou.kernel.errors import Conflict, NotFound, NotPermitted, Refusal, Wording, gettext_noop
from shouhou.web.times import short_date, short_time


class SentBefore(Conflict):
    code = "sent_before"
    template = gettext_noop(
        "This form was already sent at %(at)s, and that was done. What you have changed since is not entered. If it is to be"
        " done as well, send it again."
    )


def perform[T](request: HttpRequest, act: Callable[[], T], *, form: forms.Form | None = None) -> T | None:
    """Run one action. A refusal becomes an error beside its field (or a message where there is no form), and None comes back.

    What does not exist for the actor is a 404, unless the missing thing was named in a field; what his roles do not allow, a 403.
    A form that was sent before with other words in it (`once.OnceMiddleware`) is refused this one time.
    """
    try:
        if before := getattr(request, "sent_before", None):
            raise SentBefore(at=before.created_at.isoformat())
        return act()
    except NotPermitted as refusal:
        raise PermissionDenied(sentence(refusal)) from refusal
    except Refusal as refusal:
        if isinstance(refusal, NotFound) and not (form and refusal.field in form.fields):
            raise Http404(sentence(refusal)) from refusal
        if form:
            form.add_error(refusal.field if refusal.field in form.fields else None, sentence(refusal))
        else:
            messages.error(request, sentence(refusal))
        return None


def sentence(refusal: Refusal) -> str:
    """The refusal in the reader's language, its times as they are on his clock."""
    return gettext(refusal.template) % {name: _said(value) for name, value in refusal.params.items()}


def _said(value: Any) -> Any:
    """A refusal carries times as ISO texts, which programs read; people do not. What has words of its own is translated."""
    if isinstance(value, Wording):
        return value.told(gettext)
    if not isinstance(value, str) or value[4:5] != "-":
        return value
    try:
        if len(value) == 10:
            return short_date(date.fromisoformat(value))
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return short_time(at, now=timezone.now()) if at.tzinfo else value
