"""The books: accounts, what was posted on them, entries with all that stands behind them, holds, and the proof.

Rows of the ledger come in without their types: nobody but the ledger names its tables.
"""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from shouhou.api.fields import Amount, Answer
from shouhou.api.paging import Page
from shouhou.kernel.money import Money
from shouhou.ledger.rules import AccountKind, HoldStatus, Reference, Side, growth
from shouhou.ledger.verifying import LedgerFault, OpenClearing


class ReferenceAnswer(Answer):
    """What something belongs to or comes from; both empty where there is nothing."""

    kind: str = Field(examples=["work_order"])
    id: str

    @classmethod
    def of(cls, one: Reference) -> Self:
        return cls(kind=one.kind, id=one.id)


class AccountAnswer(Answer):
    """An account. Its amounts are above zero on the side on which it grows."""

    id: UUID
    branch_id: UUID
    kind: AccountKind
    owner: ReferenceAnswer
    currency: str = Field(examples=["CNY"])
    grows_on: Side
    balance: Amount
    held: Amount = Field(description="What of the balance is set aside.")
    available: Amount
    may_be_negative: bool
    must_return_to_zero: bool

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=row.id,
            branch_id=row.branch_id,
            kind=AccountKind(row.kind),
            owner=ReferenceAnswer.of(row.owner),
            currency=row.currency,
            grows_on=Side(row.normal_side),
            balance=row.balance.amount,
            held=row.held.amount,
            available=row.available.amount,
            may_be_negative=row.may_be_negative,
            must_return_to_zero=row.must_return_to_zero,
        )


class AccountPage(Page):
    rows: list[AccountAnswer]


class PostingAnswer(Answer):
    """A line of an entry on one account; `amount` is above zero for debit, below for credit."""

    entry_id: UUID
    line: int
    account_id: UUID
    at: datetime
    amount: Amount
    currency: str

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            entry_id=row.entry_id,
            line=row.line,
            account_id=row.account_id,
            at=row.at,
            amount=row.amount.amount,
            currency=row.currency,
        )


class StatementLineAnswer(Answer):
    """What an entry did to an account. `growth` is above zero where the account grew; `balance` stood on it afterwards."""

    entry_id: UUID
    at: datetime
    memo: str
    source: ReferenceAnswer
    rule: str
    growth: Amount
    balance: Amount

    @classmethod
    def of(cls, row: Any, account: Any, balance_minor: int) -> Self:
        grown = growth(account.normal_side, row.amount_minor)
        return cls(
            entry_id=row.entry_id,
            at=row.at,
            memo=row.entry.memo,
            source=ReferenceAnswer.of(row.entry.source),
            rule=row.entry.rule,
            growth=Money.of_minor_units(grown, account.currency).amount,
            balance=Money.of_minor_units(balance_minor, account.currency).amount,
        )


class StatementPage(Page):
    """A part of the statement of an account; `opening` stood on it before the first row of this page."""

    account: AccountAnswer
    opening: Amount
    rows: list[StatementLineAnswer]


class LedgerEntryAnswer(Answer):
    """An entry: its lines add up to zero. It is never changed; what was wrong is reversed by another."""

    id: UUID
    branch_id: UUID
    key: str = Field(description="Under which it was booked: the same key never books twice.")
    at: datetime
    memo: str
    source: ReferenceAnswer
    rule: str = Field(description="The version of the rule that it rests on; empty where it rests on none.")
    event_id: UUID | None
    hold_id: UUID | None
    reverses_id: UUID | None
    reversed_by_id: UUID | None
    postings: list[PostingAnswer]

    @classmethod
    def of(cls, row: Any, postings: list[Any], reversal: Any) -> Self:
        return cls(
            id=row.id,
            branch_id=row.branch_id,
            key=row.key,
            at=row.at,
            memo=row.memo,
            source=ReferenceAnswer.of(row.source),
            rule=row.rule,
            event_id=row.event_id,
            hold_id=row.hold_id,
            reverses_id=row.reverses_id,
            reversed_by_id=reversal.id if reversal else None,
            postings=[PostingAnswer.of(one) for one in postings],
        )


class HoldAnswer(Answer):
    """An amount set aside on an account, and how that ended."""

    id: UUID
    branch_id: UUID
    account_id: UUID
    amount: Amount
    currency: str
    status: HoldStatus
    memo: str
    source: ReferenceAnswer
    placed_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=row.id,
            branch_id=row.branch_id,
            account_id=row.account_id,
            amount=row.amount.amount,
            currency=row.account.currency,
            status=HoldStatus(row.status),
            memo=row.memo,
            source=ReferenceAnswer.of(row.source),
            placed_at=row.placed_at,
            expires_at=row.expires_at,
        )


class HoldPage(Page):
    rows: list[HoldAnswer]


class LedgerFaultAnswer(Answer):
    """One thing in the books that does not hold; `subject_id` is the entry, account, hold or crossing that it is about."""

    kind: str = Field(examples=["balance_differs"])
    subject_id: UUID
    detail: str

    @classmethod
    def of(cls, one: LedgerFault) -> Self:
        return cls(kind=one.kind, subject_id=one.subject, detail=one.detail)


class ClearingAnswer(Answer):
    """An account that has to come back to zero and has not, and since when."""

    account_id: UUID
    kind: str
    balance: Amount
    currency: str
    since: datetime

    @classmethod
    def of(cls, one: OpenClearing) -> Self:
        return cls(
            account_id=one.account_id,
            kind=one.kind,
            balance=one.balance.amount,
            currency=one.balance.currency,
            since=one.since,
        )


class LedgerProofAnswer(Answer):
    """Whether the books of a branch are right, everything added up anew."""

    right: bool
    faults: list[LedgerFaultAnswer]
    more: bool = Field(description="There are more faults than are listed here.")
    open_clearings: list[ClearingAnswer]
