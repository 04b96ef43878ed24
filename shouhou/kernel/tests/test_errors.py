import pytest

from shouhou.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, Refusal


def test_the_text_is_filled_in_and_the_template_kept_for_translation() -> None:
    refusal = NotPermitted(permission="workorders.strike_off")
    assert str(refusal) == "Your roles in this branch do not allow this (workorders.strike_off)."
    assert "%(permission)s" in refusal.template


def test_it_names_the_field_to_change() -> None:
    assert (Refusal().field, Refusal(field="phone").field) == ("", "phone")


@pytest.mark.parametrize("kind", [NotFound, NotPermitted, Invalid, Conflict])
def test_the_kinds_are_apart(kind: type[Refusal]) -> None:
    assert kind.__bases__ == (Refusal,)
