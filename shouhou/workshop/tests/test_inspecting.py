"""The inspection, and what the repair leaves in the life of its unit."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from shouhou.access.actions import assign_role
from shouhou.access.actors import actor_for, product_itself
from shouhou.access.permissions import Role
from shouhou.assets.models import UnitHappening
from shouhou.assets.queries import find_happenings
from shouhou.audit.append_only import install, remove
from shouhou.catalog.models import Part
from shouhou.custody import actions as custody
from shouhou.kernel.errors import NotPermitted
from shouhou.workorders import actions as orders
from shouhou.workorders.actions.closing import StillOpen
from shouhou.workshop import actions
from shouhou.workshop.actions._card import TextOwed
from shouhou.workshop.actions.inspecting import InspectorMended, InspectorUnnamed
from shouhou.workshop.models import Inspection
from shouhou.workshop.rules import CardInWrongState, ChecksMissing, PassedDespiteFault
from shouhou.workshop.verifying import find_card_faults
from tests.cast import NOW, Cast, Crew, refuses
from tests.goods_acts import CUSTOMER, OURS, in_hand
from tests.workshop_acts import ALL_RIGHT, AS_IT_IS, CardLife, card


def lives(crew: Crew) -> list[str]:
    return [line.kind for line in find_happenings(crew.gas_unit)]


def give_up(one: CardLife, outcome: str) -> None:
    actions.record_diagnosis(one.key, diagnosis="主板烧毁", **one.told())
    actions.cannot_be_repaired(one.key, outcome=outcome, reason="停产无件", **one.told())
    actions.inspect(one.key, checks=AS_IT_IS, **one.lead())


def test_somebody_else_inspects_everything(qd: Crew) -> None:
    one = card(qd, "to_inspect")
    with refuses(NotPermitted):
        actions.inspect(one.key, checks=ALL_RIGHT, **one.told())
    with refuses(ChecksMissing):
        actions.inspect(one.key, checks=AS_IT_IS, **one.lead())
    with refuses(PassedDespiteFault):
        actions.inspect(one.key, checks=ALL_RIGHT | {"gas_tight": "not_ok"}, **one.lead())
    with refuses(InspectorUnnamed):
        actions.inspect(one.key, checks=ALL_RIGHT, **one.told(product_itself(channel="cli")))
    actions.inspect(one.key, checks=ALL_RIGHT, **one.lead())
    with refuses(CardInWrongState):
        actions.inspect(one.key, checks=ALL_RIGHT, **one.lead())
    assert one.card.status == "inspected"


def test_whoever_mended_it_does_not_inspect_it(cast: Cast, qd: Crew) -> None:
    one = card(qd, "to_inspect")
    assert one.mender.user
    assign_role(one.mender.user, role=Role.SUPERVISOR, branch=qd.branch, by=cast.root, at=NOW)
    both = actor_for(one.mender.user, channel="web")
    with refuses(InspectorMended) as caught:
        actions.inspect(one.key, checks=ALL_RIGHT, **one.told(both))
    assert caught.value.params["technician"] == qd.technician.name
    with refuses(InspectorMended):
        actions.send_back_to_bench(one.key, reason="仍漏水", **one.told(both))


def test_it_goes_back_to_the_bench_with_the_reason(qd: Crew) -> None:
    one = card(qd, "to_inspect")
    with refuses(TextOwed):
        actions.send_back_to_bench(one.key, reason="", **one.lead())
    actions.send_back_to_bench(one.key, reason="仍漏水", **one.lead())
    assert (one.card.status, one.card.outcome) == ("at_bench", "")
    actions.finish_repair(one.key, work_done="重新密封", **one.told())
    actions.inspect(one.key, checks=ALL_RIGHT, **one.lead())
    assert [line.passed for line in Inspection.objects.order_by("at")] == [False, True]


def test_a_repair_counts_with_its_days_its_wait_and_its_parts(qd: Crew) -> None:
    Part.objects.update(rules_part="compressor")
    one = card(qd, "parts")
    actions.parts_arrived(one.key, **one.told())
    actions.use_part(one.key, part="CBB65-35", quantity=Decimal(1), **one.told())
    actions.finish_repair(one.key, work_done="更换电容", **one.told())
    assert lives(qd) == ["repair_begun", "part_wait_begun", "part_wait_ended"]
    actions.inspect(one.key, checks=ALL_RIGHT, **one.lead())
    end = UnitHappening.objects.get(kind="repair_ended")
    assert (end.repair, end.parts, end.at) == (one.life.order.number, ["compressor"], one.at)


@pytest.mark.parametrize(
    ("outcome", "left"), [("right", ["repair_begun", "repair_ended"]), ("as_is", ["repair_begun", "taken_back"])]
)
def test_what_an_unmended_unit_counts(outcome: str, left: list[str], qd: Crew) -> None:
    one = card(qd, "at_bench")
    give_up(one, outcome)
    assert lives(qd) == left


@pytest.mark.parametrize("outcome", ["mended", "as_is"])
def test_the_visit_that_brings_it_back_mends_nothing(outcome: str, qd: Crew) -> None:
    one = card(qd, "inspected" if outcome == "mended" else "at_bench")
    if outcome == "as_is":
        give_up(one, outcome)
    before = lives(qd)
    one.life.at = one.at
    one.life.to("on_site")
    back: dict[str, Any] = {"giver": OURS, "customer": CUSTOMER, "receipt_code": one.receipt.number}
    actions.hand_back_repaired(one.key, **back, by=one.mender, at=one.life.next())
    one.life.to("filed")
    with refuses(StillOpen) as caught:
        orders.strike_off(one.life.id, by=qd.clerk, at=one.life.next())
    assert caught.value.params["codes"] == ["goods_back"]
    custody.void_receipt(one.receipt.id, by=qd.clerk, at=one.life.next())
    orders.strike_off(one.life.id, by=qd.clerk, at=one.life.next())
    assert lives(qd) == before


def test_a_repair_that_a_visit_began_goes_on_in_the_workshop(qd: Crew) -> None:
    life = qd.order("on_site", unit=qd.gas_unit)
    given: dict[str, Any] = {"condition": "完好", "promised_on": NOW.date(), "customer": CUSTOMER, "taker": OURS}
    given["to"] = in_hand(qd)
    orders.take_goods_away(life.id, **given, by=life.worker, at=life.next())
    actions.open_card(life.id, by=qd.clerk, at=life.next())
    assert lives(qd) == ["repair_begun"]


def test_verify_finds_an_inspection_by_the_mender(qd: Crew) -> None:
    card(qd, "inspected")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in remove(connection.vendor, "workshop_inspection"):
            cursor.execute(statement)
        Inspection.objects.update(inspector=qd.technician.user_id)
        for statement in install(connection.vendor, "workshop_inspection"):
            cursor.execute(statement)
    assert [fault.kind for fault in find_card_faults(qd.branch)] == ["inspected_by_mender"]
