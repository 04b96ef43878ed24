"""What many people do to the same awards, and to the same deposit, at the same moment."""

from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.commitments.actions import approve_award
from shouhou.commitments.models import Award, AwardStep, TopUp, TopUpReceipt
from shouhou.commitments.rules.remedy_reading import get_remedy
from shouhou.ledger.models import LedgerAccount
from shouhou.ledger.rules import Reference
from shouhou.ledger.verifying import find_ledger_faults
from tests.award_acts import Payouts
from tests.cast import NOW, Cast
from tests.test_races import WAVE, at_once, refused, won

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payouts(cast: Cast) -> Payouts:
    return Payouts(cast.qd, cast)


def sound(payouts: Payouts) -> None:
    assert not list(find_ledger_faults(payouts.crew.branch))


def standing(kind: str) -> int:
    return sum(LedgerAccount.objects.filter(kind=kind).values_list("balance_minor", flat=True))


def test_of_a_hundred_payouts_from_a_deposit_with_room_for_ten_ten_are_paid(payouts: Payouts) -> None:
    remedy = get_remedy("unclear-page")
    payouts.pay_in(109)
    facts = {"paid_amount": 100}
    waiting = [payouts.propose(remedy, facts=facts) for _ in range(100)]
    at_once(*[lambda one=one: approve_award(one.id, by=payouts.supervisor, at=NOW) for one in waiting])
    answers = at_once(*[lambda one=one: payouts.settle(one) for one in waiting])
    # The eleventh gets the nine that are left; the other 89 wait until the deposit is filled up.
    assert sorted(one.amount_minor for one in won(answers)) == [900] + [1000] * 10
    assert refused(answers) == {"award_deposit_too_low": 89}
    assert Award.objects.filter(state="settled").count() == 10
    assert (standing("seller_deposit"), standing("top_up_due")) == (0, 100 * 1000 - 10_900)
    assert standing("compensation_payable") == sum(TopUp.objects.values_list("open_minor", flat=True)) == 89_100
    sound(payouts)


def test_one_award_is_paid_once(payouts: Payouts) -> None:
    award = payouts.approved("late-delivery", facts={"days_late": 3})
    answers = at_once(*[lambda: payouts.settle(award)] * WAVE)
    assert len(won(answers)) == AwardStep.objects.filter(kind="settled").count() == 1
    assert refused(answers) == {"award_in_other_state": WAVE - 1}
    sound(payouts)


def test_one_award_is_approved_once(payouts: Payouts) -> None:
    award = payouts.propose("late-delivery", facts={"days_late": 3})
    bosses = [payouts.supervisor, payouts.crew.actors[Role.MANAGER]] * (WAVE // 2)
    answers = at_once(*[lambda by=by: approve_award(award.id, by=by, at=NOW) for by in bosses])
    assert len(won(answers)) == 1
    assert standing("compensation_payable") == 3000
    sound(payouts)


def test_the_same_breach_in_the_same_moment_is_one_award(payouts: Payouts) -> None:
    told: dict[str, Any] = {"facts": {"days_late": 3}, "about": Reference("commitment", "1"), "key": "k"}
    answers = at_once(*[lambda: payouts.propose("late-delivery", **told)] * WAVE)
    assert len({one.id for one in won(answers)}) == Award.objects.count() == 1


def test_one_payment_of_a_shop_is_booked_once(payouts: Payouts) -> None:
    answers = at_once(*[lambda: payouts.pay_in(10, key="k")] * WAVE)
    assert len({one.id for one in won(answers)}) == TopUpReceipt.objects.count() == 1
    assert standing("seller_deposit") == 1000
    sound(payouts)


def test_paid_and_taken_back_at_once_the_books_are_right(payouts: Payouts) -> None:
    payouts.pay_in(20)
    awards = [payouts.approved("late-shipment", facts={"paid_amount": 300}) for _ in range(3)]
    at_once(
        *[lambda one=one: payouts.settle(one) for one in awards],
        *[lambda one=one: payouts.withdraw(one) for one in awards],
        lambda: payouts.pay_in(30),
    )
    assert {one.state for one in Award.objects.all()} == {"reversed"}
    assert standing("top_up_due") == standing("compensation_payable") == 0
    assert standing("seller_deposit") == 5000
    assert standing("receivable") == 5000 - standing("bank")
    sound(payouts)
