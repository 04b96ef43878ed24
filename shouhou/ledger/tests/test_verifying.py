from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from shouhou.access.actors import product_itself
from shouhou.audit import append_only
from shouhou.audit.models import Event
from shouhou.ledger import actions, guards
from shouhou.ledger.models import Crossing, Hold, HoldMove, JournalEntry, LedgerAccount, Posting
from shouhou.ledger.rules import Reference, credit
from shouhou.ledger.tests.conftest import Books, yuan
from shouhou.ledger.verifying import count_checked, find_ledger_faults, find_open_clearings
from tests.cast import NOW

DAY = timedelta(days=1)
GROWS_ONLY = ("ledger_posting", "ledger_journalentry", "ledger_holdmove", "audit_event")


@contextmanager
def unguarded() -> Iterator[None]:
    """As someone with the database administrator's password would do it; checks and foreign keys stay."""
    vendor = connection.vendor
    gone = guards.remove(vendor)
    back = guards.install(vendor)
    if vendor == "sqlite":
        gone.append('DROP TRIGGER "wall_ledger_posting_entry_id_insert"')
        back = back[1:]
    gone += [statement for table in GROWS_ONLY for statement in append_only.remove(vendor, table)]
    back += [statement for table in GROWS_ONLY for statement in append_only.install(vendor, table)]
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in gone:
            cursor.execute(statement)
        yield
        for statement in back:
            cursor.execute(statement)


@pytest.fixture
def kept(books: Books) -> Books:
    """Books with an entry, a reversal, and a hold of every end."""
    books.deposit(1000)
    entry = books.pay_out(30, key="payout")
    actions.reverse_entry(entry.id, key="back", reason="申诉成立", by=books.accountant, at=NOW)
    books.hold(10, key="pending")
    books.pay_held(books.hold(20, key="posted"), amount=yuan(15), key="paid")
    actions.void_hold(books.hold(30, key="voided").id, reason="撤诉", by=books.accountant, at=NOW)
    actions.time_out_hold(books.hold(5, key="late", expires_at=NOW + DAY).id, by=books.accountant, at=NOW + DAY)
    return books


def faults(books: Books) -> dict[str, int]:
    return dict(Counter(one.kind for one in find_ledger_faults(books.branch)))


def entry_of(books: Books, key: str) -> JournalEntry:
    return JournalEntry.objects.get(branch=books.branch, key=key)


def test_sound_books_hold(kept: Books, others: Books) -> None:
    assert faults(kept) == faults(others) == {}
    assert count_checked() == {"accounts": 6, "entries": 4, "postings": 8, "holds": 4}


def _posting(books: Books, key: str, line: int = 1) -> Any:
    return Posting.objects.filter(entry=entry_of(books, key), line=line)


def _add_posting(books: Books) -> None:
    entry = entry_of(books, "payout")
    Posting.objects.create(
        branch=books.branch, entry=entry, account_id=books.of("bank"), line=3, amount_minor=1, currency="CNY", at=NOW
    )


def _remove_entry(books: Books) -> None:
    entry = entry_of(books, "paid")
    Posting.objects.filter(entry=entry).delete()
    JournalEntry.objects.filter(id=entry.id).delete()


def _remove_hold(books: Books) -> None:
    hold = Hold.objects.get(key="voided")
    HoldMove.objects.filter(hold=hold).delete()
    Hold.objects.filter(id=hold.id).delete()


def _hold(name: str, **changed: Any) -> Callable[[Books], Any]:
    return lambda _books: Hold.objects.filter(key=name).update(**changed)


def _entry(name: str, **changed: Any) -> Callable[[Books], Any]:
    return lambda books: JournalEntry.objects.filter(branch=books.branch, key=name).update(**changed)


def _account(kind: str, **changed: Any) -> Callable[[Books], Any]:
    return lambda books: LedgerAccount.objects.filter(id=books.of(kind)).update(**changed)


def _forget(books: Books, key: str) -> None:
    Event.objects.filter(chain_id=entry_of(books, key).id).delete()


def _tell_otherwise(books: Books) -> None:
    event = Event.objects.get(chain_id=entry_of(books, "paid").id)
    Event.objects.filter(id=event.id).update(data={**event.data, "fingerprint": "00"})


# What somebody does to the tables, and what is found.
PLANTED: dict[str, tuple[Callable[[Books], Any], dict[str, int]]] = {
    "a line raised": (
        lambda books: _posting(books, "paid").update(amount_minor=1600),
        {"entry_unbalanced": 1, "balance_differs": 1, "entry_altered": 1},
    ),
    "a line moved to another account": (
        lambda books: _posting(books, "paid", 2).update(account_id=books.of("bank")),
        {"balance_differs": 2, "entry_altered": 1},
    ),
    "both lines raised, and the totals": (
        lambda books: (
            _posting(books, "paid").update(amount_minor=1600),
            _posting(books, "paid", 2).update(amount_minor=-1600),
            _account("seller_deposit", balance_minor=98400)(books),
            _account("compensation_payable", balance_minor=1600)(books),
        ),
        {"entry_altered": 1},
    ),
    "a line in another currency": (
        lambda books: Posting.objects.filter(entry=entry_of(books, "paid")).update(currency="USD"),
        {"posting_currency": 2, "entry_altered": 1},
    ),
    "a line added": (
        _add_posting,
        {
            "entry_unbalanced": 1,
            "entry_incomplete": 1,
            "balance_differs": 1,
            "entry_altered": 1,
            "reversal_differs": 1,
        },
    ),
    "a line taken out": (
        lambda books: _posting(books, "paid").delete(),
        {"entry_unbalanced": 1, "entry_incomplete": 1, "balance_differs": 1, "entry_altered": 1},
    ),
    "an entry taken out": (
        _remove_entry,
        {"entry_removed": 1, "balance_differs": 2, "hold_without_entry": 1},
    ),
    "a memo rewritten": (_entry("paid", memo="别的"), {"entry_altered": 1}),
    "a key rewritten": (_entry("paid", key="other"), {"entry_not_as_posted": 1}),
    "a rule rewritten": (_entry("paid", rule="r@2"), {"entry_altered": 1}),
    "a reversal of something else": (
        lambda books: _entry("back", reverses=entry_of(books, "paid"))(books),
        {"reversal_differs": 1, "entry_altered": 1},
    ),
    "an entry without its event": (lambda books: _forget(books, "paid"), {"entry_without_event": 1}),
    "an event that says something else": (_tell_otherwise, {"entry_not_as_posted": 1}),
    "a balance": (_account("bank", balance_minor=1), {"balance_differs": 1}),
    "a held amount": (_account("seller_deposit", held_minor=0), {"held_differs": 1}),
    "below zero": (
        lambda books: _account("seller_deposit", may_be_negative=True, balance_minor=-1)(books),
        {"balance_differs": 1},
    ),
    "a hold made larger": (_hold("pending", amount_minor=2000), {"hold_altered": 1, "hold_differs": 1}),
    "a hold prolonged": (_hold("late", expires_at=NOW + 9 * DAY), {"hold_altered": 1}),
    "a hold taken out": (_remove_hold, {"hold_removed": 1}),
    "a hold that ended, pending again": (_hold("voided", status="pending"), {"hold_differs": 1}),
    "a hold said to be posted": (_hold("voided", status="posted"), {"hold_differs": 1, "hold_without_entry": 1}),
    "a move taken out": (
        lambda books: HoldMove.objects.filter(hold__key="voided", kind="voided").delete(),
        {"held_differs": 1, "hold_differs": 1},
    ),
    "a move made larger": (
        lambda books: HoldMove.objects.filter(hold__key="pending").update(change_minor=1100),
        {"held_differs": 1, "hold_differs": 1},
    ),
    "a hold without its event": (
        lambda books: Event.objects.filter(chain_id=Hold.objects.get(key="pending").id).delete(),
        {"hold_without_event": 1},
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found(kept: Books, others: Books, planted: str) -> None:
    plant, expected = PLANTED[planted]
    with unguarded():
        plant(kept)
    assert faults(kept) == expected
    assert faults(others) == {}


def test_an_account_below_zero_is_found(kept: Books) -> None:
    """Not even the check on the row: it is taken away for the length of the test."""
    constraint = next(one for one in LedgerAccount._meta.constraints if one.name == "ledger_account_not_below_zero")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            _account("seller_deposit", balance_minor=-1)(kept)
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.schema_editor() as editor:
            editor.remove_constraint(LedgerAccount, constraint)
        _account("seller_deposit", balance_minor=-1)(kept)
    assert faults(kept) == {"below_zero": 1, "balance_differs": 1}


def test_a_posting_without_an_entry_is_found(kept: Books) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # a foreign key that looks away, until the roll-back
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER ALL")
    told = {"account_id": kept.of("bank"), "line": 1, "amount_minor": 1, "currency": "CNY", "at": NOW}
    orphan = Posting.objects.create(branch=kept.branch, entry_id=uuid4(), **told)
    found = faults(kept)
    assert found.pop("posting_without_entry") == 1
    assert found.pop("entry_unbalanced") == 1
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_posting ENABLE TRIGGER ALL")
        assert found == {"balance_differs": 1}
    with unguarded_without_checks():
        Posting.objects.filter(id=orphan.id).delete()


@contextmanager
def unguarded_without_checks() -> Iterator[None]:
    with connection.cursor() as cursor:
        for statement in append_only.remove(connection.vendor, "ledger_posting"):
            cursor.execute(statement)
        yield
        for statement in append_only.install(connection.vendor, "ledger_posting"):
            cursor.execute(statement)


def test_clearing_accounts_that_are_not_at_zero_are_listed_with_their_age(books: Books) -> None:
    for number, amount in enumerate([50, -50, 20, 5]):
        take, give = ("cash_in_transit", "bank") if amount > 0 else ("bank", "cash_in_transit")
        books.post(take, give, abs(amount), at=NOW + number * DAY)
    books.post("bank", "suspense", 7, at=NOW - 3 * DAY)
    books.post("suspense", "bank", 7, at=NOW)
    (found,) = find_open_clearings(books.branch, at=NOW + 10 * DAY)
    assert (found.account_id, found.balance) == (books.of("cash_in_transit"), yuan("25.00"))
    assert (found.since, found.age) == (NOW + 2 * DAY, 8 * DAY)
    books.post("bank", "cash_in_transit", 25, at=NOW + 4 * DAY)
    assert find_open_clearings(books.branch, at=NOW + 10 * DAY) == []


def test_the_oldest_clearing_comes_first_and_one_below_zero_counts_too(books: Books) -> None:
    books.post("bank", "suspense", 7, at=NOW)
    books.post("cash_in_transit", "bank", 1, at=NOW - DAY)
    found = find_open_clearings(books.branch, at=NOW)
    assert [(one.kind, str(one.balance.amount)) for one in found] == [
        ("cash_in_transit", "1.00"),
        ("suspense", "-7.00"),
    ]


@pytest.fixture
def sent(books: Books, others: Books) -> Crossing:
    """Money that has gone to the other branch, and arrived."""
    out, owner = credit(books.of("bank"), yuan(30)), Reference("owner", "1")
    told: dict[str, Any] = {"into_kind": "bank", "into_owner": owner, "key": "across", "at": NOW}
    crossing = actions.send_across(out, to=others.branch, by=books.accountant, **told)
    worker = product_itself(channel="worker")
    actions.receive_crossing(crossing, by=worker, at=NOW)
    return actions.confirm_crossing(crossing, by=worker, at=NOW)


def test_money_that_has_crossed_is_sound_on_both_sides(books: Books, others: Books, sent: Crossing) -> None:
    assert faults(books) == faults(others) == {}


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({"memo": "另有用途"}, {"crossing_altered": 1}),
        ({"amount_minor": 2000}, {"crossing_altered": 1}),
        ({"arrived_at": None}, {"branches_disagree": 1}),
    ],
)
def test_a_crossing_that_somebody_changed(
    books: Books, sent: Crossing, change: dict[str, Any], kinds: dict[str, int]
) -> None:
    with unguarded():
        Crossing.objects.filter(id=sent.id).update(**change)
    assert faults(books) == kinds


def test_a_crossing_without_its_event_and_an_event_without_its_crossing(books: Books, sent: Crossing) -> None:
    with unguarded():
        Event.objects.filter(verb="ledger.crossing.sent").delete()
    assert faults(books) == {"crossing_without_event": 1}


def test_a_crossing_that_is_gone(books: Books, sent: Crossing) -> None:
    with unguarded():
        Crossing.objects.filter(id=sent.id).delete()
    assert faults(books)["crossing_removed"] == 1


def test_a_branch_that_has_lost_what_it_received(books: Books, others: Books, sent: Crossing) -> None:
    with unguarded():
        Posting.objects.filter(branch=others.branch).delete()
        JournalEntry.objects.filter(branch=others.branch).delete()
        LedgerAccount.objects.filter(branch=others.branch).update(balance_minor=0)
    assert faults(books) == {"crossing_not_received": 1, "branches_disagree": 1}
