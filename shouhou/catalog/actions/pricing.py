"""The price list. A price that has begun is never changed: what was charged under it must stay explicable."""

from datetime import date, datetime

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.actions._entries import journal, locked
from shouhou.catalog.models import Price, Priced
from shouhou.catalog.queries import in_use, priced_as, prices_of
from shouhou.catalog.rules import ALWAYS, AMOUNTS, CHANGE_CATALOGUE, FourPrices, checked_day, checked_prices
from shouhou.kernel.errors import Conflict, Invalid, NotFound, gettext_noop


class PriceInThePast(Invalid):
    code = "list_price_in_the_past"
    template = gettext_noop("A new price counts from today (%(today)s) at the earliest; it does not change the past.")


class PriceHasBegun(Conflict):
    code = "list_price_has_begun"
    template = gettext_noop("The price of %(day)s counts already and stays as it is; set a new one from a later day.")


class PriceNotFound(NotFound):
    code = "list_price_not_found"


def set_price(
    subject: Priced, *, prices: FourPrices, valid_from: date, branch: Branch, by: Actor, at: datetime, today: date
) -> Price:
    """Write down what a thing costs from a day on, until its next price begins. `today` is the date at the branch.

    The first price of a thing may begin in the past; any other begins today or later, and replaces one of the same
    future day. Raises PriceInThePast, PriceHasBegun, NoAmountGiven, AmountInvalid, UnknownCurrency, DayOutOfRange,
    EntryRetired, EntryNotFound, NotPermitted.
    """
    by.require(CHANGE_CATALOGUE, branch.id)
    checked_prices(prices)
    checked_day(valid_from)
    with act_transaction():
        priced = in_use(locked(subject))
        known = prices_of(priced)
        same_day = known.filter(valid_from=valid_from).first()
        if same_day and same_day.four == prices:
            return same_day
        if same_day and valid_from <= today:
            raise PriceHasBegun(day=valid_from.isoformat(), field="valid_from")
        if valid_from < today and known.exists():
            raise PriceInThePast(today=today.isoformat(), field="valid_from")
        return _write(priced, same_day, prices, valid_from=valid_from, branch=branch, by=by, at=at)


def withdraw_price(subject: Priced, *, valid_from: date, branch: Branch, by: Actor, at: datetime, today: date) -> None:
    """Take back a price that has not begun. Raises PriceNotFound, PriceHasBegun, EntryNotFound, NotPermitted."""
    by.require(CHANGE_CATALOGUE, branch.id)
    with act_transaction():
        priced = locked(subject)
        price = prices_of(priced).filter(valid_from=valid_from).first()
        if price is None:
            raise PriceNotFound()
        if valid_from <= today:
            raise PriceHasBegun(day=valid_from.isoformat())
        price.delete()
        data = {"valid_from": valid_from.isoformat(), "from": _said(price.four), "to": None}
        journal(priced, "price.withdrawn", data, branch=branch, by=by, at=at)


def write_first_price(subject: Priced, prices: FourPrices, *, branch: Branch, by: Actor, at: datetime) -> Price:
    """The price of a thing that has just been added, inside the transaction of that act. It counts for all the past."""
    return _write(subject, None, prices, valid_from=ALWAYS, branch=branch, by=by, at=at)


def _write(
    subject: Priced,
    replaced: Price | None,
    prices: FourPrices,
    *,
    valid_from: date,
    branch: Branch,
    by: Actor,
    at: datetime,
) -> Price:
    before = replaced.four if replaced else None
    price = replaced or Price(**{priced_as(subject): subject}, valid_from=valid_from)
    for name in (*AMOUNTS, "currency"):
        setattr(price, name, getattr(prices, name))
    if replaced:
        price.save(update_fields=[*AMOUNTS, "currency"])
    else:
        price.save(force_insert=True)
    data = {"valid_from": valid_from.isoformat(), "from": _said(before), "to": _said(prices)}
    journal(subject, "price.set", data, branch=branch, by=by, at=at)
    return price


def _said(prices: FourPrices | None) -> dict[str, str | None] | None:
    if prices is None:
        return None
    # Written alike, whether typed just now or read back from the database.
    amounts = {name: None if amount is None else f"{amount:.2f}" for name, amount in prices.amounts().items()}
    return amounts | {"currency": prices.currency}
