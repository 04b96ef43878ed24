"""What docs/entitlements.md shows is true."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.documents import read_question
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.schema.marked import read_marked

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "entitlements.md").read_text(encoding="utf-8")
DOCUMENTS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("text", DOCUMENTS)
def test_the_documents_that_it_shows_are_answered(text: str) -> None:
    given = read_marked(text, file="facts.yaml").content
    assert entitle(shipped_book(), read_question(given, at=datetime(2026, 11, 23, tzinfo=UTC))).work_class == "C"


def test_it_shows_two() -> None:
    assert len(DOCUMENTS) == 2
