"""The life of a unit: its sale, meter, replacement, what was found at it, and the guarantee that follows."""

from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from shouhou.access.permissions import SEE_CUSTOMER
from shouhou.api.auth import ActorRequest
from shouhou.api.routing import Routes
from shouhou.api.schemas.customers import AssetAnswer
from shouhou.api.schemas.unit_life import (
    HappeningAnswer,
    HistoryAnswer,
    LeftOutInput,
    MeterReadingInput,
    ReplacementInput,
    SaleInput,
)
from shouhou.api.schemas.verdicts import FindingAnswer, FindingInput, FindingList
from shouhou.api.schemas.work_orders import ReasonInput
from shouhou.assets import actions as acts
from shouhou.assets.models import Asset
from shouhou.assets.queries import find_happenings, get_asset
from shouhou.entitlements.actions import record_finding as record
from shouhou.entitlements.actions import withdraw_finding as withdraw
from shouhou.entitlements.queries import coverage_of, find_findings
from shouhou.entitlements.rules.answers import answer_of, cited_by, versions_in
from shouhou.workorders.errors import PhotoNotFound, WorkOrderNotFound
from shouhou.workorders.queries import find_photos_of, get_work_order

routes = Routes("customers")


@routes.read("/assets/{uuid:asset_id}/history", HistoryAnswer)
def show_history(request: ActorRequest, asset_id: UUID) -> HistoryAnswer:
    """Show what happened to a unit, and its guarantee periods with every step of their reckoning."""
    unit = _unit(request, asset_id)
    coverage = coverage_of(unit, branch=unit.branch, at=timezone.now())
    answer, cited = answer_of(coverage), cited_by(coverage)
    named = versions_in([answer["segments"], answer["supposed"]])
    return HistoryAnswer.told(find_happenings(unit), answer, {one: cited[one] for one in sorted(named)})


@routes.act("PUT", "/assets/{uuid:asset_id}/sale", AssetAnswer)
def record_sale(request: ActorRequest, asset_id: UUID, body: SaleInput) -> AssetAnswer:
    """Write down what is known of the sale, all of it: what is left out is not known."""
    unit = get_asset(asset_id, by=request.auth)
    now = timezone.now()
    sale = body.model_dump() | {"channel": body.channel or "", "promises": tuple(body.promises)}
    acts.record_sale(
        unit.id,
        sale=acts.Sale(**sale),
        by=request.auth,
        at=now,
        today=now.astimezone(ZoneInfo(unit.branch.time_zone)).date(),
    )
    return AssetAnswer.of(get_asset(unit.id, by=request.auth))


@routes.act("POST", "/assets/{uuid:asset_id}/meter-readings", HappeningAnswer, status=201)
def read_meter(request: ActorRequest, asset_id: UUID, body: MeterReadingInput) -> HappeningAnswer:
    """Write down what the meter showed."""
    now = timezone.now()
    row = acts.read_meter(asset_id, km=body.km, read_at=body.read_at or now, by=request.auth, at=now)
    return HappeningAnswer.of(row)


@routes.act("POST", "/assets/{uuid:asset_id}/replacement", HappeningAnswer, status=201)
def replace_unit(request: ActorRequest, asset_id: UUID, body: ReplacementInput) -> HappeningAnswer:
    """Write down that the customer got another unit for this one. Its guarantee goes on as the rules say."""
    now = timezone.now()
    replaced_at = body.replaced_at or now
    row = acts.replace_unit(asset_id, replaced_at=replaced_at, reason=body.reason, by=request.auth, at=now)
    return HappeningAnswer.of(row)


@routes.act("POST", "/assets/{uuid:asset_id}/left-out-times", HappeningAnswer, status=201)
def leave_out_time(request: ActorRequest, asset_id: UUID, body: LeftOutInput) -> HappeningAnswer:
    """Write down that part of a repair need not count as days in repair, and what shows it.

    Whether it does not count, the rule in force says: `days_left_out` among the counts of the life.
    """
    row = acts.leave_out_time(asset_id, **body.model_dump(), by=request.auth, at=timezone.now())
    return HappeningAnswer.of(row)


@routes.act("POST", "/happenings/{uuid:happening_id}/taking-back", HappeningAnswer, status=201)
def take_back_happening(request: ActorRequest, happening_id: UUID, body: ReasonInput) -> HappeningAnswer:
    """Take a wrong line of a unit's life back. Answers the line that says so; both stay."""
    row = acts.take_back_happening(happening_id, reason=body.reason, by=request.auth, at=timezone.now())
    return HappeningAnswer.of(row)


@routes.read("/assets/{uuid:asset_id}/findings", FindingList)
def list_findings(request: ActorRequest, asset_id: UUID) -> FindingList:
    """List what was found at a unit, with the withdrawals, oldest first."""
    return FindingList(rows=[FindingAnswer.of(one) for one in find_findings(_unit(request, asset_id))])


@routes.act("POST", "/assets/{uuid:asset_id}/findings", FindingAnswer, status=201)
def record_finding(request: ActorRequest, asset_id: UUID, body: FindingInput) -> FindingAnswer:
    """Write down what takes free repairs away: misuse, a foreign repair, an altered paper. With its evidence."""
    unit = get_asset(asset_id, by=request.auth)
    _check_order(request, unit, body.work_order_id, body.photos)
    finding = record(
        unit.id,
        exclusion=body.exclusion,
        evidence=body.evidence,
        about=body.work_order_id,
        photos=body.photos,
        by=request.auth,
        at=timezone.now(),
    )
    return FindingAnswer.of(finding)


@routes.act("POST", "/findings/{uuid:finding_id}/withdrawal", FindingAnswer, status=201)
def withdraw_finding(request: ActorRequest, finding_id: UUID, body: ReasonInput) -> FindingAnswer:
    """Withdraw a finding that does not hold. Answers the row that says so; both stay."""
    return FindingAnswer.of(withdraw(finding_id, reason=body.reason, by=request.auth, at=timezone.now()))


def _unit(request: ActorRequest, asset_id: UUID) -> Asset:
    unit = get_asset(asset_id, by=request.auth)
    request.auth.require(SEE_CUSTOMER, unit.branch_id)
    return unit


def _check_order(request: ActorRequest, unit: Asset, order_id: UUID | None, photos: Collection[UUID]) -> None:
    """The order is one of the unit's, and the photos are of the order."""
    if order_id is None:
        if photos:
            raise PhotoNotFound(field="photos")
        return
    order = get_work_order(order_id, by=request.auth)
    if (order.branch_id, order.asset_id) != (unit.branch_id, unit.id):
        raise WorkOrderNotFound(field="work_order_id")
    if set(photos) - {photo.id for photo in find_photos_of(order)}:
        raise PhotoNotFound(field="photos")
