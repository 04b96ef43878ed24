"""Who asks, in which branch, in whose time: set once for each request, before any view."""

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shouhou.access.actors import actor_for
from shouhou.access.models import User

BRANCH_KEY = "branch"


class ActorMiddleware:
    """Gives each request of a signed-in user its actor and shows times as they are at his branch."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User) or request.path.startswith("/api/"):
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
