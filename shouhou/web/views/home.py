"""What you owe today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.web.book import BookLine, book_lines
from shouhou.web.desk import DESK_NAMES
from shouhou.web.requests import ActorRequest
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.queries import Desk, RegisterCounts, count_on_desk, count_register, find_on_desk, find_register
from shouhou.workorders.rules import OrderStatus

SHOWN = 5
_CLERKS: Mapping[str, str] = {
    Desk.CARRIED_OVER: "amber",
    Desk.TO_SIGN: "plain",
    Desk.TO_HAND_IN: "gold",
    Desk.TO_FILE: "blue",
    Desk.TO_STRIKE_OFF: "green",
}
_SUPERVISORS: Mapping[str, tuple[str, str | Promise]] = {
    OrderStatus.RECEIVED: ("amber", _("To dispatch")),
    OrderStatus.DISPATCHED: ("blue", _("Dispatched")),
    OrderStatus.IN_PROGRESS: ("blue", _("On the way or on site")),
    OrderStatus.ON_HOLD: ("plain", _("On hold")),
}


@dataclass(frozen=True, slots=True)
class Pile:
    """Lines that wait for the same thing: how many, the first few, and the list with all of them."""

    key: str
    label: str | Promise
    tone: str
    count: int
    url: str
    lines: list[BookLine]

    @property
    def rest(self) -> int:
        return self.count - len(self.lines)


@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """Each role its own: the technician his day, the desk its piles; who only looks gets the register."""
    actor = request.actor
    if actor.branch is None:
        return render(request, "desk/home_empty.html", {"section": "today"})
    if actor.may("workorders.work_visit"):
        return redirect("technician_day")
    files, dispatches = actor.may("workorders.file_voucher"), actor.may("workorders.dispatch_work_order")
    if not (files or dispatches):
        return redirect("register" if actor.may("workorders.see_register") else "mfa_index")
    today = timezone.localdate()
    counts = count_register(actor.branch, today=today)
    piles = _piles(actor.branch, counts, today=today, dispatches=dispatches, files=files)
    context = {
        "today": today,
        "counts": counts,
        "piles": [pile for pile in piles if pile.lines],
        "stats": piles,
        "greeting": _greeting(actor),
        "section": "today",
    }
    return render(request, "desk/home.html", context)


def _piles(branch: Branch, counts: RegisterCounts, *, today: date, dispatches: bool, files: bool) -> list[Pile]:
    listed: list[tuple[str, str | Promise, str, int, str]] = []
    if dispatches:
        for status, (tone, label) in _SUPERVISORS.items():
            listed.append((status, label, tone, counts.by_status.get(status, 0), f"?state={status}"))
    if files:
        waiting = count_on_desk(branch, today=today)
        for what, tone in _CLERKS.items():
            listed.append((what, DESK_NAMES[what], tone, waiting[what], f"?state={what}"))
    # Who dispatches sees the calls of earlier days at the head of all that wait for him.
    shown = [
        key for key, _label, _tone, count, _url in listed if count and not (dispatches and key == Desk.CARRIED_OVER)
    ]
    rows = {key: _first(branch, key, today=today) for key in shown}
    lines = {line.order.id: line for line in book_lines([one for few in rows.values() for one in few], today=today)}
    return [
        Pile(key, label, tone, count, reverse("register") + url, [lines[one.id] for one in rows.get(key, [])])
        for key, label, tone, count, url in listed
    ]


def _first(branch: Branch, key: str, *, today: date) -> list[WorkOrder]:
    rows = find_on_desk(branch, Desk(key), today=today) if key in Desk else find_register(branch).filter(status=key)
    # What is urgent, then the oldest: it has waited longest.
    return list(rows.order_by("-urgent", "received_at", "id")[:SHOWN])


def _greeting(actor: Actor) -> str:
    return str(actor.user) if actor.user else ""
