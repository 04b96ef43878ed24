"""A row in every table of the books, made by the real actions."""

from decimal import Decimal
from typing import Any

from shouhou.access.permissions import Role
from shouhou.kernel.money import Money
from shouhou.ledger.actions import open_account, place_hold, post_entry, post_hold, reverse_entry, send_across
from shouhou.ledger.rules import AccountKind, Reference, credit, debit
from tests.cast import NOW, Crew

TEN = Money(Decimal(10))


def keep_books(crew: Crew) -> None:
    """A deposit paid in, an entry reversed, a hold posted."""
    told: dict[str, Any] = {"by": crew.actors[Role.ACCOUNTANT], "at": NOW}
    bank, deposit, owed = (
        open_account(crew.branch, kind=kind, owner=Reference("shop", "1"), **told).id
        for kind in (AccountKind.BANK, AccountKind.SELLER_DEPOSIT, AccountKind.COMPENSATION_PAYABLE)
    )
    post_entry([debit(bank, TEN), credit(deposit, TEN)], key="paid in", **told)
    twice = post_entry([debit(bank, TEN), credit(deposit, TEN)], key="paid in twice", **told)
    reverse_entry(twice.id, key="taken back", reason="重复入账", **told)
    hold = place_hold(deposit, amount=TEN, key="set aside", **told)
    post_hold(hold.id, to=owed, key="paid out", **told)


def send_money(crew: Crew, other: Crew) -> None:
    """Ten yuan from the bank of one branch to that of the other, still on their way."""
    told: dict[str, Any] = {"by": crew.actors[Role.ACCOUNTANT], "at": NOW}
    owner = Reference("shop", "1")
    bank = open_account(crew.branch, kind=AccountKind.BANK, owner=owner, **told).id
    send_across(credit(bank, TEN), to=other.branch, into_kind="bank", into_owner=owner, key="sent", **told)
