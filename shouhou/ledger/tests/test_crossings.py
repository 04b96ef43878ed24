from datetime import timedelta
from typing import Any

import pytest

from shouhou.access.actors import Actor, product_itself
from shouhou.access.models import Branch
from shouhou.access.permissions import Role
from shouhou.access.queries import BranchClosed
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted
from shouhou.ledger import actions
from shouhou.ledger.models import Crossing, JournalEntry, LedgerAccount
from shouhou.ledger.queries import find_crossings_due, received_entry
from shouhou.ledger.rules import Reference, credit, debit
from shouhou.ledger.tests.conftest import Books, yuan
from shouhou.ledger.verifying import find_ledger_faults, find_open_clearings
from tests.cast import NOW, Crew, refuses, unchanged

LATER = NOW + timedelta(minutes=5)


def send(books: Books, others: Books, amount: str | int = 30, **told: Any) -> Crossing:
    """From the bank of one branch to the bank of the other."""
    given: dict[str, Any] = {"key": "across", "by": books.accountant, "at": NOW, "into_kind": "bank", **told}
    out = given.pop("out", None) or credit(books.of("bank"), yuan(amount))
    to, owner = given.pop("to", others.branch), given.pop("into_owner", Reference("owner", "1"))
    return actions.send_across(out, to=to, into_owner=owner, **given)


@pytest.fixture
def worker(books: Books, others: Books) -> Actor:
    return product_itself(channel="worker")


def carry(crossing: Crossing, worker: Actor) -> None:
    actions.receive_crossing(crossing, by=worker, at=LATER)
    actions.confirm_crossing(crossing, by=worker, at=LATER)


def between(books: Books, others: Books, kind: str) -> str:
    """What stands on an account of the first branch with the second."""
    rows = LedgerAccount.objects.filter(branch=books.branch, kind=kind, owner_id=str(others.branch.id))
    return str(rows.get().balance.amount)


def sound(*all_books: Books) -> None:
    for books in all_books:
        assert list(find_ledger_faults(books.branch)) == []


def test_it_leaves_one_branch_and_is_on_its_way(books: Books, others: Books) -> None:
    crossing = send(books, others)
    assert books.now("bank").balance == yuan(-30)
    assert between(books, others, "branch_clearing") == "30.00"
    assert not JournalEntry.objects.filter(branch=others.branch).exists()
    (open_one,) = find_open_clearings(books.branch, at=LATER)
    assert (open_one.kind, open_one.since) == ("branch_clearing", NOW)
    assert list(find_crossings_due(books.branch, at=NOW)) == [crossing]
    sound(books, others)


def test_it_arrives_and_nothing_is_left_on_its_way(books: Books, others: Books, worker: Actor) -> None:
    crossing = send(books, others)
    carry(crossing, worker)
    assert (books.now("bank").balance, others.now("bank").balance) == (yuan(-30), yuan(30))
    assert between(books, others, "branch_clearing") == "0.00"
    assert (between(books, others, "branch_current"), between(others, books, "branch_current")) == ("30.00", "-30.00")
    assert Crossing.objects.get().arrived_at == LATER
    assert not find_crossings_due(books.branch, at=LATER).exists()
    assert find_open_clearings(books.branch, at=LATER) == []
    sound(books, others)


def test_a_debt_may_cross_too(books: Books, others: Books, worker: Actor) -> None:
    """A seller's deposit moves to another branch: less is owed here, more there."""
    books.deposit(100)
    out = debit(books.of("seller_deposit"), yuan(40))
    carry(send(books, others, out=out, into_kind="seller_deposit"), worker)
    assert (books.now("seller_deposit").balance, others.now("seller_deposit").balance) == (yuan(60), yuan(40))
    sound(books, others)


def test_received_and_not_yet_confirmed_both_sides_agree(books: Books, others: Books, worker: Actor) -> None:
    crossing = send(books, others)
    actions.receive_crossing(crossing, by=worker, at=LATER)
    assert between(others, books, "branch_current") == "-30.00"
    sound(books, others)


def test_each_step_may_be_repeated(books: Books, others: Books, worker: Actor) -> None:
    crossing = send(books, others)
    assert send(books, others) == crossing
    carry(crossing, worker)
    with unchanged():
        assert send(books, others) == crossing
        carry(crossing, worker)
    sound(books, others)


def test_the_same_key_with_another_body_is_refused(books: Books, others: Books) -> None:
    send(books, others)
    for told in ({"amount": 31}, {"memo": "另一笔"}, {"into_kind": "branch_cash"}):
        with refuses(actions.KeyUsedOtherwise):
            send(books, others, **told)


def test_it_is_not_confirmed_before_it_is_received(books: Books, others: Books, worker: Actor) -> None:
    crossing = send(books, others)
    with refuses(actions.CrossingNotReceived):
        actions.confirm_crossing(crossing, by=worker, at=LATER)


def test_what_the_account_over_there_cannot_take_is_not_yet_explained(
    books: Books, others: Books, worker: Actor
) -> None:
    """It was to pay a debt of 30 that has been paid in the meantime."""
    crossing = send(books, others, into_kind="compensation_payable")
    carry(crossing, worker)
    suspense = LedgerAccount.objects.get(branch=others.branch, kind="suspense")
    assert (suspense.balance, suspense.owner) == (yuan(30), crossing.as_source)
    assert [one.kind for one in find_open_clearings(others.branch, at=LATER)] == ["suspense"]
    sound(books, others)


def test_more_than_there_is_cannot_be_sent(books: Books, others: Books) -> None:
    books.deposit(10)
    with refuses(actions.BalanceTooLow):
        send(books, others, out=debit(books.of("seller_deposit"), yuan(11)), into_kind="seller_deposit")


@pytest.mark.parametrize("kind", ["branch_current", "branch_clearing"])
def test_it_goes_to_no_account_between_branches(books: Books, others: Books, kind: str) -> None:
    with refuses(actions.OnlyByCrossing):
        send(books, others, into_kind=kind)


@pytest.mark.parametrize("kind", ["branch_current", "branch_clearing"])
def test_no_entry_of_its_own_touches_them(books: Books, kind: str) -> None:
    books.of(kind)
    with refuses(actions.OnlyByCrossing):
        books.post(kind, "bank", 1)


def test_its_entries_are_not_reversed(books: Books, others: Books, worker: Actor) -> None:
    crossing = send(books, others)
    carry(crossing, worker)
    entry = received_entry(crossing)
    assert entry
    with refuses(actions.CrossingStays):
        actions.reverse_entry(entry.id, key="back", reason="误汇", by=others.accountant, at=LATER)


def test_it_refuses_the_same_branch_a_closed_one_and_an_unknown_kind(books: Books, others: Books) -> None:
    with refuses(actions.CrossingStaysHere):
        send(books, others, to=books.branch)
    with refuses(UnknownChoice):
        send(books, others, into_kind="piggy_bank")
    with refuses(actions.OwnerMissing):
        send(books, others, into_owner=Reference("", ""))
    Branch.objects.filter(id=others.branch.id).update(closed_at=NOW)
    with refuses(BranchClosed):
        send(books, others)


def test_who_may_not_send_is_refused(books: Books, others: Books, qd: Crew) -> None:
    with refuses(NotPermitted):
        send(books, others, by=qd.actors[Role.CLERK])


def test_what_cannot_be_booked_is_tried_later_and_later(books: Books, others: Books) -> None:
    crossing = send(books, others)
    for waited in (1, 2, 4):
        actions.put_off_crossing(crossing, at=NOW)
        crossing.refresh_from_db()
        assert crossing.next_try_at == NOW + timedelta(minutes=waited)
    for _ in range(20):
        actions.put_off_crossing(crossing, at=NOW)
        crossing.refresh_from_db()
    assert crossing.next_try_at == NOW + timedelta(hours=6)
    assert not find_crossings_due(books.branch, at=NOW).exists()
