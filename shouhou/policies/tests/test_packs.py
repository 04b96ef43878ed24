"""The packs that come with the product: every worked example comes out, every rule has one, marks and sources agree."""

import re
from collections import Counter

import pytest

from shouhou.policies.examples import UnknownQuestion, deviations
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.words import Layer, Standing
from shouhou.policies.schema.loading import Pack, WorkedExample, shipped_book, shipped_packs

PACKS = shipped_packs()
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("pack", PACKS, ids=[pack.id for pack in PACKS])
def test_worked_examples_come_out(pack: Pack) -> None:
    assert pack.examples
    assert not [one for example in pack.examples for one in deviations(shipped_book(), example)]


@pytest.mark.parametrize("pack", PACKS, ids=[pack.id for pack in PACKS])
def test_every_rule_has_an_example(pack: Pack) -> None:
    shown = {example.rule for example in pack.examples}
    # The lines of a product list share theirs: whole unit, main parts and depreciation of one class.
    shown |= {
        rule.id
        for rule in pack.rules
        for one in shown
        if one.rpartition(".")[0] == rule.id.rpartition(".")[0] != pack.id
    }
    assert not {rule.id for rule in pack.rules} - shown


def test_an_example_that_is_wrong_is_told() -> None:
    (right,) = [one for pack in PACKS for one in pack.examples if one.rule.endswith("cars-2022.repair-day")]
    wrong = WorkedExample(right.rule, right.place, right.given, {"remedy.repair": False, "clock:start": "1999-01-01"})
    assert [(one.question, one.found) for one in deviations(shipped_book(), wrong)] == [
        ("remedy.repair", True),
        ("clock:start", "2022-03-05"),
    ]


def test_an_example_of_a_rule_that_is_not_met_is_told() -> None:
    some = PACKS[0].examples[0]
    stranger = WorkedExample("jd-goods-2026.gift-priced", some.place, some.given, {})
    assert [one.question for one in deviations(shipped_book(), stranger)] == ["selected"]


@pytest.mark.parametrize("question", ["remedy.sing", "remedy.refund:colour", "clock:steps"])
def test_an_example_cannot_ask_what_nobody_answers(question: str) -> None:
    (some,) = [one for pack in PACKS for one in pack.examples if one.rule.endswith("cars-2022.repair-day")]
    given = dict(some.given) | {"repair_days": 31}
    with pytest.raises(UnknownQuestion):
        deviations(shipped_book(), WorkedExample(some.rule, some.place, given, {question: "x"}))


def test_there_are_more_than_enough_examples() -> None:
    assert sum(len(pack.examples) for pack in PACKS) >= 450


def rules() -> list[Rule]:
    return list(shipped_book().rules)


def test_only_what_was_read_in_full_is_called_verified() -> None:
    by_mark = {(rule.source.mark.partition(":")[0], rule.verified) for rule in rules()}
    assert {mark for mark, standing in by_mark if standing is Standing.UNVERIFIED} == {"K+", "K?", "none"}
    assert {mark for mark, standing in by_mark if standing is Standing.SECONDARY} == {"F"}
    assert {rule.pack for rule in rules() if rule.verified is Standing.CHECK_SUCCESSOR} == {"cn-12315-2022"}


def test_every_text_is_there_in_both_languages() -> None:
    for rule in rules():
        for words in (rule.title, rule.text, rule.source.title):
            assert CHINESE.search(words.zh), rule.id
            # A Chinese term of art may stand in the English.
            assert len(CHINESE.findall(words.en)) <= 4, rule.id


def test_layers_are_those_of_the_sources() -> None:
    assert Counter(rule.layer for rule in rules()).keys() == set(Layer)


def test_versions_are_named_once() -> None:
    versions = [rule.version for rule in rules()]
    assert len(versions) == len(set(versions))
