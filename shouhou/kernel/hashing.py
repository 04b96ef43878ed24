"""One canonical form for what is sealed, and the link of a hash chain."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = bytes(32)


def canonical_json(value: Any) -> bytes:
    """The one byte form of a JSON value: sorted keys, no white space, UTF-8.

    Floats are refused (TypeError): databases do not give them back to the letter, so a hash over one could not be verified.
    """
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical_json(value)).digest()


def link(previous: bytes, content: Mapping[str, Any]) -> bytes:
    """The hash of the next event of a chain: it covers the hash before it, so none can be changed, dropped or moved."""
    return hashlib.sha256(previous + canonical_json(content)).digest()


# What most leaves are, known by a look at the type: a signature has hundreds of numbers.
_PLAIN = frozenset({str, int, bool, type(None)})


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical form; use int or str")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("keys of a canonical object are strings")
            if type(inner) not in _PLAIN:
                _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            if type(inner) not in _PLAIN:
                _refuse_floats(inner)
