"""Facts from outside are checked by name, type, word and sense."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shouhou.kernel.errors import Invalid
from shouhou.policies.rules.facts import NAMES, DatesOutOfOrder, Facts, NegativeFact, answers, kind_of, told
from shouhou.policies.rules.words import Exclusion, Matter
from shouhou.policies.schema.facts import MissingFact, UnknownFact, UnknownWord, WrongFact, facts_explained, read_facts
from shouhou.policies.tests.cast import FRIDGE


def test_it_reads_facts() -> None:
    facts = read_facts(FRIDGE | {"exclusions": ["misuse"], "km": None})
    assert facts.on == date(2023, 12, 1)
    assert facts.price == Decimal(2000)
    assert facts.exclusions == {Exclusion.MISUSE}
    assert facts.km is None


def test_what_is_known_reads_back_the_same() -> None:
    facts = read_facts(FRIDGE | {"exclusions": ["misuse", "foreign_repair"], "promises": ["arrival"]})
    assert read_facts(facts.known()) == facts
    assert facts.known()["exclusions"] == ["foreign_repair", "misuse"]


@pytest.mark.parametrize(
    ("facts", "error", "field"),
    [
        ({"failed_repair": 2}, UnknownFact, "failed_repair"),
        ({"product_class": "sofa"}, UnknownWord, "product_class"),
        ({"region": "atlantis"}, UnknownWord, "region"),
        ({"promises": ["the_moon"]}, UnknownWord, "promises"),
        ({"faulty_part": "soul"}, UnknownWord, "faulty_part"),
        ({"failed_repairs": "two"}, WrongFact, "failed_repairs"),
        ({"failed_repairs": "2"}, WrongFact, "failed_repairs"),
        ({"failed_repairs": 1.5}, WrongFact, "failed_repairs"),
        ({"performance_fault": "yes"}, WrongFact, "performance_fault"),
        ({"sold_on": "2023-02-30"}, WrongFact, "sold_on"),
        ({"assembly": "wheel"}, WrongFact, "assembly"),
        ({"price": "cheap"}, WrongFact, "price"),
        ({"exclusions": ["bad_luck"]}, WrongFact, "exclusions"),
        ({"matter": "weather"}, WrongFact, "matter"),
        ({"sold_on": "2023-12-02"}, DatesOutOfOrder, "on"),
        ({"replaced_on": "2023-02-28"}, DatesOutOfOrder, "replaced_on"),
        ({"price": "-1"}, NegativeFact, "price"),
        ({"km": -1}, NegativeFact, "km"),
    ],
)
def test_it_refuses(facts: dict[str, Any], error: type[Invalid], field: str) -> None:
    with pytest.raises(error) as caught:
        read_facts(FRIDGE | facts)
    assert caught.value.field == field
    assert str(caught.value)


def test_matter_and_day_must_be_given() -> None:
    with pytest.raises(MissingFact, match="matter"):
        read_facts({"on": "2023-12-01"})
    with pytest.raises(MissingFact, match="on"):
        read_facts({"matter": "defect"})


def test_an_unknown_fact_is_refused_with_a_near_one() -> None:
    with pytest.raises(UnknownFact) as caught:
        read_facts(FRIDGE | {"same_fault_repair": 1})
    assert "same_fault_repairs" in caught.value.params["near"]


def test_a_promise_may_end_in_the_future() -> None:
    facts = Facts(matter=Matter.ORDERED, on=date(2023, 12, 1), promise_ends_on=date(2024, 1, 1))
    assert facts.known()["promise_ends_on"] == "2024-01-01"


def test_every_fact_says_what_it_means() -> None:
    assert [one["name"] for one in facts_explained()] == list(NAMES)
    for name in NAMES:
        meaning = told(name)
        assert meaning.zh
        assert meaning.en
        assert kind_of(name) is not None
        assert (meaning.unit != "") == (kind_of(name) in (int, Decimal)), name


def test_closed_answers_are_known() -> None:
    assert answers("fraud") == (True, False)
    assert answers("assembly") == ("engine", "gearbox", "traction_battery", "drive_motor", "none")
    assert answers("channel") == ("online", "store")
    assert answers("km") == ()
