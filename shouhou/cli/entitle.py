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

from shouhou.cli.entitle_words import outlook_as_text, verdict_as_text, ways_as_text
from shouhou.cli.terminal import explained, refusals_explained, stop, table
from shouhou.entitlements.rules.answers import answer_of, cited_by, outlook_of, supposed_told
from shouhou.entitlements.rules.coverage import entitle as judge
from shouhou.entitlements.rules.documents import happenings_explained, keys_explained, read_question, write_question
from shouhou.entitlements.rules.refused import supposed_without
from shouhou.kernel.errors import Refusal
from shouhou.policies.queries import packs_in_force, rules_in_force
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.divided import DividedBook, read_book
from shouhou.policies.schema.loading import read_pack, shipped_book, shipped_packs
from shouhou.policies.schema.marked import read_marked


class _FileOrCommand(click.Group):
    """`entitle FILE` without a word between: what is no command of its own is the file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["file", *args]
        return super().parse_args(ctx, args)


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=_FileOrCommand)
def entitle() -> None:
    """Who pays, and why: `shouhou entitle facts.yaml`, or `shouhou entitle keys` for what may stand in the file."""


@entitle.command("file")
@click.argument("file", type=_FILE)
@click.option("--company", is_flag=True, help="With the company's own packs that are in force.")
@click.option(
    "--with", "beside", multiple=True, type=_FILE, help="With this pack, in the place of the one with its name."
)
@click.option("--outlook", is_flag=True, help="Also what would change the verdict.")
@click.option("--json", "as_json", is_flag=True, help="Print question, answer, trace and cited rules as JSON.")
def judge_file(file: Path, company: bool, beside: tuple[Path, ...], outlook: bool, as_json: bool) -> None:
    """The verdict on what FILE (YAML or JSON) asks about. Exit code 1 when a fact is missing that decides it.

    Where rules contradict each other, it says what each of them alone would come to.
    """
    with refusals_explained():
        given = read_marked(file.read_text(encoding="utf-8"), file=file.name).content
        if not isinstance(given, Mapping):
            stop(gettext("%(file)s holds no facts: a line is “name: value”.") % {"file": file.name})
        book, now = _book(beside, company=company), timezone.now()
    try:
        question = read_question(given, at=now)
    except Refusal as refusal:
        ways = [supposed_told(one) for one in supposed_without(book, given, refusal, at=now)]
        stop("\n".join([explained(refusal), *([ways_as_text(ways)] if ways else [])]))
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


def _book(beside: tuple[Path, ...], *, company: bool) -> RuleBook | DividedBook:
    packs = [read_pack(file.read_text(encoding="utf-8"), file=file.name) for file in beside]
    if not packs:
        return rules_in_force() if company else shipped_book()
    replaced = {pack.id for pack in packs}
    kept = [pack for pack in (packs_in_force() if company else shipped_packs()) if pack.id not in replaced]
    return read_book(rule for pack in (*kept, *packs) for rule in pack.rules)


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
