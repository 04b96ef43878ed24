"""A marked document into a typed one; the first fault is refused with its line."""

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shouhou.policies.schema.marked import Marked, Path


def read_strictly[T](shape: TypeAdapter[T], document: Marked) -> T:
    """Raises PackRefused with the line of the first fault."""
    try:
        # JSON mode is strict about types and still reads dates, decimals and closed lists from text.
        return shape.validate_json(json.dumps(document.content), strict=True)
    except ValidationError as error:
        faults = [(_place(fault["loc"], document.content), fault) for fault in error.errors()]
        first, _ = min(faults, key=lambda one: (document.line(one[0]), len(one[0])))
        # A choice between shapes reports one fault for each; the one that got furthest is the one that is meant.
        path, fault = max((one for one in faults if one[0][: len(first)] == first), key=lambda one: len(one[0]))
        raise document.refuse(path, _reason(path, fault)) from error


def _place(loc: tuple[int | str, ...], content: Any) -> Path:
    """The part of a location that exists in the document: names of alternatives are left out, a missing key is kept off."""
    path: Path = ()
    for step in loc:
        match content, step:
            case dict(), _ if step in content:
                content = content[step]
            case list(), int() if step < len(content):
                content = content[step]
            case _:
                continue
        path = (*path, step)
    return path


def _reason(path: Path, fault: Any) -> str:
    if not fault["loc"]:
        return "the file is no list of “name: value”"
    name = str(fault["loc"][-1])
    match fault["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            return f"“{name}” is not known here"
        case "missing" | "missing_argument" | "missing_keyword_only_argument":
            return f"“{name}” is missing"
    where = ".".join(str(step) for step in path)
    message = str(fault["msg"])
    return f"“{where}”: {message[0].lower()}{message[1:]}"
