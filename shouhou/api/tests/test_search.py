"""The one search over everything, in all branches of the caller and in no other."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shouhou.access.permissions import Role
from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from tests.cast import PHONE, Cast, Crew

KINDS = ("orders", "customers", "assets")


def _found(caller: Caller, q: str) -> dict[str, list[str]]:
    answer = caller.get("/search", q=q).json()
    return {kind: [row["id"] for row in answer[kind]] for kind in KINDS}


@pytest.mark.parametrize("q", ["王建华", "建华", "wjh", "wangjianhua", PHONE, PHONE[-4:]])
def test_a_customer_is_found_with_his_orders(q: str, clerk: Caller, qd: Crew) -> None:
    order = qd.receive(at=timezone.now())
    assert _found(clerk, q) == {"orders": [str(order.id)], "customers": [str(qd.customer.id)], "assets": []}


def test_a_unit_is_found_with_whose_it_is(clerk: Caller, qd: Crew) -> None:
    answer = clerk.get("/search", q=qd.unit.serial).json()
    assert [(row["id"], row["customer"]["name"]) for row in answer["assets"]] == [(str(qd.unit.id), "王建华")]
    assert answer["exact_id"] is None


def test_a_whole_number_leads_to_its_order(clerk: Caller, qd: Crew) -> None:
    order, _other = (qd.receive(at=timezone.now()) for _ in range(2))
    answer = clerk.get("/search", q=order.number.lower()).json()
    assert answer["exact_id"] == str(order.id)
    assert [row["number"] for row in answer["orders"]] == [order.number]


def test_it_ends_at_the_wall(cast: Cast, clerk: Caller) -> None:
    foreign = cast.jn.receive(at=timezone.now())
    for q in (foreign.number, "刘芳", cast.jn.unit.serial):
        theirs = {str(foreign.id), str(cast.jn.customer.id), str(cast.jn.unit.id)}
        assert not theirs & {one for ids in _found(clerk, q).values() for one in ids}, q
    headquarters = caller_for(cast.headquarters[Role.HQ])
    assert _found(headquarters, foreign.number)["orders"] == [str(foreign.id)]


def test_phones_are_masked_and_addresses_left_out(clerk: Caller, qd: Crew) -> None:
    response = clerk.get("/search", q="王建华")
    assert response.json()["customers"][0]["phone"] == "138****2071"
    assert PHONE not in response.content.decode()
    assert qd.site.address not in response.content.decode()


def test_a_scope_narrows_it(qd: Crew) -> None:
    qd.receive(at=timezone.now())
    narrow = caller_for(qd.clerk, scopes=["customers.see_customer"])
    assert _found(narrow, "王建华") == {"orders": [], "customers": [str(qd.customer.id)], "assets": []}
    assert_problem(caller_for(qd.clerk, scopes=["forms.print_form"]).get("/search", q="王"), 403, "not_permitted")


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "x" * 101}, {"q": "王", "limit": 21}, {"q": "王", "limit": 0}])
def test_it_refuses_a_search_without_measure(query: dict[str, Any], clerk: Caller) -> None:
    assert_problem(clerk.get("/search", **query), 422, "invalid_input")


def test_its_cost_does_not_grow_with_what_is_found(clerk: Caller, qd: Crew) -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            qd.receive(at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            rows = clerk.get("/search", q="王建华", limit=20).json()["orders"]
        counts.append((len(rows), len(queries)))
    assert [rows for rows, _queries in counts] == [5, 10]
    assert counts[0][1] == counts[1][1]
