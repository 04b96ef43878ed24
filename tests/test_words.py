"""Every text of the product has its Chinese, with the same placeholders, and the product reads what the catalogue says."""

import re

from babel.messages.catalog import Message

from tools import words

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def strings(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value]  # type: ignore[attr-defined]


def messages() -> list[Message]:
    return [message for message in words.stored() if message.id]


def test_no_text_is_missing_from_the_catalogue() -> None:
    known = {(message.context, str(message.id)) for message in messages()}
    missing = [
        message.id for message in words.found() if message.id and (message.context, str(message.id)) not in known
    ]
    assert not missing, f"run `python tools/words.py collect`: {missing}"


def test_no_text_of_the_catalogue_is_gone_from_the_source() -> None:
    used = {(message.context, str(message.id)) for message in words.found()}
    left = [message.id for message in messages() if (message.context, str(message.id)) not in used]
    assert not left, f"run `python tools/words.py collect`: {left}"


def test_every_text_is_translated_and_none_is_fuzzy() -> None:
    empty = [message.id for message in messages() if message.fuzzy or not all(strings(message.string))]
    assert not empty


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for message in messages():
        wanted = {name for text in strings(message.id) for name in _PLACEHOLDER.findall(text)}
        for text in strings(message.string):
            if set(_PLACEHOLDER.findall(text)) != wanted:
                wrong.append((message.id, text))
    assert not wrong


def test_the_compiled_catalogue_is_up_to_date() -> None:
    assert words.COMPILED.read_bytes() == words.compiled(words.stored()), "run `python tools/words.py compile`"
