"""`shouhou entitle`: who pays for the work that a document of facts asks about, by which rule, and what would change it."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import get_language, gettext

from shouhou.cli.entitle_words import outlook_as_text, verdict_as_text
from shouhou.cli.terminal import refusals_explained, stop, table
from shouhou.entitlements.rules.answers import answer_of, cited_by, outlook_of
from shouhou.entitlements.rules.coverage import entitle as judge
from shouhou.entitlements.rules.documents import happenings_explained, keys_explained, read_question, write_question
from shouhou.policies.queries import book_in_force
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.schema.marked import read_marked


class _FileOrCommand(click.Group):
    """`entitle FILE` without a word between: what is no command of its own is the file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["file", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_FileOrCommand)
def entitle() -> None:
    """Who pays, and why: `shouhou entitle facts.yaml`, or `shouhou entitle keys` for what may stand in the file."""


@entitle.command("file")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--company", is_flag=True, help="With the company's own packs that are in force.")
@click.option("--outlook", is_flag=True, help="Also what would change the verdict.")
@click.option("--json", "as_json", is_flag=True, help="Print question, answer, trace and cited rules as JSON.")
def judge_file(file: Path, company: bool, outlook: bool, as_json: bool) -> None:
    """The verdict on what FILE (YAML or JSON) asks about. Exit code 1 when a fact is missing that decides it."""
    with refusals_explained():
        given = read_marked(file.read_text(encoding="utf-8"), file=file.name).content
        if not isinstance(given, Mapping):
            stop(gettext("%(file)s holds no facts: a line is “name: value”.") % {"file": file.name})
        question = read_question(given, at=timezone.now())
    book = book_in_force() if company else shipped_book()
    coverage = judge(book, question)
    answer, rules = answer_of(coverage), cited_by(coverage)
    found = asdict(outlook_of(book, coverage)) if outlook else None
    if as_json:
        told: dict[str, Any] = {
            "question": write_question(question),
            "answer": answer,
            "rules": rules,
            "outlook": found,
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(verdict_as_text(answer, rules))
        if found is not None:
            click.echo(outlook_as_text(found))
    if not coverage.is_decided:
        sys.exit(1)


@entitle.command("keys")
def list_keys() -> None:
    """Every key that a document may hold, with type, unit, meaning and the words it may be; then what may happen to a unit."""
    chinese = (get_language() or "").startswith("zh")
    click.echo(
        table(
            (one["name"], one["type"], one["unit"], one["zh"] if chinese else one["en"], one["words"])
            for one in keys_explained()
        )
    )
    click.echo(gettext("What may stand in “history”:"))
    click.echo(table((what, ", ".join(keys)) for what, keys in happenings_explained().items()))


entitle.add_command(list_keys, "facts")
