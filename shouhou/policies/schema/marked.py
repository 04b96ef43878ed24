"""YAML with line numbers, and without its traps: `no` stays a word, 09:00 stays a time of day, a key stands once."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from shouhou.kernel.errors import Invalid, Wording, gettext_noop

_DEEPEST = 20

type Path = tuple[str | int, ...]


class PackRefused(Invalid):
    code = "pack_refused"
    template = gettext_noop("%(file)s, line %(line)s: %(reason)s.")


@dataclass(frozen=True, slots=True)
class Marked:
    """A document as JSON knows it (numbers and dates stay text), with the line of every entry."""

    file: str
    content: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the entry, or of the nearest one around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(self, path: Path, reason: str) -> PackRefused:
        """The refusal that points to the entry."""
        return PackRefused(file=self.file, line=self.line(path), reason=reason, field=".".join(map(str, path)))


class _Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Knows true, false, null and whole numbers; all else is text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Plain.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null)$"), list("n"))
_Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))


def read_marked(text: str, *, file: str) -> Marked:
    """Raises PackRefused for what is no YAML, for a key that stands twice, for aliases and tags."""
    try:
        # An alias is a few letters that can stand for gigabytes.
        for event in yaml.parse(text, Loader=_Plain):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise PackRefused(
                    file=file,
                    line=line,
                    reason=Wording(gettext_noop("the alias *%(name)s is not allowed"), name=event.anchor),
                )
        node = yaml.compose(text, Loader=_Plain)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise PackRefused(file=file, line=line, reason=getattr(error, "problem", None) or str(error)) from error
    if node is None:
        raise PackRefused(file=file, line=1, reason=Wording(gettext_noop("the file is empty")))
    lines: dict[Path, int] = {}
    return Marked(file, _plain(node, (), lines, file), lines)


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int], file: str) -> Any:
    line = node.start_mark.line + 1
    if len(path) > _DEEPEST:
        raise PackRefused(file=file, line=line, reason=Wording(gettext_noop("it is nested too deeply")))
    lines.setdefault(path, line)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(inner, (*path, place), lines, file) for place, inner in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, inner in node.value:
            key, key_line = str(key_node.value), key_node.start_mark.line + 1
            if key in mapping:
                raise PackRefused(
                    file=file, line=key_line, reason=Wording(gettext_noop("“%(name)s” stands twice"), name=key)
                )
            lines[*path, key] = key_line
            mapping[key] = _plain(inner, (*path, key), lines, file)
        return mapping
    match node.tag.rpartition(":")[2]:
        case "bool":
            return node.value == "true"
        case "null":
            return None
        case "int":
            return int(node.value)
        case "str":
            return node.value
    raise PackRefused(
        file=file, line=line, reason=Wording(gettext_noop("the tag %(tag)s is not allowed"), tag=node.tag)
    )
