from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.kernel.money import CURRENCIES, CurrencyMismatch, FinerThanMinorUnit, Money, UnknownCurrency

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
money = amounts.map(Money)


@given(money, money)
def test_it_adds_and_takes_away_exactly(left: Money, right: Money) -> None:
    assert left + right - right == left
    assert left + right == right + left
    assert left + -left == Money(Decimal(0))


@given(amounts, st.integers(-1000, 1000))
def test_it_multiplies_without_rounding(amount: Decimal, factor: int) -> None:
    assert (Money(amount) * factor).amount == amount * factor


@given(money)
def test_it_rounds_to_the_minor_unit_once(amount: Money) -> None:
    rounded = amount.rounded()
    assert rounded.rounded() == rounded
    assert rounded.amount == amount.amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert abs(rounded.amount - amount.amount) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("0.005", "CNY", "0.01"), ("-0.005", "CNY", "-0.01"), ("0.0049", "CNY", "0.00"), ("0.5", "JPY", "1")],
)
def test_it_rounds_half_away_from_nothing(amount: str, currency: str, rounded: str) -> None:
    assert str(Money(Decimal(amount), currency).rounded().amount) == rounded


def test_it_compares_amounts_of_one_currency() -> None:
    assert Money(Decimal(1)) < Money(Decimal(2))
    assert not Money(Decimal(2)) < Money(Decimal(1))


@pytest.mark.parametrize("mix", [Money.__add__, Money.__sub__, Money.__lt__])
def test_it_refuses_to_mix_currencies(mix) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CurrencyMismatch, match="CNY and USD"):
        mix(Money(Decimal(1)), Money(Decimal(1), "USD"))


def test_it_refuses_a_float() -> None:
    with pytest.raises(TypeError, match="never of float"):
        Money(0.1)  # type: ignore[arg-type]


def test_it_refuses_a_currency_it_does_not_know() -> None:
    with pytest.raises(UnknownCurrency):
        Money(Decimal(1), "XXX")


@given(st.integers(-(10**15), 10**15), st.sampled_from(CURRENCIES))
def test_minor_units_come_back_as_they_were(units: int, currency: str) -> None:
    assert Money.of_minor_units(units, currency).minor_units() == units


def test_minor_units_are_those_of_the_currency() -> None:
    assert Money(Decimal("12.50")).minor_units() == 1250
    assert Money(Decimal(12), "JPY").minor_units() == 12
    with pytest.raises(UnknownCurrency):
        Money.of_minor_units(1, "XXX")


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "12.505"])
def test_what_is_no_whole_number_of_them_is_refused_and_not_rounded(amount: str) -> None:
    with pytest.raises(FinerThanMinorUnit):
        Money(Decimal(amount)).minor_units()
