"""What holds for every question, tried from the worked examples outwards."""

import random
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shouhou.entitlements.rules.answers import answer_of
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.documents import read_question, write_question
from shouhou.entitlements.rules.question import Question
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.entitlements.rules.what_if import changes_between
from shouhou.entitlements.tests.examples import EXAMPLES, Example
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.schema.loading import shipped_book

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BOOK = shipped_book()
some = st.sampled_from(EXAMPLES)
# A known fact and what is better for the customer than it.
BETTER: dict[str, Any] = {
    "exclusions": [],
    "repairer_delay_days": 40,
    "bulky": True,
    "trader_installs": True,
    "certificate_ends_on": "2190-01-01",
    "contract": "HT-1",
}
# Free for the customer in this order; what is open may still turn out to be anything.
_WORTH = {"A": 0, "B": 1, "C": 2, "D": 2}


def question(document: dict[str, Any]) -> Question:
    return read_question(document, at=NOW)


def asked(example: Example) -> Coverage:
    return entitle(BOOK, question(example.document))


@given(some)
def test_what_is_written_reads_back_as_the_same_question_and_answer(example: Example) -> None:
    first = question(example.document)
    again = question(write_question(first))
    assert again == first
    assert answer_of(entitle(BOOK, again)) == answer_of(entitle(BOOK, first))


@given(some, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_packs_does_not_matter(example: Example, shuffle: random.Random) -> None:
    rules = list(BOOK.rules)
    shuffle.shuffle(rules)
    one = question(example.document)
    assert answer_of(entitle(RuleBook(rules), one)) == answer_of(entitle(BOOK, one))
    assert not list(changes_between(BOOK, RuleBook(rules), [("key", one)]))


@given(some, st.sampled_from(sorted(BETTER)))
@settings(max_examples=200)
def test_more_in_the_customers_favour_never_reduces_rights(example: Example, name: str) -> None:
    before = asked(example)
    if name == "trader_installs" and example.document.get("work_type") == "installation":
        return  # there it is asked whether it is owed, and the day of it may end what is owed
    better = entitle(BOOK, question(example.document | {name: BETTER[name]}))
    if before.work_class is None or better.work_class is None:
        return
    assert _WORTH[before.work_class] <= _WORTH[better.work_class]
    if before.verdict and better.verdict and name != "trader_installs":
        assert before.verdict.remedies() <= better.verdict.remedies()


@given(some, st.sampled_from(["region", "price", "brand", "platform", "fault", "bulky", "trader_installs", "defect"]))
@settings(max_examples=200)
def test_what_is_decided_without_a_fact_stays_so_with_it(example: Example, name: str) -> None:
    document = example.document
    if document.get(name) is None:
        return
    less, more = entitle(BOOK, question(document | {name: None})), asked(example)
    assert less.work_class in (None, more.work_class)


@given(some)
def test_supposing_never_invents_a_class(example: Example) -> None:
    coverage = asked(example)
    if coverage.supposed and coverage.work_class is not None:
        assert {one.coverage.work_class for one in coverage.supposed} == {coverage.work_class}
    if coverage.work_class is None:
        assert coverage.ground == "undecided"
        assert {line.payer for line in coverage.lines} == {"open"}
