"""The guarantee of a unit drawn as a picture: where every bar, mark and word stands. Pure; templates/units/picture.html draws it.

All places are whole numbers in the units of the picture's own frame, so it grows and shrinks with the page. There are two
layouts: a wide one with the names beside the bars, and one for phones with the names above them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from shouhou.web.warranty_shapes import (
    Anchor,
    Bar,
    DrawnBar,
    DrawnRepair,
    Layout,
    Picture,
    Row,
    Sketch,
    Stroke,
    Text,
    cut_to,
    width_of,
)

WIDE: Final = 860
NARROW: Final = 340
_LINE: Final = 16  # from one line of letters to the next
_EDGE: Final = 8
_NAMES: Final = 166  # width of the names in the wide layout
_END_ROOM: Final = 86  # right of the last day, for the date of an end
_BAR: Final = 12
_DOT: Final = 9  # half the width of the number of a repair
_LEAST_SPAN: Final = timedelta(days=30)
_TICK_ROOM: Final = 62
_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


def draw(sketch: Sketch, *, layout: Layout) -> Picture:
    """The sketch with every thing in its place."""
    return _Drawing(sketch, layout).picture()


@dataclass
class _Drawing:
    sketch: Sketch
    layout: Layout
    texts: list[Text] = field(default_factory=list)

    def __post_init__(self) -> None:
        wide = self.layout == "wide"
        self.width = WIDE if wide else NARROW
        self.left = _EDGE + (_NAMES if wide else 4)
        self.right = self.width - _EDGE - (_END_ROOM if wide else 4)
        days = list(_days_of(self.sketch))
        self.first = min(days)
        self.last = max(*days, self.first + _LEAST_SPAN)
        self.y = 0

    def x(self, on: date) -> int:
        """Where a day stands; what lies outside is put to the edge."""
        share = (on - self.first) / (self.last - self.first)
        return round(self.left + (self.right - self.left) * min(max(share, 0), 1))

    def picture(self) -> Picture:
        self.y = _EDGE
        dots, pending = self._starts()
        today = self._today()
        top = self.y
        bars = [bar for row in self.sketch.rows for bar in self._row(row)]
        repairs, left_off = self._repairs(top)
        ticks_at = self.y + 4
        ticks = self._ticks(top)
        return Picture(
            layout=self.layout,
            width=self.width,
            height=self.y + _EDGE,
            texts=tuple(self.texts),
            ticks=tuple(ticks),
            dots=tuple(dots),
            pending=pending,
            bars=tuple(bars),
            repairs=tuple(repairs),
            today=Stroke(today, top, 0, ticks_at - top, "today"),
            left_off=left_off,
        )

    def _today(self) -> int:
        at = self.x(self.sketch.today)
        self.y += _LINE
        self.texts.append(
            self._inside(at, self.y - 4, f"{self.sketch.today_name} {self.sketch.today:%Y-%m-%d}", "today")
        )
        return at

    def _starts(self) -> tuple[list[Stroke], Stroke | None]:
        """The named days: their words one under the other where they would touch."""
        named = sorted(self.sketch.named, key=lambda one: one.on)
        if not named:
            return [], None
        levels: list[int] = []  # how far right each line is filled
        placed: list[Text] = []
        for one in named:
            words = self._inside(self.x(one.on), 0, f"{one.name} {one.on:%Y-%m-%d}", "named", anchor="start")
            level = next((number for number, filled in enumerate(levels) if filled + 8 <= words.box[0]), len(levels))
            levels[level : level + 1] = [words.box[2]]
            placed.append(Text(words.x, self.y + _LINE * (level + 1) - 4, words.text, words.anchor, "named"))
        self.texts += placed
        self.y += _LINE * len(levels) + 6
        dots = [Stroke(self.x(one.on), self.y, 0, 0, "named") for one in named]
        pending = self.sketch.pending
        drawn = self._span(pending.on, pending.until, self.y - 3, 6, "pending") if pending else None
        self.y += 8
        return dots, drawn

    def _row(self, row: Row) -> Iterator[DrawnBar]:
        end = max((bar.last_day for bar in row.bars), default=None)
        said = f"{end:%Y-%m-%d}" if end else ""
        if self.layout == "wide":
            self.y += 6
            self.texts.append(Text(_EDGE, self.y + _LINE - 5, cut_to(row.name, _NAMES - 10), kind="name"))
            if row.note:
                self.texts.append(Text(_EDGE, self.y + 2 * _LINE - 5, cut_to(row.note, _NAMES - 10), kind="note"))
            middle = self.y + (_LINE if row.note else _LINE // 2)
            if end:
                self.texts.append(Text(self.x(end) + 6, middle + 4, said, kind="end"))
            self.y += _LINE * (2 if row.note else 1) + 4
        else:
            self.y += _LINE + 6
            room = self.width - 2 * _EDGE - width_of(said) - 10
            name = f"{row.name} · {row.note}" if row.note else row.name
            self.texts.append(Text(_EDGE, self.y - 5, cut_to(name, room), kind="name"))
            if end:
                self.texts.append(Text(self.width - _EDGE, self.y - 5, said, "end", "end"))
            middle = self.y + _BAR // 2 + 1
            self.y += _BAR + 4
        for bar in row.bars:
            yield self._bar(bar, middle - _BAR // 2)

    def _bar(self, bar: Bar, y: int) -> DrawnBar:
        added = None
        if bar.own_end is not None and bar.own_end < bar.last_day:
            added = self._span(bar.own_end, bar.last_day, y, _BAR, "added")
        stills = [one for one in bar.stills if one.until >= bar.start and one.on <= bar.last_day]
        return DrawnBar(
            whole=self._span(bar.start, bar.last_day, y, _BAR, bar.state),
            added=added,
            stills=tuple(
                self._span(max(one.on, bar.start), min(one.until, bar.last_day), y, _BAR, one.kind) for one in stills
            ),
            anew=tuple(Stroke(self.x(day), y - 3, 0, _BAR + 6, "anew") for day in bar.anew),
            bar=bar,
        )

    def _span(self, on: date, until: date, y: int, height: int, kind: str) -> Stroke:
        left, right = self.x(on), self.x(until)
        return Stroke(min(left, self.right - 2), y, max(right - left, 2), height, kind)

    def _repairs(self, top: int) -> tuple[list[DrawnRepair], int]:
        """The numbers stand in turn and touch nowhere; of too many the last ones are shown."""
        room = (self.right - self.left) // (2 * _DOT + 4) + 1
        shown = self.sketch.repairs[-room:]
        if not shown:
            return [], 0
        self.y += 8 + 2 * _DOT
        wanted = [self.x(one.on) for one in shown]
        places = _apart(wanted, 2 * _DOT + 4, self.left, self.right)
        drawn = [
            DrawnRepair(x=place, y=self.y - _DOT, at=at, top=top, repair=one)
            for place, at, one in zip(places, wanted, shown, strict=True)
        ]
        self.y += 4
        return drawn, len(self.sketch.repairs) - len(shown)

    def _ticks(self, top: int) -> list[Stroke]:
        """The first days of months or years: as many as there is room for their names."""
        step = next((one for one in _MONTHS if self._fits(one)), _MONTHS[-1])
        bottom = self.y + 4
        self.y += _LINE + 4
        ticks = []
        for day in _firsts(self.first, self.last, step):
            words = f"{day:%Y}" if step >= 12 else f"{day:%Y-%m}"
            label = Text(self.x(day), self.y - 4, words, "middle", "tick")
            left, _top, right, _bottom = label.box
            if left >= 0 and right <= self.width:
                self.texts.append(label)
            ticks.append(Stroke(self.x(day), top, 0, bottom - top, "tick"))
        return ticks

    def _fits(self, step: int) -> bool:
        days = list(_firsts(self.first, self.last, step))
        places = [self.x(day) for day in days]
        return all(after - before >= _TICK_ROOM for before, after in pairwise(places))

    def _inside(self, x: int, y: int, words: str, kind: str, *, anchor: Anchor = "middle") -> Text:
        """The words at `x`, moved so far that they stay within the picture."""
        left, _top, right, _bottom = Text(x, y, words, anchor).box
        shift = max(_EDGE - left, 0) or min(self.width - _EDGE - right, 0)
        return Text(x + shift, y, words, anchor, kind)


def _days_of(sketch: Sketch) -> Iterator[date]:
    yield sketch.today
    yield from (one.on for one in sketch.named)
    yield from (one.on for one in sketch.repairs)
    for row in sketch.rows:
        for bar in row.bars:
            yield from (bar.start, bar.last_day)


def _firsts(first: date, last: date, step: int) -> Iterator[date]:
    """The first day of every `step`th month between the days; of whole years where a step is one or more."""
    months = first.year * 12 + first.month - 1
    months += -months % step
    while months < 9999 * 12 and (day := date(months // 12, months % 12 + 1, 1)) <= last:
        if day >= first:
            yield day
        months += step


def _apart(wanted: Sequence[int], gap: int, left: int, right: int) -> list[int]:
    """Places as near to the wanted ones as may be, in the same order, `gap` apart and between the edges."""
    places: list[int] = []
    for one in wanted:
        places.append(max(one, places[-1] + gap if places else left))
    limit = right
    for number in reversed(range(len(places))):
        places[number] = min(places[number], limit)
        limit = places[number] - gap
    return places
