"""The calendars of the company: which one a branch promises by, as it stands now or as it stood."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.looks import Look
from shouhou.audit.models import Event
from shouhou.audit.queries import find_events
from shouhou.commitments.models import CalendarEdition, WorkCalendar
from shouhou.commitments.rules.calendars import CHANGE_CALENDAR, COMPANY, SHIPPED, Said, built, read_said
from shouhou.kernel.errors import NotFound
from shouhou.kernel.working_time.calendars import Calendar
from shouhou.kernel.working_time.clock import Clock


class CalendarNotFound(NotFound):
    code = "calendar_not_found"


@dataclass(frozen=True, slots=True)
class Layer:
    """One calendar of a pile: what it says itself, and whose it is (`branch`; of one that all share its `name`).

    `edition` is None before anything was said of it.
    """

    code: str
    said: Said
    name: str = ""
    branch: Branch | None = None
    edition: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """A calendar with all that lies below it, the bottom first. The uppermost is the one that is asked for."""

    layers: tuple[Layer, ...]
    zone: str
    # The row of the uppermost, where something was said of it already.
    row: WorkCalendar | None

    @property
    def own(self) -> Layer:
        return self.layers[-1]

    @property
    def said(self) -> list[Said]:
        return [one.said for one in self.layers]

    @property
    def calendar(self) -> Calendar:
        """The working time that follows from all of them."""
        return built(self.said, zone=self.zone)

    @property
    def number(self) -> int:
        """How often the uppermost was changed."""
        return self.row.number if self.row else 0


_EDITIONS = Look(lambda *, codes: WorkCalendar.objects.filter(code__in=codes).only("code", "edition"))


def current_calendar(branch: Branch) -> str:
    """The key of the calendar, as it stands now, by which the branch's promises run. One query.

    Whoever keeps the key can count by that calendar for ever, whatever is changed of it afterwards.
    """
    codes = [COMPANY, *_codes(branch)]
    editions = {row.code: row.edition for row in _EDITIONS.all(codes=codes)}
    return _key([editions[code] for code in codes if code in editions], branch.time_zone)


@lru_cache(maxsize=1024)
def clock_for(calendar: str) -> Clock:
    """The clock of a calendar as it stood under that key; the empty key is the one that comes with the product.

    No query but for the first time: an edition never changes. Raises CalendarNotFound.
    """
    zone, editions = _read_key(calendar)
    rows = CalendarEdition.objects.filter(id__in=editions).select_related("calendar")
    found = {row.id: row for row in rows}
    if len(found) != len(editions):
        raise CalendarNotFound()
    said = [read_said(found[one].said) for one in editions]
    # A calendar that all share says everything itself; on the way to a branch the bottom is there from the first start on.
    complete = bool(editions) and found[editions[0]].calendar.owner_id is None
    return Clock(built(said if complete else [SHIPPED, *said], zone=zone))


def clock_of(branch: Branch) -> Clock:
    """By which the branch's promises run now. One query, as long as no calendar was changed."""
    return clock_for(current_calendar(branch))


def calendar_of(branch: Branch) -> Calendar:
    """What is worked at the branch. One query, as long as no calendar was changed."""
    return clock_of(branch).calendar


def get_pile(code: str, *, by: Actor) -> Pile:
    """A calendar by its code: that of one of the actor's branches, or one that all share. Raises CalendarNotFound."""
    branch = next((one for one in by.branches if one.code == code), None)
    return get_shared(code) if branch is None else pile_of(branch)


def get_shared(code: str) -> Pile:
    """One that all share, by its code. Raises CalendarNotFound."""
    row = WorkCalendar.objects.filter(owner=None, code=code).first()
    if row is None and code != COMPANY:
        raise CalendarNotFound(field="calendar")
    layer = Layer(code, _said(row) or SHIPPED, row.name if row else "", edition=row.edition if row else None)
    return Pile((layer,), layer.said.zone, row)


def pile_of(branch: Branch) -> Pile:
    """The calendar of a branch on those of the branches above it and that of the company. Two queries."""
    return piles_of([branch])[branch.id]


def piles_of(branches: Sequence[Branch]) -> dict[UUID, Pile]:
    """The same for several branches. Two queries for all of them."""
    codes = {code for one in branches for code in _codes(one)} | {COMPANY}
    rows = {row.code: row for row in WorkCalendar.objects.filter(code__in=codes).select_related("owner")}
    editions = CalendarEdition.objects.filter(id__in=[row.edition for row in rows.values()])
    texts = {one: read_said(said) for one, said in editions.values_list("id", "said")}
    layers = {
        code: Layer(code, texts[row.edition], row.name, row.owner, row.edition)
        for code, row in rows.items()
        if row.edition in texts
    }
    layers.setdefault(COMPANY, Layer(COMPANY, SHIPPED))
    piles = {}
    for branch in branches:
        below = [layers[code] for code in (COMPANY, *_codes(branch)[:-1]) if code in layers]
        own = layers.get(branch.code) or Layer(branch.code, Said(), branch=branch)
        piles[branch.id] = Pile((*below, own), branch.time_zone, rows.get(branch.code))
    return piles


def find_shared() -> QuerySet[WorkCalendar]:
    """The calendars that all share, apart from that of the company, by name."""
    return WorkCalendar.objects.filter(owner=None).exclude(code=COMPANY).order_by("name", "code")


def find_branches_under(code: str) -> QuerySet[Branch]:
    """The open branches whose promises run by the calendar, or by one that lies on it."""
    branches = Branch.objects.filter(closed_at=None)
    below = Q(code=code) | Q(path__contains=f"/{code}/") | Q(path__startswith=f"{code}/")
    return branches if code == COMPANY else branches.filter(below)


def is_shared(code: str) -> bool:
    """Whether all branches share the calendar with this code."""
    return code == COMPANY or WorkCalendar.objects.filter(owner=None, code=code).exists()


def find_changes(row: WorkCalendar) -> QuerySet[Event]:
    """The journal of a calendar, the newest first. That of a shared one is kept at the headquarters."""
    events = find_events(branch_id=row.owner_id or headquarters().id, chain_id=row.id)
    return events.order_by("-sequence")


def headquarters() -> Branch:
    """The branch at the top, where what all share is decided. Raises CalendarNotFound before there is one."""
    root = Branch.objects.filter(parent=None).order_by("path").first()
    if root is None:
        raise CalendarNotFound()
    return root


def may_change(pile: Pile | None, *, by: Actor) -> bool:
    """Whether the actor may change the calendar; without one, any that all share."""
    branch = pile.own.branch if pile else None
    place = branch or next((one for one in by.branches if one.parent_id is None), None)
    return place is not None and place.closed_at is None and by.may(CHANGE_CALENDAR, place.id)


def key_of(pile: Pile) -> str:
    """The key of the calendar as the pile has it, for `clock_for`."""
    return _key([one.edition for one in pile.layers if one.edition], pile.zone)


def _said(row: WorkCalendar | None) -> Said | None:
    if row is None:
        return None
    return read_said(CalendarEdition.objects.values_list("said", flat=True).get(id=row.edition))


def _codes(branch: Branch) -> list[str]:
    """From the top of the tree down to the branch itself."""
    return branch.path.rstrip("/").split("/")


def _key(editions: Sequence[UUID], zone: str) -> str:
    short = [urlsafe_b64encode(one.bytes).rstrip(b"=").decode() for one in editions]
    return ":".join([zone, *short] if short or zone != SHIPPED.zone else [])


def _read_key(key: str) -> tuple[str, list[UUID]]:
    zone, *short = key.split(":") if key else [SHIPPED.zone]
    return zone, [UUID(bytes=urlsafe_b64decode(f"{one}==")) for one in short]
