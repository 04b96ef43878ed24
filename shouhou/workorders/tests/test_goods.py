from datetime import date
from typing import Any

from shouhou.custody import actions
from shouhou.workorders import actions as acts
from shouhou.workorders.actions.closing import GoodsStillAway, StillOpen
from shouhou.workorders.errors import WrongState
from tests.cast import NOW, STEP, Crew, refuses
from tests.goods_acts import CUSTOMER, OURS, in_hand, take


def hand_back(crew: Crew, code: str) -> Any:
    told: dict[str, Any] = {"giver": OURS, "customer": CUSTOMER, "by": crew.supervisor, "at": NOW + 50 * STEP}
    return actions.hand_back(crew.gas_unit.id, receipt_code=code, **told)


def test_the_line_is_not_struck_off_before_the_receipt_is_void(qd: Crew) -> None:
    life = qd.order("on_site", unit=qd.gas_unit)
    told_order: dict[str, Any] = {"customer": CUSTOMER, "taker": OURS, "by": life.worker, "at": life.next()}
    promise: dict[str, Any] = {"to": in_hand(qd), "condition": "完好", "promised_on": date(2026, 12, 1)}
    receipt = acts.take_goods_away(life.id, **promise, **told_order)
    assert (receipt.about_kind, receipt.about_id) == ("work_order", str(life.id))
    life.to("filed")
    for close in (lambda: None, lambda: hand_back(qd, receipt.number)):
        close()
        with refuses(StillOpen) as caught:
            acts.strike_off(life.id, by=qd.clerk, at=NOW + 60 * STEP)
        assert caught.value.params["codes"] == ["goods_back"]
    actions.void_receipt(receipt.id, by=qd.clerk, at=NOW + 61 * STEP)
    assert acts.strike_off(life.id, by=qd.clerk, at=NOW + 62 * STEP).status == "struck_off"
    with refuses(WrongState):
        acts.take_goods_away(life.id, **promise, **told_order)


def test_a_call_is_not_cancelled_while_the_unit_is_away(qd: Crew) -> None:
    order = qd.order("received", unit=qd.gas_unit)
    take(qd)
    with refuses(GoodsStillAway):
        acts.cancel_work_order(order.id, reason="客户取消", by=qd.clerk, at=NOW + STEP)
