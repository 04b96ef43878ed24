"""The fixed cast of the tests: a company with two branches and their people, units and calls, made by the real actions.

Fixtures: `cast` (the whole company) and its branches `qd` and `jn`. `qd.order("on_site")` brings a new call as far as
that; `refuses(Error)` expects a refusal and that no row of any table has changed; `unchanged()` only the latter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Self

import pytest
from django.apps import apps
from django.db import connection, models

from shouhou.access.actions import assign_role, open_branch, register_user
from shouhou.access.actors import Actor, actor_for, product_itself
from shouhou.access.models import Branch, User
from shouhou.access.permissions import Role
from shouhou.assets.actions import register_asset
from shouhou.assets.models import Asset
from shouhou.audit.models import Event
from shouhou.catalog.actions import add_fault_code, add_part, add_product_class, add_product_model
from shouhou.catalog.models import FaultCode, Part, ProductClass, ProductModel
from shouhou.customers.actions import register_customer
from shouhou.customers.models import Customer, Site
from shouhou.kernel.errors import Refusal
from shouhou.web.models import TourSeen
from shouhou.web.tours import TOURS
from shouhou.workforce.actions import (
    add_qualification,
    grant_qualification,
    register_technician,
    require_qualification,
)
from shouhou.workforce.models import Qualification, Technician
from shouhou.workorders import actions as acts
from shouhou.workorders.models import Visit, Voucher, VoucherEntry, WorkOrder

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # Monday, half past nine in Qingdao
STEP = timedelta(minutes=10)
PASSWORD = "correct horse 9"
PHONE = "13812342071"
# A line with two bends, as [x, y, milliseconds].
STROKES = [[[10, 10, 0], [60, 80, 40], [110, 20, 90]], [[20, 50, 200], [140, 55, 260]]]
CHECKS = {"safe": "ok", "works": "ok"}  # what the checklist of a repair demands

# A call of which the rules alone cannot tell who pays: nobody knows whether the installation was sold with the unit.
UNCLASSED: dict[str, Any] = {"work_class": "", "work_type": "installation"}

type Stage = Literal[
    "received",
    "dispatched",
    "accepted",
    "travelling",
    "on_site",
    "completed",
    "signed",
    "handed_in",
    "filed",
    "struck_off",
    # Beside the straight road:
    "unclassed",
    "on_hold",
    "cancelled",
    "refused",
    "withdrawn",
    "left_incomplete",
]
ROAD: tuple[Stage, ...] = (
    "received", "dispatched", "accepted", "travelling", "on_site", "completed", "signed", "handed_in", "filed", "struck_off",
)  # fmt: skip


@dataclass(frozen=True)
class Crew:
    """A branch with one user per role, two technicians, and a customer with two units."""

    branch: Branch
    actors: Mapping[Role, Actor]
    technician: Technician  # holds the gas certificate; he is the user of the role
    colleague: Technician  # does not
    colleague_actor: Actor
    customer: Customer
    site: Site
    unit: Asset  # an air conditioner, which anyone may repair
    gas_unit: Asset  # a gas water heater

    @property
    def clerk(self) -> Actor:
        return self.actors[Role.CLERK]

    @property
    def supervisor(self) -> Actor:
        return self.actors[Role.SUPERVISOR]

    @property
    def technician_actor(self) -> Actor:
        return self.actors[Role.TECHNICIAN]

    @property
    def administrator(self) -> Actor:
        return self.actors[Role.ADMINISTRATOR]

    def actor_of(self, technician: Technician) -> Actor:
        return self.colleague_actor if technician.id == self.colleague.id else self.technician_actor

    def receive(self, *, at: datetime = NOW, unit: Asset | None = None, **call: Any) -> WorkOrder:
        """A call of this branch's customer, free of charge (class C) unless said otherwise."""
        usual: dict[str, Any] = {"customer": self.customer.id, "asset": (unit or self.unit).id, "work_class": "C"}
        usual |= {"class_reason": "客户与门店另有约定", "class_amount": Decimal(0)}
        usual |= {"branch": self.branch, "fault": "不制冷，显示 E4", "by": self.clerk, "at": at}
        return acts.receive_call(**usual | call)

    def order(self, stage: Stage, *, technician: Technician | None = None, at: datetime = NOW, **call: Any) -> Life:
        """A new call, received at `at` and brought to `stage`, one act every ten minutes."""
        order = self.receive(at=at, **call | (UNCLASSED if stage == "unclassed" else {}))
        life = Life(self, order, technician or self.technician, at)
        if stage in ROAD:
            return life.to(stage)
        if stage == "on_hold":
            acts.hold_work_order(order.id, reason="等配件", by=self.clerk, at=life.next())
        elif stage == "cancelled":
            acts.cancel_work_order(order.id, reason="客户取消", by=self.clerk, at=life.next())
        elif stage == "refused":
            life.to("dispatched")
            acts.refuse_visit(life.visit.id, reason="车坏了", by=life.worker, at=life.next())
        elif stage == "withdrawn":
            life.to("dispatched")
            acts.withdraw_visit(life.visit.id, reason="改派", by=self.supervisor, at=life.next())
        elif stage == "left_incomplete":
            life.to("on_site")
            acts.leave_incomplete(life.visit.id, reason="缺压缩机", by=life.worker, at=life.next())
        return life


@dataclass
class Life:
    """One order on its way. `at` is the time of its last act, `next()` moves on to that of the next."""

    crew: Crew
    first: WorkOrder
    technician: Technician
    at: datetime
    done: list[Stage] = field(default_factory=lambda: ["received"])

    @property
    def id(self) -> Any:
        return self.first.id

    @property
    def worker(self) -> Actor:
        """The technician who is sent, as actor."""
        return self.crew.actor_of(self.technician)

    @property
    def order(self) -> WorkOrder:
        """As it stands in the database now; so are the following."""
        return WorkOrder.objects.get(id=self.first.id)

    @property
    def visit(self) -> Visit:
        return Visit.objects.filter(work_order_id=self.first.id).latest("sequence")

    @property
    def voucher(self) -> Voucher:
        return Voucher.objects.get(asset_id=self.first.asset_id)

    @property
    def entry(self) -> VoucherEntry:
        return VoucherEntry.objects.filter(work_order_id=self.first.id).latest("entered_at", "id")

    @property
    def events(self) -> list[Event]:
        return list(Event.objects.filter(chain_id=self.first.id).order_by("sequence"))

    @property
    def verbs(self) -> list[str]:
        """What the order's journal says, without the module's name."""
        return [event.verb.removeprefix("workorders.") for event in self.events]

    def next(self) -> datetime:
        self.at += STEP
        return self.at

    def to(self, stage: Stage) -> Self:
        """Go on along the straight road as far as `stage`."""
        for step in ROAD[len(self.done) : ROAD.index(stage) + 1]:
            getattr(self, f"_{step}")()
            self.done.append(step)
        return self

    def _dispatched(self) -> None:
        acts.dispatch_work_order(self.id, technician_id=self.technician.id, by=self.crew.supervisor, at=self.next())

    def _accepted(self) -> None:
        acts.accept_visit(self.visit.id, by=self.worker, at=self.next())

    def _travelling(self) -> None:
        acts.depart(self.visit.id, by=self.worker, at=self.next())

    def _on_site(self) -> None:
        acts.arrive(self.visit.id, by=self.worker, at=self.next())

    def _completed(self) -> None:
        answers = {"fault_found": "电容老化", "work_done": "更换电容", "checks": CHECKS}
        acts.complete_visit(self.visit.id, by=self.worker, at=self.next(), **answers)  # type: ignore[arg-type]

    def _signed(self) -> None:
        acts.record_signature(self.id, signer_name="王建华", strokes=STROKES, by=self.worker, at=self.next())

    def _handed_in(self) -> None:
        acts.hand_in_voucher(self.id, by=self.worker, at=self.next())

    def _filed(self) -> None:
        acts.file_voucher(self.id, by=self.crew.clerk, at=self.next())

    def _struck_off(self) -> None:
        acts.strike_off(self.id, by=self.crew.clerk, at=self.next())


@dataclass(frozen=True)
class Cast:
    """海风电器: headquarters, 青岛 (QD) and 济南 (JN)."""

    hq: Branch
    headquarters: Mapping[Role, Actor]  # service department, manager and administrator, who see both branches
    qd: Crew
    jn: Crew
    root: Actor  # the product itself
    air_conditioner: ProductModel
    gas_heater: ProductModel  # its class needs the certificate
    gas_certificate: Qualification
    capacitor: Part
    fault_code: FaultCode

    @property
    def li_ming(self) -> Technician:
        return self.qd.technician

    @property
    def wang_qiang(self) -> Technician:
        return self.qd.colleague

    @property
    def everyone(self) -> Iterator[tuple[str, Role, Actor]]:
        """Branch code, role, actor."""
        for role, actor in self.headquarters.items():
            yield "HQ", role, actor
        for crew in (self.qd, self.jn):
            for role, actor in crew.actors.items():
                yield crew.branch.code, role, actor


_made: list[tuple[Cast, list[list[models.Model]]]] = []


@pytest.fixture
def cast(db: None) -> Cast:
    """Made by the real actions once in a process; after that its rows are put in as they were, which is much faster."""
    if not _made:
        company = _company()
        _close_all_tours()
        rows = [list(model._default_manager.order_by("pk")) for model in our_models()]
        _made.append((company, rows))
        return deepcopy(company)
    company, rows = _made[0]
    for table in rows:
        if table:
            type(table[0])._default_manager.bulk_create(table)
    return deepcopy(company)


@pytest.fixture
def qd(cast: Cast) -> Crew:
    return cast.qd


@pytest.fixture
def jn(cast: Cast) -> Crew:
    return cast.jn


@cache
def our_models() -> list[type[models.Model]]:
    """The product's own tables, each after those that it refers to."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("shouhou.")]
    placed: list[type[models.Model]] = []
    while waiting := [model for model in ours if model not in placed]:
        placed += [model for model in waiting if not (_targets(model) & set(waiting)) - {model}]
    return placed


def _targets(model: type[models.Model]) -> set[type[models.Model]]:
    return {one.related_model for one in model._meta.get_fields() if isinstance(one, models.ForeignKey)}


@contextmanager
def refuses[R: Refusal](expected: type[R]) -> Iterator[pytest.ExceptionInfo[R]]:
    """The block is refused with exactly this error, and nothing is written: no row, no event, no number taken."""
    with unchanged(), pytest.raises(expected) as caught:
        yield caught
    assert caught.type is expected, f"refused as {caught.type.__name__}, not as {expected.__name__}"
    assert str(caught.value)  # the template has all its parameters


@contextmanager
def unchanged() -> Iterator[None]:
    """Every row of every table of the product is afterwards as it was before."""
    before = all_rows()
    yield
    after = all_rows()
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert not changed


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for table in [model._meta.db_table for model in our_models()]:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY id')
            found[table] = cursor.fetchall()
    return found


def _company() -> Cast:
    root = product_itself(channel="cli")
    hq = open_branch(code="HQ", name="海风电器总部", kind="hq", parent=None, by=root, at=NOW)
    branches = {
        code: open_branch(code=code, name=name, kind="branch", parent=hq, region="shandong", by=root, at=NOW)
        for code, name in (("QD", "青岛分公司"), ("JN", "济南分公司"))
    }
    root = product_itself(channel="cli")
    shared: dict[str, Any] = {"branch": hq, "by": root, "at": NOW}
    cooling = add_product_class(code="ac", name="空调", rules_class="air_conditioner", **shared)
    gas = add_product_class(code="gas", name="燃气热水器", rules_class="gas_water_heater", **shared)
    made: dict[str, Any] = {"brand": "haifeng", **shared}
    air_conditioner = add_product_model(code="KFR-35GW", name="海风 KFR-35GW", product_class=cooling, **made)
    gas_heater = add_product_model(code="JSQ25", name="海风 JSQ25", product_class=gas, **made)
    certificate = add_qualification(code="gas", name="燃气具维修证", **shared)
    require_qualification(certificate, product_class=gas, work_type="", **shared)
    headquarters = {
        role: actor_for(_user(role, hq, root), channel="web") for role in (Role.HQ, Role.MANAGER, Role.ADMINISTRATOR)
    }
    models_ = (air_conditioner, gas_heater)
    return Cast(
        hq=hq,
        headquarters=headquarters,
        qd=_crew(branches["QD"], ("李明", "王强", "王建华"), models_, certificate, root),
        jn=_crew(branches["JN"], ("赵磊", "孙浩", "刘芳"), models_, certificate, root),
        root=root,
        air_conditioner=air_conditioner,
        gas_heater=gas_heater,
        gas_certificate=certificate,
        capacitor=add_part(number="CBB65-35", name="压缩机电容", unit="件", price=Decimal("38.50"), **shared),
        fault_code=_fault_code(cooling, shared),
    )


def _fault_code(product_class: ProductClass, shared: dict[str, Any]) -> FaultCode:
    return add_fault_code(
        code="E4", name="压缩机过热保护", product_class=product_class, performance_fault=True, severe=False,
        faulty_part="compressor", main_part=True, **shared,
    )  # fmt: skip


def _close_all_tours() -> None:
    """Everybody has long since walked his tour: no note lies over the screens."""
    people = User.objects.all()
    TourSeen.objects.bulk_create(TourSeen(user=one, tour=tour.key, at=NOW) for one in people for tour in TOURS)


def _user(role: Role, branch: Branch, root: Actor, *, name: str = "", username: str = "") -> User:
    user = register_user(
        username=username or f"{role}.{branch.code.lower()}",
        display_name=name or f"{role.label}{branch.name[:2]}",
        password=PASSWORD,
        branch=branch,
        by=root,
        at=NOW,
    )
    assign_role(user, role=role, branch=branch, by=root, at=NOW)
    return user


def _crew(
    branch: Branch,
    names: tuple[str, str, str],
    products: tuple[ProductModel, ProductModel],
    certificate: Qualification,
    root: Actor,
) -> Crew:
    users = {role: _user(role, branch, root, name=names[0] if role == Role.TECHNICIAN else "") for role in Role}
    second = _user(Role.TECHNICIAN, branch, root, name=names[1], username=f"colleague.{branch.code.lower()}")
    technician = register_technician(users[Role.TECHNICIAN], branch=branch, by=root, at=NOW, phone="13900000001")
    grant_qualification(
        technician.id, qualification=certificate, starts_on=date(2024, 1, 1), ends_on=date(2028, 1, 1), by=root, at=NOW
    )
    customer = register_customer(
        branch=branch, name=names[2], phone=PHONE, address=f"{branch.name[:2]}市南京路 12 号", by=root, at=NOW
    )
    site = Site.objects.get(customer=customer)
    units = [
        register_asset(
            customer_id=customer.id,
            product_model=product,
            serial=f"SN-{product.code}",
            site_id=site.id,
            sale_date=date(2026, 3, 1),
            by=root,
            at=NOW,
            today=NOW.date(),
        )
        for product in products
    ]
    return Crew(
        branch=branch,
        actors={role: actor_for(user, channel="web") for role, user in users.items()},
        technician=technician,
        colleague=register_technician(second, branch=branch, by=root, at=NOW),
        colleague_actor=actor_for(second, channel="web"),
        customer=customer,
        site=site,
        unit=units[0],
        gas_unit=units[1],
    )
