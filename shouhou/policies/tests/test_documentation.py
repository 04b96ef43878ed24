"""What docs/policy-packs.md shows is true."""

import re
from pathlib import Path

from shouhou.policies.examples import deviations
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.rights import Then
from shouhou.policies.schema.facts import read_facts
from shouhou.policies.schema.loading import book_of, read_pack, shipped_packs
from shouhou.policies.schema.marked import read_marked

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "policy-packs.md").read_text(encoding="utf-8")
PACK, FACTS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_the_pack_that_it_shows_is_one_and_its_examples_come_out() -> None:
    pack = read_pack(PACK, file="house.yaml")
    book = book_of([*shipped_packs(), pack])
    assert len(pack.examples) == 3
    assert not [one for example in pack.examples for one in deviations(book, example)]


def test_the_facts_that_it_shows_are_facts() -> None:
    facts = read_facts(read_marked(FACTS, file="facts.yaml").content)
    verdict = judge(book_of(shipped_packs()), facts)
    assert verdict.has("remedy.repair") is True
    assert verdict.rights["clock"].winner.rule.id == "cn-consumer-rules-2024.clock-installation"


def test_it_names_every_kind_of_right() -> None:
    kinds = {one.__annotations__["kind"].__args__[0] for one in Then.__args__}
    named = set(re.findall(r"`([a-z_]+)`", TEXT[TEXT.index("`then` is one of") :].split("\n\n")[0]))
    assert kinds <= named
