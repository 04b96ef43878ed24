from collections.abc import Iterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from shouhou.access.actors import Actor
from shouhou.access.fanout import first_of_each
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.assets.models import Asset, UnitHappening
from shouhou.assets.rules import HappeningKind
from shouhou.assets.warranty.happenings import (
    Delivered,
    Fault,
    Happening,
    Installed,
    LeftOut,
    MeterRead,
    PartWaitBegun,
    PartWaitEnded,
    Proof,
    RepairBegun,
    RepairEnded,
    Sold,
    UnitHistory,
    UnitReplaced,
)
from shouhou.audit.looks import Look
from shouhou.catalog.models import FaultCode
from shouhou.kernel.errors import NotFound, gettext_noop
from shouhou.kernel.texts import sought
from shouhou.policies.rules.words import Uncounted

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


def find_happenings(unit: Asset) -> list[UnitHappening]:
    """All lines of a unit's life, also those taken back, in the order in which things happened. One query."""
    return _HAPPENINGS.all(branch_id=unit.branch_id, asset_id=unit.id)


_HAPPENINGS = Look(
    lambda branch_id, asset_id: (
        UnitHappening.objects.filter(branch_id=branch_id, asset_id=asset_id)
        .select_related("fault_code")
        .order_by("at", "id")
    )
)


def history_of(unit: Asset, *, zone: ZoneInfo, fresh: bool = False) -> UnitHistory:
    """What happened to the unit, as the guarantee is computed from. One query. Days are those of the branch's zone.

    Whether installation was sold with it is said by the unit itself, else by its class. `fresh`: it was registered in this very
    act, so that nothing but its sale can be known of it.
    """
    lines = [] if fresh else find_happenings(unit)
    taken = {line.takes_back_id for line in lines}
    happenings = [*_sale_of(unit), *(_told(line, zone) for line in lines if _counts(line) and line.id not in taken)]
    return UnitHistory(frozenset(happenings), zone, installs_of(unit))


def installs_of(unit: Asset) -> bool | None:
    """Whether installation was sold with the unit: as its own sale says, else as is usual with its class; None: not known."""
    return unit.product_model.product_class.trader_installs if unit.trader_installs is None else unit.trader_installs


def fault_of(code: FaultCode | None) -> Fault | None:
    """The fault as the rules ask for it."""
    if code is None:
        return None
    return Fault(code=code.code, part=code.faulty_part or None, performance=code.performance_fault, severe=code.severe)


def _counts(line: UnitHappening) -> bool:
    return line.kind != HappeningKind.TAKEN_BACK


def _sale_of(unit: Asset) -> Iterator[Happening]:
    if unit.sale_date:
        yield Sold(on=unit.sale_date, proof=Proof(unit.sale_proof))
    if unit.delivered_date:
        yield Delivered(on=unit.delivered_date, proof=Proof(unit.delivery_proof))
    if unit.installed_date:
        yield Installed(on=unit.installed_date)


def _told(line: UnitHappening, zone: ZoneInfo) -> Happening:
    day = line.at.astimezone(zone).date()
    match HappeningKind(line.kind):
        case HappeningKind.REPAIR_BEGUN:
            fault = fault_of(line.fault_code) or Fault(code="", named=False)
            return RepairBegun(repair=line.repair, at=line.at, fault=fault)
        case HappeningKind.REPAIR_ENDED:
            return RepairEnded(
                repair=line.repair,
                at=line.at,
                found=fault_of(line.fault_code),
                parts=frozenset(line.parts),
                assemblies=frozenset(line.assemblies),
            )
        case HappeningKind.PART_WAIT_BEGUN:
            return PartWaitBegun(repair=line.repair, at=line.at)
        case HappeningKind.PART_WAIT_ENDED:
            return PartWaitEnded(repair=line.repair, at=line.at)
        case HappeningKind.LEFT_OUT:
            reason = Uncounted(line.reason)
            return LeftOut(repair=line.repair, reason=reason, starts_at=line.at, ends_at=line.ends_at or line.at)
        case HappeningKind.REPLACED:
            return UnitReplaced(on=day)
        case HappeningKind.METER_READ:
            return MeterRead(on=day, km=line.km or 0)
    raise ValueError(f"{line.kind} is nothing that a guarantee is computed from")
