from decimal import Decimal
from typing import Any

import pytest

from shouhou.access.approvals import AboveLimit, OwnRequest
from shouhou.access.permissions import Role
from shouhou.catalog.actions import list_fit, list_substitute
from shouhou.kernel.errors import NotPermitted
from shouhou.stock import actions
from shouhou.stock.models import Requisition, RequisitionLine, Transfer
from shouhou.stock.queries import PlaceNotFound, RequisitionNotFound, find_requisitions
from shouhou.stock.tests.conftest import ORDER, Store, lot
from tests.cast import NOW, Cast, refuses


@pytest.fixture
def stocked(store: Store) -> Store:
    store.receive(store.parts.capacitor, 5)
    store.receive(store.parts.board, 2, "A1", "A2", cost=600)
    store.place("van")
    return store


def ask(store: Store, *lots: Any, **given: Any) -> Requisition:
    told = {"by": store.crew.technician_actor, "at": NOW, "about": ORDER, **given}
    some = lots or (lot(store.parts.capacitor, 2),)
    return actions.request_parts(store.at("branch"), some, to=store.at("van"), **told)


def approve(store: Store, row: Requisition, role: Role = Role.PARTS_KEEPER) -> Requisition:
    return actions.approve_requisition(row.id, by=store.crew.actors[role], at=NOW)


def fill(store: Store, row: Requisition, *lots: Any, **given: Any) -> Requisition:
    return actions.fill_requisition(row.id, lots, **{"by": store.keeper, "at": NOW, **given})


def test_what_was_asked_for_is_approved_and_handed_out(stocked: Store) -> None:
    row = approve(stocked, ask(stocked))
    assert list(find_requisitions(stocked.branch, by=stocked.keeper)) == [row]
    assert fill(stocked, row, lot(stocked.parts.capacitor, 2)).status == "filled"
    assert stocked.quantity(stocked.parts.capacitor, "in_transit") == 2
    told = stocked.told(by=stocked.crew.technician_actor)
    actions.take_in_transfer(Transfer.objects.get().id, **told)
    assert stocked.quantity(stocked.parts.capacitor, "van") == 2


def test_the_amount_says_who_approves(stocked: Store) -> None:
    row = ask(stocked, lot(stocked.parts.board, 1))
    assert row.value_minor == 60000
    with refuses(AboveLimit):
        approve(stocked, row)
    approve(stocked, row, Role.SUPERVISOR)


def test_nobody_approves_what_he_asked_for(stocked: Store) -> None:
    row = ask(stocked, by=stocked.keeper)
    with refuses(OwnRequest):
        approve(stocked, row)
    with refuses(NotPermitted):
        approve(stocked, row, Role.TECHNICIAN)


def test_only_what_is_approved_is_handed_out(stocked: Store) -> None:
    row = ask(stocked)
    with refuses(actions.RequisitionStands):
        fill(stocked, row, lot(stocked.parts.capacitor, 2))
    actions.refuse_requisition(row.id, reason="车上还有", by=stocked.keeper, at=NOW)
    for act in (approve, fill):
        with refuses(actions.RequisitionStands):
            act(stocked, row, *((lot(stocked.parts.capacitor, 2),) if act is fill else ()))


def test_it_is_withdrawn_by_who_asked(stocked: Store) -> None:
    row = ask(stocked)
    with refuses(actions.NotYourRequest):
        actions.withdraw_requisition(row.id, by=stocked.crew.colleague_actor, at=NOW)
    actions.withdraw_requisition(row.id, by=stocked.crew.technician_actor, at=NOW)
    with refuses(actions.RequisitionStands):
        approve(stocked, row)


def test_a_substitute_is_handed_out_where_it_is_listed(stocked: Store, cast: Cast) -> None:
    row = approve(stocked, ask(stocked), Role.SUPERVISOR)
    other = lot(stocked.parts.board, 1, "A1")
    told: dict[str, Any] = {"instead_of": {stocked.parts.board.id: stocked.parts.capacitor.id}}
    with refuses(actions.NotAskedFor):
        fill(stocked, row, other, **told)
    here: dict[str, Any] = {"branch": cast.hq, "by": cast.root, "at": NOW}
    list_substitute(stocked.parts.capacitor, instead=stocked.parts.board, **here)
    fill(stocked, row, other, **told)
    line = RequisitionLine.objects.get()
    assert (line.given_part, line.given_units) == (stocked.parts.board, 1000)


def test_no_more_is_handed_out_than_was_asked_for(stocked: Store) -> None:
    row = approve(stocked, ask(stocked))
    with refuses(actions.MoreThanAskedFor):
        fill(stocked, row, lot(stocked.parts.capacitor, 3))
    with refuses(actions.NotAskedFor):
        fill(stocked, row, lot(stocked.parts.board, 1, "A1"))


def test_what_does_not_fit_is_not_asked_for(stocked: Store, cast: Cast) -> None:
    list_fit(cast.capacitor, product_model=cast.air_conditioner, branch=cast.hq, by=cast.root, at=NOW)
    with refuses(actions.PartDoesNotFit):
        ask(stocked, product_model=cast.gas_heater)


def test_parts_are_asked_for_inside_the_branch(stocked: Store, others: Store) -> None:
    others.place("branch")
    others.place("van")
    with refuses(PlaceNotFound):
        ask(others, by=stocked.crew.technician_actor)
    row = ask(stocked)
    with refuses(RequisitionNotFound):
        approve(others, row)
    with refuses(NotPermitted):
        ask(stocked, by=stocked.crew.clerk)
    with refuses(PlaceNotFound):
        lots = [lot(stocked.parts.capacitor, Decimal(1))]
        actions.request_parts(stocked.at("van"), lots, to=stocked.at("van"), by=stocked.keeper, at=NOW)
