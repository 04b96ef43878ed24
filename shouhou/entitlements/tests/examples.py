"""Worked examples of the verdict: what is known, and who pays and what the customer may have by the article that is named.

Units, with their lives in short: `repair("2023-04-01T09:00", "2023-04-03T09:00")` is one repair of the fault that there is now.
"""

from dataclasses import dataclass, field
from typing import Any

type Document = dict[str, Any]

LEAK: Document = {"code": "leak", "part": "compressor", "performance": True}
NOISE: Document = {"code": "noise", "part": "shell"}
BRAKES: Document = {"code": "brakes", "performance": True, "severe": True}

FRIDGE: Document = {
    "product_class": "refrigerator",
    "region": "hunan",
    "channel": "store",
    "platform": "none",
    "brand": "other",
    "price": "2000",
    "trader_installs": False,
    "bulky": False,
    "defect": True,
    "repairer_delay_days": 0,
    "same_model_available": True,
    "fault": LEAK,
}
CAR: Document = FRIDGE | {
    "product_class": "family_car",
    "price": "200000",
    "usage_coefficient": "0.004",
    "assembly": "none",
    "assembly_must_be_replaced": False,
    "main_part": False,
    "safety_failure": "none",
    "workdays_since_demand": 0,
    "fault": {"code": "stall", "performance": True},
}


def repair(begun: str, ended: str | None = None, fault: Document | None = None, *, number: str = "") -> list[Document]:
    name = number or begun
    lines: list[Document] = [{"what": "repair_begun", "repair": name, "at": begun, "fault": fault or LEAK}]
    return [*lines, {"what": "repair_ended", "repair": name, "at": ended}] if ended else lines


def repairs(number: int, fault: Document, *, month: int = 4, year: int = 2023) -> list[Document]:
    """So many repairs of an hour each, a week apart."""
    days = [f"{year}-{month + turn // 4:02}-{1 + 7 * (turn % 4):02}" for turn in range(number)]
    return [one for day in days for one in repair(f"{day}T09:00", f"{day}T10:00", fault)]


def wait(begun: str, ended: str) -> list[Document]:
    return [
        {"what": "part_wait_begun", "repair": begun, "at": begun},
        {"what": "part_wait_ended", "repair": begun, "at": ended},
    ]


@dataclass(frozen=True)
class Example:
    """`expect`: class, ground, until, labour/part/travel, has, lacks, refund, by (a rule that is cited), needs."""

    article: str
    shows: str
    on: str
    expect: Document
    unit: Document = field(default_factory=lambda: FRIDGE)
    sold: str | None = "2023-03-01"
    life: list[Document] = field(default_factory=list)
    more: Document = field(default_factory=dict)
    km: int | None = None  # on the meter on the day of the question

    @property
    def document(self) -> Document:
        sale = [{"what": what, "on": self.sold} for what in ("sold", "delivered")] if self.sold else []
        driven = [{"what": "meter_read", "on": self.on, "km": self.km}] if self.km is not None else []
        return {**self.unit, "on": self.on, "history": [*sale, *self.life, *driven], **self.more}


def _free(article: str, shows: str, on: str, expect: Document | None = None, **more: Any) -> Example:
    return Example(article, shows, on, {"class": "C", "ground": "guarantee"} | (expect or {}), **more)


def _charged(article: str, shows: str, on: str, ground: str, expect: Document | None = None, **more: Any) -> Example:
    return Example(article, shows, on, {"class": "A", "ground": ground} | (expect or {}), **more)


_HOUSE = "管理办法 四"
_SANBAO = "三包规定(1995)"
_CARS = "家用汽车三包(总局令43号)"
_PHONES = "移动电话机三包(2001)"
_YEAR = {"until": "2024-02-29"}

CLASSES = [
    Example(
        _HOUSE, "work of the house is D", "2023-05-01", {"class": "D", "ground": "internal"}, more={"internal": True}
    ),
    Example(
        _HOUSE, "D whatever was found", "2023-05-01", {"class": "D"}, more={"internal": True, "exclusions": ["misuse"]}
    ),
    _free(_HOUSE, "C in the guarantee", "2023-05-01", {"labour": "company", "part": "company"}),
    Example(
        _HOUSE,
        "B after it, under a contract",
        "2027-05-01",
        {"class": "B", "ground": "contract", "labour": "contract", "part": "contract", "travel": "contract"},
        more={"contract": "HT-1"},
    ),
    _free(_HOUSE, "a contract is not used up by what the law gives", "2023-05-01", more={"contract": "HT-1"}),
    _charged(_HOUSE, "A when it is over", "2027-05-01", "over", {"labour": "customer", "travel": "customer"}),
    Example(
        _HOUSE,
        "C by the certificate that lasts longer than the law",
        "2027-05-01",
        {"class": "C", "ground": "certificate", "until": "2029-02-28", "travel": "company"},
        more={"certificate_ends_on": "2029-03-01"},
    ),
    _charged(
        _HOUSE,
        "on the first day after the certificate: A",
        "2029-03-01",
        "over",
        more={"certificate_ends_on": "2029-03-01"},
    ),
    Example(
        _HOUSE,
        "guidance is part of the sale",
        "2027-05-01",
        {"class": "C", "ground": "guidance"},
        more={"work_type": "guidance"},
    ),
    Example(
        _HOUSE,
        "maintenance without a contract",
        "2023-05-01",
        {"class": "A", "ground": "not_repair"},
        more={"work_type": "maintenance"},
    ),
    Example(
        _HOUSE,
        "maintenance under a contract",
        "2023-05-01",
        {"class": "B", "ground": "contract"},
        more={"work_type": "maintenance", "contract": "HT-1"},
    ),
    Example(
        _HOUSE,
        "inspection is care, too",
        "2023-05-01",
        {"class": "A", "ground": "not_repair"},
        more={"work_type": "inspection"},
    ),
    Example(
        _HOUSE,
        "installation that was sold with the goods",
        "2023-03-02",
        {"class": "C", "ground": "installation_owed"},
        more={"work_type": "installation", "trader_installs": True},
    ),
    Example(
        _HOUSE,
        "installation that was not",
        "2023-03-02",
        {"class": "A", "ground": "no_rule"},
        more={"work_type": "installation"},
    ),
    Example(
        _HOUSE,
        "nobody knows whether it was",
        "2023-03-02",
        {"class": None, "ground": "undecided", "needs": ["trader_installs"]},
        more={"work_type": "installation", "trader_installs": None},
    ),
    Example(
        _HOUSE,
        "installed again: charged",
        "2023-05-01",
        {"class": "A", "ground": "no_rule"},
        more={"work_type": "installation", "trader_installs": True},
        life=[{"what": "installed", "on": "2023-03-02"}],
    ),
]

FINDINGS = [
    _charged(
        f"{_SANBAO} 17", f"{found} takes the free repair away", "2023-05-01", "excluded", more={"exclusions": [found]}
    )
    for found in (
        "misuse",
        "foreign_repair",
        "no_certificate",
        "altered_certificate",
        "serial_mismatch",
        "force_majeure",
    )
] + [
    _charged(
        f"{_SANBAO} 17",
        "a finding takes the certificate with it",
        "2027-05-01",
        "excluded",
        more={"exclusions": ["misuse"], "certificate_ends_on": "2029-03-01", "on": "2023-05-01"},
    ),
    _free(
        f"{_CARS} 35",
        "a car that was maintained elsewhere keeps its guarantee",
        "2023-05-01",
        unit=CAR,
        more={"exclusions": ["independent_maintenance"]},
        km=1000,
    ),
]

DAYS = [
    _free(
        f"{_SANBAO} 9",
        "day 7: refund, replacement or repair",
        "2023-03-08",
        {"has": ["refund", "replace"], "refund": "2000"},
    ),
    _free(
        f"{_SANBAO} 9–10",
        "day 8: replacement; who wants the money pays the wear",
        "2023-03-09",
        {"has": ["replace"], "refund": "1992.00"},
    ),
    _free(f"{_SANBAO} 10", "day 15: replacement or repair", "2023-03-16", {"has": ["replace"]}),
    _free(f"{_SANBAO} 10–11", "day 16: repair alone", "2023-03-17", {"lacks": ["replace", "refund"]}),
    _free(f"{_SANBAO} 11", "last day of the main part", "2026-02-28", {"until": "2026-02-28"}),
    _charged(f"{_SANBAO} 11", "the day after: charged", "2026-03-01", "over", {"until": "2026-02-28"}),
    _free(f"{_SANBAO} 11", "last day of the whole unit", "2024-02-29", _YEAR, more={"fault": NOISE}),
    _charged(
        f"{_SANBAO} 11",
        "the shell is no main part",
        "2024-03-01",
        "over",
        more={"fault": NOISE, "faulty_part": "shell"},
    ),
    _free(
        f"{_SANBAO} 11",
        "sold on a leap day: a year ends the day before",
        "2025-02-27",
        {"until": "2025-02-27"},
        sold="2024-02-29",
        more={"fault": NOISE},
    ),
    _charged(
        f"{_SANBAO} 11",
        "sold on a leap day: 28 February is over",
        "2025-02-28",
        "over",
        sold="2024-02-29",
        more={"fault": NOISE, "faulty_part": "shell"},
    ),
    _free(
        "消保法实施条例 8",
        "installed by the trader: it runs from then",
        "2025-08-10",
        {"until": "2025-08-10"},
        sold="2024-08-01",
        life=[{"what": "installed", "on": "2024-08-11"}],
        more={"trader_installs": True, "fault": NOISE},
    ),
    _charged(
        "消保法实施条例 8",
        "not installed by him: from the delivery",
        "2025-08-01",
        "over",
        sold="2024-08-01",
        life=[{"what": "installed", "on": "2024-08-11"}],
        more={"fault": NOISE, "faulty_part": "shell"},
    ),
]

REPAIRS = [
    _free(
        f"{_SANBAO} 11", "one repair: no replacement yet", "2023-07-01", {"lacks": ["replace"]}, life=repairs(1, LEAK)
    ),
    _free(
        f"{_SANBAO} 11",
        "two repairs: replacement",
        "2023-07-01",
        {"has": ["replace"], "by": "two-repairs"},
        life=repairs(2, LEAK),
    ),
    _free(
        f"{_SANBAO} 13",
        "two repairs and no such model: refund",
        "2023-07-01",
        {"has": ["refund"], "refund": "2000"},
        life=repairs(2, LEAK),
        more={"same_model_available": False},
    ),
    _free(
        f"{_SANBAO} 19",
        "a repair of 10 days makes it 10 days longer",
        "2024-03-10",
        {"until": "2024-03-10"},
        life=repair("2023-06-01T09:00", "2023-06-11T09:00", NOISE),
        more={"fault": NOISE},
    ),
    _free(
        f"{_SANBAO} 19",
        "30 days of repair move the end by 30",
        "2024-03-30",
        {"until": "2024-03-30"},
        life=repair("2023-06-01T09:00", "2023-07-01T09:00", NOISE),
        more={"fault": NOISE},
    ),
    _free(
        "浙江 2017",
        "35 days in repair are not enough",
        "2023-12-01",
        {"lacks": ["refund"]},
        life=repair("2023-06-01T09:00", "2023-07-06T09:00", NOISE),
        more={"region": "zhejiang", "fault": NOISE},
    ),
    _free(
        "浙江 2017",
        "36 days: the customer chooses",
        "2023-12-01",
        {"has": ["refund", "replace"], "by": "thirty-five-days"},
        life=repair("2023-06-01T09:00", "2023-07-07T09:00", NOISE),
        more={"region": "zhejiang", "fault": NOISE},
    ),
    _free(
        "浙江 2017",
        "day 5 of a repair: no loan unit",
        "2023-06-06",
        {"lacks": ["loan"]},
        life=repair("2023-06-01T09:00"),
        more={"region": "zhejiang", "at": "2023-06-06T08:00"},
    ),
    _free(
        "浙江 2017",
        "day 6 of a repair: a loan unit",
        "2023-06-07",
        {"has": ["loan"], "by": "loan"},
        life=repair("2023-06-01T09:00"),
        more={"region": "zhejiang", "at": "2023-06-07T08:00"},
    ),
]

CARS = [
    _free(
        f"{_CARS} 18",
        "labour and parts are free",
        "2023-05-01",
        {"labour": "company", "part": "company"},
        unit=CAR,
        km=5000,
    ),
    _free(f"{_CARS} 18", "3 years, to the day", "2026-02-28", unit=CAR, km=59_000),
    _charged(f"{_CARS} 18", "3 years and a day", "2026-03-01", "over", unit=CAR, km=59_000),
    _charged(f"{_CARS} 18", "or 60,000 km, whichever is first", "2023-12-01", "over", unit=CAR, km=60_001),
    _free(
        f"{_CARS} 22",
        "day 7: the engine has to be replaced",
        "2023-03-08",
        {"has": ["refund", "replace"], "refund": "200000"},
        unit=CAR,
        more={"assembly": "engine", "assembly_must_be_replaced": True},
        km=100,
    ),
    _free(
        f"{_CARS} 22",
        "day 8: not any more",
        "2023-03-09",
        {"lacks": ["refund"]},
        unit=CAR,
        more={"assembly": "engine", "assembly_must_be_replaced": True},
        km=100,
    ),
    _free(
        f"{_CARS} 23",
        "60 days and 3,000 km: the brakes fail",
        "2023-04-30",
        {"has": ["refund"], "refund": "200000"},
        unit=CAR,
        more={"safety_failure": "brake_failure"},
        km=3000,
    ),
    _free(
        f"{_CARS} 23",
        "61 days",
        "2023-05-01",
        {"lacks": ["refund"]},
        unit=CAR,
        more={"safety_failure": "brake_failure"},
        km=3000,
    ),
    _free(
        f"{_CARS} 23",
        "3,001 km",
        "2023-04-30",
        {"lacks": ["refund"]},
        unit=CAR,
        more={"safety_failure": "brake_failure"},
        km=3001,
    ),
    _free(
        f"{_CARS} 24",
        "30 days in repair",
        "2023-12-01",
        {"lacks": ["refund"]},
        unit=CAR,
        life=[*repair("2023-06-01T09:00", "2023-07-01T09:00", NOISE)],
        km=10_000,
    ),
    _free(
        f"{_CARS} 24",
        "30 days and a minute are 31",
        "2023-12-01",
        {"has": ["refund", "replace"], "refund": "192000.00"},
        unit=CAR,
        life=[*repair("2023-06-01T09:00", "2023-07-01T09:01", NOISE)],
        km=10_000,
    ),
    _free(
        f"{_CARS} 24",
        "4 repairs of the same fault",
        "2023-12-01",
        {"lacks": ["refund"]},
        unit=CAR,
        more={"fault": NOISE},
        life=[*repairs(4, NOISE)],
        km=10_000,
    ),
    _free(
        f"{_CARS} 24",
        "5 repairs of the same fault",
        "2023-12-01",
        {"has": ["refund", "replace"], "by": "four-repairs"},
        unit=CAR,
        more={"fault": NOISE},
        life=[*repairs(5, NOISE)],
        km=10_000,
    ),
    _free(
        f"{_CARS} 24",
        "5 repairs, of two faults",
        "2023-12-01",
        {"lacks": ["refund"]},
        unit=CAR,
        more={"fault": NOISE},
        life=[*repairs(4, NOISE), *repair("2023-09-01T09:00", "2023-09-01T10:00", BRAKES)],
        km=10_000,
    ),
    _free(
        f"{_CARS} 24",
        "2 years, to the day",
        "2025-02-28",
        {"has": ["refund"]},
        unit=CAR,
        more={"fault": NOISE},
        life=[*repairs(5, NOISE)],
        km=50_000,
    ),
    _free(
        f"{_CARS} 24",
        "2 years and a day: repair alone",
        "2025-03-01",
        {"lacks": ["refund"]},
        unit=CAR,
        more={"fault": NOISE},
        life=[*repairs(5, NOISE)],
        km=50_000,
    ),
    _free(
        f"{_CARS} 24",
        "or 50,000 km, whichever is first",
        "2024-12-01",
        {"lacks": ["refund"]},
        unit=CAR,
        more={"fault": NOISE},
        life=[*repairs(5, NOISE)],
        km=50_001,
    ),
    _free(
        f"{_CARS} 24",
        "one repair of a severe safety fault",
        "2023-12-01",
        {"lacks": ["refund"]},
        unit=CAR,
        more={"fault": BRAKES},
        life=[*repairs(1, BRAKES)],
        km=10_000,
    ),
    _free(
        f"{_CARS} 24",
        "two repairs of a severe safety fault",
        "2023-12-01",
        {"has": ["refund"], "refund": "192000.00"},
        unit=CAR,
        more={"fault": BRAKES},
        life=[*repairs(2, BRAKES)],
        km=10_000,
    ),
    _free(
        f"{_CARS} 20",
        "a repair over midnight is one day of 24 hours",
        "2023-12-01",
        {"days": 1},
        unit=CAR,
        life=[*repair("2023-06-01T20:00", "2023-06-02T19:00", NOISE)],
        km=1000,
    ),
    _free(
        f"{_CARS} 20",
        "24 hours and a minute are two",
        "2023-12-01",
        {"days": 2},
        unit=CAR,
        life=[*repair("2023-06-01T20:00", "2023-06-02T20:01", NOISE)],
        km=1000,
    ),
]

MISSING = [
    Example(
        "—",
        "no day of the sale: nothing is guessed",
        "2023-05-01",
        {"class": None, "needs": ["sold_on"], "unclear": "start_not_known"},
        sold=None,
    ),
    Example(
        "—",
        "installed before it was sold",
        "2023-05-01",
        {"class": None, "unclear": "before_the_unit_was_there"},
        life=[{"what": "installed", "on": "2023-02-01"}],
        more={"trader_installs": True},
    ),
    Example(
        "—",
        "a repair that ends before it begins",
        "2023-05-01",
        {"class": "C", "unclear": "repair_ends_before_it_begins"},
        life=repair("2023-04-03T09:00", "2023-04-01T09:00"),
    ),
    _charged(
        "消费者权益保护法 24",
        "no 三包 rule of the state for furniture, and no defect that the consumer law would make good",
        "2023-05-01",
        "no_state_rule",
        unit={"product_class": "furniture", "region": "hunan", "defect": False, "period_agreed": False},
    ),
    Example(
        "消费者权益保护法 24",
        "the same, and nobody knows yet whether it is a defect",
        "2023-05-01",
        {"class": None, "ground": "undecided", "needs": ["defect"]},
        unit={"product_class": "furniture", "region": "hunan", "period_agreed": False},
    ),
    Example(
        "消费者权益保护法 24",
        "the same with a defect: the consumer law governs",
        "2023-05-01",
        {"class": "C", "ground": "no_state_rule", "has": ["repair", "replace"]},
        unit={"product_class": "furniture", "region": "hunan", "defect": True, "period_agreed": False},
    ),
    Example("—", "without a class nobody can say", "2023-05-01", {"class": None}, unit={"region": "hunan"}),
]

EXAMPLES = [*CLASSES, *FINDINGS, *DAYS, *REPAIRS, *CARS, *MISSING]
