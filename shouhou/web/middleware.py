"""Who asks, in which branch, in whose time: set once for each request, before any view. And the way to the sign-in page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from shouhou.access.actors import actor_for
from shouhou.access.models import User

BRANCH_KEY = "branch"
# What carries its own proof of who asks: the API its token, the pulse its ticket.
_WITHOUT_SESSION = ("/api/", "/pulse/")


class ActorMiddleware:
    """Gives each request of a signed-in user its actor and shows times as they are at his branch."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_WITHOUT_SESSION) or not isinstance(request.user, User):
            return self.get_response(request)
        wanted = request.session.get(BRANCH_KEY)
        actor = actor_for(request.user, channel="web", branch_id=UUID(wanted) if wanted else None)
        request.actor = actor  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(actor.branch.time_zone) if actor.branch else None):
            response = self.get_response(request)
        # Pages of signed-in people are nobody else's: no cache between us and the browser may keep them.
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response


class AnswerInHeadersMiddleware:
    """A script that sends a form may not see where a redirect leads: it asks for the address in a header instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _asks_for_headers(request) or not isinstance(response, HttpResponseRedirectBase):
            return response
        answer = HttpResponse(status=204, headers={"X-Location": response.url, "Cache-Control": "no-store, private"})
        answer.cookies = response.cookies
        return answer


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends who is not signed in to the sign-in page, and from there back to the page that he was looking at.

    A form that was sent after the session had ended leads back to the page it stands on, where its draft waits in the
    browser; the act itself is never repeated on its own. A request of htmx is told where to go in a header instead: the
    sign-in page must not land inside the page.
    """

    def handle_no_permission(  # type: ignore[override]  # a script gets no redirect
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        by_script = bool(request.headers.get("HX-Request")) or _asks_for_headers(request)
        if request.method in ("GET", "HEAD") and not by_script:
            return super().handle_no_permission(request, view_func)
        query = urlencode({self.get_redirect_field_name(view_func): page_of(request)})
        address = f"{resolve_url(self.get_login_url(view_func))}?{query}"
        if by_script:
            return HttpResponse(status=401, headers={"X-Sign-In": address})
        return HttpResponseRedirect(address)


def page_of(request: HttpRequest) -> str:
    """The page that a request was sent from, as a path of ours; the start page where the browser does not tell."""
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    if not said or not safe:
        return "/"
    parts = urlsplit(said)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _asks_for_headers(request: HttpRequest) -> bool:
    return request.headers.get("X-Answers") == "headers"
