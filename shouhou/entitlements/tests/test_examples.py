"""The worked examples come out, and each names its article."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shouhou.entitlements.rules.answers import answer_of
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.documents import read_question
from shouhou.entitlements.tests.examples import EXAMPLES, Example
from shouhou.policies.schema.loading import shipped_book

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_there_are_enough_and_no_two_are_the_same() -> None:
    assert len(EXAMPLES) >= 60
    documents = [repr(one.document) for one in EXAMPLES]
    assert len(documents) == len(set(documents))
    assert all(one.article for one in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.article} {one.shows}")
def test_it_comes_out(example: Example) -> None:
    answer = answer_of(entitle(shipped_book(), read_question(example.document, at=NOW)))
    assert {name: found(answer, name, wanted) for name, wanted in example.expect.items()} == example.expect


def found(answer: dict[str, Any], name: str, wanted: Any) -> Any:
    remedies = {one["remedy"]: one for one in answer["remedies"]}
    match name:
        case "class":
            return answer["work_class"]
        case "until":
            return answer["last_day"]
        case "ground" | "needs":
            return answer[name]
        case "labour" | "part" | "travel":
            return next(one["payer"] for one in answer["lines"] if one["kind"] == name)
        case "has":
            return [one for one in wanted if one in remedies]
        case "lacks":
            return [one for one in wanted if one not in remedies]
        case "refund":
            refund = remedies["refund"]["refund"]
            return refund["most"] if refund["least"] == refund["most"] else refund
        case "by":
            cited = {
                version.partition("@")[0].partition(".")[2] for one in remedies.values() for version in one["rules"]
            }
            return wanted if wanted in cited else sorted(cited)
        case "unclear":
            return answer["unclear"] and answer["unclear"]["code"]
        case "days":
            return answer["counts"]["repair_days"]
    raise LookupError(name)
