"""The words of the rule packs as a form offers them, in the language of the reader."""

from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import get_language

from shouhou.catalog.models import CatalogueEntry, FaultCode, Part, ProductClass, ProductModel
from shouhou.policies.schema.vocabulary import vocabulary

type WordList = Literal["classes", "parts", "regions", "brands", "platforms", "promises"]


def offered(words: WordList, *, none: str | Promise) -> list[tuple[str, str | Promise]]:
    """The words of a list as choices; `none` says what the blank one means."""
    return [("", none), *((word, said(words, word)) for word in getattr(vocabulary(), words))]


def said(words: WordList, word: str) -> str:
    """What a word of the rules means; a word that they do not know means itself."""
    known = getattr(vocabulary(), words).get(word)
    if known is None:
        return word
    return str(known.zh if (get_language() or "").startswith("zh") else known.en)


def word_of(entry: CatalogueEntry) -> str:
    """What the rules call an entry of the catalogue, or of a fault the part that fails; empty where nothing is known."""
    match entry:
        case ProductClass():
            return said("classes", entry.rules_class)
        case ProductModel():
            return said("brands", entry.brand)
        case FaultCode():
            return said("parts", entry.faulty_part)
        case Part():
            return said("parts", entry.rules_part)
    return ""
