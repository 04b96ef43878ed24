"""A row in every table of the books, made by the real actions."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shouhou.access.permissions import Role
from shouhou.kernel.ids import uuid7
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


def named_in_books(crew: Crew) -> dict[str, Any]:
    """What requests about the books name: accounts with money on them, an entry that may be reversed, a pending hold."""
    told: dict[str, Any] = {"by": crew.actors[Role.ACCOUNTANT], "at": timezone.now() - timedelta(days=1)}
    owner = Reference("shop", "1")
    bank, deposit, owed = (
        open_account(crew.branch, kind=kind, owner=owner, **told).id
        for kind in (AccountKind.BANK, AccountKind.SELLER_DEPOSIT, AccountKind.COMPENSATION_PAYABLE)
    )
    post_entry([debit(bank, TEN * 9), credit(deposit, TEN * 9)], key=f"{uuid7()}", **told)
    entry = post_entry([debit(bank, TEN), credit(deposit, TEN)], key=f"{uuid7()}", memo="缴存", **told)
    hold = place_hold(deposit, amount=TEN, key=f"{uuid7()}", **told)
    return {
        "account_id": deposit, "journal_id": entry.id, "hold_id": hold.id, "debit": deposit, "credit": owed,
        "account": bank, "payee": owed,
    }  # fmt: skip
