"""Definition files into definitions, and the list of all that come with the product."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from shouhou.commitments.rules.definition import Code, Definition, Words
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.schema.marked import read_marked
from shouhou.policies.schema.strict import read_strictly

FOLDER = Path(__file__).parent.parent / "definitions"


class DefinitionTwice(Invalid):
    code = "definition_twice"
    template = gettext_noop("The promise “%(definition)s” is defined twice.")


class UnknownDefinition(Invalid):
    code = "unknown_definition"
    template = gettext_noop("There is no promise “%(definition)s”.")


class DefinitionWithoutTime(Invalid):
    code = "definition_without_time"
    template = gettext_noop("The promise “%(definition)s” says neither how long it takes nor by when it is agreed.")


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class DefinitionFile:
    """A file of definitions and where they come from."""

    set: Code
    source: Words
    commitments: tuple[Definition, ...]


class Definitions:
    """All promises, found by name and by the verbs that they listen to. Raises DefinitionTwice, DefinitionWithoutTime."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.by_id: dict[str, Definition] = {}
        listening: dict[str, list[Definition]] = defaultdict(list)
        for one in definitions:
            if one.id in self.by_id:
                raise DefinitionTwice(definition=one.id)
            if one.limit is None and one.until is None:
                raise DefinitionWithoutTime(definition=one.id)
            self.by_id[one.id] = one
            for verb in sorted(one.verbs):
                listening[verb].append(one)
        self.listening: Mapping[str, tuple[Definition, ...]] = {verb: tuple(found) for verb, found in listening.items()}

    def get(self, definition_id: str) -> Definition:
        """Raises UnknownDefinition."""
        try:
            return self.by_id[definition_id]
        except KeyError:
            raise UnknownDefinition(definition=definition_id, field="definition") from None


_SHAPE = TypeAdapter(DefinitionFile)


def read_definitions(text: str, *, file: str) -> DefinitionFile:
    """Raises PackRefused with the line of the first fault."""
    return read_strictly(_SHAPE, read_marked(text, file=file))


@cache
def shipped_definitions() -> Definitions:
    """The promises that come with the product."""
    files = (
        read_definitions(file.read_text(encoding="utf-8"), file=file.name) for file in sorted(FOLDER.glob("*.yaml"))
    )
    return Definitions(one for file in files for one in file.commitments)
