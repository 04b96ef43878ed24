from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.permissions import Role
from shouhou.kernel.money import Money
from shouhou.ledger import actions
from shouhou.ledger.models import Hold, JournalEntry, LedgerAccount
from shouhou.ledger.rules import AccountKind, Reference, credit, debit
from tests.cast import NOW, Cast, Crew


def yuan(amount: str | int, currency: str = "CNY") -> Money:
    return Money(Decimal(amount), currency)


@dataclass
class Books:
    """The books of a branch as its accountant keeps them: a bank, a seller's deposit, what customers are owed."""

    branch: Branch
    accountant: Actor
    accounts: dict[str, UUID] = field(default_factory=dict)
    keys: Any = field(default_factory=count)

    def open(self, kind: str, owner: str = "1", currency: str = "CNY", *, by: Actor | None = None) -> LedgerAccount:
        return actions.open_account(
            self.branch, kind=kind, owner=Reference("owner", owner), currency=currency, by=by or self.accountant, at=NOW
        )

    def of(self, kind: str) -> UUID:
        """The key of the account of that kind."""
        if kind not in self.accounts:
            self.accounts[kind] = self.open(kind).id
        return self.accounts[kind]

    def now(self, kind: str) -> LedgerAccount:
        """The account as it stands in the database."""
        return LedgerAccount.objects.get(id=self.of(kind))

    def post(
        self, take: str, give: str, amount: str | int, *, key: str = "", at: datetime = NOW, **told: Any
    ) -> JournalEntry:
        """Debit one account and credit another."""
        lines = [debit(self.of(take), yuan(amount)), credit(self.of(give), yuan(amount))]
        return actions.post_entry(lines, key=key or f"key {next(self.keys)}", at=at, **{"by": self.accountant, **told})

    def deposit(self, amount: str | int) -> None:
        """A seller pays in."""
        self.post("bank", "seller_deposit", amount)

    def pay_out(self, amount: str | int, **told: Any) -> JournalEntry:
        """The deposit pays what a customer is owed."""
        return self.post("seller_deposit", "compensation_payable", amount, **told)

    def hold(self, amount: Any, *, key: str = "", at: datetime = NOW, **told: Any) -> Hold:
        """Set a part of the deposit aside."""
        given: dict[str, Any] = {"key": key or f"hold {next(self.keys)}", "by": self.accountant, "at": at, **told}
        money = amount if isinstance(amount, Money) else yuan(amount)
        return actions.place_hold(self.of("seller_deposit"), amount=money, **given)

    def pay_held(self, hold: Hold, *, key: str = "", at: datetime = NOW, **told: Any) -> JournalEntry:
        """Pay it to the customer."""
        given: dict[str, Any] = {"key": key or f"key {next(self.keys)}", "by": self.accountant, "at": at, **told}
        return actions.post_hold(hold.id, to=self.of("compensation_payable"), **given)


def books_of(crew: Crew) -> Books:
    books = Books(crew.branch, crew.actors[Role.ACCOUNTANT])
    for kind in (AccountKind.BANK, AccountKind.SELLER_DEPOSIT, AccountKind.COMPENSATION_PAYABLE):
        books.of(kind)
    return books


@pytest.fixture
def books(qd: Crew) -> Books:
    return books_of(qd)


@pytest.fixture
def others(cast: Cast) -> Books:
    """The books of the other branch."""
    return books_of(cast.jn)
