from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shouhou.access.permissions import Role
from shouhou.commitments.actions import sweep_commitments
from shouhou.commitments.models import Commitment, CommitmentNotice
from shouhou.custody import actions as custody
from shouhou.custody.actions._handing import UnitKept
from shouhou.custody.models import Custody
from shouhou.kernel.errors import NotPermitted
from shouhou.workforce.queries import QualificationMissing, TechnicianNotFound
from shouhou.workorders.errors import WorkOrderNotFound, WrongState
from shouhou.workshop import actions
from shouhou.workshop.actions._card import ActBeforeCard, TextOwed, WorkStillOpen
from shouhou.workshop.actions.cards import CardExists, GoodsNotBackYet, GoodsNotWithUs, PlannedInPast
from shouhou.workshop.models import RepairCard
from shouhou.workshop.queries import CardNotFound, find_cards, get_card
from shouhou.workshop.rules import CardInWrongState
from shouhou.workshop.verifying import find_card_faults
from tests.cast import NOW, STEP, Crew, refuses
from tests.goods_acts import CUSTOMER, OURS, SHELF
from tests.workshop_acts import bring_in, card


def test_a_card_is_written_for_what_came_in(qd: Crew) -> None:
    one = card(qd)
    assert one.card.number == "XH-QD261123-0001"
    assert (one.card.status, one.card.planned_on) == ("queued", one.receipt.promised_on)
    assert Custody.objects.get().kept_for == one.card.number
    assert list(find_cards(qd.branch, by=qd.clerk)) == [one.card]
    assert not list(find_card_faults(qd.branch))


def test_no_card_without_goods_and_no_second_one(qd: Crew) -> None:
    order = qd.order("received")
    with refuses(GoodsNotWithUs):
        actions.open_card(order.id, by=qd.clerk, at=NOW + STEP)
    one = card(qd)
    with refuses(CardExists):
        actions.open_card(one.life.id, **one.desk())


@pytest.mark.parametrize("stage", ["struck_off", "cancelled"])
def test_no_card_for_an_order_that_is_over(stage: Any, qd: Crew) -> None:
    life = qd.order(stage)
    with refuses(WrongState):
        actions.open_card(life.id, by=qd.clerk, at=life.next())


def test_what_a_card_may_not_say(qd: Crew, jn: Crew) -> None:
    brought = bring_in(qd)
    with refuses(PlannedInPast):
        actions.open_card(brought.life.id, planned_on=(NOW - timedelta(days=1)).date(), **brought.desk())
    with refuses(NotPermitted):
        actions.open_card(brought.life.id, **brought.told(qd.actors[Role.ACCOUNTANT]))
    with refuses(WorkOrderNotFound):
        actions.open_card(brought.life.id, **brought.told(jn.clerk))
    assert actions.open_card(brought.life.id, fault="打不着火", **brought.desk()).fault == "打不着火"


def test_the_lead_gives_it_to_somebody_who_may(qd: Crew, jn: Crew) -> None:
    one = card(qd)
    given: dict[str, Any] = {"technician_id": qd.technician.id, "bench": "一号台"}
    with refuses(NotPermitted):
        actions.assign_bench(one.key, **given, **one.told())
    with refuses(TextOwed):
        actions.assign_bench(one.key, **given | {"bench": " "}, **one.lead())
    with refuses(TechnicianNotFound):
        actions.assign_bench(one.key, **given | {"technician_id": jn.technician.id}, **one.lead())
    with refuses(QualificationMissing):  # he may not work on gas
        actions.assign_bench(one.key, **given | {"technician_id": qd.colleague.id}, **one.lead())
    with refuses(CardNotFound):
        actions.assign_bench(one.key, **given, **one.told(jn.supervisor))
    with refuses(ActBeforeCard):
        actions.assign_bench(one.key, **given, by=qd.supervisor, at=NOW)
    actions.assign_bench(one.key, **given, **one.lead())
    assert (one.card.status, one.card.bench, one.card.technician) == ("at_bench", "一号台", qd.technician)
    actions.start_work(one.key, **one.told())
    with refuses(WorkStillOpen):
        actions.assign_bench(one.key, **given | {"bench": "二号台"}, **one.lead())


@pytest.mark.parametrize("stage", ["queued", "working", "asking", "parts", "to_inspect"])
def test_nothing_leaves_before_it_is_inspected(stage: Any, qd: Crew) -> None:
    one = card(qd, stage)
    unit = qd.gas_unit.id
    told: dict[str, Any] = {"giver": OURS, "receipt_code": one.receipt.number}
    with refuses(UnitKept):
        custody.hand_back(unit, customer=CUSTOMER, **told, **one.lead())
    with refuses(UnitKept):
        custody.ready_for_pick_up(unit, start=SHELF, shelf="待取架", giver=OURS, taker=OURS, **one.lead())
    with refuses(UnitKept):
        custody.dispose_of_goods(unit, start=SHELF, reason="放弃", taker=CUSTOMER, **told, **one.lead())
    with refuses(CardInWrongState):
        actions.hand_back_repaired(one.key, customer=CUSTOMER, **told, **one.desk())
    with refuses(CardInWrongState):
        actions.close_card(one.key, **one.desk())


def test_the_way_to_the_end(qd: Crew) -> None:
    one = card(qd, "inspected")
    assert Custody.objects.get().kept_for == ""
    with refuses(GoodsNotBackYet):
        actions.close_card(one.key, **one.desk())
    custody.ready_for_pick_up(qd.gas_unit.id, start=SHELF, shelf="待取架", giver=OURS, taker=OURS, **one.lead())
    back: dict[str, Any] = {"giver": OURS, "customer": CUSTOMER, "receipt_code": one.receipt.number}
    actions.hand_back_repaired(one.key, **back, **one.desk())
    assert (one.card.status, Custody.objects.get().kind) == ("closed", "customer")
    custody.void_receipt(one.receipt.id, **one.desk())
    assert not list(find_card_faults(qd.branch))


def test_what_custody_handed_back_is_closed_afterwards(qd: Crew) -> None:
    one = card(qd, "inspected")
    custody.hand_back(qd.gas_unit.id, giver=OURS, customer=CUSTOMER, declaration="遗失", **one.lead())
    assert not list(find_card_faults(qd.branch))
    actions.close_card(one.key, **one.desk())
    with refuses(CardInWrongState):
        actions.close_card(one.key, **one.desk())


def test_the_supervisor_knows_at_once_that_the_planned_date_is_missed(qd: Crew) -> None:
    one = card(qd, "working")
    promise = Commitment.objects.get(definition="repair-planned")
    assert (promise.subject_id, promise.label) == (one.key, one.card.number)
    assert promise.due_at
    sweep_commitments(qd.branch.id, by=qd.supervisor, at=promise.due_at)
    assert CommitmentNotice.objects.filter(commitment=promise, tell="supervisor").count() == 1


def test_an_inspection_in_time_keeps_the_promise(qd: Crew) -> None:
    card(qd, "inspected")
    assert Commitment.objects.get(definition="repair-planned").state == "met"


def test_who_sees_it(qd: Crew, jn: Crew) -> None:
    one = card(qd)
    with refuses(NotPermitted):
        find_cards(qd.branch, by=qd.actors[Role.ACCOUNTANT])
    with refuses(CardNotFound):
        get_card(one.key, by=jn.clerk)
    assert get_card(one.key, by=qd.technician_actor) == one.card


@pytest.mark.parametrize(
    "wrong",
    [{"status": "closed"}, {"status": "to_inspect"}, {"status": "at_bench"}, {"outcome": "mended"}, {"status": "x"}],
)
def test_the_database_refuses_a_card_past_a_missing_step(qd: Crew, wrong: dict[str, Any]) -> None:
    card(qd)
    with pytest.raises(IntegrityError), transaction.atomic():
        RepairCard.objects.filter(branch=qd.branch).update(**wrong)


def test_verify_finds_what_no_act_has_done(qd: Crew) -> None:
    one = card(qd, "to_inspect")
    Custody.objects.update(kept_for="")
    assert [fault.kind for fault in find_card_faults(qd.branch)] == ["card_without_goods"]
    RepairCard.objects.filter(id=one.key).update(status="inspected")
    assert [fault.kind for fault in find_card_faults(qd.branch)] == ["handed_on_uninspected", "card_not_in_journal"]
