"""Behind a verdict: the rules that lost and why, what would change it, and how two verdicts differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shouhou.entitlements.rules.answers import outlook_of
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.divided import DividedBook
from shouhou.policies.rules.plain import plain, plain_rule
from shouhou.policies.rules.rule import Rule
from shouhou.policies.wording import fact_name, fact_value, joined, topic_words, word
from shouhou.web.cited_words import CitedWords, cited_words
from shouhou.web.verdict_words import VerdictWords, words_of

# What a rule that did not decide anything came to; one whose condition does not hold has not even spoken.
_SPOKE = ("lost", "governed", "superseded", "excluded", "undecided")
_NAMED = 4
_REMEDY = "remedy."


@dataclass(frozen=True, slots=True)
class LostRule:
    """A rule that was asked and did not decide, with the reason in words."""

    cited: CitedWords
    topic: str
    why: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A fact that would turn the verdict: if it were so, the customer could have this."""

    fact: str
    values: str
    gains: str
    loses: str
    charged: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """What more of a count brings; for the next failure the count is not named."""

    when: str
    gained: str
    cited: tuple[CitedWords, ...]


@dataclass(frozen=True, slots=True)
class WayAhead:
    """Which rights are about to arise under one assumption."""

    assumption: str
    next_failure: Coming | None
    coming: list[Coming]


@dataclass(frozen=True, slots=True)
class Unfound:
    """The verdict if a finding did not hold."""

    finding: str
    work_class: str
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What would change the verdict, and which rights are about to arise; `ways`: under each assumption, where there are such."""

    turns: list[Turn]
    open_facts: list[Turn]
    next_failure: Coming | None
    coming: list[Coming]
    ways: list[WayAhead]
    unfound: list[Unfound]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that two verdicts on the same call say differently."""

    what: str
    before: str
    after: str


def lost_rules(words: VerdictWords) -> list[LostRule]:
    """The rules that spoke and did not decide, each once, in the order of the trace."""
    found: dict[tuple[str, str], LostRule] = {}
    for one in words.answer["trace"]:
        if one["fate"] in _SPOKE and (cited := words.cite([one["rule"]])):
            found.setdefault(
                (one["rule"], one["fate"]), LostRule(cited[0], topic_words(one["topic"]), _why(one, words))
            )
    return list(found.values())


def failed_rules(words: VerdictWords) -> list[LostRule]:
    """The rules whose condition does not hold, with the condition."""
    found: dict[str, LostRule] = {}
    for one in words.answer["trace"]:
        if one["fate"] == "failed" and (cited := words.cite([one["rule"]])):
            found.setdefault(one["rule"], LostRule(cited[0], topic_words(one["topic"]), _why(one, words)))
    return list(found.values())


def ahead_of(book: RuleBook | DividedBook, coverage: Coverage) -> Ahead:
    """Asks the engine a hundred times: for somebody who looks."""
    outlook = outlook_of(book, coverage)
    now = coverage.verdict.remedies() if coverage.verdict else frozenset()
    by_version = {rule.version: rule for rule in book.rules}
    ways = [
        WayAhead(said.assumption, _next(one["next_failure"], by_version), _coming(one["coming"], by_version))
        for said, one in zip(words_of(coverage).ways, outlook.ways, strict=False)
    ]
    return Ahead(
        turns=_turns(outlook.changed, now),
        open_facts=_turns(outlook.under, now),
        next_failure=_next(outlook.next_failure, by_version),
        coming=_coming(outlook.coming, by_version),
        ways=[one for one in ways if one.next_failure or one.coming],
        unfound=[
            Unfound(
                word("exclusion", one["finding"]),
                one["work_class"] or "",
                date.fromisoformat(one["last_day"]) if one["last_day"] else None,
            )
            for one in outlook.unfound
        ],
    )


def _coming(found: Iterable[dict[str, Any]], by_version: Mapping[str, Rule]) -> list[Coming]:
    return [
        Coming(
            _("%(what)s: %(count)s or more (now %(now)s)")
            % {"what": fact_name(one["count"]), "count": one["at_least"], "now": one["now"]},
            _topics(one["gained"]),
            _cited(one["rules"], by_version),
        )
        for one in found
    ]


def changes_between(before: VerdictWords, after: VerdictWords) -> list[Change]:
    """What the later verdict on the same thing says otherwise, and which rules it rests on that are new, gone or newer."""
    pairs = [
        (_("Work class"), _class(before), _class(after)),
        (_("Ground"), before.ground, after.ground),
        (_("Last free day"), _text(before.last_day), _text(after.last_day)),
        *((one.kind, _line(before, one.kind), one.words) for one in after.lines),
        (_("May ask for"), _names(before), _names(after)),
        (_("Missing"), joined(before.missing), joined(after.missing)),
        (_("Counted"), joined(before.because), joined(after.because)),
    ]
    found = [Change(what, old or "—", new or "—") for what, old, new in pairs if old != new]
    return [*found, *_rule_changes(before, after)]


def _rule_changes(before: VerdictWords, after: VerdictWords) -> Iterable[Change]:
    old, new = ({one.rule_id: one for one in words.rules} for words in (before, after))
    for rule_id in dict.fromkeys([*old, *new]):
        was, now = old.get(rule_id), new.get(rule_id)
        if was and now and was.version != now.version:
            yield Change(_("Rule: %(title)s") % {"title": now.title}, _edition(was), _edition(now))
        elif was is None or now is None:
            told = now or was
            if told:
                yield Change(
                    _("Rule: %(title)s") % {"title": told.title},
                    _edition(was) if was else "—",
                    _edition(now) if now else "—",
                )


def _edition(cited: CitedWords) -> str:
    """Which version of a rule: what stands between its name and its fingerprint."""
    return cited.version.partition("@")[2].replace("#", " · ")


def _why(one: Mapping[str, Any], words: VerdictWords) -> str:
    reason = word("fate", one["fate"])
    if one.get("needs"):
        facts = joined(fact_name(name) for name in one["needs"])
        return _("%(reason)s: %(what)s") % {"reason": reason, "what": facts}
    if "beaten_by" in one and (winner := words.cite([one["beaten_by"]])):
        return _("%(reason)s: %(what)s") % {"reason": reason, "what": winner[0].title}
    if condition := one.get("condition"):
        what = f"{fact_name(condition['fact'])} ({_expected(condition)})"
        return _("%(reason)s: %(what)s") % {"reason": reason, "what": what}
    return reason


def _expected(condition: Mapping[str, str]) -> str:
    known = {"true": True, "false": False}
    expects = condition["expects"]
    return fact_value(condition["fact"], known.get(expects, expects))


def _turns(found: Mapping[str, list[dict[str, Any]]], now: Iterable[str]) -> list[Turn]:
    """By fact and outcome: values that come to the same stand together; what changes nothing is left out."""
    have, turns = set(now), []
    for name, others in found.items():
        by_outcome: dict[tuple[str, ...], list[str]] = {}
        for one in others:
            by_outcome.setdefault(tuple(one["remedies"]), []).append(_between(name, one))
        for remedies, values in by_outcome.items():
            gains, loses = sorted(set(remedies) - have), sorted(have - set(remedies))
            if gains or loses:
                turns.append(
                    Turn(
                        fact=fact_name(name),
                        values=_few(values),
                        gains=_remedies(gains),
                        loses=_remedies(loses),
                        charged="repair" in loses,
                    )
                )
    return turns


def _between(name: str, one: Mapping[str, Any]) -> str:
    first, last = (fact_value(name, one[end]) for end in ("value", "to"))
    return first if first == last or isinstance(one["value"], bool) else f"{first} – {last}"


def _few(values: list[str]) -> str:
    if len(values) <= _NAMED:
        return _(" or ").join(values)
    shown = joined(values[:_NAMED])
    return _("%(first)s and %(number)s more") % {"first": shown, "number": len(values) - _NAMED}


def _next(failure: Mapping[str, Any] | None, rules: Mapping[str, Rule]) -> Coming | None:
    if not failure or not failure["gained"]:
        return None
    return Coming(_("If it fails again after this repair"), _topics(failure["gained"]), _cited(failure["rules"], rules))


def _cited(versions: Iterable[str], rules: Mapping[str, Rule]) -> tuple[CitedWords, ...]:
    return tuple(cited_words(plain_rule(rules[one])) for one in versions if one in rules)


def _topics(topics: Iterable[str]) -> str:
    return joined(
        word("remedy", one.removeprefix(_REMEDY)) if one.startswith(_REMEDY) or "." not in one else topic_words(one)
        for one in topics
    )


def _remedies(codes: Iterable[str]) -> str:
    return joined(word("remedy", one) for one in codes)


def _class(words: VerdictWords) -> str:
    return f"{words.work_class} {words.class_name}".strip()


def _line(words: VerdictWords, kind: str) -> str:
    return next((one.words for one in words.lines if one.kind == kind), "")


def _names(words: VerdictWords) -> str:
    return joined(f"{one.name} {one.terms}".strip() for one in words.further)


def _text(value: object) -> str:
    return "" if value is None else str(plain(value))
