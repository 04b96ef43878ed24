"""Repair cards over the API: the list by where they are, the whole card, and what is refused."""

from typing import Any

import pytest

from shouhou.api.tests.conftest import Caller, assert_problem
from tests.cast import Crew, unchanged
from tests.workshop_acts import AS_IT_IS, card, hang_cards

pytestmark = pytest.mark.one_database


def test_cards_are_listed_by_where_they_are(supervisor: Caller, qd: Crew) -> None:
    one = card(qd, "parts")
    (row,) = supervisor.get("/repair-cards", branch="QD", status="parts").json()["rows"]
    assert (row["number"], row["status"], row["outcome"]) == (one.card.number, "parts", None)
    assert supervisor.get("/repair-cards", branch="QD", status="queued").json()["rows"] == []
    assert supervisor.get("/repair-cards", branch="QD", status="lost").status_code == 422


def test_a_card_tells_everything_that_is_on_it(supervisor: Caller, qd: Crew) -> None:
    hang_cards(qd)
    listed = supervisor.get("/repair-cards", branch="QD").json()["rows"][0]
    whole: dict[str, Any] = supervisor.get(f"/repair-cards/{listed['id']}").json()
    assert whole.items() >= listed.items()
    assert [one["work_class"] for one in whole["stretches"]] == ["C"]
    assert [(one["part"], one["quantity"]) for one in whole["parts_used"]] == [("CBB65-35", "1.000")]
    assert [(one["agreed"], one["amount"]) for one in whole["questions"]] == [(True, "380.00")]
    assert [one["what"] for one in whole["waits"]] == ["水箱"]
    assert [(one["passed"], one["reason"]) for one in whole["inspections"]] == [(False, "仍有渗水")]
    assert "gas_tight" in whole["inspection_list"]


def test_a_missing_step_is_named(supervisor: Caller, qd: Crew) -> None:
    one = card(qd, "to_inspect")
    with unchanged():
        early = supervisor.call("POST", f"/repair-cards/{one.key}/work", {})
        missing = supervisor.call("POST", f"/repair-cards/{one.key}/inspection", {"checks": AS_IT_IS})
    assert_problem(early, 409, "card_in_wrong_state")
    assert_problem(missing, 422, "checks_missing")
