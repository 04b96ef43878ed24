from datetime import timedelta
from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.cli.tests.conftest import Invoke
from shouhou.cli.tests.test_verify import unguarded
from shouhou.ledger.actions import open_account, post_entry
from shouhou.ledger.rules import Reference, credit, debit
from tests.bookkeeping import TEN, keep_books, send_money
from tests.cast import NOW, Crew


@pytest.fixture
def kept(qd: Crew) -> Crew:
    keep_books(qd)
    return qd


def accounts(invoke: Invoke, *options: str) -> Any:
    return invoke("ledger", "accounts", "QD", "--json", *options).json


def test_sound_books_hold(kept: Crew, invoke: Invoke) -> None:
    printed = invoke("ledger", "verify", "--json")
    assert printed.code == 0
    assert printed.json["holds"] is True
    assert printed.json["checked"] == {"accounts": 3, "entries": 4, "postings": 8, "holds": 1}
    assert invoke("ledger", "verify").code == 0


def test_a_fault_ends_with_code_1_and_is_named(kept: Crew, invoke: Invoke) -> None:
    with unguarded(Event):
        Event.objects.filter(verb="ledger.entry.posted", data__key="paid in").delete()
    printed = invoke("ledger", "verify", "--json")
    assert (printed.code, printed.json["faults"]) == (1, {"entry_without_event": 1})
    assert printed.json["findings"][0]["detail"] == "paid in"
    text = invoke("ledger", "verify")
    assert text.code == 1
    assert "entry_without_event" in text.out


def test_an_open_clearing_account_is_listed_and_no_fault(kept: Crew, invoke: Invoke) -> None:
    told: dict[str, Any] = {"by": kept.actors[Role.ACCOUNTANT], "at": NOW - timedelta(days=3)}
    bank, clearing = (
        open_account(kept.branch, kind=kind, owner=Reference("shop", "1"), **told).id for kind in ("bank", "suspense")
    )
    post_entry([debit(clearing, TEN), credit(bank, TEN)], key="unexplained", **told)
    printed = invoke("ledger", "verify", "--json")
    assert (printed.code, printed.json["holds"]) == (0, True)
    (found,) = printed.json["clearings"]
    assert (found["kind"], found["balance"], found["owner"]) == ("suspense", "10.00", "shop:1")
    assert found["since"].startswith("2026-11-20")
    assert "suspense" in invoke("ledger", "verify").out


def test_money_on_its_way_is_listed_and_no_fault(kept: Crew, jn: Crew, invoke: Invoke) -> None:
    send_money(kept, jn)
    printed = invoke("ledger", "verify", "--json")
    assert (printed.code, printed.json["holds"]) == (0, True)
    (found,) = printed.json["on_their_way"]
    assert (found["from"], found["to"]) == (str(kept.branch.id), str(jn.branch.id))
    assert (found["amount"], found["currency"], found["tries"]) == ("10.00", "CNY", 0)
    assert "JN" in invoke("ledger", "verify").out


def test_accounts_of_a_branch(kept: Crew, invoke: Invoke) -> None:
    found = {one["kind"]: one for one in accounts(invoke)}
    assert (found["bank"]["balance"], found["seller_deposit"]["balance"]) == ("10.00", "0.00")
    assert [one["kind"] for one in accounts(invoke, "--kind", "bank")] == ["bank"]
    assert "shop:1" in invoke("ledger", "accounts", "QD").out
    assert invoke("ledger", "accounts", "XX").code == 1


def test_a_statement_by_days_of_the_branch(kept: Crew, invoke: Invoke) -> None:
    (bank,) = accounts(invoke, "--kind", "bank")
    printed = invoke("ledger", "statement", bank["id"], "--from", "2026-11-23", "--until", "2026-11-24", "--json").json
    assert (printed["from"], printed["until"]) == ("2026-11-23T00:00:00+08:00", "2026-11-24T00:00:00+08:00")
    assert (printed["opening"], printed["closing"]) == ("0.00", "10.00")
    assert [line["growth"] for line in printed["lines"]] == ["10.00", "10.00", "-10.00"]
    after = invoke("ledger", "statement", bank["id"], "--from", "2026-11-24", "--json").json
    assert (after["opening"], after["lines"], after["closing"]) == ("10.00", [], "10.00")
    assert "重复入账" in invoke("ledger", "statement", bank["id"], "--from", "2026-11-23").out


@pytest.mark.parametrize(
    "arguments",
    [
        ["01a20a56-556d-7700-9405-6c15fe356276", "--from", "2026-11-23"],
        ["BANK", "--from", "2026-11-24", "--until", "2026-11-23"],
    ],
)
def test_what_cannot_be_stated_is_explained(kept: Crew, invoke: Invoke, arguments: list[str]) -> None:
    (bank,) = accounts(invoke, "--kind", "bank")
    printed = invoke("ledger", "statement", *[bank["id"] if one == "BANK" else one for one in arguments])
    assert printed.code == 1
    assert printed.err
