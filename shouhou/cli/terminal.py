"""What a command writes to the terminal: refusals in the reader's language, tables that line up, progress on stderr."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn
from unicodedata import east_asian_width

import click
from django.utils.translation import gettext

from shouhou.kernel.errors import Refusal, Wording


def explained(refusal: Refusal) -> str:
    """The refusal's text in the language of the terminal."""
    params = {name: one.told(gettext) if isinstance(one, Wording) else one for name, one in refusal.params.items()}
    return gettext(refusal.template) % params


@contextmanager
def refusals_explained() -> Iterator[None]:
    """Turn a refusal into one line and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        stop(explained(refusal))


def stop(reason: str) -> NoReturn:
    """End the command with a reason and exit code 1."""
    raise click.ClickException(reason)


def width(text: str) -> int:
    """Columns that a text takes: Chinese characters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def table(rows: Iterable[Sequence[str]], *, indent: str = "  ") -> str:
    """Rows as lines whose columns line up."""
    lines = [list(row) for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(*lines, strict=True)]
    return "\n".join(
        (
            indent + "  ".join(cell + " " * (most - width(cell)) for cell, most in zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def progress_bar(length: int, label: str) -> Any:
    """A progress bar on stderr; where that is no terminal, nothing but the label."""
    return click.progressbar(
        length=length, label=label, file=sys.stderr, show_pos=True, update_min_steps=max(1, length // 200)
    )
