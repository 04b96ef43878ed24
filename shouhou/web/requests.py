"""The request as our views see it: with the actor that the middleware found."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from shouhou.access.actors import Actor


class ActorRequest(HttpRequest):
    """A request of a signed-in user."""

    actor: Actor
    htmx: HtmxDetails
