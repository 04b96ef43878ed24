"""The books over the API: accounts, the statement page by page, an entry and what took it back, holds, the proof."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.utils import timezone

from shouhou.access.permissions import Role
from shouhou.api.tests.conftest import Caller, assert_problem, caller_for
from shouhou.ledger.actions import reverse_entry
from tests.bookkeeping import named_in_books
from tests.cast import Crew

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(qd: Crew) -> dict[str, Any]:
    return named_in_books(qd)


@pytest.fixture
def accountant(qd: Crew) -> Caller:
    return caller_for(qd.actors[Role.ACCOUNTANT])


def test_accounts_by_kind_with_what_is_free_of_them(accountant: Caller, named: dict[str, Any]) -> None:
    every = accountant.get("/ledger/accounts", branch="QD").json()["rows"]
    assert {one["kind"] for one in every} == {"bank", "seller_deposit", "compensation_payable"}
    (deposit,) = accountant.get("/ledger/accounts", branch="QD", kind="seller_deposit").json()["rows"]
    assert (deposit["balance"], deposit["held"], deposit["available"]) == ("100.00", "10.00", "90.00")
    assert deposit == accountant.get(f"/ledger/accounts/{named['account_id']}").json()


def test_a_statement_goes_on_where_the_page_before_ended(accountant: Caller, named: dict[str, Any]) -> None:
    path = f"/ledger/accounts/{named['account_id']}/statement"
    whole = accountant.get(path).json()
    assert [(one["growth"], one["balance"]) for one in whole["rows"]] == [("90.00", "90.00"), ("10.00", "100.00")]
    first = accountant.get(path, limit=1).json()
    second = accountant.get(path, limit=1, cursor=first["next_cursor"]).json()
    assert (first["opening"], second["opening"], second["next_cursor"]) == ("0.00", "90.00", None)
    assert first["rows"] + second["rows"] == whole["rows"]


def test_a_statement_of_a_time_in_which_nothing_happened_says_what_stood_there(
    accountant: Caller, named: dict[str, Any]
) -> None:
    path = f"/ledger/accounts/{named['account_id']}/statement"
    nothing = accountant.get(f"{path}?{urlencode({'since': timezone.now().isoformat()})}").json()
    assert (nothing["opening"], nothing["rows"]) == ("100.00", [])
    before = accountant.get(f"{path}?{urlencode({'until': '2020-01-01T00:00:00+08:00'})}").json()
    assert (before["opening"], before["rows"]) == ("0.00", [])
    assert_problem(accountant.get(path, since="yesterday"), 422, "invalid_input")


def test_an_entry_names_what_took_it_back(accountant: Caller, qd: Crew, named: dict[str, Any]) -> None:
    path = f"/ledger/entries/{named['journal_id']}"
    entry = accountant.get(path).json()
    assert sorted(one["amount"] for one in entry["postings"]) == ["-10.00", "10.00"]
    assert (entry["memo"], entry["reversed_by_id"]) == ("缴存", None)
    told: dict[str, Any] = {"by": qd.actors[Role.ACCOUNTANT], "at": timezone.now()}
    taken = reverse_entry(named["journal_id"], key="back", reason="重复入账", **told)
    assert UUID(accountant.get(path).json()["reversed_by_id"]) == taken.id
    assert accountant.get(f"/ledger/entries/{taken.id}").json()["reverses_id"] == str(named["journal_id"])


def test_holds_by_how_they_stand_and_the_proof(accountant: Caller, named: dict[str, Any]) -> None:
    (hold,) = accountant.get("/ledger/holds", branch="QD", status="pending").json()["rows"]
    assert (hold["id"], hold["amount"], hold["currency"]) == (str(named["hold_id"]), "10.00", "CNY")
    assert accountant.get("/ledger/holds", branch="QD", status="posted").json()["rows"] == []
    assert hold == accountant.get(f"/ledger/holds/{named['hold_id']}").json()
    proof = accountant.get("/ledger/proof", branch="QD").json()
    assert proof == {"right": True, "faults": [], "more": False, "open_clearings": []}


def test_who_does_not_read_the_books_is_told_so(qd: Crew, named: dict[str, Any]) -> None:
    clerk = caller_for(qd.clerk)
    for path in ("accounts?branch=QD", f"accounts/{named['account_id']}/statement", "proof?branch=QD"):
        assert_problem(clerk.get(f"/ledger/{path}"), 403, "not_permitted")
