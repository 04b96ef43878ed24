"""One form, one act: how the pages of an order, of a customer and of everything else that is acted upon answer a form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.functional import Promise

from shouhou.web.acting import perform
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther


def one_act[F: forms.Form](
    request: ActorRequest,
    form: F,
    act: Callable[[dict[str, Any]], object],
    *,
    said: str | Promise,
    leads_to: str,
    refused: Callable[[F], HttpResponse],
) -> HttpResponse:
    """Carry out the act with what the form holds: done, it is `said` on the page it `leads_to`; if not, `refused` shows the form.

    The act returns what came of it, never None.
    """
    if form.is_valid() and perform(request, lambda: act(form.cleaned_data), form=form) is not None:
        messages.success(request, str(said))
        return SeeOther(leads_to)
    return refused(form)
