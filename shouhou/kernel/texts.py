"""Text that people wrote: trimmed, and refused where a column could not hold it to the letter."""

import re

from shouhou.kernel.errors import Invalid, gettext_noop

_WORD = re.compile(r"[a-z][a-z0-9_]*")


class TextTooLong(Invalid):
    code = "text_too_long"
    template = gettext_noop("The text is too long (%(length)s characters; at most %(most)s).")


class TextUnreadable(Invalid):
    code = "text_unreadable"
    template = gettext_noop("The text contains a character that cannot be stored. Please type it anew.")


class WordMalformed(Invalid):
    code = "word_malformed"
    template = gettext_noop("“%(word)s” is no word of the rules: small letters, digits and _, beginning with a letter.")


def written(text: str, *, most: int, field: str) -> str:
    """The text without white space around it. Raises TextTooLong, TextUnreadable (NUL, half of a surrogate pair)."""
    text = text.strip()
    if len(text) > most:
        raise TextTooLong(length=len(text), most=most, field=field)
    # PostgreSQL refuses both, SQLite would keep them: so neither database gets to see them.
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise TextUnreadable(field=field)
    return text


def written_word(text: str, *, most: int, field: str) -> str:
    """A word as the rules spell theirs, or nothing; whether any rule knows it is not asked. Raises WordMalformed, TextTooLong."""
    word = written(text, most=most, field=field)
    if word and not _WORD.fullmatch(word):
        raise WordMalformed(word=word, field=field)
    return word


def sought(text: str) -> str:
    """What was typed into a search box, trimmed, without the characters that `written` refuses: nothing holds them."""
    return text.encode(errors="ignore").decode().replace("\0", "").strip()
