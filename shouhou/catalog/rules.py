"""What the catalogue can hold, and which of several dated prices counts on a day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.money import Money
from shouhou.kernel.texts import written, written_word

CHANGE_CATALOGUE = "catalog.change_catalogue"
MOST_PRICE = Decimal(10_000_000)
MOST_HOURS = Decimal(1_000)
MOST_MONTHS = 600
MOST_KILOMETRES = 5_000
# From when a thing's first price counts: what has never had a price gets one for its whole past, which changes nothing.
ALWAYS = date(1970, 1, 1)
_LATEST = date(2199, 12, 31)
# Makers' model numbers have blanks and slashes in them; what no code has is a line break.
_CODE = re.compile(r"[^\x00-\x1f\x7f]+")


class Side(TextChoices):
    """Whose money: the customer is charged, the maker and the station settle."""

    CHARGED = "charged", _("Charged to the customer")
    SETTLED = "settled", _("Settled by the maker")


class KeptAs(TextChoices):
    """How a part is kept in stock."""

    COUNTED = "counted", _("By the piece")
    MEASURED = "measured", _("By measure, with decimals")
    SERIAL = "serial", _("Each with its serial number")


class CodeInvalid(Invalid):
    code = "catalogue_code_invalid"
    template = gettext_noop("Please give it a code, in one line.")


class EntryNameMissing(Invalid):
    code = "catalogue_name_missing"
    template = gettext_noop("Please give it a name.")


class MonthsInvalid(Invalid):
    code = "guarantee_months_invalid"
    template = gettext_noop("The guarantee must be between 0 and %(most)s months.")


class HoursInvalid(Invalid):
    code = "standard_hours_invalid"
    template = gettext_noop("Standard hours must be more than 0 and less than %(most)s, with two decimals at most.")


class DistanceInvalid(Invalid):
    code = "distance_invalid"
    template = gettext_noop("The distance must be whole kilometres between 0 and %(most)s.")


class AmountInvalid(Invalid):
    code = "list_price_invalid"
    template = gettext_noop(
        "A price must not be negative or more than %(most)s, and no finer than the currency's smallest coin."
    )


class NoAmountGiven(Invalid):
    code = "list_price_missing"
    template = gettext_noop("Give at least one of the four prices.")


class DayOutOfRange(Invalid):
    code = "price_day_out_of_range"
    template = gettext_noop("The day must lie between %(first)s and %(last)s.")


@dataclass(frozen=True, slots=True)
class FourPrices:
    """What one thing costs: in and out of warranty, charged to the customer and settled by the maker. None: not agreed."""

    in_charged: Decimal | None = None
    in_settled: Decimal | None = None
    out_charged: Decimal | None = None
    out_settled: Decimal | None = None
    currency: str = "CNY"

    def amounts(self) -> dict[str, Decimal | None]:
        """The four by name."""
        return {name: getattr(self, name) for name in AMOUNTS}

    def of(self, *, in_warranty: bool, side: Side) -> Money | None:
        """One of the four."""
        amount: Decimal | None = getattr(self, f"{'in' if in_warranty else 'out'}_{side}")
        return None if amount is None else Money(amount, self.currency)


AMOUNTS = ("in_charged", "in_settled", "out_charged", "out_settled")


def charged(price: Decimal, currency: str = "CNY") -> FourPrices:
    """What a thing costs whose settlement is not agreed: free in warranty, this much outside."""
    return FourPrices(in_charged=Decimal(0), out_charged=price, currency=currency)


def written_code(text: str, *, most: int, field: str) -> str:
    """A code as it is stored. Raises CodeInvalid, TextTooLong, TextUnreadable."""
    code = written(text, most=most, field=field)
    if not _CODE.fullmatch(code):
        raise CodeInvalid(field=field)
    return code


def written_name(text: str, *, most: int) -> str:
    """A name as it is stored. Raises EntryNameMissing, TextTooLong, TextUnreadable."""
    name = written(text, most=most, field="name")
    if not name:
        raise EntryNameMissing(field="name")
    return name


def written_rules_word(text: str, *, field: str) -> str:
    """A word of the rule packs as an entry keeps it; blank means that none is known. Raises WordMalformed, TextTooLong."""
    return written_word(text, most=40, field=field)


def checked_months(months: int) -> int:
    """Months of guarantee. Raises MonthsInvalid."""
    if not 0 <= months <= MOST_MONTHS:
        raise MonthsInvalid(most=MOST_MONTHS, field="guarantee_months")
    return months


def checked_hours(hours: Decimal) -> Decimal:
    """Standard hours of a piece of work. Raises HoursInvalid."""
    if not hours.is_finite() or not 0 < hours < MOST_HOURS or round(hours, 2) != hours:
        raise HoursInvalid(most=MOST_HOURS, field="hours")
    return hours


def checked_distance(kilometres: int) -> int:
    """Where a travel band begins. Raises DistanceInvalid."""
    if not 0 <= kilometres <= MOST_KILOMETRES:
        raise DistanceInvalid(most=MOST_KILOMETRES, field="from_km")
    return kilometres


def checked_prices(prices: FourPrices) -> FourPrices:
    """Four prices that the list can hold. Raises NoAmountGiven, AmountInvalid, UnknownCurrency."""
    if all(amount is None for amount in prices.amounts().values()):
        raise NoAmountGiven(field="out_charged")
    for name, amount in prices.amounts().items():
        if amount is None:
            continue
        fits = amount.is_finite() and 0 <= amount < MOST_PRICE
        if not fits or Money(amount, prices.currency).rounded().amount != amount:
            raise AmountInvalid(most=MOST_PRICE, field=name)
    return prices


def checked_day(day: date) -> date:
    """From when a price counts. Raises DayOutOfRange."""
    if not ALWAYS <= day <= _LATEST:
        raise DayOutOfRange(first=ALWAYS.isoformat(), last=_LATEST.isoformat(), field="valid_from")
    return day


def in_force(starts: Iterable[date], day: date) -> date | None:
    """Of several prices the one that counts on a day: the last that has begun. Each ends where the next begins."""
    return max((start for start in starts if start <= day), default=None)
