"""A document that is refused for what it says of a fact: what the verdict would be if that were not said, or were a known word.

The refusal stands; nobody has chosen among the ways.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.documents import read_question
from shouhou.entitlements.rules.supposing import further
from shouhou.entitlements.rules.verdict import Coverage, Supposed, Supposition
from shouhou.kernel.errors import Refusal, gettext_noop
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.divided import DividedBook
from shouhou.policies.rules.facts import DatesOutOfOrder
from shouhou.policies.schema.facts import UnknownWord

_NEAR = 3
type Document = Mapping[str, Any]


def supposed_without(
    book: RuleBook | DividedBook, given: Document, refusal: Refusal, *, at: datetime
) -> tuple[Supposed, ...]:
    """The verdict for each way to mend the document; none where the refusal leaves no way (a key that nobody knows)."""
    found: list[Supposed] = []
    for said, mended in _ways(given, refusal):
        try:
            coverage = entitle(book, read_question(mended, at=at))
        except Refusal:
            continue  # that was not all that is wrong with it
        found += further(said, coverage)
    return tuple(found)


def without_fault_code(coverage: Coverage) -> tuple[Supposed, ...]:
    """`coverage` was asked for without the fault code that is not in the catalogue."""
    return tuple(further(Supposition(gettext_noop("the fault is not named")), coverage))


def _ways(given: Document, refusal: Refusal) -> Iterator[tuple[Supposition, Document]]:
    if isinstance(refusal, DatesOutOfOrder):
        for name in (refusal.params["earlier"], refusal.params["later"]):
            if name != "on":
                yield _not_known(name), _without(given, name)
    elif isinstance(refusal, UnknownWord):
        name, word = refusal.params["fact"], str(refusal.params["word"])
        if isinstance(given[name], str):
            for near in get_close_matches(word, refusal.params["known"].split(", "), n=_NEAR, cutoff=0.6):
                known = Supposition(gettext_noop("%(fact)s: %(values)s"), {"fact": name, "values": near}, name, (near,))
                yield known, {**given, name: near}
        yield _not_known(name), _without(given, name)


def _not_known(name: str) -> Supposition:
    return Supposition(gettext_noop("what is said of %(fact)s is wrong, and it is not known"), {"fact": name})


def _without(given: Document, name: str) -> Document:
    return {key: value for key, value in given.items() if key != name}
