from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from shouhou.access.actors import Actor
from shouhou.access.permissions import Role
from shouhou.custody import actions
from shouhou.custody.actions._handing import HandOverNotPossible, UnitNotAway, UnitNotFound, UnitNotThere
from shouhou.custody.actions.receipts import (
    ConditionMissing,
    ForeignReceipt,
    PromisedInPast,
    ReceiptNotRecovered,
    ReceiptNotShown,
    ReceiptStillOpen,
    ReceiptVoidedAlready,
    UnitGone,
)
from shouhou.custody.models import Custody, GoodsReceipt, HandOver
from shouhou.custody.queries import CodeNotOurs, find_hand_overs, find_trail, get_by_code
from shouhou.custody.rules import Holder, HolderIncomplete, HolderKind, Side, SideUnsigned
from shouhou.custody.verifying import find_custody_faults
from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.ink import SignatureEmpty
from shouhou.workforce.queries import TechnicianNotFound
from tests.cast import NOW, STEP, STROKES, Crew, refuses
from tests.goods_acts import CUSTOMER, OURS, SHELF, in_hand, take

MAKER = Holder(HolderKind.MAKER, place="海风工厂")


def told(crew: Crew, step: int = 1, **more: Any) -> dict[str, Any]:
    return {"giver": OURS, "taker": OURS, "by": crew.supervisor, "at": NOW + step * STEP, **more}


def back(crew: Crew, step: int = 5, **given: Any) -> GoodsReceipt:
    usual: dict[str, Any] = {"giver": OURS, "customer": CUSTOMER, "by": crew.supervisor, "at": NOW + step * STEP}
    return actions.hand_back(crew.gas_unit.id, **usual | given)


def custody(crew: Crew) -> Custody:
    return Custody.objects.get(branch=crew.branch)


def test_it_takes_away_against_a_receipt(qd: Crew) -> None:
    receipt = take(qd)
    assert receipt.number == "LQ-QD261123-0001"
    assert (custody(qd).holder, custody(qd).receipt_id) == (in_hand(qd), receipt.id)
    assert not list(find_custody_faults(qd.branch))


def test_it_goes_to_the_maker_and_back_to_the_customer(qd: Crew) -> None:
    receipt = take(qd)
    unit = qd.gas_unit.id
    actions.move_goods(unit, start=in_hand(qd), to=SHELF, **told(qd, 1))
    actions.send_to_maker(unit, start=SHELF, maker=MAKER.place, **told(qd, 2))
    actions.refused_by_maker(unit, start=MAKER, to=SHELF, reason="超过保修期", **told(qd, 3))
    actions.ready_for_pick_up(unit, start=SHELF, shelf="待取架", **told(qd, 4))
    assert custody(qd).ready
    back(qd, receipt_code=receipt.number.lower())
    assert (custody(qd).kind, custody(qd).receipt, custody(qd).ready) == ("customer", None, False)
    trail = [(line.what, line.to_kind) for line in find_trail(unit, by=qd.clerk)]
    assert trail == [
        ("taken_away", "technician"),
        ("moved", "shelf"),
        ("sent_to_maker", "maker"),
        ("refused_by_maker", "shelf"),
        ("ready", "shelf"),
        ("handed_back", "customer"),
    ]
    assert find_hand_overs(qd.branch, by=qd.clerk).count() == 6
    actions.void_receipt(receipt.id, by=qd.clerk, at=NOW + 6 * STEP)
    assert take(qd, at=NOW + 7 * STEP).number == "LQ-QD261123-0002"
    assert not list(find_custody_faults(qd.branch))


def test_it_refuses_a_second_receipt(qd: Crew) -> None:
    receipt = take(qd)
    with refuses(ReceiptStillOpen):
        take(qd)
    back(qd, receipt_code=receipt.number)
    with refuses(ReceiptStillOpen):
        take(qd, at=NOW + 9 * STEP)


def test_it_refuses_a_hand_back_without_the_receipt(qd: Crew) -> None:
    take(qd)
    cases: tuple[tuple[dict[str, Any], Any], ...] = (
        ({}, ReceiptNotShown),
        ({"receipt_code": "LQ-JN261123-0001"}, ForeignReceipt),
    )
    for given, expected in cases:
        with refuses(expected):
            back(qd, **given)
    assert back(qd, declaration="收据遗失，声明作废").status == "declared_lost"
    assert HandOver.objects.latest("sequence").reason == "收据遗失，声明作废"


def test_it_refuses_what_is_not_with_us_or_not_there(qd: Crew) -> None:
    with refuses(UnitNotAway):
        back(qd, receipt_code="LQ-QD261123-0001")
    take(qd)
    with refuses(UnitNotThere):
        actions.move_goods(qd.gas_unit.id, start=SHELF, to=in_hand(qd), **told(qd))
    with refuses(HandOverNotPossible):
        actions.move_goods(qd.gas_unit.id, start=in_hand(qd), to=in_hand(qd), **told(qd))
    with refuses(HandOverNotPossible):
        actions.move_goods(qd.gas_unit.id, start=in_hand(qd), to=MAKER, **told(qd))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"condition": " "}, ConditionMissing),
        ({"promised_on": date(2026, 11, 22)}, PromisedInPast),
        ({"customer": Side("王建华")}, SideUnsigned),
        ({"taker": Side("李明", [[[1, 1, 0]]])}, SignatureEmpty),
        ({"to": Holder(HolderKind.SHELF)}, HolderIncomplete),
        ({"to": Holder(HolderKind.TECHNICIAN, uuid4())}, TechnicianNotFound),
        ({"to": MAKER}, HandOverNotPossible),
    ],
)
def test_it_refuses_to_take_away(qd: Crew, given: dict[str, Any], expected: type[Any]) -> None:
    with refuses(expected):
        take(qd, **given)


def test_a_refused_signature_is_written_down(qd: Crew) -> None:
    take(qd, customer=Side("王建华", refusal="赶时间，拒签"))
    line = HandOver.objects.get()
    assert (line.giver_signed, line.giver_refusal, line.taker_signed) == (False, "赶时间，拒签", True)


def test_another_branch_has_nothing_to_do_with_it(qd: Crew, jn: Crew) -> None:
    receipt = take(qd)
    with refuses(UnitNotFound):
        take(qd, by=jn.technician_actor)
    with refuses(CodeNotOurs):
        get_by_code(receipt.number, by=jn.clerk)
    assert get_by_code(receipt.number, by=qd.clerk).asset_id == qd.gas_unit.id
    assert get_by_code(qd.gas_unit.serial, by=qd.clerk).asset_id == qd.gas_unit.id
    with refuses(TechnicianNotFound):
        actions.move_goods(qd.gas_unit.id, start=in_hand(qd), to=in_hand(jn), **told(qd))


def test_who_may_not(qd: Crew) -> None:
    accountant: Actor = qd.actors[Role.ACCOUNTANT]
    with refuses(NotPermitted):
        take(qd, by=accountant)
    receipt = take(qd)
    with refuses(NotPermitted):
        back(qd, receipt_code=receipt.number, by=accountant)
    back(qd, receipt_code=receipt.number)
    with refuses(NotPermitted):
        actions.void_receipt(receipt.id, by=qd.technician_actor, at=NOW + 9 * STEP)


def test_a_receipt_is_voided_once_and_after_it_is_back(qd: Crew) -> None:
    receipt = take(qd)
    with refuses(ReceiptNotRecovered):
        actions.void_receipt(receipt.id, by=qd.clerk, at=NOW + STEP)
    back(qd, receipt_code=receipt.number)
    actions.void_receipt(receipt.id, by=qd.clerk, at=NOW + 6 * STEP)
    with refuses(ReceiptVoidedAlready):
        actions.void_receipt(receipt.id, by=qd.clerk, at=NOW + 7 * STEP)


def test_what_the_customer_gave_up_is_gone(qd: Crew) -> None:
    receipt = take(qd)
    given = {"start": in_hand(qd), "reason": "客户放弃", "receipt_code": receipt.number}
    with refuses(NotPermitted):
        actions.dispose_of_goods(qd.gas_unit.id, **told(qd, by=qd.technician_actor) | given)
    actions.dispose_of_goods(qd.gas_unit.id, **told(qd) | given)
    actions.void_receipt(receipt.id, by=qd.clerk, at=NOW + 6 * STEP)
    with refuses(UnitGone):
        take(qd, at=NOW + 7 * STEP)
    assert not list(find_custody_faults(qd.branch))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "shelf"},
        {"kind": "customer", "technician": None},
        {"receipt": None},
        {"ready": True},
        {"kind": "shelf", "place": "架"},
    ],
)
def test_the_database_refuses_two_holders_and_none(qd: Crew, wrong: dict[str, Any]) -> None:
    take(qd)
    with pytest.raises(IntegrityError), transaction.atomic():
        Custody.objects.filter(branch=qd.branch).update(**wrong)


def test_verify_finds_what_no_act_has_done(qd: Crew) -> None:
    take(qd)
    Custody.objects.update(technician=None, kind="shelf", place="别处")
    assert [one.kind for one in find_custody_faults(qd.branch)] == ["goods_elsewhere"]
    Custody.objects.update(kind="customer", place="", receipt=None)
    assert [one.kind for one in find_custody_faults(qd.branch)] == ["goods_elsewhere", "open_receipt_without_goods"]


def test_an_ink_that_is_no_ink_is_not_stored() -> None:
    assert Side(" 王建华 ", STROKES).checked(field="x").name == "王建华"
