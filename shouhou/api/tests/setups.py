"""What stands in the books before a route of the table is called, and the ids that the cast has no name for."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from shouhou.access.actions import issue_token
from shouhou.access.actors import product_itself
from shouhou.access.models import Branch, RoleAssignment, User
from shouhou.assets.actions import read_meter
from shouhou.catalog.actions import add_travel_band, add_work_code, set_price
from shouhou.catalog.models import FaultCode, Part, ProductClass, ProductModel, TravelBand, WorkCode
from shouhou.catalog.rules import FourPrices
from shouhou.commitments.actions import approve_award, pause_commitment
from shouhou.commitments.models import Award
from shouhou.commitments.rules.award_words import AwardState
from shouhou.custody.actions import hand_back
from shouhou.entitlements.actions import record_finding
from shouhou.entitlements.models import Finding, Override
from shouhou.entitlements.queries import standing_findings
from shouhou.workforce.models import Technician
from shouhou.workorders.actions import assign_work_class, judge_again, take_goods_away
from shouhou.workshop.models import RepairCard
from tests.bookkeeping import named_in_books
from tests.goods_acts import CUSTOMER, OURS, in_hand
from tests.walls import World, written_down
from tests.workshop_acts import CardLife, CardStage


def technician_left(world: World) -> object:
    return Technician.objects.filter(id=world.crew.technician.id).update(active=False, left_on=date(2026, 1, 31))


def user_shut_out(world: World) -> object:
    return _user(world).update(is_active=False)


def password_taken_away(world: World) -> object:
    return _user(world).update(password="!")


def second_factor_set_up(world: World) -> object:
    user = _user(world).get()
    return Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})


def has_branches_below(world: World) -> object:
    return _branch(world).update(kind=Branch.Kind.CENTRE)


def branch_closed(world: World) -> object:
    return _branch(world).update(closed_at=timezone.now())


def card_to(stage: CardStage) -> Callable[[World], object]:
    """The repair card has come as far as that."""

    def bring(world: World) -> object:
        found = RepairCard.objects.get(branch=world.crew.branch)
        one = CardLife(world.crew, world.life, found.receipt, found.opened_at, found.id)
        return one.to(stage)

    return bring


def card_handed_back(world: World) -> object:
    """The unit of an inspected card was handed back without it."""
    one: Any = card_to("inspected")(world)
    return hand_back(one.card.asset_id, giver=OURS, customer=CUSTOMER, declaration="遗失", **one.lead())


def goods_in(world: World) -> object:
    """The unit of the order is with us."""
    away: dict[str, Any] = {"condition": "完好", "promised_on": date(2199, 1, 1), "to": in_hand(world.crew)}
    return take_goods_away(world.life.id, **away, customer=CUSTOMER, taker=OURS, **_of_clerk(world))


def part_retired(world: World) -> object:
    return Part.objects.update(retired_at=timezone.now())


def price_to_come(world: World) -> object:
    today = timezone.now().date()
    return set_price(
        Part.objects.get(),
        prices=FourPrices(out_charged=Decimal(42)),
        valid_from=date(2199, 1, 1),
        today=today,
        **_by(),
    )


def clock_stopped(world: World) -> object:
    """The promise to arrive at the order stands still, by hand."""
    promise = written_down(world.life, "commitment_id")
    assert promise
    return pause_commitment(promise, cause="objective", reason="停电", by=world.crew.supervisor, at=timezone.now())


def awards_approved(world: World) -> object:
    """Whatever was proposed at the branch is owed now."""
    return [
        approve_award(one.id, by=world.crew.supervisor, at=timezone.now())
        for one in Award.objects.filter(branch=world.crew.branch, state=AwardState.PROPOSED)
    ]


def id_of(world: World, name: str) -> Any:
    """The value of a path parameter or field that the world itself does not know; None if it does."""
    cooling = ProductClass.objects.filter(code="ac")
    match name:
        case "kind":
            return "voucher"
        case "year":
            return 2026
        case "work_order_id":
            return world.life.id
        case "override_id":
            return override_waiting(world).id
        case "finding_id":
            return _found(world).id
        case "happening_id":
            return read_meter(world.crew.unit.id, km=900, read_at=timezone.now(), **_of_clerk(world)).id
        case "account_id" | "journal_id" | "hold_id":
            return named_in_books(world.crew)[name]
        case "parent":
            return world.branch
        case "user_id":
            return world.crew.colleague_actor.user_id  # nobody who calls, so that he may be shut out beforehand
        case "role_id":
            return RoleAssignment.objects.get(user=world.crew.colleague_actor.user).id
        case "class_id":
            return cooling.get().id
        case "model_id":
            return ProductModel.objects.get(code="KFR-35GW").id
        case "part_id":
            return Part.objects.get().id
        case "fault_code_id":
            return FaultCode.objects.get().id
        case "work_code_id":
            given: dict[str, Any] = {
                "code": "W1",
                "name": "检修",
                "hours": Decimal("1.5"),
                "product_class": cooling.get(),
            }
            return (WorkCode.objects.first() or add_work_code(**given, **_by())).id
        case "band_id":
            return (TravelBand.objects.first() or add_travel_band(code="T1", name="市区", from_km=0, **_by())).id
    return None


def override_waiting(world: World) -> Override:
    """Somebody lets another pay, for more than he may alone: within what a supervisor may confirm."""
    order = world.life.id
    _found(world)
    judge_again(order, **_of_clerk(world))
    given: dict[str, Any] = {"work_class": "C", "reason": "客户投诉升级", "amount": Decimal(1500)}
    assign_work_class(order, **given, **_of_clerk(world))
    return Override.objects.filter(verdict__about=order).latest("made_at", "id")


def _found(world: World) -> Finding:
    unit = world.crew.unit
    standing = standing_findings(unit)
    return standing[0] if standing else record_finding(unit.id, exclusion="misuse", evidence="进水", **_of_clerk(world))


def _of_clerk(world: World) -> dict[str, Any]:
    return {"by": world.crew.clerk, "at": timezone.now()}


def token_of(user: User, branch: Branch) -> Any:
    """The id of a new token."""
    return issue_token(user, name="旧", expires_at=timezone.now() + timedelta(days=1), **_by(branch=branch))[0].id


def _user(world: World) -> Any:
    return User.objects.filter(technician=world.crew.colleague)


def _branch(world: World) -> Any:
    return Branch.objects.filter(id=world.crew.branch.id)


def _by(**given: Any) -> dict[str, Any]:
    return {"branch": Branch.objects.get(code="HQ"), "by": product_itself(channel="cli"), "at": timezone.now()} | given
