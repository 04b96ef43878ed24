"""The register narrowed as on the screen: each part by itself, several together, and nothing that is not known."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shouhou.api.tests.conftest import Caller, assert_problem
from tests.cast import Crew, Life


@pytest.fixture
def lives(qd: Crew) -> dict[str, Life]:
    """A week of the register, a call of each kind on its own day."""
    now = timezone.now()
    return {
        "new": qd.order("received", at=now - timedelta(minutes=5)),
        "urgent": qd.order("received", at=now - timedelta(days=2), urgent=True),
        "unclassed": qd.order("unclassed", at=now - timedelta(days=3)),
        "gas": qd.order("on_hold", at=now - timedelta(days=4), unit=qd.gas_unit),
        "sent": qd.order("dispatched", at=now - timedelta(days=5), technician=qd.colleague),
        "done": qd.order("completed", at=now - timedelta(days=6)),
        "over": qd.order("cancelled", at=now - timedelta(days=7), work_class="A"),
    }


FOUND: list[tuple[dict[str, Any], set[str]]] = [
    ({"state": "received"}, {"new", "urgent", "unclassed"}),
    ({"state": "cancelled"}, {"over"}),
    ({"state": "open"}, {"new", "urgent", "unclassed", "gas", "sent", "done"}),
    ({"state": "to_sign"}, {"done"}),
    ({"state": "carried_over"}, {"urgent", "unclassed"}),
    ({"carried_over": "true"}, {"urgent", "unclassed"}),
    ({"work_class": "A"}, {"over"}),
    ({"work_class": "none"}, {"unclassed"}),
    ({"work_type": "installation"}, {"unclassed"}),
    ({"urgent": "true"}, {"urgent"}),
    ({"product_class": "gas"}, {"gas"}),
    ({"zone": "suburb"}, set()),
    ({"zone": "city", "urgent": "true", "state": "open", "work_class": "C"}, {"urgent"}),
    ({"zone": "city", "urgent": "true", "state": "cancelled"}, set()),
]


@pytest.mark.parametrize(("query", "names"), FOUND, ids=[str(query) for query, _names in FOUND])
def test_it_finds_what_is_meant(query: dict[str, Any], names: set[str], clerk: Caller, lives: dict[str, Life]) -> None:
    assert _names(clerk, lives, **query) == names


def test_it_is_narrowed_to_the_last_technician_sent(clerk: Caller, lives: dict[str, Life], qd: Crew) -> None:
    assert _names(clerk, lives, technician_id=qd.colleague.id) == {"sent"}
    assert _names(clerk, lives, technician_id=qd.technician.id) == {"done"}


def test_both_days_belong_to_it(clerk: Caller, lives: dict[str, Life]) -> None:
    first, last = lives["sent"].order.received_on, lives["unclassed"].order.received_on
    assert _names(clerk, lives, received_from=first, received_to=last) == {"sent", "gas", "unclassed"}
    assert _names(clerk, lives, received_from=first, received_to=first) == {"sent"}
    assert_problem(clerk.get("/work-orders", received_from=last, received_to=first), 422, "days_reversed")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"state": "struck"}, 422, "invalid_input"),
        ({"state": ""}, 422, "invalid_input"),
        ({"work_class": "E"}, 422, "invalid_input"),
        ({"work_type": "magic"}, 422, "invalid_input"),
        ({"zone": "moon"}, 422, "invalid_input"),
        ({"urgent": "perhaps"}, 422, "invalid_input"),
        ({"received_from": "yesterday"}, 422, "invalid_input"),
        ({"product_class": "boats"}, 422, "unknown_product_class"),
        ({"technician_id": "01a20000-0000-7000-8000-000000000000"}, 404, "technician_not_found"),
        ({"status": "received"}, 422, "invalid_input"),
    ],
    ids=str,
)
def test_it_refuses_what_it_does_not_know(query: dict[str, str], status: int, code: str, clerk: Caller) -> None:
    problem = assert_problem(clerk.get("/work-orders", **query), status, code)
    assert problem["field"] == next(iter(query))


def _names(clerk: Caller, lives: dict[str, Life], **query: Any) -> set[str]:
    rows = clerk.get("/work-orders", limit=100, **query).json()["rows"]
    by_id = {str(life.id): name for name, life in lives.items()}
    return {by_id[row["id"]] for row in rows}
