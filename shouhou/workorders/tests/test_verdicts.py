"""Who pays, by the acts: the verdict kept with the call, overrides within and above the limit, findings, judging again."""

from decimal import Decimal
from typing import Any

import pytest

from shouhou.access.approvals import AboveLimit, OwnRequest
from shouhou.access.permissions import Role
from shouhou.entitlements.actions import record_finding, withdraw_finding
from shouhou.entitlements.actions.findings import EvidenceMissing, FoundAlready, WithdrawnAlready
from shouhou.entitlements.actions.overrides import (
    OverrideReasonMissing,
    RefusalReasonMissing,
    RuledOnAlready,
)
from shouhou.entitlements.models import CitedRule, Override, OverrideRuling, Verdict
from shouhou.entitlements.queries import cited_texts, find_stored_questions, standing_findings
from shouhou.entitlements.rules.answers import versions_in
from shouhou.kernel.errors import NotPermitted
from shouhou.workorders.actions import assign_work_class, judge_again, rule_on_work_class
from shouhou.workorders.actions._coverage import AmountMissing
from shouhou.workorders.models import WorkOrder
from tests.cast import NOW, STEP, Cast, Crew, refuses


@pytest.fixture
def charged(qd: Crew) -> WorkOrder:
    """A call for which the customer has to pay: the unit was misused."""
    record_finding(qd.unit.id, exclusion="misuse", evidence="主板进水", by=qd.clerk, at=NOW)
    return qd.receive(at=NOW + STEP, work_class="")


def give_away(order: WorkOrder, amount: int | None, **given: Any) -> WorkOrder:
    sum_ = None if amount is None else Decimal(amount)
    return assign_work_class(
        order.id, **{"work_class": "C", "reason": "老客户", "amount": sum_, "at": NOW + 2 * STEP} | given
    )


def rule(override: Override, by: Any, *, confirm: bool = True, reason: str = "") -> OverrideRuling:
    return rule_on_work_class(override.id, confirm=confirm, reason=reason, by=by, at=NOW + 3 * STEP)


def test_the_verdict_is_kept_with_the_texts_that_it_cites(charged: WorkOrder) -> None:
    verdict = Verdict.objects.get(about=charged.id)
    assert (charged.work_class, verdict.work_class, verdict.ground, verdict.sequence) == ("A", "A", "excluded", 1)
    assert verdict.question["exclusions"] == ["misuse"]
    named = versions_in(verdict.answer)
    assert set(cited_texts(named)) == named
    assert CitedRule._default_manager.count() == len(named)


def test_a_call_of_another_class_needs_a_reason(qd: Crew, charged: WorkOrder) -> None:
    with refuses(OverrideReasonMissing):
        give_away(charged, 100, reason=" ", by=qd.clerk)
    with refuses(AmountMissing):
        give_away(charged, None, by=qd.clerk)
    assert give_away(charged, 100, by=qd.clerk).work_class == "C"


def test_within_the_limit_it_counts_and_above_it_waits(qd: Crew, charged: WorkOrder) -> None:
    assert give_away(charged, 501, by=qd.clerk).work_class == "A"
    assert Override.objects.get().waits
    assert give_away(charged, 500, by=qd.clerk).work_class == "C"
    assert [one.counts for one in Override.objects.order_by("id")] == [False, True]


def test_a_second_person_confirms_or_refuses_it(qd: Crew, cast: Cast, charged: WorkOrder) -> None:
    give_away(charged, 2001, by=qd.clerk)
    override, manager = Override.objects.get(), cast.headquarters[Role.MANAGER]
    with refuses(NotPermitted):
        rule(override, qd.clerk)
    with refuses(AboveLimit):
        rule(override, qd.supervisor)
    with refuses(RefusalReasonMissing):
        rule(override, manager, confirm=False)
    rule(override, manager)
    charged.refresh_from_db()
    assert charged.work_class == "C"
    with refuses(RuledOnAlready):
        rule(override, manager, confirm=False, reason="不同意")


def test_a_refused_one_leaves_the_class(qd: Crew, charged: WorkOrder) -> None:
    give_away(charged, 1500, by=qd.clerk)
    rule(Override.objects.get(), qd.supervisor, confirm=False, reason="没有依据")
    charged.refresh_from_db()
    assert (charged.work_class, Override.objects.get().waits) == ("A", False)


def test_nobody_confirms_his_own(qd: Crew, cast: Cast, charged: WorkOrder) -> None:
    give_away(charged, 2500, by=qd.supervisor)
    with refuses(OwnRequest):
        rule(Override.objects.get(), qd.supervisor)
    rule(Override.objects.get(), cast.headquarters[Role.HQ])


def test_judging_again_shows_the_difference_and_overwrites_nothing(qd: Crew, charged: WorkOrder) -> None:
    first = Verdict.objects.filter(about=charged.id).values().get()
    withdraw_finding(standing_findings(qd.unit)[0].id, reason="进水是运输所致", by=qd.clerk, at=NOW + STEP)
    again = judge_again(charged.id, by=qd.clerk, at=NOW + 2 * STEP)
    charged.refresh_from_db()
    assert (again.work_class, again.sequence, charged.work_class) == ("C", 2, "A")
    assert Verdict.objects.filter(id=first["id"]).values().get() == first
    (batch,) = find_stored_questions(qd.branch)
    assert [(about, question.facts.exclusions) for about, question in batch] == [(charged.id, frozenset())]


def test_stored_questions_come_in_batches_of_their_time(qd: Crew, jn: Crew) -> None:
    orders = [qd.receive(at=NOW + turn * STEP) for turn in range(5)]
    jn.receive()
    batches = list(find_stored_questions(qd.branch, since=NOW + STEP, until=NOW + 4 * STEP, batch=2))
    assert [[about for about, _ in one] for one in batches] == [[one.id for one in orders[1:3]], [orders[3].id]]


def test_a_finding_needs_evidence_and_stands_once(qd: Crew) -> None:
    with refuses(EvidenceMissing):
        record_finding(qd.unit.id, exclusion="misuse", evidence=" ", by=qd.clerk, at=NOW)
    found = record_finding(qd.unit.id, exclusion="misuse", evidence="进水", by=qd.technician_actor, at=NOW)
    with refuses(FoundAlready):
        record_finding(qd.unit.id, exclusion="misuse", evidence="进水", by=qd.clerk, at=NOW)
    with refuses(NotPermitted):
        withdraw_finding(found.id, reason="误判", by=qd.administrator, at=NOW)
    withdraw_finding(found.id, reason="误判", by=qd.clerk, at=NOW)
    assert standing_findings(qd.unit) == []
    with refuses(WithdrawnAlready):
        withdraw_finding(found.id, reason="误判", by=qd.clerk, at=NOW)
    record_finding(qd.unit.id, exclusion="misuse", evidence="又进水", by=qd.clerk, at=NOW)
