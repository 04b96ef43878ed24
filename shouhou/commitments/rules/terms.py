"""The terms of one commitment, fixed when its clock began: how long, from which rule, what stops the clock, whom to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from shouhou.access.permissions import Role
from shouhou.commitments.rules.definition import Definition, LimitByRule, Step
from shouhou.commitments.rules.words import Cause
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.working_time.calendars import read_window
from shouhou.kernel.working_time.clock import Limit
from shouhou.kernel.working_time.lengths import CountFrom, Span
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.limits import limit_of
from shouhou.policies.rules.rights import SetsDuty, SetsLimit, SetsRhythm
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.verdict import Fate
from shouhou.policies.schema.facts import read_facts


class NoRuleSaysHowLong(Invalid):
    code = "no_rule_says_how_long"
    template = gettext_noop("No rule in force says how long “%(definition)s” may take.")


class AgreedTimeMissing(Invalid):
    code = "agreed_time_missing"
    template = gettext_noop("The event does not say by when “%(definition)s” was agreed (%(field_name)s).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was promised. Kept with the commitment, so that a later change of rule or definition does not touch it.

    `limit` runs from the beginning (or, `ahead`, back from `until`); without one the end is `until` itself. `assumed` names facts
    that were not known, for which the strictest rule was taken.
    """

    limit: Limit | None
    until: datetime | None = None
    not_before: datetime | None = None
    ahead: bool = False
    rule: str = ""
    verified: str = ""
    assumed: tuple[str, ...] = ()
    stops_for: frozenset[Cause] = frozenset()
    yellow: Decimal = Decimal("0.5")
    orange: Decimal = Decimal("0.8")
    steps: tuple[Step, ...] = ()
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the table and the journal: text, whole numbers and lists only."""
        limit = self.limit and {
            "amount": self.limit.amount,
            "unit": str(self.limit.unit),
            "window": self.limit.window and str(self.limit.window),
            "count": str(self.limit.count),
        }
        return {
            "limit": limit,
            "until": self.until and self.until.isoformat(),
            "not_before": self.not_before and self.not_before.isoformat(),
            "ahead": self.ahead,
            "rule": self.rule,
            "verified": self.verified,
            "assumed": list(self.assumed),
            "stops_for": sorted(map(str, self.stops_for)),
            "yellow": str(self.yellow),
            "orange": str(self.orange),
            "steps": [[str(one.at), str(one.tell)] for one in self.steps],
            "remedy": self.remedy,
        }


def read_terms(stored: Mapping[str, Any]) -> Terms:
    """Terms as `as_json` wrote them. Raises KeyError, ValueError for what it never wrote."""
    limit = stored["limit"]
    return Terms(
        limit=limit
        and Limit(
            limit["amount"],
            Span(limit["unit"]),
            read_window(limit["window"]) if limit["window"] else None,
            CountFrom(limit["count"]),
        ),
        until=_moment(stored["until"]),
        not_before=_moment(stored["not_before"]),
        ahead=stored["ahead"],
        rule=stored["rule"],
        verified=stored["verified"],
        assumed=tuple(stored["assumed"]),
        stops_for=frozenset(map(Cause, stored["stops_for"])),
        yellow=Decimal(stored["yellow"]),
        orange=Decimal(stored["orange"]),
        steps=tuple(Step(at=Decimal(at), tell=Role(tell)) for at, tell in stored["steps"]),
        remedy=stored["remedy"],
    )


def terms_of(
    definition: Definition, told: Mapping[str, Any], *, book: RuleBook, on: date, zone: ZoneInfo, region: str = ""
) -> Terms:
    """What is promised by the definition and the rules in force on the day, to whoever the event tells of.

    Raises NoRuleSaysHowLong, AgreedTimeMissing.
    """
    until = _agreed(told.get(definition.until), zone) if definition.until else None
    if definition.until and until is None:
        raise AgreedTimeMissing(definition=definition.id, field_name=definition.until)
    limit, rule, assumed = (
        (None, None, ()) if definition.limit is None else _limit(definition, definition.limit, told, book, on, region)
    )
    return Terms(
        limit=limit,
        until=until,
        not_before=_agreed(told.get(definition.not_before), zone) if definition.not_before else None,
        ahead=definition.ahead,
        rule=rule.version if rule else "",
        verified=str(rule.verified) if rule else "",
        assumed=assumed,
        stops_for=frozenset(definition.stops_for),
        yellow=definition.yellow,
        orange=definition.orange,
        steps=tuple(sorted(definition.steps, key=lambda one: one.at)),
        remedy=definition.remedy or "",
    )


def _limit(
    definition: Definition, wanted: LimitByRule, told: Mapping[str, Any], book: RuleBook, on: date, region: str
) -> tuple[Limit, Rule, tuple[str, ...]]:
    given: dict[str, Any] = {"matter": wanted.matter, "on": on.isoformat(), **wanted.given}
    given |= {"region": region} if region else {}
    given |= {fact: told[name] for fact, name in wanted.facts.items() if told.get(name)}
    verdict = judge(book, read_facts(given))
    if right := verdict.rights.get(wanted.topic):
        rule = right.winner.rule
        return _limit_of_rule(rule), rule, ()
    # Whoever was promised the shorter time and gets the longer one was deceived: the strictest of what may hold is taken.
    open_ones = [one for one in verdict.candidates if one.fate is Fate.UNDECIDED and wanted.topic in one.rule.topics]
    if not open_ones:
        raise NoRuleSaysHowLong(definition=definition.id)
    strictest = min(open_ones, key=lambda one: _rough_hours(_limit_of_rule(one.rule)))
    return _limit_of_rule(strictest.rule), strictest.rule, strictest.needs


def _limit_of_rule(rule: Rule) -> Limit:
    match rule.then:
        case SetsLimit() as then:
            return limit_of(then, count=rule.count_days_from)
        case SetsRhythm() as then:
            return Limit(then.every, Span(then.unit))
        case SetsDuty(at_least=int(amount), unit=Span() as unit):
            return Limit(amount, unit)
    raise NoRuleSaysHowLong(definition=rule.id)


_HOURS = {
    Span.HOURS: 1,
    Span.WORKING_HOURS: 3,
    Span.DAYS: 24,
    Span.WORKING_DAYS: 34,
    Span.MONTHS: 730,
    Span.YEARS: 8766,
}


def _rough_hours(limit: Limit) -> int:
    return limit.amount * _HOURS[limit.unit]


def _agreed(said: object, zone: ZoneInfo) -> datetime | None:
    """A moment as it stands; of a day its end."""
    if not isinstance(said, str) or not said:
        return None
    if len(said) == len("2026-11-23"):
        return datetime.combine(date.fromisoformat(said) + timedelta(days=1), time(), tzinfo=zone)
    return datetime.fromisoformat(said)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
