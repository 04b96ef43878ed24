"""Rules in words: nothing of the shipped packs is left as a code, in either language, and the blank packs hold."""

import re
from datetime import date

import pytest
from django.utils import translation

from shouhou.policies.blank import blank_pack
from shouhou.policies.examples import deviations
from shouhou.policies.outcomes import outcome_words
from shouhou.policies.rules.comparison import ChangeKind, rule_changes
from shouhou.policies.rules.rule import Rule
from shouhou.policies.schema.loading import book_of, read_pack, shipped_packs
from shouhou.policies.tests.cast import entry, house
from shouhou.policies.wording import answer_words, condition_words, fact_name, fact_value, question_words, topic_words

RULES = [rule for pack in shipped_packs() for rule in pack.rules]
EXAMPLES = [one for pack in shipped_packs() for one in pack.examples]
CODE = re.compile(r"[a-z]+_[a-z]+")
# Names of rules are cited as they are.
CITED = re.compile(r":by$")
LOAN = "kind: remedy, options: [loan]"
languages = pytest.mark.parametrize("language", ["zh-hans", "en"])


def said_of(rule: Rule) -> list[str]:
    terms = [words for one in rule.conditions for words in condition_words(one)]
    return [*outcome_words(rule.then), *terms, *(topic_words(topic) for topic in rule.topics)]


def said_in_examples() -> list[str]:
    questions = {(name, value) for one in EXAMPLES for name, value in one.expect.items() if not CITED.search(name)}
    facts = {(name, repr(value)): value for one in EXAMPLES for name, value in one.given.items()}
    asked = [words for name, value in questions for words in (question_words(name), answer_words(name, value))]
    return [
        *asked,
        *(words for (name, _), value in facts.items() for words in (fact_name(name), fact_value(name, value))),
    ]


@languages
def test_no_code_of_a_shipped_rule_is_shown(language: str) -> None:
    with translation.override(language):
        words = [text for rule in RULES for text in said_of(rule)] + said_in_examples()
    assert len(words) > 1000
    assert not [text for text in words if not text or CODE.search(text)]


def test_chinese_readers_read_chinese() -> None:
    with translation.override("zh-hans"):
        words = [text for rule in RULES for text in outcome_words(rule.then)]
    # What has no Chinese name falls back to its code, in letters.
    assert not [text for text in words if re.search(r"[a-z]{3}", text)]


def test_a_word_that_a_company_made_up_is_shown_as_it_is() -> None:
    (rule,) = house(entry("rhythm", "kind: rhythm, of: birthday_card, every: 1, unit: years"))
    with translation.override("en"):
        assert outcome_words(rule.then) == ["birthday card every 1 years"]


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("kind: guarantee, segment: whole_unit, months: 36, km: 60000", "or 60,000 km, whichever is first"),
        ("kind: deduction, of: depreciation, rate: '0.0015', rate_to: '0.0025'", "0.15 %–0.25 % of the price a day"),
        ("kind: remedy, options: [refund], less: depreciation, bearer: trader", "the trader pays"),
        ("kind: money, what: penalty, of: price, share: '0.3', floor: '50', cap: '500'", "at most ¥500"),
        ("kind: limit, act: repair, side: trader, amount: 3, unit: days, since: hand_in", "the trader has 3 days"),
        ("kind: exclusion, findings: [misuse], stands: false", "misuse takes nothing away"),
    ],
)
def test_what_a_rule_gives_is_a_sentence(then: str, said: str) -> None:
    (rule,) = house(entry("one", then))
    with translation.override("en"):
        assert said in " | ".join(outcome_words(rule.then))


@languages
def test_the_blank_pack_does_what_its_examples_say(language: str) -> None:
    with translation.override(language):
        pack = read_pack(blank_pack(), file="blank.yaml")
    book = book_of([*shipped_packs(), pack])
    assert pack.examples
    assert not [wrong for one in pack.examples for wrong in deviations(book, one)]


def test_how_versions_differ() -> None:
    before = house(entry("kept", LOAN), entry("ended", LOAN), entry("reworded", LOAN), entry("gone", LOAN))
    after = house(
        entry("kept", LOAN),
        entry("ended", LOAN, 'until: "2027-01-01"'),
        entry("reworded", LOAN).replace("一。", "另一。"),
        entry("new", LOAN),
    )
    found = [(one.kind, one.rule.id) for one in rule_changes(before, after)]
    assert found == [
        (ChangeKind.ENDED, "house.ended"),
        (ChangeKind.REWORDED, "house.reworded"),
        (ChangeKind.ADDED, "house.new"),
        (ChangeKind.GONE, "house.gone"),
    ]
    assert next(one for one in rule_changes(before, after) if one.before).rule.until == date(2027, 1, 1)
    assert not rule_changes(before, before)
