from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shouhou.access.actors import Actor
from shouhou.assets.models import Asset
from shouhou.assets.rules import months_after
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.models import ProductModel
from shouhou.customers.models import Customer, Site
from shouhou.customers.queries import CustomerNotFound
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
    for field, day in (("sale_date", sale_date), ("installed_date", installed_date)):
        if day and day > today:
            raise DateInFuture(date=day.isoformat(), field=field)
    if sale_date and installed_date and installed_date < sale_date:
        raise DatesOutOfOrder(installed=installed_date.isoformat(), sold=sale_date.isoformat(), field="installed_date")
    start = installed_date or sale_date
    with act_transaction():
        customer = Customer.objects.visible_to(by).select_for_update().filter(id=customer_id).first()
        if customer is None:
            raise CustomerNotFound(field="customer")
        by.require("assets.register_asset", customer.branch_id)
        sites = Site.objects.filter(branch_id=customer.branch_id, customer=customer)
        if site_id and not sites.filter(id=site_id).exists():
            raise SiteNotFound(field="site")
        try:
            with transaction.atomic():
                asset = Asset.objects.create(
                    branch_id=customer.branch_id,
                    customer=customer,
                    site_id=site_id,
                    product_model=product_model,
                    serial=serial,
                    serial_backwards=serial[::-1],
                    sale_date=sale_date,
                    installed_date=installed_date,
                    guarantee_until=months_after(start, product_model.guarantee_months) if start else None,
                    contract_number=contract_number,
                )
        except IntegrityError:
            # The constraint decides, not a look before it: two clerks may register the same unit in the same moment.
            raise SerialTaken(serial=serial, field="serial") from None
        record(
            branch_id=asset.branch_id,
            chain_id=asset.id,
            verb="assets.asset.registered",
            subject=("asset", asset.id),
            by=by,
            at=at,
            data={"model": product_model.code, "serial": serial, "customer": str(customer.id)},
        )
        return asset
