"""Taking units into care, and what is known of their sale."""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.assets.actions._unit import RECORD_HISTORY, lock_unit, record_on_unit
from shouhou.assets.models import Asset
from shouhou.assets.rules import Channel, ProofKind
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.looks import Look
from shouhou.audit.statements import insert_once
from shouhou.catalog.models import ProductModel
from shouhou.customers.models import Customer, Site
from shouhou.customers.queries import CustomerNotFound
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from shouhou.kernel.texts import written


class SerialTaken(Conflict):
    code = "serial_taken"
    template = gettext_noop("A unit of this model with the serial number %(serial)s is registered already.")


class DateInFuture(Invalid):
    code = "date_in_future"
    template = gettext_noop("%(date)s lies in the future.")


class DatesOutOfOrder(Invalid):
    code = "dates_out_of_order"
    template = gettext_noop("The unit cannot have been installed (%(installed)s) before it was sold (%(sold)s).")


class SiteNotFound(NotFound):
    code = "site_not_found"


class PriceInvalid(Invalid):
    code = "sale_price_invalid"
    template = gettext_noop("The price must not be negative or more than %(most)s, with two decimals at most.")


class WordInvalid(Invalid):
    code = "rules_word_invalid"
    template = gettext_noop("“%(word)s” is not a word of the rules: small letters, digits and underscores.")


_MOST_PRICE = Decimal(10_000_000)
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,29}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What is known of the sale of a unit. Not known: None, or empty.

    `trader_installs`: installation was sold with the goods. `platform` and `promises` are words of the rule packs.
    """

    sale_date: date | None = None
    sale_proof: str = ProofKind.NONE
    delivered_date: date | None = None
    delivery_proof: str = ProofKind.NONE
    installed_date: date | None = None
    trader_installs: bool | None = None
    price: Decimal | None = None
    channel: str = ""
    platform: str = ""
    promises: tuple[str, ...] = ()


_SITE = Look(
    lambda branch_id, customer_id, site_id: Site.objects.filter(
        branch_id=branch_id, customer_id=customer_id, id=site_id
    )
)


def register_asset(
    *,
    customer_id: UUID,
    product_model: ProductModel,
    by: Actor,
    at: datetime,
    today: date,
    serial: str = "",
    site_id: UUID | None = None,
    sale_date: date | None = None,
    installed_date: date | None = None,
    contract_number: str = "",
) -> Asset:
    """Take a sold unit into care. `today` is the date at the branch.

    Raises CustomerNotFound, SiteNotFound, SerialTaken, DateInFuture, DatesOutOfOrder, NotPermitted.
    """
    serial = written(serial, most=40, field="serial").upper()
    contract_number = written(contract_number, most=40, field="contract_number")
    _check_days(Sale(sale_date=sale_date, installed_date=installed_date), today=today)
    with act_transaction():
        customer = Customer.objects.visible_to(by).select_for_update().filter(id=customer_id).first()
        if customer is None:
            raise CustomerNotFound(field="customer")
        by.require("assets.register_asset", customer.branch_id)
        site = _SITE.first(branch_id=customer.branch_id, customer_id=customer.id, site_id=site_id) if site_id else None
        if site_id and site is None:
            raise SiteNotFound(field="site")
        asset = Asset(
            branch_id=customer.branch_id,
            customer=customer,
            site=site,
            product_model=product_model,
            serial=serial,
            serial_backwards=serial[::-1],
            sale_date=sale_date,
            installed_date=installed_date,
            contract_number=contract_number,
        )
        # The constraint decides, not a look before it: two clerks may register the same unit in the same moment.
        if not insert_once(asset):
            raise SerialTaken(serial=serial, field="serial")
        said = {"model": product_model.code, "serial": serial, "customer": str(customer.id)}
        record_on_unit(asset, "assets.asset.registered", by=by, at=at, data=said, opens=True)
        return asset


def record_sale(asset_id: UUID, *, sale: Sale, by: Actor, at: datetime, today: date) -> Asset:
    """Write down what is known of the sale of a unit, all of it: what is left out is not known. `today` is that of the branch.

    Guarantee periods are computed from it whenever they are asked for. Raises AssetNotFound, DateInFuture, DatesOutOfOrder,
    PriceInvalid, WordInvalid, UnknownChoice, NotPermitted.
    """
    _check_days(sale, today=today)
    _check_sale(sale)
    told = asdict(sale) | {"promises": sorted(set(sale.promises))}
    with act_transaction():
        asset = lock_unit(asset_id, permission=RECORD_HISTORY, by=by)
        changed = {name: [getattr(asset, name), value] for name, value in told.items() if getattr(asset, name) != value}
        if changed:
            for name in changed:
                setattr(asset, name, told[name])
            asset.save(update_fields=list(changed))
            said = {name: [_said(old), _said(new)] for name, (old, new) in changed.items()}
            record_on_unit(asset, "assets.unit.sale_recorded", by=by, at=at, data=said)
        return asset


def _said(value: object) -> object:
    return value if value is None or isinstance(value, bool | list) else str(value)


def _check_days(sale: Sale, *, today: date) -> None:
    for field in ("sale_date", "delivered_date", "installed_date"):
        day = getattr(sale, field)
        if day and day > today:
            raise DateInFuture(date=day.isoformat(), field=field)
    sold, installed = sale.sale_date, sale.installed_date
    if sold and installed and installed < sold:
        raise DatesOutOfOrder(installed=installed.isoformat(), sold=sold.isoformat(), field="installed_date")


def _check_sale(sale: Sale) -> None:
    check_choice("sale_proof", sale.sale_proof, ProofKind.values)
    check_choice("delivery_proof", sale.delivery_proof, ProofKind.values)
    check_choice("channel", sale.channel, ["", *Channel.values])
    price = sale.price
    if price is not None and not (price.is_finite() and 0 <= price < _MOST_PRICE and round(price, 2) == price):
        raise PriceInvalid(most=_MOST_PRICE, field="price")
    for field, words in (("platform", [sale.platform] if sale.platform else []), ("promises", sale.promises)):
        for word in words:
            if not _WORD.fullmatch(word):
                raise WordInvalid(word=word, field=field)
