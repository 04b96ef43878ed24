"""Pages and pieces of pages: a request of htmx gets the region that changed, everyone else the whole page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import trigger_client_event

from shouhou.kernel.errors import NotFound, NotPermitted
from shouhou.web.acting import sentence
from shouhou.web.requests import ActorRequest

_LEVELS = {messages.ERROR: "error", messages.WARNING: "warning", messages.SUCCESS: "success"}


class SeeOther(HttpResponseRedirect):
    """After an act: the browser gets what it is to show next with a GET."""

    status_code = 303


def show(
    request: ActorRequest, template: str, context: Mapping[str, Any], *, region: str, status: int = 200
) -> HttpResponse:
    """The page, or its partial `region` where htmx asked; messages then travel in a header and become toasts."""
    partial = bool(request.htmx) and not request.htmx.boosted
    response = render(request, f"{template}#{region}" if partial else template, dict(context), status=status)
    if partial:
        said = list(messages.get_messages(request))
        if said:
            worst = max(said, key=lambda one: one.level)
            detail = {"text": " ".join(str(one) for one in said), "level": _LEVELS.get(worst.level, "info")}
            trigger_client_event(response, "toast", detail)
    patch_vary_headers(response, ["HX-Request"])
    return response


def found[T](look_up: Callable[[], T]) -> T:
    """What a query finds for the actor; a page that he may not see is a 403, one that is not there for him a 404."""
    try:
        return look_up()
    except NotPermitted as refusal:
        raise PermissionDenied(sentence(refusal)) from refusal
    except NotFound as refusal:
        raise Http404(sentence(refusal)) from refusal
