"""What needs no database: kinds of accounts, lines that balance, and what makes two entries the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.kernel.money import Money
from shouhou.kernel.texts import written, written_word

# Ten million million yuan in fen; sums of very many of them still fit into 64 bits, on both databases.
MOST_MINOR_UNITS = 10**15


class Side(TextChoices):
    """The side on which an account grows."""

    DEBIT = "debit", _("Debit")
    CREDIT = "credit", _("Credit")


class AccountKind(TextChoices):
    """What an account is in the trade; its owner is a technician, a customer, a seller, a work class, another branch …"""

    CASH_IN_HAND = "cash_in_hand", _("Cash in a technician's hands")
    BRANCH_CASH = "branch_cash", _("Cash of the branch")
    BANK = "bank", _("Bank")
    RECEIVABLE = "receivable", _("Receivable from a customer")
    MAKER_RECEIVABLE = "maker_receivable", _("Receivable from a maker")
    CARRIER_RECEIVABLE = "carrier_receivable", _("Receivable from a carrier")
    TOP_UP_DUE = "top_up_due", _("Deposit to be topped up")
    STAFF_PENALTY = "staff_penalty", _("Penalty owed by a member of staff")
    STAFF_REWARD = "staff_reward", _("Reward owed to a member of staff")
    SELLER_DEPOSIT = "seller_deposit", _("Deposit of a seller")
    COMPENSATION_PAYABLE = "compensation_payable", _("Compensation owed to a customer")
    REVENUE = "revenue", _("Revenue of a work class")
    PENALTY_INCOME = "penalty_income", _("Income from penalties")
    WARRANTY_COST = "warranty_cost", _("Cost of warranty")
    COMPENSATION_COST = "compensation_cost", _("Cost of compensation")
    REWARD_COST = "reward_cost", _("Cost of rewards")
    PARTS_STOCK = "parts_stock", _("Spare parts in stock")
    PARTS_ON_WAY = "parts_on_way", _("Spare parts on their way here")
    PARTS_RECEIVED = "parts_received", _("Spare parts received, not yet invoiced")
    PARTS_CONSUMED = "parts_consumed", _("Spare parts used")
    STOCK_DIFFERENCE = "stock_difference", _("Differences of stock")
    BRANCH_CURRENT = "branch_current", _("Current account with another branch")
    BRANCH_CLEARING = "branch_clearing", _("On its way to another branch")
    CASH_IN_TRANSIT = "cash_in_transit", _("Cash on its way")
    SUSPENSE = "suspense", _("Not yet explained")


@dataclass(frozen=True, slots=True)
class Traits:
    """What holds for every account of a kind."""

    side: Side
    may_be_negative: bool = False
    must_return_to_zero: bool = False


_CLEARING = Traits(Side.DEBIT, may_be_negative=True, must_return_to_zero=True)
TRAITS: dict[AccountKind, Traits] = {
    AccountKind.CASH_IN_HAND: Traits(Side.DEBIT),
    AccountKind.BRANCH_CASH: Traits(Side.DEBIT),
    AccountKind.BANK: Traits(Side.DEBIT, may_be_negative=True),  # an overdraft
    # A customer, maker or carrier who has paid too much, or beforehand.
    AccountKind.RECEIVABLE: Traits(Side.DEBIT, may_be_negative=True),
    AccountKind.MAKER_RECEIVABLE: Traits(Side.DEBIT, may_be_negative=True),
    AccountKind.CARRIER_RECEIVABLE: Traits(Side.DEBIT, may_be_negative=True),
    AccountKind.TOP_UP_DUE: Traits(Side.DEBIT),
    AccountKind.STAFF_PENALTY: Traits(Side.DEBIT),
    AccountKind.STAFF_REWARD: Traits(Side.CREDIT),
    AccountKind.SELLER_DEPOSIT: Traits(Side.CREDIT),
    AccountKind.COMPENSATION_PAYABLE: Traits(Side.CREDIT),
    # Income and cost fall below zero when an entry of an earlier time is reversed.
    AccountKind.REVENUE: Traits(Side.CREDIT, may_be_negative=True),
    AccountKind.PENALTY_INCOME: Traits(Side.CREDIT, may_be_negative=True),
    AccountKind.WARRANTY_COST: Traits(Side.DEBIT, may_be_negative=True),
    AccountKind.COMPENSATION_COST: Traits(Side.DEBIT, may_be_negative=True),
    AccountKind.REWARD_COST: Traits(Side.DEBIT, may_be_negative=True),
    AccountKind.PARTS_STOCK: Traits(Side.DEBIT),
    # Below zero while the parts are here and their value is still on its way.
    AccountKind.PARTS_ON_WAY: _CLEARING,
    # An invoice that came before the goods.
    AccountKind.PARTS_RECEIVED: Traits(Side.CREDIT, may_be_negative=True),
    AccountKind.PARTS_CONSUMED: Traits(Side.DEBIT, may_be_negative=True),
    AccountKind.STOCK_DIFFERENCE: Traits(Side.DEBIT, may_be_negative=True),
    # What one branch says of the other, the other says with the opposite sign.
    AccountKind.BRANCH_CURRENT: Traits(Side.DEBIT, may_be_negative=True),
    AccountKind.BRANCH_CLEARING: _CLEARING,
    AccountKind.CASH_IN_TRANSIT: _CLEARING,
    AccountKind.SUSPENSE: _CLEARING,
}


# What these say has its counterpart in the books of another branch.
BETWEEN_BRANCHES = frozenset({AccountKind.BRANCH_CLEARING, AccountKind.BRANCH_CURRENT})
# The kind of source of entries that carry money to another branch.
CROSSING = "crossing"


class HoldStatus(TextChoices):
    """Where a hold is; its moves are named alike."""

    PENDING = "pending", _("Pending")
    POSTED = "posted", _("Posted")
    VOIDED = "voided", _("Voided")
    TIMED_OUT = "timed_out", _("Timed out")


class AmountNotPositive(Invalid):
    code = "amount_not_positive"
    template = gettext_noop("The amount must be more than zero.")


class AmountTooLarge(Invalid):
    code = "amount_too_large"
    template = gettext_noop("The amount is larger than the ledger can hold.")


class TooFewLines(Invalid):
    code = "entry_too_few_lines"
    template = gettext_noop("An entry has at least two lines.")


class EntryUnbalanced(Invalid):
    code = "entry_unbalanced"
    template = gettext_noop("Debit and credit differ by %(difference)s %(currency)s.")


class KeyMissing(Invalid):
    code = "ledger_key_missing"
    template = gettext_noop("The key is missing by which a repeat is known.")


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that the ledger knows by name only: the owner of an account, the source of an entry."""

    kind: str
    id: str

    def checked(self, field: str) -> Reference:
        """The same, fit to be stored. Raises WordMalformed, TextTooLong, TextUnreadable."""
        return Reference(
            written_word(self.kind, most=40, field=field) if self.kind else "", written(self.id, most=64, field=field)
        )


NOTHING = Reference("", "")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an entry: debit above zero, credit below."""

    account_id: UUID
    amount: Money

    def __neg__(self) -> Line:
        return Line(self.account_id, -self.amount)


def debit(account_id: UUID, amount: Money) -> Line:
    """A line on the debit side. Raises AmountNotPositive, AmountTooLarge, FinerThanMinorUnit."""
    return Line(account_id, positive(amount))


def credit(account_id: UUID, amount: Money) -> Line:
    """A line on the credit side. Raises as `debit` does."""
    return Line(account_id, -positive(amount))


def on_side(side: str, account_id: UUID, amount: Money) -> Line:
    """A line on that side."""
    return debit(account_id, amount) if side == Side.DEBIT else credit(account_id, amount)


def positive(amount: Money) -> Money:
    """The amount, which is above zero and whole in minor units. Raises as `debit` does."""
    units = amount.minor_units()
    if units <= 0:
        raise AmountNotPositive(field="amount")
    if units > MOST_MINOR_UNITS:
        raise AmountTooLarge(field="amount")
    return amount


def growth(side: str, minor_units: int) -> int:
    """By how much a line of so many minor units (debit above zero) makes an account of that side grow."""
    return minor_units if side == Side.DEBIT else -minor_units


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that an entry says, before it has a place in the books."""

    key: str
    lines: tuple[Line, ...]
    memo: str = ""
    source: Reference = NOTHING
    rule: str = ""
    event_id: UUID | None = None
    reverses_id: UUID | None = None
    hold_id: UUID | None = None

    def checked(self) -> Draft:
        """The same, fit to be stored.

        Raises KeyMissing, TooFewLines, EntryUnbalanced, AmountNotPositive, AmountTooLarge, FinerThanMinorUnit, TextTooLong.
        """
        check_balance(self.lines)
        return Draft(
            key=written_key(self.key),
            lines=self.lines,
            memo=written(self.memo, most=200, field="memo"),
            source=self.source.checked("source"),
            rule=written(self.rule, most=200, field="rule"),
            event_id=self.event_id,
            reverses_id=self.reverses_id,
            hold_id=self.hold_id,
        )

    @property
    def fingerprint(self) -> bytes:
        """What tells a repeat from another entry under the same key, and an entry from what somebody made of it later."""
        return digest(
            {
                "lines": [plain_line(line) for line in self.lines],
                "memo": self.memo,
                "source": [self.source.kind, self.source.id],
                "rule": self.rule,
                "event": _plain_id(self.event_id),
                "reverses": _plain_id(self.reverses_id),
                "hold": _plain_id(self.hold_id),
            }
        )


def written_key(key: str) -> str:
    """A caller's key. Raises KeyMissing, TextTooLong."""
    key = written(key, most=120, field="key")
    if not key:
        raise KeyMissing(field="key")
    return key


def check_balance(lines: Sequence[Line]) -> None:
    """Raise TooFewLines, EntryUnbalanced, AmountNotPositive (a line of zero), AmountTooLarge, FinerThanMinorUnit."""
    if len(lines) < 2:
        raise TooFewLines(field="lines")
    sums: Counter[str] = Counter()
    for line in lines:
        units = line.amount.minor_units()
        positive(line.amount if units > 0 else -line.amount)
        sums[line.amount.currency] += units
    for currency, difference in sorted(sums.items()):
        if difference:
            shown = Money.of_minor_units(difference, currency)
            raise EntryUnbalanced(difference=shown.amount, currency=currency, field="lines")


def plain_line(line: Line) -> list[Any]:
    """A line as values of JSON; the amount in minor units, debit above zero."""
    return [str(line.account_id), line.amount.minor_units(), line.amount.currency]


def _plain_id(key: UUID | None) -> str | None:
    return str(key) if key else None
