"""By which keys a customer is found. Pure."""

from collections.abc import Iterator

from shouhou.kernel.phones import national_digits
from shouhou.kernel.pinyin import spellings
from shouhou.kernel.texts import sought

LONGEST_KEY = 40
# How far into a name one may begin to spell it: initials anywhere in what people have, whole syllables from the given name.
_INITIALS_FROM = 6
_SYLLABLES_FROM = 3


def fold(text: str) -> str:
    """One form for what is typed and what is stored: lower case, no white space, ü as pinyin is typed."""
    return "".join(sought(text).casefold().split()).replace("ü", "v")


def keys_of(*, name: str, phones: list[str]) -> set[str]:
    """The look-up keys of a customer.

    Every tail of the name, so that a prefix search over keys finds any part of it, also a single Chinese character; the same
    in pinyin, as initials (wxg) and spelled out (wangxiaogang); of a phone the whole number and its last eight and four
    digits, which is what callers say.
    """
    folded = fold(name)
    keys = {folded[start:][:LONGEST_KEY] for start in range(len(folded))}
    keys.update(_spelled(folded))
    for phone in phones:
        digits = national_digits(phone)
        keys |= {digits, digits[-8:], digits[-4:]}
    return {key for key in keys if key}


def prefix_of(text: str) -> str:
    """What the keys must begin with for a customer to be found by what was typed."""
    prefix = fold(text)
    digits = prefix.translate(str.maketrans("", "", "-()"))
    if digits.startswith("+86"):
        prefix = national_digits(digits)
    elif digits.removeprefix("+").isdigit():
        prefix = digits.removeprefix("+")
    return prefix[:LONGEST_KEY]


def _spelled(name: str) -> Iterator[str]:
    for syllables in spellings(name):
        length = len(syllables)
        initials = "".join(syllable[0] for syllable in syllables)
        # Two letters out of the middle would find every other customer, and one syllable is quicker typed as its character.
        for start in range(max(1, min(length - 2, _INITIALS_FROM))):
            yield initials[start:][:LONGEST_KEY]
        for start in range(max(1, min(length - 1, _SYLLABLES_FROM))):
            yield "".join(syllables[start:])[:LONGEST_KEY]
