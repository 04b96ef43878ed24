"""What the database refuses, whoever writes to it and however: rows straight into the tables, past every action."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from shouhou.kernel.ids import uuid7
from shouhou.ledger import guards
from shouhou.ledger.models import Hold, HoldMove, JournalEntry, LedgerAccount, Posting
from shouhou.ledger.tests.conftest import Books
from shouhou.ledger.verifying import find_ledger_faults
from tests.cast import NOW, unchanged

type Plan = list[tuple[str, int]]


def write(books: Books, plan: Plan, *, lines: int | None = None, **told: Any) -> UUID:
    """An entry as raw rows: postings (kind of account, minor units), then the entry itself."""
    key = uuid7()
    for number, (kind, amount) in enumerate(plan, start=1):
        add(books, key, kind, amount, line=number)
    JournalEntry.objects.create(
        **{
            "id": key,
            "branch": books.branch,
            "key": str(key),
            "fingerprint": bytes(32),
            "lines": len(plan) if lines is None else lines,
            "at": NOW,
            **told,
        }
    )
    return key


def add(books: Books, entry: UUID, kind: str, amount: int, **told: Any) -> None:
    Posting.objects.create(
        **{
            "branch": books.branch,
            "entry_id": entry,
            "account_id": books.of(kind),
            "line": 9,
            "amount_minor": amount,
            "currency": "CNY",
            "at": NOW,
            **told,
        }
    )


def settle() -> None:
    """What the database looks at when a transaction ends, it looks at now."""
    connection.check_constraints()


@transaction.atomic
def attempt(act: Callable[[], Any]) -> None:
    act()
    settle()


def refused(act: Callable[[], Any], match: str) -> None:
    settle()
    with unchanged(), pytest.raises(DatabaseError, match=match):
        attempt(act)


BALANCED = [("bank", 500), ("seller_deposit", -500)]


def test_a_balanced_entry_is_taken(books: Books) -> None:
    write(books, BALANCED)
    settle()
    assert books.now("bank").balance_minor == books.now("seller_deposit").balance_minor == 500
    assert books.now("bank").version == 1


@pytest.mark.parametrize(
    ("plan", "lines", "match"),
    [
        ([("bank", 500), ("seller_deposit", -499)], None, "debit and credit differ"),
        ([("bank", 500), ("seller_deposit", -499), ("seller_deposit", -2)], None, "debit and credit differ"),
        ([("bank", 500)], 1, "ledger_entry_two_lines|debit and credit differ"),
        ([], 2, "not those it says"),
        (BALANCED, 3, "not those it says"),
        ([*BALANCED, ("bank", 0)], None, "ledger_posting_amount"),
    ],
)
def test_an_entry_that_does_not_add_up_is_refused(books: Books, plan: Plan, lines: int | None, match: str) -> None:
    refused(lambda: write(books, plan, lines=lines), match)


def test_a_posting_needs_an_entry(books: Books) -> None:
    refused(lambda: add(books, uuid7(), "bank", 500), "foreign key|not those it says")


def test_no_posting_joins_an_entry_that_is_closed(books: Books) -> None:
    key = write(books, BALANCED)

    def join() -> None:
        for amount in (1, -1):
            add(books, key, "bank", amount, line=5 + amount)

    refused(join, "its entry is closed")


def test_postings_have_the_time_of_their_entry(books: Books) -> None:
    refused(lambda: write(books, BALANCED, at=NOW.replace(year=2027)), "not those it says")


def test_currencies_do_not_balance_each_other(books: Books) -> None:
    dollars = books.open("bank", currency="USD").id

    def mix() -> None:
        key = uuid7()
        add(books, key, "bank", 500, line=1, account_id=dollars, currency="USD")
        add(books, key, "seller_deposit", -500, line=2)
        JournalEntry.objects.create(id=key, branch=books.branch, key="k", fingerprint=bytes(32), lines=2, at=NOW)

    refused(mix, "debit and credit differ")


def test_an_account_takes_only_its_own_currency(books: Books) -> None:
    refused(lambda: add(books, uuid7(), "bank", 500, currency="USD"), "another currency")


def test_a_posting_on_an_account_of_another_branch_is_refused(books: Books, others: Books) -> None:
    def stray() -> None:
        key = uuid7()
        add(books, key, "bank", 500, line=1)
        add(books, key, "bank", -500, line=2, account_id=others.of("bank"))
        JournalEntry.objects.create(id=key, branch=books.branch, key="k", fingerprint=bytes(32), lines=2, at=NOW)

    refused(stray, "wall_ledger_posting_account_id")


def test_an_entry_with_a_posting_of_another_branch_is_refused(books: Books, others: Books) -> None:
    def stray() -> None:
        key = uuid7()
        add(books, key, "bank", 500, line=1)
        add(others, key, "bank", -500, line=2)
        JournalEntry.objects.create(id=key, branch=books.branch, key="k", fingerprint=bytes(32), lines=2, at=NOW)

    refused(stray, "wall_ledger_posting_entry_id")


def test_a_balance_below_zero_is_refused_where_it_may_not_be(books: Books) -> None:
    write(books, BALANCED)
    overdraw = [("seller_deposit", 501), ("bank", -501)]
    refused(lambda: write(books, overdraw), "ledger_account_not_below_zero")
    write(books, [("seller_deposit", 500), ("bank", -500)])
    write(books, [("compensation_cost", 500), ("bank", -500)])
    settle()
    assert books.now("bank").balance_minor == -500


def test_what_is_held_cannot_be_paid_out_or_held_again(books: Books) -> None:
    books.deposit(5)
    books.hold(4)
    refused(lambda: write(books, [("seller_deposit", 101), ("bank", -101)]), "ledger_account_not_below_zero")
    refused(lambda: raw_hold(books, 101), "ledger_account_not_below_zero")
    raw_hold(books, 100)
    settle()
    assert books.now("seller_deposit").held_minor == 500


def raw_hold(books: Books, amount: int, **told: Any) -> Hold:
    account = books.of("seller_deposit")
    given = {"branch": books.branch, "key": str(uuid7()), "fingerprint": bytes(32), "placed_at": NOW, **told}
    hold = Hold.objects.create(account_id=account, amount_minor=amount, **given)
    move(hold, "placed", amount)
    return hold


def move(hold: Hold, kind: str, change: int) -> None:
    HoldMove.objects.create(branch_id=hold.branch_id, hold=hold, kind=kind, change_minor=change, at=NOW)


def test_a_hold_ends_once_and_wholly(books: Books) -> None:
    books.deposit(5)
    hold = books.hold(4)
    refused(lambda: move(hold, "placed", 400), "UNIQUE|ledger_hold_begins_once")
    refused(lambda: move(hold, "voided", -399), "not that of the hold")
    move(hold, "voided", -400)
    settle()
    assert Hold.objects.get(id=hold.id).status == "voided"
    for kind in ("voided", "posted", "timed_out"):
        refused(lambda kind=kind: move(hold, kind, -400), "UNIQUE|ledger_hold|append-only")  # type: ignore[misc]


@pytest.mark.parametrize(
    "changed", [{"amount_minor": 1}, {"key": "k"}, {"expires_at": NOW.replace(year=2028)}, {"memo": "m"}]
)
def test_of_a_hold_nothing_changes_but_its_status(books: Books, changed: dict[str, Any]) -> None:
    books.deposit(5)
    hold = Hold.objects.filter(id=books.hold(4).id)
    refused(lambda: hold.update(**changed), "append-only but for its end")
    hold.update(status="voided")
    refused(lambda: hold.update(status="pending"), "append-only but for its end")


@pytest.mark.parametrize("changed", [{"currency": "USD"}, {"must_return_to_zero": True}, {"owner_id": "2"}])
def test_of_an_account_nothing_changes_but_its_totals(books: Books, changed: dict[str, Any]) -> None:
    account = LedgerAccount.objects.filter(id=books.of("bank"))
    refused(lambda: account.update(**changed), "append-only but for its totals")


@pytest.mark.parametrize("table", ["ledger_posting", "ledger_journalentry", "ledger_holdmove", "ledger_hold"])
def test_rows_are_neither_changed_nor_deleted(books: Books, table: str) -> None:
    books.deposit(5)
    books.hold(4)

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    column = "amount_minor = 0" if table == "ledger_hold" else "at = at"
    refused(lambda: run(f"UPDATE {table} SET {column}"), "append-only")
    refused(lambda: run(f"DELETE FROM {table}"), "append-only")
    if connection.vendor == "sqlite":
        refused(lambda: run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"), "append-only|closed")


def test_an_account_is_not_deleted(books: Books) -> None:
    account = books.open("receivable")
    refused(lambda: LedgerAccount.objects.filter(id=account.id)._raw_delete("default"), "append-only")


def test_the_guards_can_be_taken_away_and_put_back_by_a_migration(books: Books) -> None:
    settle()
    with connection.cursor() as cursor:
        gone, back = guards.remove(connection.vendor), guards.install(connection.vendor)
        if connection.vendor == "sqlite":  # this one the wall takes away and puts back
            gone.append('DROP TRIGGER "wall_ledger_posting_entry_id_insert"')
            back.remove('DROP TRIGGER "wall_ledger_posting_entry_id_insert"')
        for statement in gone:
            cursor.execute(statement)
        for statement in back:
            cursor.execute(statement)
    refused(lambda: write(books, [("bank", 500), ("seller_deposit", -499)]), "debit and credit differ")
    write(books, BALANCED)
    assert {one.kind for one in find_ledger_faults(books.branch)} == {"entry_without_event"}
