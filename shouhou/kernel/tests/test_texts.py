import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.kernel.texts import TextTooLong, TextUnreadable, sought, written


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_it_is_trimmed_and_otherwise_left_alone(text: str) -> None:
    assert written(text, most=20, field="note") == sought(text) == text.strip()


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "x\udc00"])
def test_it_refuses_what_a_database_cannot_hold(text: str) -> None:
    with pytest.raises(TextUnreadable) as caught:
        written(text, most=20, field="note")
    assert caught.value.field == "note"
    assert sought(text) in ("ab", "", "x")


def test_it_refuses_what_does_not_fit() -> None:
    assert written(" " + "长" * 20 + " ", most=20, field="note") == "长" * 20
    with pytest.raises(TextTooLong, match="21 characters; at most 20"):
        written("长" * 21, most=20, field="note")
