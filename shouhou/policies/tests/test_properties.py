"""What holds for all facts, tried from the worked examples outwards."""

import random
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shouhou.kernel.errors import Invalid
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.facts import NAMES, Facts
from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.plain import plain_verdict
from shouhou.policies.rules.verdict import Granted, Verdict
from shouhou.policies.rules.words import Less
from shouhou.policies.schema.facts import read_facts
from shouhou.policies.schema.loading import shipped_book, shipped_packs

BOOK = shipped_book()
EXAMPLES = [read_facts(example.given) for pack in shipped_packs() for example in pack.examples]
some_facts = st.sampled_from(EXAMPLES)
# With these unset nothing was promised, nothing found, nothing replaced: that is known, not missing.
FORGETTABLE = [name for name in NAMES if name not in ("matter", "on", "promises", "exclusions", "replaced_on")]

_MORE: dict[str, int] = dict.fromkeys(
    (
        "failed_repairs",
        "same_fault_repairs",
        "severe_fault_repairs",
        "assembly_replacements",
        "same_part_replacements",
        "accessory_replacements",
        "repair_days",
        "parts_wait_days",
        "current_repair_days",
        "current_parts_wait_days",
        "repairer_delay_days",
    ),
    1,
)
_TO: dict[str, Any] = {
    "performance_fault": True,
    "defect": True,
    "main_part": True,
    "assembly_must_be_replaced": True,
    "bulky": True,
    "intact": True,
    "upheld": True,
    "damaged_on_the_way": True,
    "delay_justified": False,
    "low_value_consumable": False,
    "exclusions": frozenset(),
    "km": 0,
}


def decided(verdict: Verdict) -> dict[str, bool | None]:
    return {topic: verdict.has(topic) for topic in BOOK.topics}


@given(some_facts, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_packs_does_not_matter(facts: Facts, shuffle: random.Random) -> None:
    rules = list(BOOK.rules)
    shuffle.shuffle(rules)
    assert plain_verdict(judge(RuleBook(rules), facts)) == plain_verdict(judge(BOOK, facts))


@given(some_facts)
def test_the_verdict_is_a_function_of_facts_and_versions(facts: Facts) -> None:
    again = read_facts(facts.known())
    assert again == facts
    assert plain_verdict(judge(BOOK, again)) == plain_verdict(judge(BOOK, facts))


def turned(known: Facts, less: Facts) -> set[str]:
    """Questions that are decided with less known and decided otherwise with more."""
    before, after = decided(judge(BOOK, less)), decided(judge(BOOK, known))
    return {topic for topic, had in before.items() if had is not None and had != after[topic]}


def test_what_is_decided_stays_so_whichever_fact_becomes_known() -> None:
    """Without a fact a right is there, is not there, or is open; never the opposite of what the fact brings."""
    wrong = [
        (name, topics, facts.known())
        for facts in EXAMPLES
        for name in FORGETTABLE
        if getattr(facts, name) is not None and (topics := turned(facts, facts.but(**{name: None})))
    ]
    assert not wrong


@given(some_facts, st.sets(st.sampled_from(FORGETTABLE), min_size=2, max_size=6))
@settings(max_examples=200)
def test_what_is_decided_stays_so_when_several_become_known(facts: Facts, forgotten: set[str]) -> None:
    assert not turned(facts, facts.but(**dict.fromkeys(forgotten)))


@given(some_facts, st.sampled_from([*_MORE, *_TO]))
@settings(max_examples=400)
def test_more_in_the_customers_favour_never_takes_a_remedy_away(facts: Facts, name: str) -> None:
    known = getattr(facts, name)
    if known is None:
        return
    better = judge(BOOK, facts.but(**{name: known + _MORE[name] if name in _MORE else _TO[name]}))
    before = judge(BOOK, facts)
    assert before.remedies() <= better.remedies()
    for topic in ("remedy.refund",):
        if topic in before.rights and name != "km":
            assert worth(before) <= worth(better)


def worth(verdict: Verdict) -> tuple[bool, Decimal]:
    outcome = verdict.rights["remedy.refund"].winner.outcome
    assert isinstance(outcome, Granted)
    return outcome.less is Less.NOTHING, outcome.refund_least or Decimal(0)


@given(some_facts)
def test_every_right_is_held_by_a_rule_of_the_trace(facts: Facts) -> None:
    verdict = judge(BOOK, facts)
    traced = {id(one) for one in verdict.candidates}
    for topic, right in verdict.rights.items():
        assert right.winners
        for one in [*right.winners, *right.losers]:
            assert id(one) in traced
            assert one.topic == topic or topic == "clock"
    assert set(verdict.missing) <= set(NAMES)


@given(
    st.dictionaries(st.text(max_size=12) | st.sampled_from(NAMES), st.text(max_size=12) | st.integers() | st.booleans())
)
def test_no_input_breaks_the_reader(given_facts: dict[str, Any]) -> None:
    try:
        facts = read_facts(given_facts)
    except Invalid as refusal:
        said = str(refusal)
    else:
        said = repr(judge(BOOK, facts).rights)
    assert said
