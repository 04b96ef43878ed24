"""A verdict as text: who pays what, by which rule and article, until when, and what became of every rule that was looked at."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from shouhou.cli.terminal import table
from shouhou.entitlements.rules.documents import BESIDE
from shouhou.entitlements.rules.words import Charged, Ground, Payer, WorkClass
from shouhou.entitlements.wording import assumption_words, told_words
from shouhou.policies.rules.facts import NAMES
from shouhou.policies.wording import fact_name, fact_value, is_chinese, joined, span_words, topic_words, word

type Told = Mapping[str, Any]


def verdict_as_text(answer: Told, rules: Told) -> str:
    """The answer with its trace; `rules` is what its versions say."""
    parts = [_head(answer)]
    if answer["unclear"]:
        parts.append(told_words(answer["unclear"]))
    if answer["supposed"]:
        parts.append(ways_as_text(answer["supposed"]))
    parts += _part(gettext("Who pays:"), _lines(answer, rules))
    parts += _part(gettext("By these rules:"), (_cited(rules[one]) for one in answer["rules"]))
    parts += _part(gettext("The customer may have:"), _remedies(answer, rules))
    parts += _part(gettext("By when:"), _deadlines(answer))
    parts += _part(gettext("Guarantee:"), _segments(answer))
    parts += _part(gettext("Counted so far:"), _counts(answer))
    parts += _part(gettext("Not known, and may matter:"), ((_key(name), name) for name in answer["missing"]))
    parts += _part(gettext("All rules that were looked at:"), _trace(answer, rules))
    return "\n".join(parts)


def outlook_as_text(outlook: Told) -> str:
    """What would change the verdict."""
    parts: list[str] = []
    for heading, found in (
        (gettext("Missing facts, and the rights with each:"), outlook["under"]),
        (gettext("Would be otherwise with:"), outlook["changed"]),
    ):
        parts += _part(heading, (_alternative(name, one) for name, many in found.items() for one in many))
    if (failure := outlook["next_failure"]) and failure["gained"]:
        parts.append(gettext("One more failed repair brings: %(rights)s") % {"rights": _rights(failure["gained"])})
    coming = (
        (_key(one["count"]), f"{one['now']} → {one['at_least']}", _rights(one["gained"])) for one in outlook["coming"]
    )
    unfound = (
        (
            word("exclusion", one["finding"]),
            str(WorkClass(one["work_class"]).label) if one["work_class"] else gettext("not decided"),
            one["last_day"] or "",
        )
        for one in outlook["unfound"]
    )
    return "\n".join(
        [
            *parts,
            *_part(gettext("Still to come:"), coming),
            *_part(gettext("If what was found did not hold:"), unfound),
        ]
    )


def _head(answer: Told) -> str:
    ground = str(Ground(answer["ground"]).label)
    if answer["work_class"] is None:
        needs = joined(_key(name) for name in answer["needs"])
        return gettext("Not decided: %(ground)s (%(needs)s)") % {"ground": ground, "needs": needs}
    said = f"{WorkClass(answer['work_class']).label} — {ground}"
    if answer["last_day"]:
        until = gettext("until %(day)s") if answer["work_class"] == "C" else gettext("was free until %(day)s")
        said += f" · {until % {'day': answer['last_day']}}"
    return said


def ways_as_text(supposed: Iterable[Told]) -> str:
    """What the verdict would be under each assumption."""
    ways = [
        (
            "; ".join(assumption_words(each) for each in one["assumptions"]),
            str(WorkClass(one["work_class"]).label) if one["work_class"] else gettext("not decided"),
            str(Ground(one["ground"]).label),
            " … ".join(day for day in (one["last_day"], one["last_day_to"]) if day),
        )
        for one in supposed
    ]
    return "\n".join(_part(gettext("The verdict under each assumption:"), ways))


def _lines(answer: Told, rules: Told) -> Iterable[tuple[str, ...]]:
    kinds = {Charged.LABOUR: gettext("labour"), Charged.PART: gettext("parts"), Charged.TRAVEL: gettext("travel")}
    payers = {
        Payer.CUSTOMER: gettext("the customer"),
        Payer.COMPANY: gettext("the company"),
        Payer.CONTRACT: gettext("the contract"),
        Payer.OPEN: gettext("not decided"),
    }
    for one in answer["lines"]:
        yield kinds[Charged(one["kind"])], payers[Payer(one["payer"])], _titles(one["rules"], rules)


def _remedies(answer: Told, rules: Told) -> Iterable[tuple[str, ...]]:
    for one in answer["remedies"]:
        terms = []
        if refund := one.get("refund"):
            least, most = refund["least"], refund["most"]
            terms.append(f"¥{least}" if least == most else f"¥{least}–{most}")
        if (less := one.get("less", "nothing")) != "nothing":
            terms.append(gettext("less %(what)s") % {"what": word("less", less)})
        if bearer := one.get("bearer"):
            terms.append(gettext("%(who)s pays") % {"who": word("bearer", bearer)})
        if needs := one.get("needs"):
            terms.append(gettext("amount open: %(facts)s") % {"facts": joined(map(_key, needs))})
        if others := [code for code in one["chooses_among"] if code != one["remedy"]]:
            terms.append(gettext("he chooses between this and %(others)s") % {"others": _rights(others)})
        yield word("remedy", one["remedy"]), joined(terms), _titles(one["rules"], rules)


def _deadlines(answer: Told) -> Iterable[tuple[str, ...]]:
    for one in answer["deadlines"]:
        since = gettext("counted from: %(since)s") % {"since": word("since", one["since"])}
        yield word("side", one["side"]), word("act", one["act"]), span_words(one["amount"], one["unit"]), since


def _segments(answer: Told) -> Iterable[tuple[str, ...]]:
    for one in answer["segments"]:
        state = {True: gettext("open"), False: gettext("over"), None: gettext("not decided")}[one["is_open"]]
        km = f"{one['km']:,} km" if one["km"] is not None else ""
        parts = fact_value("faulty_part", one["parts"]) if one["parts"] else ""
        days = sum(step["days"] for step in one["steps"])
        moved = gettext("%(days)s days added") % {"days": days} if days else ""
        yield word("segment", one["kind"]), parts, f"{one['start']} – {one['last_day']}", km, state, moved


def _counts(answer: Told) -> Iterable[tuple[str, ...]]:
    if counts := answer["counts"]:
        yield gettext("repairs"), str(counts["repairs"])
        for fault, number in counts["by_fault"].items():
            yield gettext("repairs of %(fault)s") % {"fault": fault}, str(number)
        yield gettext("days in repair"), str(counts["repair_days"])
        if counts["days_left_out"]:
            yield gettext("days in repair that a rule leaves out"), str(counts["days_left_out"])
        yield gettext("days waiting for parts"), str(counts["parts_wait_days"])


def _trace(answer: Told, rules: Told) -> Iterable[tuple[str, ...]]:
    for one in answer["trace"]:
        why = ""
        if condition := one.get("condition"):
            why = f"{_key(condition['fact'])}: {condition['expects']}"
        elif beaten := one.get("beaten_by"):
            why = gettext("by %(rule)s") % {"rule": _titles([beaten], rules)}
        elif needs := one.get("needs"):
            why = gettext("missing: %(facts)s") % {"facts": joined(map(_key, needs))}
        yield word("fate", one["fate"]), topic_words(one["topic"]), _titles([one["rule"]], rules), why, one["rule"]


def _alternative(name: str, one: Told) -> tuple[str, ...]:
    value, to = (fact_value(name, one[end]) for end in ("value", "to"))
    return _key(name), value if value == to else f"{value} … {to}", _rights(one["remedies"])


def _rights(remedies: Iterable[str]) -> str:
    return joined(word("remedy", one) for one in remedies) or gettext("none")


def _cited(rule: Told) -> tuple[str, ...]:
    source = rule["source"]
    return (
        _said(rule["title"]),
        f"{_said(source['title'])} {source['article'] or ''}".strip(),
        word("verified", rule["verified"]),
        rule["version"],
    )


def _titles(versions: Iterable[str], rules: Told) -> str:
    return joined(_said(rules[one]["title"]) for one in versions)


def _key(name: str) -> str:
    if name in BESIDE and name not in NAMES:
        return BESIDE[name].zh if is_chinese() else BESIDE[name].en
    return fact_name(name)


def _said(words: Told) -> str:
    text: str = words["zh" if is_chinese() else "en"]
    return text


def _part(heading: str, rows: Iterable[tuple[str, ...]]) -> list[str]:
    shown = list(rows)
    return [heading, table(shown)] if shown else []
