from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from shouhou.access.actors import Actor
from shouhou.access.fanout import first_of_each
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.assets.models import Asset
from shouhou.kernel.errors import NotFound, gettext_noop
from shouhou.kernel.texts import sought

SHORTEST_END = 4  # of a serial number; fewer characters are the end of too many


class AssetNotFound(NotFound):
    code = "asset_not_found"


class UnknownSerial(NotFound):
    code = "unknown_serial"
    template = gettext_noop("No unit with the serial number “%(serial)s” is known here. Register it as a new unit.")


def get_asset(asset_id: UUID, *, by: Actor) -> Asset:
    """One unit of the actor's branches. Raises AssetNotFound."""
    rows = Asset.objects.visible_to(by).select_related("product_model__product_class", "customer", "site", "branch")
    asset = rows.filter(id=asset_id).first()
    if asset is None:
        raise AssetNotFound(field="asset")
    return asset


def get_asset_by_serial(serial: str, *, branch: Branch) -> Asset:
    """The unit with this serial number in a branch. Raises UnknownSerial."""
    rows = Asset.objects.at(branch).select_related("product_model__product_class", "customer", "site")
    asset = rows.filter(serial=sought(serial).upper()).order_by("id").first()
    if asset is None:
        raise UnknownSerial(serial=serial.strip(), field="serial")
    return asset


def find_assets_of(customer_id: UUID, *, by: Actor) -> BranchQuerySet[Asset]:
    """The units of a customer, newest sale first."""
    rows = Asset.objects.visible_to(by).filter(customer_id=customer_id)
    return rows.select_related("product_model__product_class", "site").order_by("-sale_date", "id")


def find_assets_by_serial(prefix: str, *, branch: Branch, limit: int = 8) -> list[Asset]:
    """Units whose serial number begins so. A short range of one index."""
    prefix = sought(prefix).upper()
    if not prefix:
        return []
    rows = Asset.objects.at(branch).filter(serial__gte=prefix, serial__lt=prefix + "\U0010ffff").exclude(serial="")
    return list(rows.select_related("product_model", "customer").order_by("serial", "id")[:limit])


def search_assets(text: str, *, branches: Sequence[Branch], limit: int) -> list[Asset]:
    """Units whose serial number begins so, or ends so (from the fourth character on). Bare, in the order of their numbers."""
    text = sought(text).upper()
    if not text:
        return []
    parts = [_serials_from("serial", text, branch) for branch in branches]
    if len(text) >= SHORTEST_END:
        parts += [_serials_from("serial_backwards", text[::-1], branch) for branch in branches]
    found = {asset.id: asset for asset in first_of_each(parts, limit=limit)}
    return sorted(found.values(), key=lambda asset: (not asset.serial.startswith(text), asset.serial, asset.id))[:limit]


def _serials_from(column: str, prefix: str, branch: Branch) -> BranchQuerySet[Asset]:
    within = {f"{column}__gte": prefix, f"{column}__lt": prefix + "\U0010ffff"}
    return Asset.objects.at(branch).filter(~Q(**{column: ""}), **within).order_by(column, "id")


def find_assets_with_serial(serial: str, *, by: Actor, limit: int = 8) -> list[Asset]:
    """The units with exactly this serial number in the actor's branches: several where different models use it."""
    serial = sought(serial).upper()
    if not serial:
        return []
    rows = Asset.objects.visible_to(by).filter(serial=serial)
    return list(rows.select_related("product_model", "customer", "branch").order_by("branch_id", "id")[:limit])
