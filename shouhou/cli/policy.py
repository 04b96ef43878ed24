"""Rule packs on the command line: hold the engine to their worked examples, look rules up, ask for a verdict."""

import json
import sys
from pathlib import Path

import click
from django.utils.translation import get_language, gettext

from shouhou.cli.company_packs import approve_pack, export_pack, import_pack, list_versions, refuse_pack
from shouhou.cli.terminal import refusals_explained, stop, table
from shouhou.cli.what_if import replay_pack
from shouhou.policies.examples import Deviation, deviations
from shouhou.policies.outcomes import outcome_words
from shouhou.policies.queries import book_in_force
from shouhou.policies.rules.alternatives import Alternative, assumptions, changes
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.comparison import compare
from shouhou.policies.rules.facts import told
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.plain import plain, plain_rule, plain_verdict
from shouhou.policies.rules.rule import Rule, Words
from shouhou.policies.rules.verdict import Verdict
from shouhou.policies.schema.facts import facts_explained, read_facts
from shouhou.policies.schema.loading import Pack, book_of, read_pack, shipped_book, shipped_packs
from shouhou.policies.schema.marked import read_marked
from shouhou.policies.wording import condition_words, fact_name, fact_value, joined, topic_words, word

_SHOWN = 50
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def policy() -> None:
    """Rule packs: who may ask for what, and which article says so."""


@policy.command("test")
@click.argument("files", nargs=-1, type=_FILE)
def test_packs(files: tuple[Path, ...]) -> None:
    """Check the packs and run their worked examples; FILES are read beside the packs that come with the product.

    Examples in FILES are run with the rules of FILES added. Exit code 1 when a file is refused or an example comes out otherwise.
    """
    with refusals_explained():
        packs, book = _packs(files)
        # A company's rules may well beat those of the product, whose own examples are about the product alone.
        books = {pack.id: shipped_book() for pack in shipped_packs()}
        wrong = [
            one for pack in packs for example in pack.examples for one in deviations(books.get(pack.id, book), example)
        ]
    for one in wrong:
        click.echo(_deviation(one))
    counted = {
        "packs": len(packs),
        "rules": len(book.rules),
        "examples": sum(len(pack.examples) for pack in packs),
        "wrong": len(wrong),
    }
    click.echo(gettext("%(packs)s packs, %(rules)s rules, %(examples)s examples, %(wrong)s wrong.") % counted)
    if wrong:
        sys.exit(1)


@policy.command("list")
@click.option("--pack", "pack_id", help="Only this pack.")
@click.option("--unverified", is_flag=True, help="Only rules whose wording was not checked against the full text.")
def list_rules(pack_id: str | None, unverified: bool) -> None:
    """All rules: name, since when, layer, how far checked, title."""
    packs, book = _packs(())
    if pack_id is not None and pack_id not in {pack.id for pack in packs}:
        stop(gettext("There is no pack “%(pack)s”.") % {"pack": pack_id})
    rows = [
        (
            rule.id,
            rule.in_force_since or "–",
            word("layer", rule.layer.name.lower()),
            word("verified", rule.verified),
            _said(rule.title),
        )
        for rule in book.rules
        if pack_id in (None, rule.pack) and not (unverified and str(rule.verified).startswith("verified"))
    ]
    if rows:
        click.echo(table(rows, indent=""))


@policy.command("show")
@click.argument("rule_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the versions as JSON.")
def show_rule(rule_id: str, as_json: bool) -> None:
    """One rule in all its versions: what it says, when it holds, where it is from."""
    with refusals_explained():
        versions = _packs(())[1].get(rule_id)
    if as_json:
        click.echo(json.dumps([_rule_as_json(rule) for rule in versions], ensure_ascii=False, indent=2))
        return
    click.echo("\n\n".join(_rule_as_text(rule) for rule in versions))


@policy.command("facts")
def list_facts() -> None:
    """All facts that a question may state, with type, unit, meaning and the words that they may be."""
    chinese = _is_chinese()
    click.echo(
        table(
            (one["name"], one["type"], one["unit"], one["zh"] if chinese else one["en"], one["words"])
            for one in facts_explained()
        )
    )


@policy.command("judge")
@click.argument("file", type=_FILE)
@click.option("--company", is_flag=True, help="With the company's own packs that are in force.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict with its whole trace as JSON.")
def judge_facts(file: Path, company: bool, as_json: bool) -> None:
    """The verdict on the facts in FILE (YAML), the rules that give it, and what would change it."""
    with refusals_explained():
        given = read_marked(file.read_text(encoding="utf-8"), file=file.name).content
        if not isinstance(given, dict):
            stop(gettext("%(file)s holds no facts: a line is “name: value”.") % {"file": file.name})
        facts = read_facts(given)
    book = book_in_force() if company else shipped_book()
    verdict = judge(book, facts)
    if as_json:
        click.echo(json.dumps(plain_verdict(verdict), ensure_ascii=False, indent=2))
        return
    click.echo(_verdict_as_text(book, verdict))


@policy.command("diff")
@click.argument("files", nargs=-1, required=True, type=_FILE)
def compare_packs(files: tuple[Path, ...]) -> None:
    """What FILES would change: a pack takes the place of the one with its name, or is added.

    Both books are asked the questions of all worked examples.
    """
    with refusals_explained():
        new = [read_pack(file.read_text(encoding="utf-8"), file=file.name) for file in files]
        replaced = {pack.id for pack in new}
        kept = [pack for pack in shipped_packs() if pack.id not in replaced]
        questions = [read_facts(one.given) for pack in [*shipped_packs(), *new] for one in pack.examples]
        found = compare(book_of(shipped_packs()), book_of([*kept, *new]), questions)
    for sign, rules in (("+", found.added), ("-", found.gone)):
        for rule in rules:
            click.echo(f"{sign} {rule.version}  {_said(rule.title)}")
    for one in found.differences[:_SHOWN]:
        gained, lost = (joined(topic_words(topic) for topic in sorted(rights)) for rights in (one.gained, one.lost))
        known = joined(f"{fact_name(name)} {fact_value(name, value)}" for name, value in one.facts.known().items())
        click.echo(f"~ {joined(topic_words(topic) for topic in one.topics)}  +[{gained}] -[{lost}]  {known}")
    counted = {"asked": found.asked, "different": len(found.differences)}
    click.echo(gettext("%(asked)s questions, %(different)s answered differently.") % counted)


for _command in (import_pack, approve_pack, refuse_pack, export_pack, list_versions, replay_pack):
    policy.add_command(_command)


def _packs(files: tuple[Path, ...]) -> tuple[list[Pack], RuleBook]:
    packs = [*shipped_packs(), *(read_pack(file.read_text(encoding="utf-8"), file=file.name) for file in files)]
    return packs, book_of(packs)


def _deviation(one: Deviation) -> str:
    return gettext("%(place)s %(rule)s: %(question)s should be %(expected)s and is %(found)s.") % {
        "place": one.place,
        "rule": one.rule,
        "question": one.question,
        "expected": one.expected,
        "found": one.found,
    }


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _said(words: Words) -> str:
    return words.zh if _is_chinese() else words.en


def _rule_as_json(rule: Rule) -> dict[str, object]:
    return plain_rule(rule) | {
        "keys": {key: sorted(words) for key, words in rule.keys.items()},
        "when": {one.fact: one.expects for one in rule.conditions},
        "then": plain(rule.then),
    }


def _rule_as_text(rule: Rule) -> str:
    conditions = [condition_words(one) for one in rule.conditions]
    rows = [
        (gettext("rule"), rule.version),
        (gettext("title"), _said(rule.title)),
        (gettext("text"), _said(rule.text)),
        (gettext("layer"), word("layer", rule.layer.name.lower())),
        (gettext("source"), _said(rule.source.title)),
        (gettext("article"), rule.source.article or gettext("not recorded")),
        (gettext("checked"), f"{word('verified', rule.verified)} ({rule.source.mark})"),
        (gettext("in force"), f"{rule.in_force_since or '…'} – {rule.until or '…'}"),
        *((fact_name(key), fact_value(key, sorted(words))) for key, words in rule.keys.items()),
        *((gettext("when %(fact)s") % {"fact": fact}, wanted) for fact, wanted in conditions),
        *((gettext("then") if place == 0 else "", line) for place, line in enumerate(outcome_words(rule.then))),
    ]
    return table(rows, indent="")


def _verdict_as_text(book: RuleBook, verdict: Verdict) -> str:
    lines = [gettext("Rights:")]
    rows = [
        (
            topic,
            "; ".join(f"{_said(one.rule.title)} [{one.rule.id}]" for one in right.winners),
            _outcome(plain(right.winner.outcome)),
        )
        for topic, right in sorted(verdict.rights.items())
        if not topic.startswith("precedence.")
    ]
    lines.append(table(rows) if rows else "  " + gettext("none"))
    if unsure := verdict.unsure():
        lines.append(gettext("The source gives only the year of force, and the sale lies in it:"))
        lines.append(table((rule.id, rule.in_force_since) for rule in unsure))
    for heading, told_of in (
        (gettext("Not known:"), assumptions(book, verdict.facts)),
        (gettext("Would be otherwise with:"), changes(book, verdict.facts)),
    ):
        if told_of:
            lines += [heading, table(_alternative(one) for many in told_of.values() for one in many)]
    return "\n".join(lines)


def _outcome(outcome: dict[str, object]) -> str:
    shown = {
        name: value for name, value in outcome.items() if name != "kind" and value not in (None, [], "", "nothing")
    }
    return ", ".join(f"{name} {_listed(value)}" for name, value in shown.items())


def _listed(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _alternative(one: Alternative) -> tuple[str, str, str]:
    meaning = told(one.fact)
    values = str(one.value) if one.value == one.to else f"{one.value} … {one.to}"
    name = f"{one.fact} ({meaning.zh if _is_chinese() else meaning.en})"
    return name, values, ", ".join(sorted(one.rights)) or gettext("none")
