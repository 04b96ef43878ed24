"""The catalogue of words: `python tools/words.py collect` after a text was added, `compile` after it was translated.

No GNU gettext is needed. Texts are English in the source and marked with gettext; `collect` brings the Chinese catalogue up to
date with them, `compile` writes what the product reads. tests/test_words.py fails when either was forgotten.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "shouhou"
FOLDER = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES"
CATALOGUE, COMPILED = FOLDER / "django.po", FOLDER / "django.mo"

# Function name → which arguments are (context, singular, plural), in babel's way of counting.
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_CALL = re.compile(r"\b(npgettext|ngettext|pgettext|gettext|_)\(")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]")


def found() -> Catalog:
    """Every text of the source, as an empty catalogue."""
    catalogue = Catalog(locale="zh_Hans", project="Shouhou")
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for _line, message, _comments, context in extract("python", io.BytesIO(path.read_bytes()), _KEYWORDS):
            _add(catalogue, message, context)
    for path in sorted(PACKAGE.rglob("templates/**/*")):
        if path.suffix in (".html", ".txt", ".js"):
            for message, context in _in_template(path.read_text()):
                _add(catalogue, message, context)
    return catalogue


def stored() -> Catalog:
    """The Chinese catalogue as it is in the repository."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def compiled(catalogue: Catalog) -> bytes:
    """What the product reads."""
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def collect() -> None:
    """Bring the catalogue up to date; texts that are gone from the source go from it, too."""
    catalogue = stored() if CATALOGUE.exists() else Catalog(locale="zh_Hans", project="Shouhou")
    catalogue.update(found(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    _write(catalogue)
    empty = [message.id for message in catalogue if message.id and not all(_strings(message.string))]
    print(f"{len(catalogue)} texts, {len(empty)} without Chinese")
    for text in empty:
        print(f"  {text!r}")


def merge(paths: list[str]) -> None:
    """Take translations over from other files in PO syntax, for texts that have none yet."""
    catalogue = stored()
    for path in paths:
        with Path(path).open("rb") as file:
            for message in read_po(file, locale="zh_Hans"):
                own = catalogue.get(message.id, message.context) if message.id else None
                if own and not all(_strings(own.string)) and all(_strings(message.string)):
                    own.string = message.string
    _write(catalogue)


def compile_() -> None:
    """Write the compiled catalogue."""
    COMPILED.write_bytes(compiled(stored()))


def _write(catalogue: Catalog) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    # The dates of the header say nothing that git does not, and would make every run a change.
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 11, 23, tzinfo=UTC)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=120, no_location=True, omit_header=False, sort_output=True)


def _in_template(text: str) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure()
        django.setup()
    from django.utils.translation.template import templatize

    source = templatize(text)
    for call in _CALL.finditer(source):
        words = [word for word in _arguments(source, call.end()) if isinstance(word, str)]
        if call[1] == "pgettext":
            yield words[1], words[0]
        elif call[1] == "ngettext":
            yield (words[0], words[1]), None
        elif call[1] == "npgettext":
            yield (words[1], words[2]), words[0]
        elif words:
            yield words[0], None


def _arguments(source: str, start: int) -> list[object]:
    """The literal arguments of a call whose parenthesis has just been opened."""
    end = start
    while (end := source.find(")", end)) >= 0:
        try:
            call = ast.parse(f"f({source[start:end]})", mode="eval").body
        except SyntaxError:
            end += 1
            continue
        if not isinstance(call, ast.Call):
            raise TypeError(f"not a call: {source[start:end]}")
        return [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    return []


def _add(catalogue: Catalog, message: str | tuple[str, ...], context: str | None) -> None:
    singular = message[0] if isinstance(message, tuple) else message
    flags = ["python-format"] if _PLACEHOLDER.search(singular) else []
    catalogue.add(message, context=context, flags=flags)


def _strings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    if string is None:
        return ("",)
    return (string,) if isinstance(string, str) else tuple(string)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["collect"]:
            collect()
        case ["merge", *files]:
            merge(files)
        case ["compile"]:
            compile_()
        case _:
            sys.exit(__doc__)
