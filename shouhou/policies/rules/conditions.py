"""Conditions as packs write them, made into tests that answer yes, no or "not known"."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from operator import attrgetter

from shouhou.kernel.days import months_after
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.rules.facts import NAMES, Facts, answers, kind_of
from shouhou.policies.rules.rights import Bounds
from shouhou.policies.rules.rule import KEYS, Condition, Findings, Test, Wanted
from shouhou.policies.rules.words import CountFrom, Remedy, Segment

# Found out by the engine, not told: the day of the ladder, open guarantees, a remedy that is already granted.
DERIVED = ("day", "in_guarantee", "in_legal_guarantee", "entitled_to")
_AS_NUMBER = {"at_least", "more_than", "at_most", "less_than"}
_AS_DATE = {"from_day", "to_day", "within_months", "not_past"}


class UnknownCondition(Invalid):
    code = "unknown_condition"
    template = gettext_noop("There is no fact “%(fact)s” to make a condition of.")


class WrongCondition(Invalid):
    code = "wrong_condition"
    template = gettext_noop("“%(wanted)s” is no condition for the fact “%(fact)s”.")


def compile_conditions(when: Mapping[str, Wanted], *, count: CountFrom) -> tuple[Condition, ...]:
    """The conditions in the order of the pack. Raises UnknownCondition and WrongCondition; `field` names the fact."""
    return tuple(Condition(fact, spelled(wanted), _test(fact, wanted, count), wanted) for fact, wanted in when.items())


def spelled(wanted: Wanted) -> str:
    """The condition in short: `>= 2`, `day 1-7`, `refund | replace`."""
    if isinstance(wanted, bool):
        return "true" if wanted else "false"
    if isinstance(wanted, str):
        return wanted
    if isinstance(wanted, tuple):
        return " | ".join(wanted)
    parts = [
        ("at_least", ">= {}"),
        ("more_than", "> {}"),
        ("at_most", "<= {}"),
        ("less_than", "< {}"),
        ("from_day", "from day {}"),
        ("to_day", "to day {}"),
        ("within_months", "within {} months"),
    ]
    said = [text.format(value) for name, text in parts if (value := getattr(wanted, name)) is not None]
    return ", ".join([*said, *(["not past"] if wanted.not_past else [])])


def _test(fact: str, wanted: Wanted, count: CountFrom) -> Test:
    if fact in DERIVED:
        return _derived(fact, wanted, count)
    if fact not in NAMES or fact in (*KEYS, "matter", "on", "exclusions"):
        raise UnknownCondition(fact=fact, field=fact)
    get, kind = attrgetter(fact), kind_of(fact)
    if kind is bool and isinstance(wanted, bool):
        return lambda facts, _: None if (value := get(facts)) is None else value is wanted
    if kind is str and isinstance(wanted, str | tuple):
        return _one_of(fact, wanted)
    if isinstance(wanted, Bounds):
        named = _named(wanted)
        if kind in (int, Decimal) and named and named <= _AS_NUMBER:
            return _number(get, wanted)
        if kind is date and named and named <= _AS_DATE:
            return _since(get, wanted, count)
    raise WrongCondition(fact=fact, wanted=spelled(wanted), field=fact)


def _named(bounds: Bounds) -> set[str]:
    return {one.name for one in fields(Bounds) if (said := getattr(bounds, one.name)) is not None and said is not False}


def _one_of(fact: str, wanted: str | tuple[str, ...]) -> Test:
    words = frozenset([wanted] if isinstance(wanted, str) else wanted)
    if (known := answers(fact)) and not words <= set(known):
        raise WrongCondition(fact=fact, wanted=spelled(wanted), field=fact)
    get = attrgetter(fact)
    return lambda facts, _: None if (value := get(facts)) is None else value in words


def _number(get: Callable[[Facts], int | Decimal | None], bounds: Bounds) -> Test:
    # Whole numbers compare faster than decimals, and nearly all bounds are whole.
    least, over, most, under = (
        _whole(one) for one in (bounds.at_least, bounds.more_than, bounds.at_most, bounds.less_than)
    )

    def test(facts: Facts, _: Findings) -> bool | None:
        value = get(facts)
        if value is None:
            return None
        return (
            (least is None or value >= least)
            and (over is None or value > over)
            and (most is None or value <= most)
            and (under is None or value < under)
        )

    return test


def _whole(number: Decimal | None) -> int | Decimal | None:
    return int(number) if number is not None and number == int(number) else number


def _within(first: date, today: date, bounds: Bounds, same_day: int) -> bool:
    """Whether today lies in the window that `first` opens. The opening day itself always belongs to day 1."""
    if bounds.not_past:
        return today <= first
    number = (today - first).days + same_day
    return (
        (bounds.from_day is None or bounds.from_day == 1 or number >= bounds.from_day)
        and (bounds.to_day is None or number <= bounds.to_day)
        and (bounds.within_months is None or today < months_after(first, bounds.within_months))
    )


def _since(get: Callable[[Facts], date | None], bounds: Bounds, count: CountFrom) -> Test:
    same_day = 1 if count is CountFrom.SAME_DAY else 0
    return lambda facts, _: None if (first := get(facts)) is None else _within(first, facts.on, bounds, same_day)


def _derived(fact: str, wanted: Wanted, count: CountFrom) -> Test:
    words = (wanted,) if isinstance(wanted, str) else wanted
    if fact == "day" and isinstance(words, Bounds) and _named(words) and _named(words) <= _AS_DATE - {"not_past"}:
        bounds, same_day = words, 1 if count is CountFrom.SAME_DAY else 0
        return lambda facts, found: None if found.start is None else _within(found.start, facts.on, bounds, same_day)
    if fact != "day" and isinstance(words, tuple) and words:
        allowed = set(Remedy) if fact == "entitled_to" else set(Segment)
        if set(words) <= allowed:
            if fact == "entitled_to":
                return lambda _, found: _any(found.entitled.get(word, False) for word in words)
            legal = fact == "in_legal_guarantee"
            return lambda _, found: found.in_guarantee(words, legal=legal)
    raise WrongCondition(fact=fact, wanted=spelled(wanted), field=fact)


def _any(found: Iterable[bool | None]) -> bool | None:
    unknown = False
    for one in found:
        if one:
            return True
        unknown = unknown or one is None
    return None if unknown else False
