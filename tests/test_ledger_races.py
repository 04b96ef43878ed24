"""What many people do to the same money at the same moment: real threads, each with its own connection and transaction."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from shouhou.access.permissions import Role
from shouhou.kernel.ids import uuid7
from shouhou.kernel.money import Money
from shouhou.ledger import actions
from shouhou.ledger.models import Hold, HoldMove, JournalEntry, LedgerAccount, Posting
from shouhou.ledger.tests.conftest import Books, books_of, yuan
from shouhou.ledger.verifying import find_ledger_faults
from tests.cast import NOW, Crew
from tests.test_races import WAVE, at_once, refused, won

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def books(qd: Crew) -> Books:
    return books_of(qd)


def sound(books: Books) -> None:
    assert not list(find_ledger_faults(books.branch))


def figures(books: Books, kind: str = "seller_deposit") -> tuple[Money, Money]:
    account = books.now(kind)
    return account.balance, account.held


def test_of_a_hundred_payouts_from_a_deposit_with_room_for_ten_ten_are_made(books: Books) -> None:
    books.deposit(1009)
    answers = at_once(*[lambda number=number: books.pay_out(100, key=f"payout {number}") for number in range(100)])
    assert [type(one) for one in won(answers)] == [JournalEntry] * 10
    assert refused(answers) == {"balance_too_low": 90}
    assert figures(books) == (yuan("9.00"), yuan("0.00"))
    assert figures(books, "compensation_payable")[0] == yuan("1000.00")
    sound(books)


def test_a_deposit_is_not_held_twice_over(books: Books) -> None:
    books.deposit(10)
    answers = at_once(*[lambda number=number: books.hold(4, key=f"hold {number}") for number in range(WAVE)])
    assert len(won(answers)) == 2
    assert refused(answers) == {"balance_too_low": WAVE - 2}
    assert figures(books) == (yuan("10.00"), yuan("8.00"))
    sound(books)


def test_a_hold_is_posted_once(books: Books) -> None:
    books.deposit(100)
    hold = books.hold(30)
    answers = at_once(*[lambda number=number: books.pay_held(hold, key=f"paid {number}") for number in range(WAVE)])
    assert len(won(answers)) == 1
    assert refused(answers) == {"hold_ended": WAVE - 1}
    assert figures(books) == (yuan("70.00"), yuan("0.00"))
    sound(books)


def test_a_hold_is_either_posted_or_voided_or_timed_out(books: Books) -> None:
    books.deposit(100)
    later = NOW.replace(year=2027)
    hold = books.hold(30, expires_at=later)
    told: dict[str, Any] = {"by": books.accountant}
    answers = at_once(
        *[lambda number=number: books.pay_held(hold, key=f"paid {number}") for number in range(3)],
        *[lambda: actions.void_hold(hold.id, reason="撤诉", at=NOW, **told)] * 3,
        *[lambda: actions.time_out_hold(hold.id, at=later, **told)] * 3,
    )
    assert len(won(answers)) == 1
    assert refused(answers) == {"hold_ended": 8}
    assert HoldMove.objects.filter(hold=hold).count() == 2
    sound(books)


def test_the_same_key_in_the_same_moment_is_one_entry(books: Books) -> None:
    answers = at_once(*[lambda: books.post("bank", "seller_deposit", 10, key="k")] * WAVE)
    assert len({one.id for one in answers}) == 1
    assert figures(books)[0] == yuan("10.00")
    sound(books)


def test_of_other_bodies_under_the_same_key_one_is_taken(books: Books) -> None:
    for kind in ("cash_in_hand", "revenue", "suspense", "receivable"):
        books.of(kind)
    acts: list[Callable[[], Any]] = [
        lambda: books.post("bank", "seller_deposit", 10, key="k"),
        lambda: books.post("bank", "seller_deposit", 11, key="k"),
        lambda: books.post("cash_in_hand", "revenue", 10, key="k"),  # meets the others at no lock
        lambda: books.post("receivable", "suspense", 10, key="k"),
    ]
    answers = at_once(*acts)
    assert len(won(answers)) == 1
    assert refused(answers) == {"ledger_key_used": 3}
    assert Posting.objects.count() == 2
    sound(books)


def test_the_same_hold_in_the_same_moment_is_placed_once(books: Books) -> None:
    books.deposit(10)
    answers = at_once(*[lambda: books.hold(10, key="h")] * WAVE)
    assert len({one.id for one in answers}) == Hold.objects.count() == 1
    sound(books)


def test_an_entry_is_reversed_once(books: Books) -> None:
    entry = books.post("bank", "seller_deposit", 10)
    answers = at_once(
        *[
            lambda number=number: actions.reverse_entry(
                entry.id, key=f"back {number}", reason="申诉成立", by=books.accountant, at=NOW
            )
            for number in range(WAVE)
        ]
    )
    assert len(won(answers)) == 1
    assert refused(answers) == {"entry_reversed_already": WAVE - 1}
    assert figures(books)[0] == yuan("0.00")
    sound(books)


def test_an_account_is_opened_once(books: Books) -> None:
    answers = at_once(*[lambda: books.open("receivable", "7")] * WAVE)
    assert len({one.id for one in answers}) == 1
    assert LedgerAccount.objects.filter(kind="receivable").count() == 1


def test_entries_that_cross_each_other_do_not_wait_in_a_ring(books: Books) -> None:
    kinds = ["bank", "receivable", "revenue"]
    pairs = [(one, other) for one in kinds for other in kinds if one != other]
    for kind in kinds:
        books.of(kind)
    answers = at_once(
        *[
            lambda take=take, give=give, number=number: books.post(take, give, 1, key=f"{take} {give} {number}")
            for take, give in pairs
            for number in range(6)
        ]
    )
    assert [type(one) for one in answers] == [JournalEntry] * 36
    assert {str(figures(books, kind)[0].amount) for kind in kinds} == {"0.00"}
    sound(books)


def test_two_transactions_cannot_fill_one_entry_between_them(books: Books, qd: Crew) -> None:
    """Raw rows on accounts of their own, so that no lock keeps them apart: each balances, and neither sees the other."""
    key = uuid7()
    kinds = {True: ("bank", "receivable"), False: ("revenue", "suspense")}
    accounts = {first: [books.of(kind) for kind in kinds[first]] for first in kinds}
    both_written = Barrier(2)

    @transaction.atomic
    def write(*, first: bool) -> None:
        for number, account in enumerate(accounts[first]):
            Posting.objects.create(
                branch=qd.branch,
                entry_id=key,
                account_id=account,
                line=number + (1 if first else 3),
                amount_minor=5 if number else -5,
                currency="CNY",
                at=NOW,
            )
        if first:
            JournalEntry.objects.create(id=key, branch=qd.branch, key="k", fingerprint=bytes(32), lines=2, at=NOW)
        if connection.vendor == "postgresql":  # SQLite has one writer at a time
            both_written.wait(10)

    answers = at_once(lambda: write(first=True), lambda: write(first=False))
    assert isinstance(answers[1], DatabaseError)
    assert answers[0] is None
    assert Posting.objects.filter(entry_id=key).count() == 2


def test_who_may_not_keep_the_books_is_refused_in_the_rush_too(books: Books, qd: Crew) -> None:
    books.deposit(100)
    answers = at_once(
        *[lambda number=number: books.pay_out(10, key=f"a {number}") for number in range(5)],
        *[lambda number=number: books.pay_out(10, key=f"b {number}", by=qd.actors[Role.CLERK]) for number in range(5)],
    )
    assert len(won(answers)) == 5
    assert refused(answers) == {"not_permitted": 5}
    sound(books)
