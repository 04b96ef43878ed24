"""Facts from outside: unknown ones are refused by name, wrong ones with the reason."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.rules.facts import NAMES, Facts, answers, kind_of, told
from shouhou.policies.rules.words import Exclusion, Matter
from shouhou.policies.schema.vocabulary import vocabulary

_SHAPE = TypeAdapter(Facts)
# Beyond these nothing is meant, and dates and amounts that are reckoned from it would have no end.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_MOST, _PLACES = 10**12, 12


class UnknownFact(Invalid):
    code = "unknown_fact"
    template = gettext_noop("There is no fact “%(fact)s”; perhaps you mean %(near)s.")


class WrongFact(Invalid):
    code = "wrong_fact"
    template = gettext_noop("The fact “%(fact)s” is wrong: %(reason)s.")


class MissingFact(Invalid):
    code = "missing_fact"
    template = gettext_noop("The fact “%(fact)s” must be given.")


class UnknownWord(Invalid):
    code = "unknown_word"
    template = gettext_noop("“%(word)s” is not known as %(fact)s; known are: %(known)s.")


def read_facts(given: Mapping[str, Any]) -> Facts:
    """Facts from JSON values; dates and amounts are text. A fact that is null is not known.

    Raises UnknownFact, UnknownWord, MissingFact, WrongFact, DatesOutOfOrder, NegativeFact.
    """
    for name in given:
        if name not in NAMES:
            near = get_close_matches(name, NAMES, n=3, cutoff=0.4) or NAMES[:3]
            raise UnknownFact(fact=name, near=", ".join(near), field=name)
    for name, known in _vocabularies().items():
        word = given.get(name)
        for one in word if isinstance(word, list | tuple) else [word]:
            if one is not None and not (isinstance(one, str) and one in known):
                raise UnknownWord(word=one, fact=name, known=", ".join(known), field=name)
    try:
        facts = _SHAPE.validate_json(json.dumps(dict(given), default=str), strict=True)
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0]) if fault["loc"] else ""
        if fault["type"].startswith("missing"):
            raise MissingFact(fact=name, field=name) from error
        raise WrongFact(fact=name, reason=str(fault["msg"]), field=name) from error
    for name in given:
        _check_bounds(name, getattr(facts, name))
    return facts


def _check_bounds(name: str, value: object) -> None:
    if isinstance(value, date) and not EARLIEST <= value <= LATEST:
        raise WrongFact(fact=name, reason=f"the year must lie between {EARLIEST.year} and {LATEST.year}", field=name)
    if isinstance(value, int | Decimal) and value > _MOST:
        raise WrongFact(fact=name, reason="the number is too large", field=name)
    if isinstance(value, Decimal) and int(value.as_tuple().exponent) < -_PLACES:
        raise WrongFact(fact=name, reason="the number has too many decimals", field=name)


def _vocabularies() -> dict[str, Iterable[str]]:
    """The facts whose words are those of the vocabulary. A brand may be any."""
    words = vocabulary()
    return {
        "product_class": words.classes,
        "region": words.regions,
        "platform": words.platforms,
        "promises": words.promises,
        "faulty_part": words.parts,
    }


def facts_explained() -> list[dict[str, str]]:
    """Every fact with its type, its meaning in both languages, and the words it may be."""
    vocabularies = _vocabularies() | {"matter": Matter, "exclusions": Exclusion}
    rows = []
    for name in NAMES:
        meaning, kind = told(name), kind_of(name)
        words = [str(word) for word in vocabularies.get(name, answers(name)) if not isinstance(word, bool)]
        rows.append(
            {
                "name": name,
                "type": kind.__name__ if kind else "str",
                "unit": meaning.unit,
                "zh": meaning.zh,
                "en": meaning.en,
                "words": ", ".join(words),
            }
        )
    return rows
