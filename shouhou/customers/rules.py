"""By which keys a customer is found. Pure."""

from shouhou.kernel.phones import national_digits
from shouhou.kernel.texts import sought

_LONGEST_KEY = 40


def fold(text: str) -> str:
    """One form for what is typed and what is stored: lower case, no white space."""
    return "".join(sought(text).casefold().split())


def keys_of(*, name: str, phones: list[str]) -> set[str]:
    """The look-up keys of a customer.

    Every tail of the name, so that a prefix search over keys finds any part of it, also a single Chinese character;
    of a phone the whole number and its last eight and four digits, which is what callers say.
    """
    folded = fold(name)
    keys = {folded[start:][:_LONGEST_KEY] for start in range(len(folded))}
    for phone in phones:
        digits = national_digits(phone)
        keys |= {digits, digits[-8:], digits[-4:]}
    return {key for key in keys if key}
