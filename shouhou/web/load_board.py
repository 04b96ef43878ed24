"""The load board: technicians × hours of a day. Each row is cut into cells on the half hour, as the table draws them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from shouhou.dispatch.queries import PersonDay
from shouhou.web.acting import sentence
from shouhou.web.dispatch_desk import VISIT_TONES
from shouhou.web.slots import QUICK_SLOTS, quick_period
from shouhou.workforce.models import Technician
from shouhou.workorders.models import Visit
from shouhou.workorders.rules import VisitStatus

_OPENS, _CLOSES = 8, 20
_HALF = timedelta(minutes=30)

type Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of a row. Kinds: open (nothing), slot (free, to be chosen), visit, away, over (gone by)."""

    kind: str
    columns: int
    words: str = ""
    slot: str = ""
    visit: Visit | None = None
    tone: str = "plain"
    wished: bool = False

    @property
    def starts(self) -> str:
        return self.words.partition("–")[0]

    @property
    def ends(self) -> str:
        return self.words.partition("–")[2]


@dataclass(frozen=True, slots=True)
class Row:
    """One technician: his cells, or the reason why he cannot be sent that day."""

    technician: Technician
    visit_count: int
    without_hours: int
    cells: tuple[Cell, ...]
    refusal: str
    refused: str

    @property
    def slots(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "slot"]


@dataclass(frozen=True, slots=True)
class Board:
    """The day as the screen shows it. `now_hour` is the hour that runs, where the day is today."""

    day: date
    hours: tuple[int, ...]
    rows: tuple[Row, ...]
    is_over: bool
    now_hour: int | None

    @property
    def columns(self) -> int:
        return len(self.hours) * 2

    @property
    def earlier(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def later(self) -> date:
        return self.day + timedelta(days=1)


def read_board(
    people: list[PersonDay],
    *,
    day: date,
    now: datetime,
    wish: Span | None = None,
    refused: Mapping[UUID, str] | None = None,
) -> Board:
    """The board of a day. `wish` is what the customer asked for; `refused` what the act said of a technician just now."""
    here = timezone.localtime(now)
    hours = _hours(people, day)
    first = datetime.combine(day, time.min, timezone.get_current_timezone()) + timedelta(hours=hours[0])
    marks = [first + _HALF * step for step in range(len(hours) * 2)]
    said = refused or {}
    return Board(
        day=day,
        hours=hours,
        rows=tuple(
            _row(one, marks, day=day, now=now, wish=wish, refused=said.get(one.technician.id, "")) for one in people
        ),
        is_over=day < here.date(),
        now_hour=here.hour if day == here.date() else None,
    )


def _hours(people: list[PersonDay], day: date) -> tuple[int, ...]:
    """Opening hours, and beyond them whatever a visit of the day needs."""
    start, end = _OPENS, _CLOSES
    for visit in (visit for one in people for visit in one.visits):
        if visit.planned_start and visit.planned_end:
            begins, ends = timezone.localtime(visit.planned_start), timezone.localtime(visit.planned_end)
            start = min(start, begins.hour if begins.date() == day else 0)
            end = max(end, ends.hour + (ends.minute > 0) if ends.date() == day else 24)
    return tuple(range(start, end))


def _row(one: PersonDay, marks: list[datetime], *, day: date, now: datetime, wish: Span | None, refused: str) -> Row:
    refusal = sentence(one.refusal) if one.refusal else ""
    filled = _filled(one, marks)
    if not refusal:
        _offer_slots(one, filled, marks, day=day, now=now, wish=wish)
    return Row(
        technician=one.technician,
        visit_count=len(one.visits),
        without_hours=sum(1 for visit in one.visits if not visit.planned_start),
        cells=tuple(_joined(filled, marks, now)),
        refusal=refusal,
        refused=refused,
    )


def _filled(one: PersonDay, marks: list[datetime]) -> list[Cell | None]:
    """For each half hour what lies in it; a visit wins over an absence, the earlier over the later."""
    filled: list[Cell | None] = [None] * len(marks)
    spans: list[tuple[datetime, datetime, Cell]] = [
        (
            visit.planned_start,
            visit.planned_end,
            Cell("visit", 1, _clock(visit.planned_start, visit.planned_end), visit=visit, tone=_tone(visit)),
        )
        for visit in one.visits
        if visit.planned_start and visit.planned_end
    ]
    spans += [(gone.starts_at, gone.ends_at, Cell("away", 1, gone.reason or gettext("away"))) for gone in one.absences]
    for start, end, cell in spans:
        for place, mark in enumerate(marks):
            if filled[place] is None and start < mark + _HALF and end > mark:
                filled[place] = cell
    return filled


def _offer_slots(
    one: PersonDay, filled: list[Cell | None], marks: list[datetime], *, day: date, now: datetime, wish: Span | None
) -> None:
    for hours in QUICK_SLOTS:
        start, end = quick_period(day, hours)
        places = [place for place, mark in enumerate(marks) if start <= mark < end]
        if end <= now or any(filled[place] for place in places) or not one.is_free(start, end):
            continue
        wished = wish is not None and start < wish[1] and end > wish[0]
        cell = Cell("slot", 1, f"{hours[0]}–{hours[1]}", slot=f"{hours[0]}-{hours[1]}", wished=wished)
        for place in places:
            filled[place] = cell


def _joined(filled: list[Cell | None], marks: list[datetime], now: datetime) -> list[Cell]:
    """Neighbouring half hours of the same thing as one cell."""
    cells: list[Cell] = []
    before: Cell | None = None
    for cell, mark in zip(filled, marks, strict=True):
        shown = cell or Cell("over" if mark + _HALF <= now else "open", 1)
        if cells and (cell is before if cell else cells[-1].kind == shown.kind):
            cells[-1] = replace(cells[-1], columns=cells[-1].columns + 1)
        else:
            cells.append(shown)
        before = cell
    return cells


def _clock(start: datetime, end: datetime) -> str:
    return f"{timezone.localtime(start):%H:%M}–{timezone.localtime(end):%H:%M}"


def _tone(visit: Visit) -> str:
    return VISIT_TONES[VisitStatus(visit.status)]
