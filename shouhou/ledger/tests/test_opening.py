from typing import Any

import pytest

from shouhou.access.actions import close_branch
from shouhou.access.actors import BranchNotVisible
from shouhou.access.permissions import Role
from shouhou.access.queries import BranchClosed
from shouhou.audit.models import Event
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.money import UnknownCurrency
from shouhou.kernel.texts import TextTooLong, WordMalformed
from shouhou.ledger import actions
from shouhou.ledger.models import LedgerAccount
from shouhou.ledger.rules import TRAITS, AccountKind, Reference
from shouhou.ledger.tests.conftest import Books
from tests.cast import NOW, Cast, Crew, refuses


@pytest.mark.parametrize("kind", AccountKind)
def test_an_account_is_what_its_kind_says(books: Books, kind: AccountKind) -> None:
    account = LedgerAccount.objects.get(id=books.open(kind, "9").id)
    traits = TRAITS[kind]
    assert (account.normal_side, account.may_be_negative, account.must_return_to_zero) == (
        traits.side,
        traits.may_be_negative,
        traits.must_return_to_zero,
    )
    assert (account.owner, account.currency) == (Reference("owner", "9"), "CNY")
    assert account.balance.amount == account.held.amount == account.available.amount == 0
    assert [one.verb for one in Event.objects.filter(chain_id=account.id)] == ["ledger.account.opened"]


def test_opening_it_twice_gives_the_same_account(books: Books) -> None:
    first = books.open("receivable")
    events = Event.objects.count()
    assert books.open("receivable") == first
    assert Event.objects.count() == events


def test_each_branch_kind_owner_and_currency_has_an_account_of_its_own(books: Books, others: Books) -> None:
    accounts = [
        books.open("receivable"),
        others.open("receivable"),
        books.open("bank", "2"),
        books.open("receivable", "2"),
        books.open("receivable", currency="USD"),
    ]
    assert len({one.id for one in accounts}) == 5


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"kind": "purse"}, UnknownChoice),
        ({"owner": Reference("", "1")}, actions.OwnerMissing),
        ({"owner": Reference("customer", "  ")}, actions.OwnerMissing),
        ({"owner": Reference("Customer", "1")}, WordMalformed),
        ({"owner": Reference("customer", "1" * 65)}, TextTooLong),
        ({"currency": "XXX"}, UnknownCurrency),
    ],
)
def test_it_refuses_what_is_no_account(books: Books, told: dict[str, Any], error: type[Refusal]) -> None:
    usual: dict[str, Any] = {"kind": "bank", "owner": Reference("customer", "1"), "by": books.accountant, "at": NOW}
    with refuses(error):
        actions.open_account(books.branch, **usual | told)
    actions.open_account(books.branch, **usual)


def test_only_who_keeps_the_books_opens_accounts(books: Books, others: Books, qd: Crew) -> None:
    for role, actor in qd.actors.items():
        if role in (Role.ACCOUNTANT, Role.MANAGER):
            books.open("receivable", role, by=actor)
        else:
            with refuses(NotPermitted):
                books.open("receivable", role, by=actor)
    with refuses(BranchNotVisible):
        books.open("receivable", by=others.accountant)


def test_a_closed_branch_opens_no_accounts(books: Books, cast: Cast) -> None:
    close_branch(books.branch.id, by=cast.root, at=NOW, reason="搬迁")
    with refuses(BranchClosed):
        books.open("receivable")
    assert books.open("bank").id == books.of("bank")
