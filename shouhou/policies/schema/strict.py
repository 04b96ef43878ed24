"""A marked document into a typed one; the first fault is refused with its line."""

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shouhou.kernel.errors import Wording, gettext_noop
from shouhou.policies.schema.marked import Marked, Path

# What does not fit, in the words of pydantic; what is not here is said in English.
_MISFITS = {
    "int_type": gettext_noop("“%(name)s”: input should be a valid integer"),
    "bool_type": gettext_noop("“%(name)s”: input should be a valid boolean"),
    "string_type": gettext_noop("“%(name)s”: input should be a valid string"),
    "tuple_type": gettext_noop("“%(name)s”: input should be a valid array"),
}


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


def _reason(path: Path, fault: Any) -> Wording:
    if not fault["loc"]:
        return Wording(gettext_noop("the file is no list of “name: value”"))
    name = str(fault["loc"][-1])
    match fault["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            return Wording(gettext_noop("“%(name)s” is not known here"), name=name)
        case "missing" | "missing_argument" | "missing_keyword_only_argument":
            return Wording(gettext_noop("“%(name)s” is missing"), name=name)
    where = ".".join(str(step) for step in path)
    message = str(fault["msg"])
    if expected := fault.get("ctx", {}).get("expected"):
        return Wording(gettext_noop("“%(name)s”: input should be %(expected)s"), name=where, expected=expected)
    return Wording(_MISFITS.get(fault["type"], "“%(name)s”: %(message)s"), name=where, message=_lower(message))


def _lower(message: str) -> str:
    return f"{message[0].lower()}{message[1:]}"
