"""The same facts through the page's query, the API and the command line: one answer."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from shouhou.api.tests.conftest import Caller, caller_for
from shouhou.assets.queries import get_asset
from shouhou.cli.commands import shouhou
from shouhou.entitlements.queries import coverage_of
from shouhou.entitlements.rules.answers import answer_of, cited_by
from shouhou.entitlements.rules.documents import write_question
from tests.cast import Crew

EXAMPLES = Path(__file__).parents[1] / "shouhou" / "entitlements" / "examples"


@pytest.fixture
def clerk(qd: Crew) -> Caller:
    return caller_for(qd.clerk)


def test_web_api_and_command_line_agree(clerk: Caller, qd: Crew, tmp_path: Path) -> None:
    """The unit as a page asks, then its question as a document by the other two ways."""
    unit = get_asset(qd.unit.id, by=qd.clerk)
    coverage = coverage_of(unit, branch=unit.branch, at=timezone.now())
    question = write_question(coverage.question)
    inside = {"question": question, "answer": answer_of(coverage), "rules": cited_by(coverage), "outlook": None}
    file = tmp_path / "unit.json"
    file.write_text(json.dumps(question), encoding="utf-8")
    printed = CliRunner().invoke(shouhou, ["entitle", str(file), "--company", "--json"])
    assert json.loads(printed.stdout) == inside
    assert clerk.post("/entitlements/verdicts", question).json() == inside


@pytest.mark.parametrize("name", ["refrigerator", "family_car", "furniture", "mobile_phone"])
def test_the_examples_of_the_documentation_agree_too(name: str, clerk: Caller) -> None:
    printed = CliRunner().invoke(shouhou, ["entitle", str(EXAMPLES / f"{name}.yaml"), "--json"])
    told: Any = json.loads(printed.stdout)
    assert clerk.post("/entitlements/verdicts", told["question"]).json() == told
