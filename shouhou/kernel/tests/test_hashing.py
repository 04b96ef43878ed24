import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.kernel.hashing import GENESIS, canonical_json, digest, link

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = st.none() | st.booleans() | st.integers() | words
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4))


@given(values)
def test_a_value_reads_back_and_has_one_form(value: Any) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(words, values, min_size=2, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@given(values, values)
def test_other_values_have_another_digest(one: Any, other: Any) -> None:
    assert (digest(one) == digest(other)) == (canonical_json(one) == canonical_json(other))


def test_it_is_written_without_white_space_in_utf_8() -> None:
    assert canonical_json({"b": [1, True, None], "a": "注销"}) == '{"a":"注销","b":[1,true,null]}'.encode()


@pytest.mark.parametrize("value", [1.0, [1.0], {"a": {"b": (0.1,)}}, float("nan")])
def test_it_refuses_a_float(value: Any) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        canonical_json(value)


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {None: 1}}, Decimal(1), b"x", {1, 2}])
def test_it_refuses_what_json_would_change(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_a_link_covers_the_one_before() -> None:
    first = link(GENESIS, {"a": 1})
    assert len(first) == 32
    assert link(first, {"a": 1}) != first
    assert link(first, {"a": 1}) == link(first, {"a": 1})
