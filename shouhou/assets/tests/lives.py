"""Lives of units in few words, for the tests of the guarantee. 2023, branch time, unless a date is written out."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shouhou.assets.warranty.facts import Guarantee, guarantee_of
from shouhou.assets.warranty.happenings import (
    Delivered,
    Fault,
    Happening,
    PartWaitBegun,
    PartWaitEnded,
    Proof,
    RepairBegun,
    RepairEnded,
    Sold,
    UnitHistory,
)
from shouhou.assets.warranty.segments import WarrantySegment
from shouhou.policies.rules.facts import Facts
from shouhou.policies.rules.words import Segment
from shouhou.policies.schema.facts import read_facts
from shouhou.policies.schema.loading import shipped_book

CHINA = ZoneInfo("Asia/Shanghai")
BOOK = shipped_book()

LEAK = Fault(code="leak", part="compressor", performance=True)
SHORT = Fault(code="short", part="thermostat", performance=True)
NOISE = Fault(code="noise", part="shell")
BRAKES = Fault(code="brakes", performance=True, severe=True)
SLIP = Fault(code="slip", part="gear", assembly="gearbox", performance=True, severe=True)


def moment(month: int, day: int, hour: int = 9, minute: int = 0, *, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


def of(*happenings: Happening | tuple[Happening, ...], trader_installs: bool | None = None) -> UnitHistory:
    flat = [one for some in happenings for one in (some if isinstance(some, tuple) else (some,))]
    return UnitHistory(frozenset(flat), CHINA, trader_installs)


def sold(month: int = 3, day: int = 1, *, year: int = 2023) -> tuple[Happening, ...]:
    """Sold against an invoice, and delivered the same day."""
    on = date(year, month, day)
    return (Sold(on=on, proof=Proof.INVOICE), Delivered(on=on))


def repair(
    number: str, begun: datetime, ended: datetime | None, fault: Fault = LEAK, **done: Any
) -> tuple[Happening, ...]:
    begin = RepairBegun(repair=number, at=begun, fault=fault)
    return (begin,) if ended is None else (begin, RepairEnded(repair=number, at=ended, **done))


def wait(number: str, begun: datetime, ended: datetime | None) -> tuple[Happening, ...]:
    begin = PartWaitBegun(repair=number, at=begun)
    return (begin,) if ended is None else (begin, PartWaitEnded(repair=number, at=ended))


def fridge(**facts: Any) -> Facts:
    """A refrigerator from Hunan, as the sale alone tells of it."""
    usual = {
        "matter": "defect",
        "on": "2020-01-01",
        "product_class": "refrigerator",
        "region": "hunan",
        "channel": "store",
        "platform": "none",
        "brand": "other",
        "price": "2000",
        "repairer_delay_days": 0,
    }
    return read_facts(usual | facts)


def car(**facts: Any) -> Facts:
    """A family car with a fault that is neither in an assembly nor dangerous."""
    usual = {
        "product_class": "family_car",
        "price": "200000",
        "usage_coefficient": "0.004",
        "assembly": "none",
        "assembly_must_be_replaced": False,
        "main_part": False,
        "safety_failure": "none",
        "workdays_since_demand": 0,
    }
    return fridge(**usual | facts)


def guarantee(
    history: UnitHistory, facts: Facts | None = None, *, at: datetime | None = None, fault: Fault | None = None
) -> Guarantee:
    return guarantee_of(BOOK, facts or fridge(), history, at=at or moment(12, 31), fault=fault)


def segment(
    found: Guarantee, kind: Segment = Segment.WHOLE_UNIT, parts: tuple[str, ...] | None = None
) -> WarrantySegment:
    """The only segment of that kind, of those for the parts if any are named."""
    (one,) = [one for one in found.segments if one.kind is kind and (parts is None or one.parts == parts)]
    return one
