"""The pieces of a verdict in words: a cited rule, a line, a remedy, a way to read an unclear history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shouhou.policies.rules.words import Standing
from shouhou.policies.wording import is_chinese, word

_CHECKED = {str(Standing.VERIFIED), str(Standing.CHECK_SUCCESSOR)}


@dataclass(frozen=True, slots=True)
class CitedWords:
    """One version of a rule as it is cited: what it says, where it is from, and how far it was checked against the source."""

    version: str
    rule_id: str
    title: str
    text: str
    source: str
    article: str
    layer: str
    verified: str
    is_checked: bool

    @property
    def name(self) -> str:
        """The source with its article, as one writes it in a sentence."""
        title = f"《{self.source}》" if is_chinese() and "《" not in self.source else self.source
        if not self.article:
            return title
        return f"{title}{self.article_words}" if is_chinese() else f"{title}, {self.article_words}"

    @property
    def article_words(self) -> str:
        """“第 24 条”, “art. 24”; what is no bare number stays as the source writes it."""
        return _("art. %(number)s") % {"number": self.article} if self.article[:1].isdigit() else self.article


@dataclass(frozen=True, slots=True)
class LineWords:
    """Who pays one kind of line; `told` is how it is said to the customer."""

    kind: str
    payer: str
    words: str
    told: str


@dataclass(frozen=True, slots=True)
class RemedyWords:
    """Something the customer may ask for, with its terms, and the rules that give it."""

    code: str
    name: str
    terms: str
    cited: tuple[CitedWords, ...]


@dataclass(frozen=True, slots=True)
class WayWords:
    """What it would be if an open fact were so: `remedies` beside the free repair.

    Where several values come to the same, the free days end between `last_day` and `last_day_to`.
    """

    assumption: str
    work_class: str
    class_name: str
    ground: str
    last_day: date | None
    last_day_to: date | None
    remedies: tuple[str, ...]


def cited_words(told: Mapping[str, Any]) -> CitedWords:
    """A rule as the answer keeps it (`plain_rule`), for the reader."""
    return CitedWords(
        version=told["version"],
        rule_id=told["rule"],
        title=_in_language(told["title"]),
        text=_in_language(told["text"]),
        source=_in_language(told["source"]["title"]),
        article=told["source"]["article"] or "",
        layer=word("layer", told["layer"]),
        verified=word("verified", told["verified"]),
        is_checked=told["verified"] in _CHECKED,
    )


def _in_language(both: Mapping[str, str]) -> str:
    return both["zh"] if is_chinese() else both["en"]
