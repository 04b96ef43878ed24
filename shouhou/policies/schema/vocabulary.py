"""Words that packs and facts share: classes of goods, parts, regions, platforms, promises, sources."""

from dataclasses import field
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from shouhou.policies.schema.entries import BothLanguages
from shouhou.policies.schema.marked import read_marked
from shouhou.policies.schema.strict import read_strictly

FILE = Path(__file__).parent.parent / "vocabulary.yaml"
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class GoodsClass:
    zh: str
    en: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class SourceText:
    """`full_text`: it was read as a whole in a public copy, not in somebody's summary."""

    zh: str
    full_text: bool


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Vocabulary:
    classes: dict[str, GoodsClass]
    parts: dict[str, BothLanguages]
    regions: dict[str, BothLanguages]
    platforms: dict[str, BothLanguages]
    brands: dict[str, BothLanguages]
    promises: dict[str, BothLanguages]
    sources: dict[str, SourceText] = field(default_factory=dict)

    def group(self, name: str) -> frozenset[str]:
        """The classes of a group; empty for a name that no class has."""
        return frozenset(code for code, one in self.classes.items() if name in one.groups)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that comes with the product."""
    return read_strictly(TypeAdapter(Vocabulary), read_marked(FILE.read_text(encoding="utf-8"), file=FILE.name))
