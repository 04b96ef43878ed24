"""A row in every table of the stock, made by the real actions."""

from datetime import date
from decimal import Decimal
from typing import Any

from shouhou.access.actors import product_itself
from shouhou.access.models import Branch
from shouhou.access.permissions import Role
from shouhou.catalog.actions import add_part
from shouhou.catalog.models import Part
from shouhou.kernel.money import Money
from shouhou.ledger.rules import Reference
from shouhou.stock import actions
from shouhou.stock.queries import find_arrivals, find_places, find_transfers_to_announce
from shouhou.stock.rules import Lot
from tests.cast import NOW, Crew

ONE = Decimal(1)


def keep_stock(crew: Crew, *, other: Branch) -> None:
    """A board fitted and taken out again, some of everything reserved, asked for, sent, counted and owed."""
    keeper, root = crew.actors[Role.PARTS_KEEPER], product_itself(channel="cli")
    told: dict[str, Any] = {"by": keeper, "at": NOW}
    order = Reference("work_order", crew.branch.code)
    board, fan = (_part(code, kept_as, crew) for code, kept_as in (("PCB-9", "serial"), ("FAN-9", "counted")))
    van = actions.open_store(
        crew.branch, kind="van", code="VAN", name="服务车", technician_id=crew.technician.id, **told
    )
    store = actions.open_store(crew.branch, kind="branch", code="BR", name="分公司库", **told)
    boards = [Lot(board.id, ONE, (f"B-{crew.branch.code}",), Money(Decimal(86)))]
    fans = [Lot(fan.id, ONE)]
    actions.receive_parts(van.id, boards, key="boards", **told)
    actions.receive_parts(store.id, [Lot(fan.id, Decimal(9), cost=Money(Decimal(40)))], key="fans", **told)
    (issue,) = actions.issue_parts(van.id, boards, about=order, key="fitted", **told)
    actions.return_parts(issue.id, quantity=ONE, to=van.id, key="not needed", **told)
    actions.reserve_part(store.id, fan, quantity=ONE, about=order, key="reserved", **told)
    wanted = actions.request_parts(store.id, fans, to=van.id, by=crew.technician_actor, at=NOW)
    actions.approve_requisition(wanted.id, **told)
    actions.fill_requisition(wanted.id, [Lot(fan.id, ONE)], instead_of=None, **told)
    actions.send_to_branch(store.id, fans, to_branch=other, key="for them", **told)
    for row in find_transfers_to_announce(crew.branch):
        actions.announce_transfer(row, by=root, at=NOW)
    take_in_arrivals(crew)
    count = actions.open_count(store.id, kind="cycle", **told)
    actions.write_down(count.id, fan, quantity=Decimal(7), **told)
    actions.owe_old_part(
        board, technician_id=crew.technician.id, about=order, due_on=date(2026, 12, 23), key="old", **told
    )


def take_in_arrivals(crew: Crew) -> None:
    """What other branches have sent."""
    told: dict[str, Any] = {"by": crew.actors[Role.PARTS_KEEPER], "at": NOW}
    (store,) = find_places(crew.branch, kinds=["branch"], by=told["by"])
    for arrival in find_arrivals(crew.branch, by=told["by"]):
        actions.take_in_arrival(arrival.id, to=store.id, key=f"from {arrival.number}", **told)


def _part(code: str, kept_as: str, crew: Crew) -> Part:
    known = Part.objects.filter(number=code).first()
    told: dict[str, Any] = {"branch": crew.branch, "by": crew.administrator, "at": NOW}
    return known or add_part(number=code, name="配件", unit="件", kept_as=kept_as, **told)
