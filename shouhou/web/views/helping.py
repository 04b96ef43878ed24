"""Help: the page of a topic, which is also what the drawer shows, and the end of a tour."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from shouhou.web.acting import perform
from shouhou.web.guide import topics
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import show
from shouhou.web.tours import close_tour, tour_of

TEMPLATE = "help/topic_detail.html"


@require_GET
def help_index(request: ActorRequest) -> HttpResponse:
    """All topics, and how help works."""
    return help_topic(request, "help")


@require_GET
def help_topic(request: ActorRequest, topic: str) -> HttpResponse:
    """One topic, to be read, linked to and printed."""
    chosen = topics().get(topic)
    if chosen is None:
        raise Http404
    context = {"topic": chosen, "topics": topics().values(), "own_tour": tour_of(request.actor)}
    return show(request, TEMPLATE, context, region="text")


@require_POST
def tour_seen(request: ActorRequest, tour: str) -> HttpResponse:
    """The tour was walked to its end or closed."""
    perform(request, lambda: close_tour(tour, by=request.actor, at=timezone.now()))
    return HttpResponse(status=204)
