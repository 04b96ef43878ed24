"""A question as a document (JSON or YAML), and back: the form in which it is stored, sent and written by hand.

The facts of `policies` stand in it by their names. Beside them it may say what work is wanted, what covers the unit, and, instead
of counts, the `history` of the unit. What is not known to the schema is refused by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import TypeAdapter, ValidationError

from shouhou.assets.warranty.happenings import (
    Delivered,
    Fault,
    Happening,
    Installed,
    LeftOut,
    MeterRead,
    PartWaitBegun,
    PartWaitEnded,
    RepairBegun,
    RepairEnded,
    Sold,
    UnitHistory,
    UnitReplaced,
)
from shouhou.entitlements.rules.question import Question
from shouhou.entitlements.rules.words import WorkType
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.rules.facts import NAMES
from shouhou.policies.rules.plain import plain
from shouhou.policies.schema.facts import EARLIEST, LATEST, UnknownFact, WrongFact, facts_explained, read_facts

ZONE = "Asia/Shanghai"
_NOON = time(12)


class UnknownHappening(Invalid):
    code = "unknown_happening"
    template = gettext_noop("“%(what)s” is nothing that happens to a unit; known are: %(known)s.")


@dataclass(frozen=True, slots=True)
class Told:
    """A key of the document beside the facts: what it means, and how it is written."""

    zh: str
    en: str
    form: str


BESIDE: dict[str, Told] = {
    "at": Told("提问的时刻", "moment of the question; noon of “on” if it is not given", "moment"),
    "zone": Told("所在地时区", f"time zone of the place; {ZONE} if it is not given", "str"),
    "work_type": Told("工作种类", "what work is wanted; repair if it is not given", "str"),
    "contract": Told("保养合同编号", "number of the maintenance contract that covers the unit", "str"),
    "certificate_ends_on": Told(
        "保修证失效之日", "first day on which the certificate of the model is no longer good", "date"
    ),
    "internal": Told("一般行政工作", "work of the house itself", "bool"),
    "fault": Told("现在的故障", "the fault that there is now: code, part, assembly, performance, severe", "fault"),
    "history": Told("机器的经历", "what happened to the unit; counts of repairs are then taken from it", "history"),
}

_ANSWERS = {"work_type": WorkType.values}

_KINDS: dict[str, type[Any]] = {
    "sold": Sold,
    "delivered": Delivered,
    "installed": Installed,
    "repair_begun": RepairBegun,
    "repair_ended": RepairEnded,
    "part_wait_begun": PartWaitBegun,
    "part_wait_ended": PartWaitEnded,
    "left_out": LeftOut,
    "replaced": UnitReplaced,
    "meter_read": MeterRead,
}
_WORDS: dict[type[Any], str] = {kind: word for word, kind in _KINDS.items()}
_MOMENTS, _FAULTS = {"at", "starts_at", "ends_at"}, {"fault", "found"}
_SHAPES: dict[type[Any], TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (*_WORDS, Fault)}


def keys_explained() -> list[dict[str, str]]:
    """Every key of a document with its type, its meaning in both languages, and the words it may be: facts, then the others."""
    beside = [
        {
            "name": name,
            "type": one.form,
            "unit": "",
            "zh": one.zh,
            "en": one.en,
            "words": ", ".join(_ANSWERS.get(name, ())),
        }
        for name, one in BESIDE.items()
    ]
    return facts_explained() + beside


def happenings_explained() -> dict[str, list[str]]:
    """What can stand in the history, each with its keys."""
    return {word: [one.name for one in fields(kind)] for word, kind in _KINDS.items()}


def read_question(given: Mapping[str, Any], *, at: datetime) -> Question:
    """A question from JSON values; `at` is the moment of a document that names no day.

    Raises UnknownFact for a key that is neither fact nor known beside them, WrongFact, UnknownHappening, and what reading
    facts raises.
    """
    for name in given:
        if name not in NAMES and name not in BESIDE:
            near = get_close_matches(name, [*NAMES, *BESIDE], n=3, cutoff=0.4) or list(BESIDE)[:3]
            raise UnknownFact(fact=name, near=", ".join(near), field=name)
    zone = _zone(given.get("zone"))
    on = _day(given.get("on"))
    asked = _moment(given.get("at"), zone) or (at.astimezone(zone) if on is None else datetime.combine(on, _NOON, zone))
    told = {name: value for name, value in given.items() if name in NAMES}
    facts = read_facts({"matter": "defect"} | told | {"on": asked.astimezone(zone).date().isoformat()})
    history = (
        _history(given["history"], zone, trader_installs=facts.trader_installs)
        if given.get("history") is not None
        else None
    )
    return Question(
        facts=facts,
        history=history,
        at=asked,
        work_type=_work_type(given.get("work_type")),
        fault=_read(Fault, given["fault"], "fault") if given.get("fault") is not None else None,
        contract=_text(given.get("contract"), "contract"),
        certificate_ends_on=_day(given.get("certificate_ends_on"), "certificate_ends_on"),
        internal=_answer(given.get("internal"), "internal"),
    )


def write_question(question: Question) -> dict[str, Any]:
    """The document of which `read_question` makes the same question again."""
    document: dict[str, Any] = question.facts.known() | {
        "on": question.on.isoformat(),
        "at": question.at.isoformat(),
        "work_type": str(question.work_type),
    }
    if question.contract:
        document["contract"] = question.contract
    if question.certificate_ends_on:
        document["certificate_ends_on"] = question.certificate_ends_on.isoformat()
    if question.internal:
        document["internal"] = True
    if question.fault is not None:
        document["fault"] = _written(question.fault)
    if question.history is not None:
        document["zone"] = question.history.zone.key
        if question.history.trader_installs is not None:
            document["trader_installs"] = question.history.trader_installs
        happenings = [{"what": _WORDS[type(one)]} | _written(one) for one in question.history.happenings]
        document["history"] = sorted(happenings, key=_order)
    return document


def _order(happening: Mapping[str, Any]) -> tuple[str, str]:
    return (str(happening.get("at") or happening.get("on") or happening.get("starts_at")), str(happening))


def _written(value: Any) -> dict[str, Any]:
    """Its fields as JSON values, without those that say nothing."""
    written: dict[str, Any] = {}
    for one in fields(value):
        told = getattr(value, one.name)
        if told is None or told in (False, frozenset()):
            continue
        if isinstance(told, frozenset):
            written[one.name] = sorted(told)
        elif isinstance(told, Fault):
            written[one.name] = _written(told)
        elif isinstance(told, datetime):
            written[one.name] = told.isoformat()
        else:
            written[one.name] = plain(told)
    return written


def _history(given: Any, zone: ZoneInfo, *, trader_installs: bool | None) -> UnitHistory:
    if not isinstance(given, list):
        raise WrongFact(fact="history", reason="a list is expected", field="history")
    happenings: list[Happening] = []
    for place, one in enumerate(given):
        name = f"history.{place}"
        what = one.get("what") if isinstance(one, Mapping) else None
        if not isinstance(what, str) or what not in _KINDS:
            raise UnknownHappening(what=what, known=", ".join(_KINDS), field=name)
        told = {key: value for key, value in one.items() if key != "what"}
        for key in _MOMENTS & told.keys():
            told[key] = _moment(told[key], zone, f"{name}.{key}")
        if "on" in told:
            told["on"] = _day(told["on"], f"{name}.on")
        for key in _FAULTS & told.keys():
            told[key] = None if told[key] is None else _read(Fault, told[key], f"{name}.{key}")
        happenings.append(_read(_KINDS[what], told, name))
    return UnitHistory(frozenset(happenings), zone, trader_installs)


def _read[T](kind: type[T], given: Any, name: str) -> T:
    if not isinstance(given, Mapping):
        raise WrongFact(fact=name, reason="named values are expected", field=name)
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    for key in given:
        if key not in known:
            near = get_close_matches(str(key), known, n=3, cutoff=0.4) or sorted(known)
            raise UnknownFact(fact=f"{name}.{key}", near=", ".join(near), field=name)
    try:
        shaped: T = _SHAPES[kind].validate_python({key: _listed(value) for key, value in given.items()})
    except ValidationError as error:
        fault = error.errors()[0]
        raise WrongFact(fact=".".join([name, *map(str, fault["loc"])]), reason=str(fault["msg"]), field=name) from error
    return shaped


def _listed(value: Any) -> Any:
    return frozenset(map(str, value)) if isinstance(value, list) else value


def _moment(given: Any, zone: ZoneInfo, name: str = "at") -> datetime | None:
    """A moment; one without an offset is that of the place."""
    if given is None:
        return None
    try:
        moment = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError as error:
        raise WrongFact(fact=name, reason=str(error), field=name) from error
    _check_year(moment.year, name)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _day(given: Any, name: str = "on") -> date | None:
    if given is None:
        return None
    try:
        day = given if type(given) is date else date.fromisoformat(str(given))
    except ValueError as error:
        raise WrongFact(fact=name, reason=str(error), field=name) from error
    _check_year(day.year, name)
    return day


def _check_year(year: int, name: str) -> None:
    # A year off the edge: it may become another one in another time zone.
    if not EARLIEST.year < year < LATEST.year:
        raise WrongFact(
            fact=name, reason=f"the year must lie between {EARLIEST.year + 1} and {LATEST.year - 1}", field=name
        )


def _zone(given: Any) -> ZoneInfo:
    if given is not None and not (isinstance(given, str) and given in available_timezones()):
        raise WrongFact(fact="zone", reason="no such time zone", field="zone")
    return ZoneInfo(given or ZONE)


def _work_type(given: Any) -> WorkType:
    if given is not None and given not in WorkType.values:
        raise WrongFact(fact="work_type", reason=", ".join(WorkType.values), field="work_type")
    return WorkType(given or WorkType.REPAIR)


def _text(given: Any, name: str) -> str:
    if given is not None and not isinstance(given, str):
        raise WrongFact(fact=name, reason="a text is expected", field=name)
    return given or ""


def _answer(given: Any, name: str) -> bool:
    if given is not None and not isinstance(given, bool):
        raise WrongFact(fact=name, reason="yes or no is expected", field=name)
    return bool(given)
