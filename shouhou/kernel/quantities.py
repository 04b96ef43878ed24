"""Quantities of parts: exact decimals to the thousandth of their unit, whole where they are counted by the piece."""

from decimal import ROUND_HALF_UP, Decimal

from shouhou.kernel.errors import Invalid, gettext_noop

_THOUSANDTHS = 3
# A thousand million of a unit; sums of very many of them still fit into 64 bits, on both databases.
MOST_THOUSANDTHS = 10**12


class QuantityNotPositive(Invalid):
    code = "stock_quantity_not_positive"
    template = gettext_noop("The quantity must be more than zero.")


class QuantityNotWhole(Invalid):
    code = "stock_quantity_not_whole"
    template = gettext_noop("%(quantity)s is no whole number, and this part is counted by the piece.")


class QuantityTooFine(Invalid):
    code = "stock_quantity_too_fine"
    template = gettext_noop("A quantity has at most three decimals.")


class QuantityTooLarge(Invalid):
    code = "stock_quantity_too_large"
    template = gettext_noop("The quantity is larger than stock can hold.")


def thousandths(quantity: Decimal, *, whole: bool, field: str = "quantity") -> int:
    """How many thousandths of the unit it is; zero and more.

    Raises QuantityNotPositive (below zero, or no number), QuantityTooLarge, QuantityNotWhole, QuantityTooFine.
    """
    if not isinstance(quantity, Decimal):
        raise TypeError("quantities are Decimal, never float")
    if not quantity.is_finite() or quantity < 0:
        raise QuantityNotPositive(field=field)
    if quantity > Decimal(MOST_THOUSANDTHS).scaleb(-_THOUSANDTHS):
        raise QuantityTooLarge(field=field)
    if whole and quantity != int(quantity):
        raise QuantityNotWhole(quantity=quantity, field=field)
    scaled = quantity.scaleb(_THOUSANDTHS)
    if scaled != int(scaled):
        raise QuantityTooFine(field=field)
    return int(scaled)


def some_thousandths(quantity: Decimal, *, whole: bool, field: str = "quantity") -> int:
    """The same, more than zero. Raises as `thousandths` does."""
    if not (units := thousandths(quantity, whole=whole, field=field)):
        raise QuantityNotPositive(field=field)
    return units


def of_thousandths(units: int) -> Decimal:
    """The quantity, without zeros behind the point: 2, 0.5."""
    quantity = Decimal(units).scaleb(-_THOUSANDTHS)
    return quantity.quantize(Decimal(1)) if quantity == int(quantity) else quantity.normalize()


def share(total: int, *, part: int, whole: int) -> int:
    """What falls to `part` out of `whole` of a total, rounded half up; all of it falls to the whole. Needs 0 ≤ part ≤ whole."""
    if part == whole:
        return total
    return int((Decimal(total) * part / whole).to_integral_value(ROUND_HALF_UP))
