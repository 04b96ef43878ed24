"""A value out of a closed list."""

from collections.abc import Sequence

from shouhou.kernel.errors import Invalid, gettext_noop


class UnknownChoice(Invalid):
    code = "unknown_choice"
    template = gettext_noop("“%(value)s” is not one of: %(choices)s.")


def check_choice(field: str, value: str, choices: Sequence[str]) -> None:
    """Raise UnknownChoice unless the value is one of the choices; an empty one stands for "not said"."""
    if value not in choices:
        raise UnknownChoice(value=value, choices=", ".join(filter(None, choices)), field=field)
