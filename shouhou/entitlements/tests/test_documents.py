"""Documents: one example per class of goods, both ways, and by name what cannot be read."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shouhou.entitlements.rules.answers import answer_of, cited_by, versions_in
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.documents import BESIDE, keys_explained, read_question, write_question
from shouhou.kernel.errors import Invalid
from shouhou.policies.rules.facts import NAMES
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.schema.marked import read_marked
from shouhou.policies.schema.vocabulary import vocabulary

FOLDER = Path(__file__).parent.parent / "examples"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOLD = {"what": "sold", "on": "2026-03-01"}
# Goods that a state rule gives a period; that of the others has no end of its own: a defect is repaired, replaced or refunded.
PERIODS = {name for name, one in vocabulary().classes.items() if "sanbao" in one.groups} | {"family_car"}


def example(name: str) -> dict[str, Any]:
    file = FOLDER / f"{name}.yaml"
    content: dict[str, Any] = read_marked(file.read_text(encoding="utf-8"), file=file.name).content
    return content


def test_every_class_of_goods_has_its_example() -> None:
    assert {file.stem for file in FOLDER.glob("*.yaml")} == set(vocabulary().classes)


@pytest.mark.parametrize("name", vocabulary().classes)
def test_an_example_is_answered_and_cites_what_it_names(name: str) -> None:
    given = example(name)
    assert given["product_class"] == name
    coverage = entitle(shipped_book(), read_question(given, at=NOW))
    answer = answer_of(coverage)
    assert (answer["work_class"], answer["needs"]) == ("C", [])
    assert bool(answer["segments"]) == (name in PERIODS)
    assert versions_in(answer) == set(cited_by(coverage))


@pytest.mark.parametrize("name", vocabulary().classes)
def test_what_is_written_reads_back_the_same(name: str) -> None:
    question = read_question(example(name), at=NOW)
    assert read_question(write_question(question), at=NOW) == question


def test_every_key_is_explained() -> None:
    keys = keys_explained()
    assert [one["name"] for one in keys] == [*NAMES, *BESIDE]
    assert all(one["zh"] and one["en"] and one["type"] for one in keys)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"prodct_class": "refrigerator"}, "unknown_fact", "prodct_class"),
        ({"product_class": "sofa"}, "unknown_word", "product_class"),
        ({"product_class": ["refrigerator"]}, "wrong_fact", "product_class"),
        ({"product_class": {"a": 1}}, "unknown_word", "product_class"),
        ({"work_type": "magic"}, "wrong_fact", "work_type"),
        ({"zone": []}, "wrong_fact", "zone"),
        ({"zone": "Mars/Base"}, "wrong_fact", "zone"),
        ({"on": "2026-02-30"}, "wrong_fact", "on"),
        ({"on": "9999-12-31"}, "wrong_fact", "on"),
        ({"at": "0001-01-01T00:00"}, "wrong_fact", "at"),
        ({"promise_ends_on": "9999-01-01"}, "wrong_fact", "promise_ends_on"),
        ({"price": "1e999999"}, "wrong_fact", "price"),
        ({"price": "NaN"}, "wrong_fact", "price"),
        ({"price": "1e-400"}, "wrong_fact", "price"),
        ({"km": 10**13}, "wrong_fact", "km"),
        ({"km": -1}, "negative_fact", "km"),
        ({"contract": 5}, "wrong_fact", "contract"),
        ({"internal": "yes"}, "wrong_fact", "internal"),
        ({"sold_on": "2026-03-05", "installed_on": "2026-03-01", "on": "2026-02-01"}, "facts_out_of_order", "on"),
        ({"history": {}}, "wrong_fact", "history"),
        ({"history": [{"what": "stolen"}]}, "unknown_happening", "history.0"),
        ({"history": [{"what": []}]}, "unknown_happening", "history.0"),
        ({"history": [SOLD | {"colour": "red"}]}, "unknown_fact", "history.0"),
        ({"history": [{"what": "sold"}]}, "wrong_fact", "history.0"),
        ({"history": [{"what": "sold", "on": 5}]}, "wrong_fact", "history.0.on"),
        (
            {"history": [{"what": "repair_begun", "repair": "R", "at": "2026-03-01T09:00", "fault": {"cod": "x"}}]},
            "unknown_fact",
            "history.0.fault",
        ),
        ({"fault": {"code": "x", "sever": True}}, "unknown_fact", "fault"),
    ],
    ids=str,
)
def test_it_refuses_by_name_what_it_cannot_read(given: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_question({"product_class": "refrigerator"} | given, at=NOW)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert str(refused.value)
