"""What the frame around every screen needs. Runs for each page, also for anonymous users: no query of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from shouhou.access.actors import Actor
from shouhou.access.permissions import SEE_LEDGER, SEE_PEOPLE
from shouhou.web.guide import topic_for
from shouhou.web.pulse import Watch
from shouhou.web.tours import START_PAGES, Tour, has_seen, tour_of

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Place:
    """An entry of the rail. Without a code it is there for everyone who is signed in."""

    key: str
    url_name: str
    icon: str
    label: str | Promise
    code: str = ""


@dataclass(frozen=True)
class RailEntry:
    key: str
    url: str
    icon: str
    label: str | Promise
    badge: int | None = None


PLACES = (
    Place("today", "home", "today", pgettext_lazy("rail", "Today")),
    Place("register", "register", "register", pgettext_lazy("rail", "Register"), "workorders.see_register"),
    Place(
        "dispatch", "dispatch_queue", "dispatch", pgettext_lazy("rail", "Dispatch"), "workorders.dispatch_work_order"
    ),
    Place("promises", "promises", "clock", pgettext_lazy("rail", "Due"), "workorders.see_register"),
    Place("visits", "technician_day", "visits", pgettext_lazy("rail", "My visits"), "workorders.work_visit"),
    Place("customers", "customers", "customers", pgettext_lazy("rail", "Customers"), "customers.see_customer"),
    Place("ledger", "ledger", "money", pgettext_lazy("rail", "Books"), SEE_LEDGER),
    Place("administration", "administration", "administration", pgettext_lazy("rail", "Admin"), SEE_PEOPLE),
)
MAY_RECEIVE = "workorders.receive_call"


def console(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the rail, the branches, the section that is open, theme and version.

    A view may put `badges` (rail key → number) on the request, and its own `section` into its context where the address
    does not tell it.
    """
    actor: Actor | None = getattr(request, "actor", None)
    shell: dict[str, Any] = {
        "version": _version(),
        "theme": _theme(request),
        "rail": [],
        "branches": (),
        "branch": None,
    }
    screen = request.resolver_match.url_name or "" if request.resolver_match else ""
    user = getattr(request, "user", None)
    if actor is None or user is None or not user.is_authenticated:
        return shell
    badges: dict[str, int] = getattr(request, "badges", {})
    rail = [
        RailEntry(place.key, url, place.icon, place.label, badges.get(place.key))
        for place in PLACES
        if (url := _url(place.url_name)) and (not place.code or actor.may(place.code))
    ]
    return shell | {
        "pulse": _watch(request, actor),
        "is_refresh": "X-Live" in request.headers,
        "rail": rail,
        "section": _section(request.path, rail),
        "branches": actor.branches,
        "branch": actor.branch,
        "intake_url": _url("intake") if actor.may(MAY_RECEIVE) else "",
        "help_topic": topic_for(screen),
        "tour_start": _url(tour_of(actor).start) if actor.branch else "",
        # Asked only by a whole page, and only by those on which a tour can be walked: fragments pay no query for it.
        "tour_to_walk": partial(_tour_to_walk, request, actor, screen),
    }


def _watch(request: HttpRequest, actor: Actor) -> str:
    """The ticket for what the page wants to hear of; a view that shows one order puts `watch` on the request."""
    watch = getattr(request, "watch", None) or (Watch(actor.branch.id) if actor.branch else None)
    return watch.ticket() if watch else ""


def _tour_to_walk(request: HttpRequest, actor: Actor, screen: str) -> Tour | None:
    if screen not in START_PAGES or actor.branch is None:
        return None
    tour = tour_of(actor)
    return tour if "tour" in request.GET or not has_seen(actor, tour) else None


def _section(path: str, rail: Sequence[RailEntry]) -> str:
    """The entry whose address begins this path; the longest wins, so that the start page does not claim every other."""
    open_here = [entry for entry in rail if path == entry.url or (entry.url != "/" and path.startswith(entry.url))]
    return max(open_here, key=lambda entry: len(entry.url)).key if open_here else ""


def _theme(request: HttpRequest) -> str:
    """The theme that the reader chose; empty follows the system. It is a cookie so that no page flashes white."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else ""


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:  # a screen that this installation does not have
        return ""


@cache
def _version() -> str:
    return version("shouhou")
