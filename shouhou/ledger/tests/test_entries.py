from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.money import FinerThanMinorUnit
from shouhou.kernel.texts import TextTooLong, WordMalformed
from shouhou.ledger import actions
from shouhou.ledger.models import JournalEntry, LedgerAccount, Posting
from shouhou.ledger.queries import AccountNotFound, EntryNotFound
from shouhou.ledger.rules import (
    MOST_MINOR_UNITS,
    AmountNotPositive,
    AmountTooLarge,
    EntryUnbalanced,
    KeyMissing,
    Line,
    Reference,
    TooFewLines,
    credit,
    debit,
)
from shouhou.ledger.tests.conftest import Books, yuan
from tests.cast import NOW, STEP, Crew, refuses


def standing(books: Books, *kinds: str) -> list[str]:
    return [str(books.now(kind).balance.amount) for kind in kinds]


def test_both_accounts_grow_on_their_own_side(books: Books) -> None:
    entry = books.post("bank", "seller_deposit", "1000.50", memo=" 保证金 ")
    assert standing(books, "bank", "seller_deposit") == ["1000.50", "1000.50"]
    assert entry == JournalEntry.objects.get(id=entry.id)
    assert (entry.memo, entry.lines, entry.at) == ("保证金", 2, NOW)
    assert list(Posting.objects.filter(entry=entry).order_by("line").values_list("line", "amount_minor")) == [
        (1, 100050),
        (2, -100050),
    ]


def test_it_says_what_it_comes_from_and_on_which_rule_it_rests(books: Books) -> None:
    books.deposit(100)
    event = uuid4()
    told = {"source": Reference("claim", "C-7"), "rule": "jd.late@2026-01-01", "event_id": event}
    entry = books.pay_out(30, **told)
    stored = JournalEntry.objects.get(id=entry.id)
    assert (stored.source, stored.rule, stored.event_id) == (Reference("claim", "C-7"), "jd.late@2026-01-01", event)


def test_the_act_leaves_one_event(books: Books) -> None:
    entry = books.post("bank", "seller_deposit", 10, key="in")
    (event,) = Event.objects.filter(chain_id=entry.id)
    assert (event.verb, event.actor_id) == ("ledger.entry.posted", books.accountant.user_id)
    assert event.data["lines"][0] == [str(books.of("bank")), 1000, "CNY"]
    assert event.data["fingerprint"] == bytes(entry.fingerprint).hex()


def test_an_entry_may_have_several_lines_and_currencies(books: Books) -> None:
    dollars = [books.open(kind, currency="USD").id for kind in ("bank", "seller_deposit")]
    lines = [
        debit(books.of("bank"), yuan(30)),
        credit(books.of("seller_deposit"), yuan(10)),
        credit(books.of("seller_deposit"), yuan(20)),
        debit(dollars[0], yuan(5, "USD")),
        credit(dollars[1], yuan(5, "USD")),
    ]
    actions.post_entry(lines, key="many", by=books.accountant, at=NOW)
    assert standing(books, "bank", "seller_deposit") == ["30.00", "30.00"]
    assert LedgerAccount.objects.get(id=dollars[1]).balance == yuan("5.00", "USD")


def test_what_grows_is_counted_before_what_shrinks(books: Books) -> None:
    held = books.of("seller_deposit")
    lines = [debit(held, yuan(40)), credit(held, yuan(50)), debit(books.of("bank"), yuan(10))]
    actions.post_entry(lines, key="both", by=books.accountant, at=NOW)
    assert standing(books, "seller_deposit", "bank") == ["10.00", "10.00"]


def test_a_repeat_gives_the_first_entry(books: Books) -> None:
    books.deposit(100)
    first = books.pay_out(100, key="payout 7")
    assert books.pay_out(100, key="payout 7", at=NOW + STEP) == first  # although nothing is left to pay with
    assert standing(books, "seller_deposit") == ["0.00"]
    assert Event.objects.filter(chain_id=first.id).count() == 1


@pytest.mark.parametrize(
    "other",
    [{"amount": 11}, {"memo": "其他"}, {"source": Reference("claim", "2")}, {"rule": "r@1"}, {"event_id": uuid4()}],
)
def test_another_body_under_the_same_key_is_refused(books: Books, other: dict[str, Any]) -> None:
    books.deposit(100)
    books.pay_out(10, key="k")
    with refuses(actions.KeyUsedOtherwise):
        books.pay_out(**{"amount": 10, "key": "k", **other})


def test_another_body_on_other_accounts_is_refused_too(books: Books) -> None:
    books.post("bank", "seller_deposit", 10, key="k")
    for kind in ("revenue", "receivable"):
        books.of(kind)
    with refuses(actions.KeyUsedOtherwise):
        books.post("receivable", "revenue", 10, key="k")


def test_keys_of_two_branches_never_meet(books: Books, others: Books) -> None:
    assert books.post("bank", "seller_deposit", 1, key="k") != others.post("bank", "seller_deposit", 1, key="k")


@pytest.mark.parametrize(
    ("amounts", "error"),
    [
        ([], TooFewLines),
        ([10], TooFewLines),
        ([10, -9], EntryUnbalanced),
        ([10, 10], EntryUnbalanced),
        ([0, 0], AmountNotPositive),
        ([10, 0, -10], AmountNotPositive),
        (["0.001", "-0.001"], FinerThanMinorUnit),
        (["NaN", "NaN"], FinerThanMinorUnit),
        ([MOST_MINOR_UNITS, -MOST_MINOR_UNITS], AmountTooLarge),
    ],
)
def test_lines_that_make_no_entry_are_refused(books: Books, amounts: list[Any], error: type[Refusal]) -> None:
    kinds = ["bank", "seller_deposit", "bank"]
    lines = [Line(books.of(kind), yuan(amount)) for kind, amount in zip(kinds, amounts, strict=False)]
    with refuses(error):
        actions.post_entry(lines, key="k", by=books.accountant, at=NOW)


def test_a_line_above_zero_is_made_only_of_an_amount_above_zero(books: Books) -> None:
    assert debit(books.of("bank"), yuan("0.01")) == -credit(books.of("bank"), yuan("0.01"))
    for make in (debit, credit):
        for amount in ("0", "-1"):
            with pytest.raises(AmountNotPositive):
                make(books.of("bank"), yuan(amount))


def test_currencies_do_not_balance_each_other(books: Books) -> None:
    dollars = books.open("bank", currency="USD")
    lines = [debit(dollars.id, yuan(10, "USD")), credit(books.of("seller_deposit"), yuan(10))]
    with refuses(EntryUnbalanced):
        actions.post_entry(lines, key="k", by=books.accountant, at=NOW)


def test_an_account_takes_only_its_own_currency(books: Books) -> None:
    lines = [debit(books.of("bank"), yuan(10, "USD")), credit(books.of("seller_deposit"), yuan(10, "USD"))]
    with refuses(actions.AccountInOtherCurrency):
        actions.post_entry(lines, key="k", by=books.accountant, at=NOW)


def test_a_balance_does_not_fall_below_zero_where_it_may_not(books: Books) -> None:
    books.deposit(10)
    with refuses(actions.BalanceTooLow) as caught:
        books.pay_out("10.01")
    assert str(caught.value.params["available"]) == "10.00"
    books.pay_out(10)
    assert standing(books, "seller_deposit") == ["0.00"]


def test_it_falls_below_zero_where_it_may(books: Books) -> None:
    books.post("compensation_cost", "bank", 7)
    assert standing(books, "bank") == ["-7.00"]


def test_no_balance_outgrows_its_column(books: Books) -> None:
    LedgerAccount.objects.filter(id=books.of("bank")).update(balance_minor=MOST_MINOR_UNITS * 1000)
    with refuses(actions.BalanceTooHigh):
        books.deposit("0.01")


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"key": "   "}, KeyMissing),
        ({"key": "k" * 121}, TextTooLong),
        ({"memo": "m" * 201}, TextTooLong),
        ({"rule": "r" * 201}, TextTooLong),
        ({"source": Reference("Claim!", "1")}, WordMalformed),
        ({"source": Reference("claim", "1" * 65)}, TextTooLong),
    ],
)
def test_what_cannot_be_stored_is_refused(books: Books, told: dict[str, Any], error: type[Refusal]) -> None:
    with refuses(error):
        books.post("bank", "seller_deposit", 1, **told)


def test_an_entry_stays_in_one_branch(books: Books, others: Books, qd: Crew) -> None:
    lines = [debit(books.of("bank"), yuan(1)), credit(others.of("seller_deposit"), yuan(1))]
    with refuses(AccountNotFound):  # he does not see the other branch
        actions.post_entry(lines, key="k", by=books.accountant, at=NOW)


def test_not_even_headquarters_posts_across_branches(books: Books, others: Books, cast: Any) -> None:
    manager = cast.headquarters[Role.MANAGER]
    lines = [debit(books.of("bank"), yuan(1)), credit(others.of("seller_deposit"), yuan(1))]
    with refuses(actions.EntryCrossesBranches):
        actions.post_entry(lines, key="k", by=manager, at=NOW)


def test_only_who_keeps_the_books_posts(books: Books, qd: Crew) -> None:
    for role, actor in qd.actors.items():
        if role in (Role.ACCOUNTANT, Role.MANAGER):
            books.post("bank", "seller_deposit", 1, by=actor)
        else:
            with refuses(NotPermitted):
                books.post("bank", "seller_deposit", 1, by=actor)


def test_an_act_that_posts_as_a_part_of_it_says_by_which_right(books: Books, qd: Crew) -> None:
    books.post("bank", "seller_deposit", 1, by=qd.clerk, permission="workorders.receive_call")
    with refuses(NotPermitted):
        books.post("bank", "seller_deposit", 1, by=qd.technician_actor, permission="workorders.receive_call")


def reverse(books: Books, entry_id: UUID, **told: Any) -> JournalEntry:
    given = {"key": "back", "reason": "申诉成立", "by": books.accountant, "at": NOW + timedelta(days=1)}
    return actions.reverse_entry(entry_id, **{**given, **told})


def test_a_reversal_takes_an_entry_back(books: Books) -> None:
    books.deposit(100)
    entry = books.pay_out(30, source=Reference("claim", "1"), rule="r@1")
    reversal = reverse(books, entry.id)
    assert standing(books, "seller_deposit", "compensation_payable") == ["100.00", "0.00"]
    assert (reversal.reverses_id, reversal.memo, reversal.source) == (entry.id, "申诉成立", Reference("claim", "1"))
    verbs = list(Event.objects.filter(chain_id=entry.id).order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["ledger.entry.posted", "ledger.entry.reversed"]


def test_an_entry_is_reversed_once(books: Books) -> None:
    entry = books.post("bank", "seller_deposit", 10)
    first = reverse(books, entry.id)
    assert reverse(books, entry.id) == first  # the same call again
    with refuses(actions.EntryReversedAlready):
        reverse(books, entry.id, key="back once more")
    with refuses(actions.KeyUsedOtherwise):
        reverse(books, entry.id, reason="另一个原因")


def test_a_reversal_is_not_reversed(books: Books) -> None:
    reversal = reverse(books, books.post("bank", "seller_deposit", 10).id)
    with refuses(actions.ReversalStays):
        reverse(books, reversal.id, key="and forth")


def test_what_was_paid_on_cannot_be_reversed(books: Books) -> None:
    entry = books.post("bank", "seller_deposit", 10)
    books.pay_out(1)
    with refuses(actions.BalanceTooLow):
        reverse(books, entry.id)


def test_a_reversal_needs_a_reason_and_a_right(books: Books, others: Books, qd: Crew) -> None:
    entry = books.post("bank", "seller_deposit", 10)
    with refuses(actions.ReasonOwed):
        reverse(books, entry.id, reason="  ")
    with refuses(NotPermitted):
        reverse(books, entry.id, by=qd.clerk)
    with refuses(EntryNotFound):
        reverse(books, entry.id, by=others.accountant)
    reverse(books, entry.id)
