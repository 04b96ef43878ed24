"""What many people do to the same customer's unit at the same moment: real threads, each with its own connection."""

from typing import Any

import pytest

from shouhou.custody import actions
from shouhou.custody.models import Custody, GoodsReceipt, HandOver
from shouhou.custody.rules import Holder, HolderKind
from shouhou.custody.verifying import find_custody_faults
from tests.cast import NOW, STEP, Crew
from tests.goods_acts import CUSTOMER, OURS, SHELF, in_hand, take
from tests.test_races import WAVE, at_once, refused, won

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_unit_is_taken_away_once(qd: Crew) -> None:
    answers = at_once(*[lambda: take(qd)] * WAVE)
    assert len(won(answers)) == 1
    assert refused(answers) == {"receipt_still_open": WAVE - 1}
    assert (GoodsReceipt.objects.count(), HandOver.objects.count(), Custody.objects.count()) == (1, 1, 1)
    assert not list(find_custody_faults(qd.branch))


def test_a_unit_goes_one_way(qd: Crew) -> None:
    receipt = take(qd)
    unit, at = qd.gas_unit.id, NOW + STEP

    def move(to: Holder) -> Any:
        told: dict[str, Any] = {"giver": OURS, "taker": OURS, "by": qd.supervisor, "at": at}
        return lambda: actions.move_goods(unit, start=in_hand(qd), to=to, **told)

    def back() -> Any:
        told: dict[str, Any] = {"giver": OURS, "customer": CUSTOMER, "by": qd.supervisor, "at": at}
        return actions.hand_back(unit, receipt_code=receipt.number, **told)

    bench = Holder(HolderKind.BENCH, place="一号台")
    answers = at_once(*[move(SHELF)] * 4, *[move(bench)] * 4, *[back] * 2)
    moved = [one for one in won(answers) if isinstance(one, HandOver)]
    returned = [one for one in won(answers) if isinstance(one, GoodsReceipt)]
    # The hand-back may come after one move; two moves from the same hands cannot be.
    assert len(moved) <= 1
    assert len(returned) == 1
    assert set(refused(answers)) <= {"unit_not_there", "unit_not_away"}
    assert Custody.objects.get().kind == "customer"
    assert not list(find_custody_faults(qd.branch))
