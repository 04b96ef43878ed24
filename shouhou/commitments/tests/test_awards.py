"""Awards: proposed, approved within limits or by a second person, settled, taken back; and what each puts into the books."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from shouhou.access.actions.limits import set_limit
from shouhou.access.actors import BranchNotVisible
from shouhou.access.approvals import AboveLimit, ApproverNeeded, OwnRequest
from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.commitments.actions import (
    approve_award,
    record_top_up,
    refuse_award,
    rule_on_excuse,
    settle_award,
    withdraw_award,
)
from shouhou.commitments.actions._award import AwardInOtherState, AwardReasonMissing
from shouhou.commitments.actions.awards import NothingOwed, PartyMissing
from shouhou.commitments.actions.settling import DepositTooLow, NothingToSetOff
from shouhou.commitments.models import Award, AwardStep, TopUp
from shouhou.commitments.queries.awards import (
    AwardNotFound,
    awards_about,
    find_awards,
    get_award,
    is_restricted,
    missing_for,
    steps_of,
)
from shouhou.commitments.rules.award_words import AwardState
from shouhou.commitments.rules.remedies import FactsMissing
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted
from shouhou.ledger.actions import KeyUsedOtherwise, open_account, post_entry
from shouhou.ledger.queries import find_entries_from
from shouhou.ledger.rules import AccountKind, Reference, credit, debit
from shouhou.ledger.verifying import find_ledger_faults
from tests.award_acts import CUSTOMER, PARTIES, SHOP, Payouts, yuan
from tests.cast import NOW, STEP, Cast, refuses
from tests.promise_acts import LATE, broken_promise, claim

THREE_DAYS = {"days_late": Decimal(3)}
PAID_800 = {"paid_amount": Decimal(800)}


@pytest.fixture
def payouts(cast: Cast) -> Payouts:
    return Payouts(cast.qd, cast)


@pytest.fixture(autouse=True)
def _the_books_are_right(payouts: Payouts) -> Any:
    yield
    assert not list(find_ledger_faults(payouts.crew.branch))


def test_it_keeps_remedy_and_figures_and_waits_for_a_person(payouts: Payouts) -> None:
    award = payouts.propose("late-delivery", facts=THREE_DAYS, label="QD-1", rule="house.delivery@2026#1")
    assert (award.amount, award.state, award.exact, award.bound) == (yuan(30), "proposed", "30", "")
    assert (award.facts, award.parts) == ({"days_late": "3"}, [["company", 3000]])
    assert award.formula.version == award.remedy_version
    assert not payouts.balances()
    assert [one.id for one in find_awards(award.branch_id, by=payouts.supervisor, states=["proposed"])] == [award.id]


def test_the_same_call_again_is_one_award(payouts: Payouts) -> None:
    about = Reference("commitment", "1")
    first = payouts.propose("late-delivery", facts=THREE_DAYS, about=about, key="k")
    assert payouts.propose("late-delivery", facts=THREE_DAYS, about=about, key="k").id == first.id
    with refuses(KeyUsedOtherwise):
        payouts.propose("late-delivery", facts={"days_late": 4}, about=about, key="k")
    assert [one.id for one in awards_about(about, branch_id=first.branch_id)] == [first.id]


def test_whoever_may_decide_alone_has_approved_what_he_asks_for(payouts: Payouts) -> None:
    award = payouts.propose("late-delivery", facts=THREE_DAYS, by=payouts.supervisor)
    assert award.state == "approved"
    waits = payouts.propose("late-delivery", facts=THREE_DAYS, by=payouts.crew.clerk)
    assert waits.state == "proposed"


def test_above_the_limit_a_second_person_approves(payouts: Payouts) -> None:
    agent = payouts.crew.actors[Role.CLAIMS_AGENT]
    award = payouts.propose("late-delivery", facts={"days_late": 30}, by=agent)
    for by, refusal in (
        (agent, OwnRequest),
        (payouts.product, ApproverNeeded),
        (payouts.crew.clerk, NotPermitted),
        (payouts.cast.jn.supervisor, AwardNotFound),
    ):
        with refuses(refusal):
            approve_award(award.id, by=by, at=NOW)
    other = payouts.propose("late-delivery", facts={"days_late": 30})
    with refuses(AboveLimit):
        approve_award(other.id, by=agent, at=NOW)
    assert approve_award(award.id, by=payouts.supervisor, at=NOW).state == "approved"
    with refuses(AwardInOtherState):
        approve_award(award.id, by=payouts.supervisor, at=NOW)


def test_a_refused_one_is_never_booked(payouts: Payouts) -> None:
    award = payouts.propose("late-delivery", facts=THREE_DAYS)
    with refuses(AwardReasonMissing):
        refuse_award(award.id, reason=" ", by=payouts.supervisor, at=NOW)
    assert refuse_award(award.id, reason="客户改期", by=payouts.supervisor, at=NOW).state == "refused"
    with refuses(AwardInOtherState):
        approve_award(award.id, by=payouts.supervisor, at=NOW)
    assert not payouts.balances()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"facts": {}}, FactsMissing),
        ({"facts": {"days_late": 0}}, NothingOwed),
        ({"parties": {}}, PartyMissing),
        ({"parties": {"customer": Reference("customer", "")}}, PartyMissing),
    ],
)
def test_it_refuses_what_cannot_be_owed(given: dict[str, Any], refusal: Any, payouts: Payouts) -> None:
    with refuses(refusal):
        payouts.propose("late-delivery", **{"facts": THREE_DAYS} | given)


def test_only_those_of_the_branch_propose(payouts: Payouts) -> None:
    with refuses(BranchNotVisible):
        payouts.propose("late-delivery", facts=THREE_DAYS, by=payouts.cast.jn.supervisor)
    with refuses(NotPermitted):
        payouts.propose("late-delivery", facts=THREE_DAYS, by=payouts.accountant)


def test_approved_it_is_in_the_books_with_source_rule_and_event(payouts: Payouts) -> None:
    award = payouts.approved("late-delivery-by-carrier", facts=THREE_DAYS, rule="house.delivery@2026#1")
    assert payouts.balances() == {
        "carrier_receivable carrier": "21.00",
        "compensation_cost branch": "9.00",
        "compensation_payable customer": "30.00",
    }
    source = Reference("award", str(award.id))
    (entry,) = find_entries_from(source, branch=payouts.crew.branch, by=payouts.accountant)
    event = Event.objects.get(subject_id=award.id, verb="commitments.award.approved")
    assert (entry.source, entry.rule) == (source, "house.delivery@2026#1")
    assert (entry.event_id, event.chain_id) == (event.id, award.id)
    assert [step.entry_id for step in steps_of(award)] == [entry.id]


def test_it_is_paid_once(payouts: Payouts) -> None:
    award = payouts.approved("late-delivery", facts=THREE_DAYS)
    step = payouts.settle(award, key="k")
    assert payouts.settle(award, key="k").id == step.id
    assert payouts.balances() == {"bank branch": "-30.00", "compensation_cost branch": "30.00"}
    with refuses(AwardInOtherState):
        payouts.settle(award)
    other = payouts.approved("late-delivery", facts=THREE_DAYS)
    with refuses(KeyUsedOtherwise):
        payouts.settle(other, key="k")
    with refuses(NotPermitted):
        settle_award(award.id, how="bank", key="x", by=payouts.supervisor, at=NOW)


def test_it_is_set_off_against_what_the_customer_owes(payouts: Payouts) -> None:
    award = payouts.approved("late-delivery", facts=THREE_DAYS)
    with refuses(NothingToSetOff):
        payouts.settle(award, "offset")
    told: dict[str, Any] = {"by": payouts.accountant, "at": NOW}
    bill, revenue = (
        open_account(payouts.crew.branch, kind=kind, owner=owner, **told).id
        for kind, owner in ((AccountKind.RECEIVABLE, CUSTOMER), (AccountKind.REVENUE, Reference("class", "A")))
    )
    post_entry([debit(bill, yuan(20)), credit(revenue, yuan(20))], key="bill", **told)
    payouts.settle(award, "offset")
    assert get_award(award.id, by=payouts.supervisor).unsettled == yuan(10)
    payouts.settle(award, "bank")
    assert get_award(award.id, by=payouts.supervisor).state == "settled"
    assert "receivable customer" not in payouts.balances()


def test_credits_and_points_go_their_own_way(payouts: Payouts) -> None:
    voucher = payouts.approved("late-arrival-voucher", facts={"hours_late": 3})
    with refuses(UnknownChoice):
        payouts.settle(voucher, "bank")
    payouts.settle(voucher, "credit_note")
    payouts.pay_in(500)
    points = payouts.approved("late-shipment-points", facts={"paid_amount": 100})
    payouts.settle(points, "points")
    assert (points.points, points.amount) == (3000, yuan(30))
    assert payouts.balances() == {
        "bank branch": "500.00",
        "compensation_cost branch": "20.00",
        "compensation_payable points_of_customer": "30.00",
        "receivable customer": "-20.00",
        "seller_deposit shop": "470.00",
    }


def test_a_penalty_is_booked_and_collected_later(payouts: Payouts) -> None:
    award = payouts.approved("late-complaint-answer")
    assert (award.decision, award.state) == ("penalty", "settled")
    assert payouts.balances() == {"penalty_income branch": "50.00", "staff_penalty technician": "50.00"}
    payouts.withdraw(award)
    assert not payouts.balances()


def test_what_the_deposit_does_not_reach_for_is_topped_up(payouts: Payouts) -> None:
    payouts.pay_in(15)
    award = payouts.approved("late-shipment", facts=PAID_800)
    assert (award.amount, missing_for(award)) == (yuan(40), yuan(25))
    payouts.settle(award)
    assert payouts.balances() == {"compensation_payable customer": "25.00", "top_up_due shop": "25.00"}
    with refuses(DepositTooLow):
        payouts.settle(award)
    receipt = payouts.pay_in(100)
    assert (receipt.filled, missing_for(award)) == (yuan(25), yuan(0))
    payouts.settle(award)
    assert get_award(award.id, by=payouts.supervisor).state == "settled"
    assert payouts.balances() == {"bank branch": "75.00", "seller_deposit shop": "75.00"}


def test_a_shop_is_restricted_from_the_day_until_it_has_topped_up(payouts: Payouts) -> None:
    def restricted(at: Any) -> bool:
        return is_restricted(SHOP, branch_id=payouts.crew.branch.id, at=at)

    award = payouts.approved("late-shipment", facts=PAID_800)
    due = TopUp.objects.get(award=award).due_at
    assert due == NOW + STEP + timedelta(days=15)
    assert [restricted(due - timedelta(seconds=1)), restricted(due)] == [False, True]
    payouts.pay_in(39, at=due)
    assert restricted(due)
    payouts.pay_in(1, at=due)
    assert not restricted(due)


def test_a_payment_of_the_shop_is_booked_once(payouts: Payouts) -> None:
    first = payouts.pay_in(10, key="k")
    assert payouts.pay_in(10, key="k").id == first.id
    with refuses(KeyUsedOtherwise):
        payouts.pay_in(11, key="k")
    assert payouts.balances()["seller_deposit shop"] == "10.00"
    told: dict[str, Any] = {"owner": SHOP, "amount": yuan(1), "into": "bank", "key": "x", "at": NOW}
    for by, refusal in ((payouts.supervisor, NotPermitted), (payouts.cast.jn.supervisor, BranchNotVisible)):
        with refuses(refusal):
            record_top_up(payouts.crew.branch, by=by, **told)


@pytest.mark.parametrize("how", ["", "bank", "credit_note"])
def test_taken_back_everybody_has_his_part_again(how: str, payouts: Payouts) -> None:
    award = payouts.approved("late-delivery-by-carrier", facts=THREE_DAYS)
    if how:
        payouts.settle(award, how)
    assert payouts.withdraw(award).state == "reversed"
    # What was paid out the customer owes us back; a credit is gone.
    assert payouts.balances() == ({"bank branch": "-30.00", "receivable customer": "30.00"} if how == "bank" else {})
    with refuses(AwardInOtherState):
        payouts.withdraw(award)


def test_taken_back_the_deposit_need_not_be_filled_up_any_more(payouts: Payouts) -> None:
    payouts.pay_in(15)
    award = payouts.approved("late-shipment", facts=PAID_800)
    payouts.pay_in(5)
    payouts.withdraw(award)
    assert payouts.balances() == {"bank branch": "20.00", "seller_deposit shop": "20.00"}
    assert not is_restricted(SHOP, branch_id=award.branch_id, at=NOW + timedelta(days=99))


def test_a_penalty_that_was_paid_is_owed_back(payouts: Payouts) -> None:
    award = payouts.approved("late-complaint-answer")
    told: dict[str, Any] = {"by": payouts.accountant, "at": NOW}
    bank, penalty = (
        open_account(payouts.crew.branch, kind=kind, owner=owner, **told).id
        for kind, owner in (
            (AccountKind.BANK, Reference("branch", str(payouts.crew.branch.id))),
            (AccountKind.STAFF_PENALTY, PARTIES["technician"]),
        )
    )
    post_entry([debit(bank, yuan(30)), credit(penalty, yuan(30))], key="withheld", **told)
    payouts.withdraw(award)
    assert payouts.balances() == {"bank branch": "30.00", "staff_reward technician": "30.00"}


def test_before_its_approval_it_is_only_withdrawn(payouts: Payouts) -> None:
    award = payouts.propose("late-delivery", facts=THREE_DAYS)
    with refuses(NotPermitted):
        withdraw_award(award.id, reason="x", by=payouts.crew.clerk, at=NOW)
    assert payouts.withdraw(award).state == "withdrawn"
    assert not payouts.balances()


def test_the_database_keeps_steps_and_ends(payouts: Payouts) -> None:
    award = payouts.approved("late-delivery", facts=THREE_DAYS)
    with pytest.raises(DatabaseError), transaction.atomic():
        AwardStep.objects.filter(award=award).update(amount_minor=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        AwardStep.objects.create(branch=payouts.crew.branch, award=award, kind="approved", at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Award.objects.filter(id=award.id).update(settled_minor=award.amount_minor + 1)


def test_an_accepted_excuse_takes_back_what_the_breach_owed(payouts: Payouts) -> None:
    broken = broken_promise(payouts.crew)
    award = payouts.approved("late-delivery", facts=THREE_DAYS, about=Reference("commitment", str(broken.id)))
    rule_on_excuse(
        claim(payouts.crew, broken).id, accepted=True, reason="气象台证明属实", by=payouts.supervisor, at=LATE
    )
    assert get_award(award.id, by=payouts.supervisor).state == "reversed"
    assert [step.reason for step in steps_of(award)] == ["", "气象台证明属实"]
    assert not payouts.balances()


def test_who_accepts_an_excuse_decides_about_what_the_breach_owes(payouts: Payouts) -> None:
    qd = payouts.crew
    broken = broken_promise(qd)
    award = payouts.propose("late-delivery", facts=THREE_DAYS, about=Reference("commitment", str(broken.id)))
    set_limit(kind="excuse", role=Role.SUPERVISOR, amount=Decimal("29.99"), by=payouts.product, at=NOW)
    excuse = claim(qd, broken)
    ruling: dict[str, Any] = {"reason": "气象台证明属实", "at": LATE}
    with refuses(AboveLimit):
        rule_on_excuse(excuse.id, accepted=True, by=qd.supervisor, **ruling)
    rule_on_excuse(excuse.id, accepted=True, by=qd.actors[Role.MANAGER], **ruling)
    award.refresh_from_db()
    assert award.state == AwardState.WITHDRAWN


def test_a_small_limit_does_not_keep_one_from_rejecting(payouts: Payouts) -> None:
    qd = payouts.crew
    broken = broken_promise(qd)
    payouts.propose("late-delivery", facts=THREE_DAYS, about=Reference("commitment", str(broken.id)))
    set_limit(kind="excuse", role=Role.SUPERVISOR, amount=Decimal(0), by=payouts.product, at=NOW)
    ruling = rule_on_excuse(claim(qd, broken).id, accepted=False, reason="查无此事", by=qd.supervisor, at=LATE)
    assert not ruling.accepted
