from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from shouhou.access.actions import (
    LimitAmountInvalid,
    LimitBeginsInThePast,
    LimitNotSet,
    assign_role,
    end_limit,
    open_branch,
    set_limit,
)
from shouhou.access.actors import Actor, BranchNotVisible, actor_for
from shouhou.access.approvals import (
    AboveLimit,
    ApproverNeeded,
    NobodyDecides,
    OwnRequest,
    find_history,
    find_limits,
    limit_of,
    require_approval,
    roles_deciding,
)
from shouhou.access.models import ApprovalLimit, Branch
from shouhou.access.permissions import Role
from shouhou.access.rules import FIRST_LIMITS, NO_AUTHORITY, UNLIMITED, Authority, Decision
from shouhou.audit.models import Event
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.ids import uuid7
from shouhou.kernel.money import Money, UnknownCurrency
from tests.cast import NOW, STEP, Cast, refuses

PAY = Decision.COMPENSATION
LATER = NOW + STEP


def put(cast: Cast, most: int | None, **given: Any) -> ApprovalLimit:
    usual: dict[str, Any] = {"kind": PAY, "role": Role.SUPERVISOR, "at": LATER}
    usual |= {"by": cast.headquarters[Role.ADMINISTRATOR], "amount": None if most is None else Decimal(most)}
    return set_limit(**usual | given)


def reach(actor: Actor, branch: Branch, **given: Any) -> Authority:
    usual: dict[str, Any] = {"kind": PAY, "branch_id": branch.id, "at": NOW + 2 * STEP}
    return limit_of(actor, **usual | given)


def approve(actor: Actor, branch: Branch, amount: int, **given: Any) -> None:
    usual: dict[str, Any] = {"kind": PAY, "branch_id": branch.id, "asked_by": None, "at": NOW + 2 * STEP}
    require_approval(Money(Decimal(amount)), **usual | {"by": actor} | given)


def test_a_company_begins_with_limits_and_only_once(cast: Cast) -> None:
    assert ApprovalLimit.objects.count() == sum(len(limits) for limits in FIRST_LIMITS.values())
    assert Event.objects.filter(verb="access.limits.begun").count() == 1
    open_branch(code="HQ2", name="第二总部", kind="hq", parent=None, by=cast.root, at=NOW)
    assert Event.objects.filter(verb="access.limits.begun").count() == 1


def test_each_role_has_its_own_and_who_has_none_decides_nothing(cast: Cast) -> None:
    qd = cast.qd
    assert reach(qd.supervisor, qd.branch) == Authority(Decimal(1000))
    assert reach(qd.clerk, qd.branch) == NO_AUTHORITY
    assert reach(cast.headquarters[Role.HQ], qd.branch) == UNLIMITED
    assert reach(cast.root, qd.branch) == UNLIMITED
    assert reach(qd.supervisor, qd.branch, currency="USD") == NO_AUTHORITY
    with pytest.raises(BranchNotVisible):
        reach(qd.supervisor, cast.jn.branch)


def test_of_several_roles_the_widest_counts(cast: Cast) -> None:
    user = cast.qd.supervisor.user
    assert user
    assign_role(user, role=Role.MANAGER, branch=cast.qd.branch, by=cast.root, at=NOW)
    assert reach(actor_for(user, channel="web"), cast.qd.branch) == Authority(Decimal(10_000))


def test_the_nearest_place_counts(cast: Cast) -> None:
    put(cast, 50, place=cast.qd.branch)
    put(cast, 3000, place=cast.hq)
    assert reach(cast.qd.supervisor, cast.qd.branch).most == 50
    assert reach(cast.jn.supervisor, cast.jn.branch).most == 3000
    end_limit(
        kind=PAY,
        role=Role.SUPERVISOR,
        place=cast.qd.branch,
        by=cast.headquarters[Role.ADMINISTRATOR],
        at=NOW + 2 * STEP,
    )
    assert reach(cast.qd.supervisor, cast.qd.branch).most == 3000


def test_what_was_in_force_stays_to_be_read(cast: Cast) -> None:
    put(cast, 1500)
    put(cast, None, at=LATER + STEP)
    asked = {at: reach(cast.qd.supervisor, cast.qd.branch, at=at).most for at in (NOW, LATER, LATER + STEP)}
    assert asked == {NOW: 1000, LATER: 1500, LATER + STEP: None}
    rows = find_history(kind=PAY, role=Role.SUPERVISOR, place=None)
    assert [row.amount for row in rows] == [None, 1500, 1000]
    assert find_limits(at=LATER).get(kind=PAY, role=Role.SUPERVISOR).amount == 1500
    assert [one.data["amount"] for one in Event.objects.filter(verb="access.limit.set").order_by("sequence")] == [
        ["1000.00", "1500"],
        ["1500.00", "unlimited"],
    ]


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    assert put(cast, 1500).id == put(cast, 1500, at=LATER + STEP).id
    assert Event.objects.filter(verb="access.limit.set").count() == 1


def test_a_limit_of_everywhere_that_ended_leaves_nobody(cast: Cast) -> None:
    chief = cast.headquarters[Role.ADMINISTRATOR]
    end_limit(kind=PAY, role=Role.SUPERVISOR, by=chief, at=LATER)
    assert reach(cast.qd.supervisor, cast.qd.branch) == NO_AUTHORITY
    with refuses(LimitNotSet):
        end_limit(kind=PAY, role=Role.SUPERVISOR, by=chief, at=LATER)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"amount": Decimal(-1)}, LimitAmountInvalid),
        ({"amount": Decimal("0.001")}, LimitAmountInvalid),
        ({"amount": Decimal("NaN")}, LimitAmountInvalid),
        ({"amount": Decimal(10) ** 12}, LimitAmountInvalid),
        ({"kind": "holiday"}, UnknownChoice),
        ({"role": "king"}, UnknownChoice),
        ({"currency": "XXX"}, UnknownCurrency),
        ({"at": NOW - timedelta(days=1)}, LimitBeginsInThePast),
    ],
)
def test_it_refuses_what_makes_no_limit(given: dict[str, Any], refusal: Any, cast: Cast) -> None:
    with refuses(refusal):
        put(cast, 1, **given)


def test_only_administrators_of_the_place_set_limits(cast: Cast) -> None:
    for by, refusal in (
        (cast.qd.supervisor, NotPermitted),
        (cast.headquarters[Role.MANAGER], NotPermitted),
        (cast.jn.administrator, BranchNotVisible),
    ):
        with refuses(refusal):
            put(cast, 1, place=cast.qd.branch, by=by)
    assert put(cast, 1, place=cast.qd.branch, by=cast.qd.administrator).place == cast.qd.branch


def test_everywhere_is_for_the_administrators_of_the_company(cast: Cast) -> None:
    with refuses(NotPermitted):
        put(cast, 1, by=cast.qd.administrator)
    scoped = replace(cast.headquarters[Role.ADMINISTRATOR], scopes=frozenset({"access.change_user"}))
    with refuses(NotPermitted):
        put(cast, 1, by=scoped)


def test_the_database_keeps_one_limit_at_a_time(cast: Cast) -> None:
    for place in (None, cast.qd.branch):
        row = {"kind": PAY, "role": Role.CLERK, "place": place, "currency": "CNY", "starts_at": NOW}
        ApprovalLimit.objects.create(**row)
        with pytest.raises(IntegrityError), transaction.atomic():
            ApprovalLimit.objects.create(**row)


def test_approving_is_for_a_second_person_within_his_limit(cast: Cast) -> None:
    supervisor, branch = cast.qd.supervisor, cast.qd.branch
    approve(supervisor, branch, 1000)
    approve(supervisor, branch, 1000, asked_by=uuid7())
    with refuses(OwnRequest):
        approve(supervisor, branch, 1, asked_by=supervisor.user_id)
    with refuses(ApproverNeeded):
        approve(cast.root, branch, 1)


def test_a_refusal_says_who_decides(cast: Cast) -> None:
    with refuses(AboveLimit) as caught:
        approve(cast.qd.supervisor, cast.qd.branch, 1001)
    with translation.override("en"):
        assert "decided by: Service department (HQ) / Manager." in str(caught.value)
    with translation.override("zh-hans"):
        assert "服务部（总公司） / 经理" in str(caught.value)
    assert roles_deciding(Money(Decimal(20_000)), kind=PAY, branch=cast.qd.branch, at=LATER) == [Role.HQ]
    with refuses(NobodyDecides):
        approve(cast.qd.supervisor, cast.qd.branch, 1, kind=Decision.PENALTY, at=NOW - STEP)
