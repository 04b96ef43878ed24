"""Finding again what an earlier row, or an earlier run, has brought into the books."""

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.assets.models import Asset
from shouhou.assets.queries import find_assets_by_serial, find_assets_of
from shouhou.customers.models import Customer
from shouhou.customers.queries import find_customers
from shouhou.kernel.phones import national_digits

_SHARED = 200  # people behind one telephone: a company's switchboard


def find_known_customer(*, name: str, phone: str, branch: Branch) -> Customer | None:
    """The customer of this name and telephone (in its normal form)."""
    found = find_customers(national_digits(phone), branch=branch, limit=_SHARED)
    return next((one for one in found if one.phone == phone and one.name == name), None)


def find_known_unit(*, model: str, serial: str, customer: Customer | None, branch: Branch, by: Actor) -> Asset | None:
    """The unit with this serial number; without a number, the customer's own unit of the model that has none either."""
    serial = serial.strip().upper()
    if serial:
        same = find_assets_by_serial(serial, branch=branch, limit=50)
    else:
        same = list(find_assets_of(customer.id, by=by).select_related("product_model")) if customer else []
    return next((one for one in same if one.serial == serial and one.product_model.code == model), None)
