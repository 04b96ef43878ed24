"""Money: a decimal amount with its currency. Rounded half-up to the minor unit, and only where `rounded` is called."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shouhou.kernel.errors import Invalid, gettext_noop

_MINOR_DIGITS = {"CNY": 2, "USD": 2, "EUR": 2, "HKD": 2, "BRL": 2, "JPY": 0, "KRW": 0}
CURRENCIES = tuple(_MINOR_DIGITS)


class CurrencyMismatch(Invalid):
    code = "currency_mismatch"
    template = gettext_noop("Amounts in %(left)s and %(right)s cannot be put together.")


class UnknownCurrency(Invalid):
    code = "unknown_currency"
    template = gettext_noop("Unknown currency %(currency)s.")


class FinerThanMinorUnit(Invalid):
    code = "finer_than_minor_unit"
    template = gettext_noop("%(amount)s %(currency)s is no whole number of the currency's smallest unit.")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount, e.g. ``Money(Decimal("12.50"), "CNY")``. Floats are refused."""

    amount: Decimal
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("money is made of Decimal, never of float")
        if self.currency not in _MINOR_DIGITS:
            raise UnknownCurrency(currency=self.currency)

    @classmethod
    def of_minor_units(cls, units: int, currency: str = "CNY") -> Money:
        """So many of the smallest unit (fen for CNY)."""
        if currency not in _MINOR_DIGITS:
            raise UnknownCurrency(currency=currency)
        return cls(Decimal(units).scaleb(-_MINOR_DIGITS[currency]), currency)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.amount < other.amount

    def rounded(self) -> Money:
        """To the minor unit of the currency (fen for CNY), half up."""
        unit = Decimal(1).scaleb(-_MINOR_DIGITS[self.currency])
        return Money(self.amount.quantize(unit, rounding=ROUND_HALF_UP), self.currency)

    def minor_units(self) -> int:
        """How many of the smallest unit it is, exactly. Raises FinerThanMinorUnit: nothing is rounded here."""
        if self.amount.is_finite():
            units = self.amount.scaleb(_MINOR_DIGITS[self.currency])
            if units == int(units):
                return int(units)
        raise FinerThanMinorUnit(amount=self.amount, currency=self.currency)

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
