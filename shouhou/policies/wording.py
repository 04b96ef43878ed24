"""Rules in words that people read: what a rule asks for, what it gives, what its examples show. In the reader's language."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from shouhou.policies.rules.facts import NAMES, told
from shouhou.policies.rules.rights import Bounds
from shouhou.policies.rules.rule import Condition, Words
from shouhou.policies.schema.entries import BothLanguages
from shouhou.policies.schema.marked import read_marked
from shouhou.policies.schema.strict import read_strictly
from shouhou.policies.schema.vocabulary import vocabulary

FILE = Path(__file__).parent / "wording.yaml"
# Facts and keys whose words are those of the vocabulary, by its list there.
_IN_VOCABULARY = {
    "product_class": "classes",
    "region": "regions",
    "platform": "platforms",
    "brand": "brands",
    "promises": "promises",
    "faulty_part": "parts",
}
_IN_LISTS = {
    "in_guarantee": "segment",
    "in_legal_guarantee": "segment",
    "entitled_to": "remedy",
    "matter": "matter",
    "exclusions": "exclusion",
}
# What the part of a question after its dot is called.
_TOPICS = {
    "guarantee": "segment",
    "limit": "act",
    "deduction": "less",
    "burden": "proved",
    "bearer": "borne",
    "money": "money",
    "remedy": "remedy",
    "exclusion": "exclusion",
    "duty": "duty",
    "rhythm": "rhythm",
    "ladder": "ladder",
}


@cache
def wording() -> Mapping[str, Mapping[str, BothLanguages]]:
    """The words of `wording.yaml`, by list."""
    shape = TypeAdapter(dict[str, dict[str, BothLanguages]])
    return read_strictly(shape, read_marked(FILE.read_text(encoding="utf-8"), file=FILE.name))


def is_chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "").startswith("zh")


def said(words: Words | BothLanguages) -> str:
    """A text of a pack in the reader's language."""
    return words.zh if is_chinese() else words.en


def word(listed: str, code: str) -> str:
    """What a word of the list is called; one that a company made up stays what it is."""
    known = wording()[listed].get(code)
    return said(known) if known else code.replace("_", " ")


def joined(words: Iterable[str]) -> str:
    """Several words one after the other."""
    return ("、" if is_chinese() else ", ").join(words)


def fact_name(name: str) -> str:
    """What a fact, or what the engine finds out itself, is called."""
    if name not in NAMES:
        return word("derived", name)
    meaning = told(name)
    return meaning.zh if is_chinese() else meaning.en


def fact_value(name: str, value: object) -> str:
    """The value of a fact as one reads it: yes and no, the names of closed lists."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple | frozenset):
        return joined(fact_value(name, one) for one in value)
    code = str(value)
    if name in _IN_VOCABULARY:
        known = getattr(vocabulary(), _IN_VOCABULARY[name]).get(code)
        return said(known) if known else code
    if name in _IN_LISTS:
        return word(_IN_LISTS[name], code)
    known = wording()["answer"].get(code)
    return said(known) if known else code


def condition_words(condition: Condition) -> tuple[str, str]:
    """What must hold: the name of the fact, and what it has to be."""
    wanted = condition.wanted
    if isinstance(wanted, Bounds):
        return fact_name(condition.fact), _bounds(wanted)
    if isinstance(wanted, tuple):
        values = [fact_value(condition.fact, one) for one in wanted]
        return fact_name(condition.fact), (_(" or ")).join(values)
    return fact_name(condition.fact), fact_value(condition.fact, wanted)


def topic_words(topic: str) -> str:
    """What a question is called: “time limit: repair”."""
    kind, _dot, rest = topic.partition(".")
    if not rest:
        return word("kind", kind)
    if kind == "precedence":
        return f"{word('kind', kind)}{_(': ')}{topic_words(rest) if '*' not in rest else word('kind', rest.partition('.')[0])}"
    code, _blank, less = rest.partition(" less ")
    name = f"{word('kind', kind)}{_(': ')}{word(_TOPICS.get(kind, 'act'), code)}"
    return _("%(right)s, less %(less)s") % {"right": name, "less": word("less", less)} if less else name


def question_words(question: str) -> str:
    """What an example asks for: the question, and the detail of its answer."""
    topic, _colon, detail = question.partition(":")
    return f"{topic_words(topic)}{' · ' + word('detail', detail) if detail else ''}"


def answer_words(question: str, expected: object) -> str:
    """What an example says must come out."""
    if expected is None:
        return _("a missing fact decides it")
    if isinstance(expected, bool):
        return _("yes") if expected else _("no")
    detail, text = question.partition(":")[2], str(expected)
    match detail:
        case "bearer":
            return word("bearer", text)
        case "fate":
            return joined(word("fate", one) for one in text.split(", "))
        case "steps":
            return joined(word("step", one) for one in text.split(", "))
        case "open":
            return {"true": _("yes"), "false": _("no")}.get(text, _("a missing fact decides it"))
        case "limit":
            return joined(_span(one) for one in text.split(", "))
    return text


def span_words(amount: int, unit: str) -> str:
    """A time: “7 days”."""
    return f"{amount}{'' if is_chinese() else ' '}{word('unit', unit)}"


def number_words(number: Decimal) -> str:
    """A number without the zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def per_cent(share: Decimal) -> str:
    """A share as it is said: 0.0015 is 0.15 %."""
    return f"{number_words(share * 100)}{'' if is_chinese() else ' '}%"


def _span(text: str) -> str:
    amount, _blank, unit = text.partition(" ")
    return span_words(int(amount), unit) if amount.isdigit() else text


def _bounds(bounds: Bounds) -> str:
    numbers = [
        (_("at least %(n)s"), bounds.at_least),
        (_("more than %(n)s"), bounds.more_than),
        (_("at most %(n)s"), bounds.at_most),
        (_("less than %(n)s"), bounds.less_than),
    ]
    said_of = [text % {"n": number_words(value)} for text, value in numbers if value is not None]
    if bounds.from_day is not None and bounds.to_day is not None:
        said_of.append(_("day %(first)s to %(last)s") % {"first": bounds.from_day, "last": bounds.to_day})
    elif bounds.from_day is not None:
        said_of.append(_("from day %(n)s on") % {"n": bounds.from_day})
    elif bounds.to_day is not None:
        said_of.append(_("up to day %(n)s") % {"n": bounds.to_day})
    if bounds.within_months is not None:
        said_of.append(_("within %(n)s months") % {"n": bounds.within_months})
    if bounds.not_past:
        said_of.append(_("not past"))
    return joined(said_of)
