"""What people paste into fields by accident and on purpose, and how such a form travels. Read by `test_bad_input`."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile

type Words = str | bytes

# Bytes that are no UTF-8 arrive as the sign for what could not be read.
GARBAGE = b"half \xed\xa0\x80 of a pair, \xff\xfe and \xc3("
TEXTS: dict[str, Words] = {
    "long": "漏水" * 5000,
    "long and written in lines": "第一行\r\n" * 1200 + "完",
    "emoji and marks on marks": "空调👨‍👩‍👧‍👦🧑🏽‍🔧❄️🇨🇳 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞",
    "right to left": "مكيف \u200fلا يبرد\u200e a\u202eterces\u202c \u2066b\u2069 \u200bz",
    "NUL": "a\0b",
    "control characters": "a\x01\x07\x08\x0b\x0c\x1b[31m\x1f\x7f\x85\u2028b",
    "garbage": GARBAGE,
    "script": "\"'><script>alert(1)</script>",
    "template, formula, path": "={{ 7*7 }}{% debug %}%(name)s {0}/../../etc/passwd",
}
NUMBERS: tuple[Words, ...] = (
    "9" * 30, "9" * 5000, "-1", "1e400", "1e-30", "NaN", "Infinity", "٣", "１２", "0x10", "1_000", "--", "😀", "\0", GARBAGE,
)  # fmt: skip
DAYS: tuple[Words, ...] = (
    "0001-01-01", "9999-12-31", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30", "2026-13-01", "99999-01-01",
    "2026-11-23T25:61", "1969-12-31", "😀", "\0", GARBAGE,
)  # fmt: skip
OTHERS: tuple[Words, ...] = ("", "x" * 10_000, "😀", "\0", "\u202e", "<script>", "[[1e999, {}]]", "[" * 5000, GARBAGE)


def texts_for(field: forms.Field) -> Iterator[Words]:
    """What is tried in a field of that kind."""
    match field:
        case forms.DateField() | forms.DateTimeField() | forms.TimeField():
            yield from DAYS
        case forms.IntegerField():  # Django's decimal field is one, too
            yield from NUMBERS
        case forms.UUIDField():
            yield from OTHERS
        case forms.CharField():
            yield from TEXTS.values()
        case _:
            yield from OTHERS


def arrives(words: Words) -> str:
    """As a view reads it."""
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def body_of(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    """The form as a browser sends it, to the byte, and its content type. A file is sent under the name that it has."""
    if not any(isinstance(value, UploadedFile) for value in fields.values()):
        return urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"
    border, parts = b"----border----", []
    for name, value in fields.items():
        head = b'Content-Disposition: form-data; name="%b"' % name.encode()
        if isinstance(value, UploadedFile):
            head += b'; filename="%b"\r\nContent-Type: %b' % (_bytes(value.name), _bytes(value.content_type))
            value.seek(0)
            value = value.read()
        parts.append(b"--%b\r\n%b\r\n\r\n%b\r\n" % (border, head, _bytes(value)))
    return b"".join(parts) + b"--%b--\r\n" % border, f"multipart/form-data; boundary={border.decode()}"


class Fields(HTMLParser):
    """The fields that stand on a page: name, what is written in it, whether an error stands beside it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, bool]] = []
        self._area: tuple[str, bool] | None = None
        self._text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        wrong = given.get("aria-invalid") == "true"
        if tag == "textarea":
            self._area, self._text = (given.get("name", ""), wrong), []
        elif tag in ("input", "select"):
            self.found.append((given.get("name", ""), given.get("value", ""), wrong))

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            name, wrong = self._area
            # The first line break of a text area is not part of it.
            self.found.append((name, "".join(self._text).removeprefix("\r").removeprefix("\n"), wrong))
            self._area = None

    def keeps(self, name: str, text: str) -> bool:
        return any(_lines(one) == _lines(text) for field, one, _wrong in self.found if field == name)

    def blames(self, name: str) -> bool:
        return any(wrong for field, _text, wrong in self.found if field == name)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
