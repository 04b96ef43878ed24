"""What a picture of a guarantee is made of: what is to be drawn (Sketch), and every thing with its place (Picture). Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

type Anchor = Literal["start", "middle", "end"]
type State = Literal["open", "over", "unsure"]
type Layout = Literal["wide", "narrow"]
type StillKind = Literal["repair", "parts_wait", "installation_pending"]

TEXT: Final = 12  # size of the letters


@dataclass(frozen=True, slots=True)
class Still:
    """A stretch in which the clock stood."""

    kind: StillKind
    on: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One period. `own_end` is the last day that it would have without standstills; `anew` the days on which it began again."""

    start: date
    last_day: date
    state: State
    own_end: date | None = None
    stills: tuple[Still, ...] = ()
    anew: tuple[date, ...] = ()
    rule_id: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One or several periods of the same kind, with their name; `note` says for what they are."""

    name: str
    bars: tuple[Bar, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A day with its name: sold, delivered, installed, replaced."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair: its turn, counted from 1, and its days."""

    number: int
    on: date
    until: date
    lasts: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What is to be drawn. `pending`: the time between delivery and installation, where it matters."""

    today: date
    today_name: str
    rows: tuple[Row, ...]
    named: tuple[Named, ...] = ()
    pending: Still | None = None
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Words and where they stand; `y` is the foot of the letters."""

    x: int
    y: int
    text: str
    anchor: Anchor = "start"
    kind: str = ""

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        width = width_of(self.text)
        left = self.x - {"start": 0, "middle": width // 2, "end": width}[self.anchor]
        return left, self.y - TEXT, left + width, self.y + 2


@dataclass(frozen=True, slots=True)
class Stroke:
    """A rectangle, or a line where it has no width. `kind` is its look."""

    x: int
    y: int
    width: int
    height: int
    kind: str = ""

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A period: its bar, what of it was added by standstills, the standstills in it, and where it began anew."""

    whole: Stroke
    added: Stroke | None
    stills: tuple[Stroke, ...]
    anew: tuple[Stroke, ...]
    bar: Bar


@dataclass(frozen=True, slots=True)
class DrawnRepair:
    """The number of a repair in its circle, and the line to its day."""

    x: int
    y: int
    at: int
    top: int
    repair: Repair

    @property
    def foot(self) -> int:
        """Where the line to its day leaves the upright."""
        return self.y - 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything with its place in a frame of `width` × `height`."""

    layout: Layout
    width: int
    height: int
    texts: tuple[Text, ...]
    ticks: tuple[Stroke, ...]
    dots: tuple[Stroke, ...]
    pending: Stroke | None
    bars: tuple[DrawnBar, ...]
    repairs: tuple[DrawnRepair, ...]
    today: Stroke
    left_off: int = 0  # repairs for which there was no room


def width_of(text: str) -> int:
    """About how wide the words are: a Chinese character is as wide as it is high, a letter a little more than half of that."""
    wide = sum(unicodedata.east_asian_width(one) in "WFA" for one in text)
    return round(TEXT * wide + TEXT * 0.58 * (len(text) - wide)) + 1


def cut_to(text: str, width: int) -> str:
    """The words, or as many of them as there is room for."""
    if width_of(text) <= width:
        return text
    kept = text
    while kept and width_of(f"{kept}…") > width:
        kept = kept[:-1]
    return f"{kept.rstrip('、, ')}…" if kept else ""


def touching(texts: Iterable[Text]) -> list[tuple[Text, Text]]:
    """Pairs of words that stand in one another's way."""
    placed = sorted(texts, key=lambda one: one.box)
    return [
        (first, second)
        for number, first in enumerate(placed)
        for second in placed[number + 1 :]
        if _overlap(first.box, second.box)
    ]


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
