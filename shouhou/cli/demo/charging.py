"""What the demonstration company charges: work codes, travel bands, and the four prices of everything."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.catalog.actions import add_travel_band, add_work_code, set_price
from shouhou.catalog.models import Part, Priced, ProductClass
from shouhou.catalog.rules import FourPrices
from shouhou.cli.demo.company import BANDS, PARTS, WORKS
from shouhou.kernel.money import Money

# What the maker pays for a part, of what customers pay for it.
_SETTLED_IN, _SETTLED_OUT = Decimal("0.80"), Decimal("0.70")
# Parts that become dearer: half way through the history, and with the next year.
_DEARER_SINCE, _DEARER_NEXT_YEAR = "HF-R32", ("HF-R32", "HF-PV15", "HF-MF40")


def write_price_list(hq: Branch, *, by: Actor, at: datetime, end: datetime) -> None:
    """Prices since the first of January, one change in between, and some for the year that comes."""
    zone = ZoneInfo(hq.time_zone)
    today, half_way = at.astimezone(zone).date(), (at + (end - at) / 2).astimezone(zone).date()
    new_year = date(end.astimezone(zone).year + 1, 1, 1)

    def put(subject: Priced, prices: FourPrices, valid_from: date) -> None:
        set_price(subject, prices=prices, valid_from=valid_from, branch=hq, by=by, at=at, today=today)

    since = date(today.year, 1, 1)
    parts = {part.number: part for part in Part.objects.all()}
    for number, _name, _unit, price, _word in PARTS:
        put(parts[number], _part_prices(price), since)
    dearer = dict.fromkeys(_DEARER_NEXT_YEAR, Decimal("1.10"))
    for number, _name, _unit, price, _word in PARTS:
        if number == _DEARER_SINCE:
            put(parts[number], _part_prices(price * Decimal("1.05")), half_way)
        if number in dearer:
            put(parts[number], _part_prices(price * dearer[number]), new_year)
    for code, works in WORKS.items():
        group = ProductClass.objects.get(code=code)
        for work, name, hours, *amounts in works:
            added = add_work_code(
                code=work, name=name, product_class=group, hours=Decimal(hours), branch=hq, by=by, at=at
            )
            put(added, _prices(*amounts), since)
    for code, name, from_km, *amounts in BANDS:
        put(add_travel_band(code=code, name=name, from_km=from_km, branch=hq, by=by, at=at), _prices(*amounts), since)


def _part_prices(price: Decimal) -> FourPrices:
    charged, settled_in, settled_out = (
        Money(price * share).rounded().amount for share in (Decimal(1), _SETTLED_IN, _SETTLED_OUT)
    )
    return FourPrices(Decimal(0), settled_in, charged, settled_out)


def _prices(charged: str, settled_out: str, settled_in: str) -> FourPrices:
    return FourPrices(Decimal(0), Decimal(settled_in), Decimal(charged), Decimal(settled_out))
