"""The journal in words: one sentence for each verb, who did it and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouhou.access.models import User
from shouhou.audit.models import Event
from shouhou.kernel.errors import gettext_noop
from shouhou.workforce.models import Technician
from shouhou.workorders.rules import OrderStatus, VisitStatus, VoucherState, WorkClass

type Saying = tuple[str, str | Promise]

CHANNELS: Mapping[str, str] = {
    "web": "",
    "api": gettext_noop("by program"),
    "cli": gettext_noop("on the command line"),
    "worker": gettext_noop("by itself"),
    "import": gettext_noop("by import"),
    "demo": gettext_noop("for demonstration"),
}

SAYINGS: Mapping[str, Saying] = {
    "workorders.work_order.received": ("blue", _("Call received, %(number)s")),
    "workorders.work_class.assigned": ("blue", _("Work class %(to)s")),
    "workorders.verdict.given": ("blue", _("The rules were asked again: %(to)s")),
    "entitlements.override.confirmed": ("green", _("Class %(work_class)s against the rules confirmed")),
    "entitlements.override.refused": ("amber", _("Class %(work_class)s against the rules refused: %(reason)s")),
    "workorders.work_order.dispatched": ("blue", _("Dispatched to %(technician)s, visit %(visit)s")),
    "workorders.visit.accepted": ("plain", _("Visit accepted")),
    "workorders.visit.refused": ("amber", _("Visit refused: %(reason)s")),
    "workorders.visit.withdrawn": ("amber", _("Visit withdrawn: %(reason)s")),
    "workorders.visit.departed": ("plain", _("Set out, taking voucher %(voucher)s")),
    "workorders.visit.arrived": ("plain", _("Arrived at the customer's")),
    "workorders.visit.completed": ("green", _("Work completed on site")),
    "workorders.visit.left_incomplete": ("amber", _("Could not be completed: %(reason)s")),
    "workorders.line.added": ("plain", _("%(text)s × %(quantity)s, ¥%(amount)s")),
    "workorders.line.reversed": ("amber", _("Line taken back, ¥%(amount)s")),
    "workorders.photo.attached": ("plain", _("Photo added")),
    "workorders.voucher.issued": ("plain", _("Voucher %(voucher)s issued to %(holder)s")),
    "workorders.voucher.returned": ("amber", _("Voucher %(voucher)s returned unsigned: %(reason)s")),
    "workorders.voucher.signed": ("green", _("The customer signed, the voucher is sealed")),
    "workorders.voucher.signature_refused": ("amber", _("The customer did not sign; the voucher is sealed")),
    "workorders.voucher.handed_in": ("green", _("Voucher %(voucher)s handed in")),
    "workorders.voucher.filed": ("green", _("Voucher %(voucher)s filed")),
    "workorders.work_order.held": ("amber", _("Put on hold: %(reason)s")),
    "workorders.work_order.resumed": ("blue", _("Taken up again")),
    "workorders.work_order.cancelled": ("amber", _("Cancelled: %(reason)s")),
    "workorders.work_order.reopened": ("amber", _("Opened again: %(reason)s")),
    "workorders.work_order.struck_off": ("green", _("Struck off the register")),
}


# What an event is about: the second word of its verb.
KINDS: Mapping[str, str | Promise] = {
    "work_order": _("Work order"),
    "work_class": _("Work class"),
    "verdict": _("Verdict"),
    "override": _("Override"),
    "visit": _("Visit"),
    "line": _("Parts, labour, travel"),
    "photo": _("Photos"),
    "voucher": _("Voucher"),
}
# The same word may be the state of two things; then what the event is about decides.
_OWN_STATES: Mapping[str, type[TextChoices]] = {
    "visit": VisitStatus,
    "voucher": VoucherState,
    "work_class": WorkClass,
    "work_order": OrderStatus,
}


@dataclass(frozen=True, slots=True)
class Change:
    """From what to what; empty where there was nothing before."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline, and of the journal, where it is the `place`-th. `who` is empty where nobody pressed a button."""

    place: int
    at: datetime
    words: str
    tone: str
    by: str
    kind: str
    verb: str
    who: str
    change: Change | None

    @property
    def about(self) -> str:
        """What it is about, in words."""
        return str(KINDS.get(self.kind, self.kind))


@dataclass(frozen=True, slots=True)
class Journal:
    """What happened to one order, narrowed to somebody's acts or to one kind of thing, as its reader asked."""

    lines: list[Happening]
    people: list[str]
    kinds: list[tuple[str, str]]
    who: str
    what: str
    length: int

    @property
    def narrowed(self) -> bool:
        return bool(self.who or self.what)


def narrow(history: Sequence[Happening], *, who: str, what: str) -> Journal:
    """The lines of `who` about `what`; a wish that fits nothing in this journal counts as none."""
    people = sorted({one.who for one in history if one.who})
    kinds = {one.kind: one.about for one in history}
    who, what = who if who in people else "", what if what in kinds else ""
    lines = [one for one in history if who in ("", one.who) and what in ("", one.kind)]
    return Journal(lines, people, sorted(kinds.items()), who, what, len(history))


def in_words(events: Iterable[Event]) -> list[Happening]:
    """The events as sentences, newest first. Two queries, whatever their number."""
    rows = list(events)
    users = User.objects.in_bulk({one.actor_id for one in rows if one.actor_id})
    people = Technician.objects.in_bulk({UUID(key) for one in rows if (key := _technician_of(one))})
    return [_happening(one, users, people) for one in reversed(rows)]


def _technician_of(event: Event) -> str:
    return event.data.get("technician") or event.data.get("holder") or ""


def _happening(event: Event, users: Mapping[UUID, User], people: Mapping[UUID, Technician]) -> Happening:
    # A verb that a later version wrote is shown as it is: nothing of the journal is ever left out.
    tone, template = SAYINGS.get(event.verb, ("plain", event.verb.replace("%", "%%")))
    person = people.get(UUID(key)) if (key := _technician_of(event)) else None
    name = person.name if person else "—"
    words = str(template) % (event.data | {"technician": name, "holder": name})
    author = str(users[event.actor_id]) if event.actor_id and event.actor_id in users else ""
    channel = gettext(said) if (said := CHANNELS.get(event.channel, event.channel)) else ""
    kind = event.verb.split(".")[1]
    return Happening(
        place=event.sequence,
        at=event.at,
        words=words,
        tone=tone,
        by=" · ".join(filter(None, (author, channel))),
        kind=kind,
        verb=event.verb,
        who=author,
        change=_change(kind, event.data),
    )


def _change(kind: str, data: Mapping[str, Any]) -> Change | None:
    old, new = data.get("from"), data.get("to")
    if new is None or old == new:
        return None
    return Change(_state(kind, old), _state(kind, new))


def _state(kind: str, value: Any) -> str:
    own = _OWN_STATES.get(kind)
    for states in (*([own] if own else []), *_OWN_STATES.values()):
        if value in states.values:
            return str(states(value).label)
    return str(value or "")
