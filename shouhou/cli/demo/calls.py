"""Who calls, and about what: customers, their units and their words, drawn from a seeded generator."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from shouhou.assets.rules import months_after
from shouhou.cli.demo.company import COMPANIES, DEALERS, ESTATES, GIVEN, LINES, SURNAMES, Line, Trouble
from shouhou.cli.demo.founding import ZONE, Desk
from shouhou.customers.models import Customer, Site
from shouhou.workorders.actions import NewAsset, NewCustomer, assign_work_class, receive_call
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import CallChannel, WorkClass, WorkType

# Of the mobile prefixes in China 154 is given to no operator, and no landline number begins with 1 after its area code:
# none of these telephones can ring.
_MOBILE, _LANDLINE = "154{:08d}", "0{}1{:07d}"
_TOLD = {
    WorkType.INSTALLATION: "新机到货，预约上门安装",
    WorkType.MAINTENANCE: "申请保养清洗",
    WorkType.GUIDANCE: "不会设置定时和模式，请上门指导使用",
    WorkType.INSPECTION: "合同年度巡检",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was taken: the order and what is needed to play its life."""

    order: WorkOrder
    line: Line
    trouble: Trouble
    suburb: bool


def take_call(
    desk: Desk, *, at: datetime, rng: Random, classed: bool = True, line: str = "", repair: bool = False
) -> Call:
    """Let someone call: seven of ten are new, the others call again about a unit that nobody is working on."""
    idle = [unit for unit in desk.units[-200:] if unit[1] not in desk.busy_units]
    if idle and not line and rng.random() < 0.3:
        customer: UUID | NewCustomer
        asset: UUID | NewAsset
        customer, asset, code = rng.choice(idle)
        product, suburb = _line(code), False
        work_type = _repair_or_care(rng)
        payer = rng.choice([WorkClass.A, WorkClass.B, WorkClass.C])
    else:
        customer = _new_customer(desk, rng)
        product = _line(line) if line else rng.choices(LINES, weights=[one.share for one in LINES])[0]
        suburb = customer.zone == Site.Zone.SUBURB
        work_type = WorkType.INSTALLATION if rng.random() < 0.12 else _repair_or_care(rng)
        work_type = WorkType.REPAIR if repair else work_type
        asset, payer = _new_asset(product, at.astimezone(ZONE).date(), work_type=work_type, papers=classed, rng=rng)
    trouble = rng.choice(product.troubles)
    repair = work_type == WorkType.REPAIR
    order = receive_call(
        branch=desk.branch,
        customer=customer,
        asset=asset,
        fault=trouble.told if repair else _TOLD[work_type],
        fault_code=trouble.code if repair and rng.random() < 0.7 else "",
        work_type=work_type,
        channel=rng.choices(list(CallChannel), weights=[70, 3, 7, 18, 2])[0],
        urgent=repair and trouble.severe,
        by=desk.clerk,
        at=at,
    )
    if classed:
        _say_who_pays(desk, order, payer, at=at, rng=rng)
    if isinstance(asset, NewAsset):
        desk.units.append((order.customer_id, order.asset_id, product.code))
    desk.busy_units.add(order.asset_id)
    return Call(order, product, trouble, suburb)


def _say_who_pays(desk: Desk, order: WorkOrder, payer: WorkClass, *, at: datetime, rng: Random) -> None:
    """The rules have said it already in most cases. Now and then the clerk says something else, or has to say it himself."""
    if not order.work_class:
        assign_work_class(order.id, work_class=payer, reason="已与顾客核对购机凭证", by=desk.clerk, at=at)
    elif order.work_class == WorkClass.A and rng.random() < 0.06:
        stake = Decimal(rng.choice([120, 180, 260, 380, 650]))
        reason = "老客户，出保不久，申请免收" if stake < 500 else "同一故障多次上门，申请免收"
        assign_work_class(order.id, work_class=WorkClass.C, reason=reason, amount=stake, by=desk.clerk, at=at)


def _line(code: str) -> Line:
    return next(line for line in LINES if line.code == code)


def _repair_or_care(rng: Random) -> WorkType:
    kinds = [WorkType.REPAIR, WorkType.MAINTENANCE, WorkType.GUIDANCE, WorkType.INSPECTION]
    return rng.choices(kinds, weights=[80, 13, 4, 3])[0]


def _new_customer(desk: Desk, rng: Random) -> NewCustomer:
    kind = rng.choices(list(Customer.Kind), weights=[86, 9, 3, 2])[0]
    city = desk.place.name.removesuffix("分公司")
    person = rng.choice(SURNAMES) + rng.choice(GIVEN)
    name = {Customer.Kind.COMPANY: city + rng.choice(COMPANIES), Customer.Kind.DEALER: city + rng.choice(DEALERS)}.get(
        kind, person
    )
    landline = kind in (Customer.Kind.COMPANY, Customer.Kind.DEALER)
    suburb = rng.random() < 0.18
    street = desk.place.suburb if suburb else rng.choice(desk.place.streets)
    house = f"{street}{rng.randint(1, 288)}号"
    flat = (
        ""
        if landline
        else f"{rng.choice(ESTATES)}{rng.randint(1, 28)}号楼{rng.randint(1, 4)}单元{rng.randint(1, 26)}0{rng.randint(1, 4)}"
    )
    return NewCustomer(
        name=name,
        phone=_LANDLINE.format(desk.place.area_code, rng.randrange(10**7))[
            : 12 if len(desk.place.area_code) == 3 else 11
        ]
        if landline
        else _MOBILE.format(rng.randrange(10**8)),
        address=f"{city}市{house}{flat}",
        kind=kind,
        zone=Site.Zone.SUBURB if suburb else Site.Zone.CITY,
    )


def _new_asset(
    product: Line, today: date, *, work_type: WorkType, papers: bool, rng: Random
) -> tuple[NewAsset, WorkClass]:
    """A unit with its papers, and who pays for it: free inside the guarantee, then a contract or the customer.

    Without `papers` nobody knows when it was sold, and the rules cannot say who pays.
    """
    code, _name, months = rng.choice(product.models)
    sold = today - timedelta(days=rng.randint(1, 12) if work_type == WorkType.INSTALLATION else rng.randint(20, 2600))
    installed = None if work_type == WorkType.INSTALLATION else min(sold + timedelta(days=rng.randint(0, 10)), today)
    contract = ""
    if today < months_after(installed or sold, months):
        payer = WorkClass.C
    elif rng.random() < 0.25 or work_type == WorkType.INSPECTION:
        payer, contract = WorkClass.B, f"BY{sold:%y}{rng.randrange(10**4):04d}"
    else:
        payer = WorkClass.D if rng.random() < 0.02 else WorkClass.A
    serial = f"HF{sold:%y%m}{rng.randrange(10**7):07d}"
    if not papers:
        return NewAsset(product_model=code, serial=serial), WorkClass.A
    return NewAsset(
        product_model=code, serial=serial, sale_date=sold, installed_date=installed, contract_number=contract
    ), payer
