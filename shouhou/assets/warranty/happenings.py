"""What can happen to a unit, as it was written down. A history is a set of such happenings; their order does not matter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.rules.words import Uncounted


class SpanReversed(Invalid):
    code = "span_reversed"
    template = gettext_noop("What was left out of the repair %(repair)s from %(start)s cannot end %(end)s.")


class Proof(StrEnum):
    """What shows the day of the sale or of the delivery."""

    INVOICE = "invoice"
    SERIAL = "serial"
    WAYBILL = "waybill"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What fails: its code, the part or assembly it is in (None: not known), and what the list of faults says about it.

    `named`: somebody said what it was; else nobody can tell whether it is like another one.
    """

    code: str
    part: str | None = None
    assembly: str | None = None
    performance: bool = False
    severe: bool = False
    named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    on: date
    proof: Proof = Proof.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Signed for by the customer."""

    on: date
    proof: Proof = Proof.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The installation was finished."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairBegun:
    """A repair was agreed on and the unit handed in. `repair` is its number and holds its happenings together."""

    repair: str
    at: datetime
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairEnded:
    """The unit works again. What was replaced in it: parts (accessories too), assemblies.

    `found` is the fault that it turned out to be, where that is not the one reported.
    """

    repair: str
    at: datetime
    found: Fault | None = None
    parts: frozenset[str] = frozenset()
    assemblies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWaitBegun:
    """A part is not to be had. The unit may stand in the shop meanwhile, or with the customer."""

    repair: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWaitEnded:
    repair: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Time within a repair that a rule may take out: `reason` is the word of the rule.

    Whether it does is for the rule in force to say. Raises SpanReversed.
    """

    repair: str
    reason: Uncounted
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.ends_at < self.starts_at:
            raise SpanReversed(repair=self.repair, start=self.starts_at.isoformat(), end=self.ends_at.isoformat())


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReplaced:
    """The customer got another unit for this one: the life of the sale goes on with it."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRead:
    on: date
    km: int


# How a message names them. These are texts of the catalogue: an interface translates them like the message itself.
SAID: dict[type, str] = {
    Sold: gettext_noop("sale"),
    Delivered: gettext_noop("delivery"),
    Installed: gettext_noop("installation"),
    RepairBegun: gettext_noop("beginning of a repair"),
    RepairEnded: gettext_noop("end of a repair"),
    PartWaitBegun: gettext_noop("beginning of a wait for parts"),
    PartWaitEnded: gettext_noop("end of a wait for parts"),
    LeftOut: gettext_noop("time left out of a repair"),
    UnitReplaced: gettext_noop("replacement of the unit"),
    MeterRead: gettext_noop("meter reading"),
}

type OfRepair = RepairBegun | RepairEnded | PartWaitBegun | PartWaitEnded | LeftOut
type Happening = Sold | Delivered | Installed | UnitReplaced | MeterRead | OfRepair


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """All that is known of one sale. Days are those of the zone. `trader_installs` None: nobody knows."""

    happenings: frozenset[Happening]
    zone: ZoneInfo
    trader_installs: bool | None = None

    def day_of(self, moment: datetime) -> date:
        """The day of the zone that the moment lies in."""
        return moment.astimezone(self.zone).date()

    def begins(self, happening: Happening) -> date:
        """The day on which it happened, or began."""
        if isinstance(happening, LeftOut):
            return self.day_of(happening.starts_at)
        if isinstance(happening, RepairBegun | RepairEnded | PartWaitBegun | PartWaitEnded):
            return self.day_of(happening.at)
        return happening.on

    def of[H: Happening](self, kind: type[H]) -> list[H]:
        """The happenings of one kind, in an order that depends on nothing but themselves."""
        found = [one for one in self.happenings if isinstance(one, kind)]
        return sorted(found, key=lambda one: (self.begins(one), repr(one)))

    def but(self, *, without: Iterable[Happening] = (), also: Iterable[Happening] = ()) -> "UnitHistory":
        """The same history with some happenings taken out and others put in."""
        return replace(self, happenings=(self.happenings - frozenset(without)) | frozenset(also))
