"""What two administrators do at the same moment: real threads, each with its own connection and its own transaction."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from shouhou.access.actions import (
    assign_role,
    change_prefix,
    choose_password,
    deactivate_user,
    issue_token,
    raise_next_number,
    register_user,
    reset_password,
    take_document_number,
    withdraw_role,
)
from shouhou.access.actors import Actor, actor_for
from shouhou.access.models import ApiToken, Branch, NumberPrefix, RoleAssignment, User
from shouhou.access.passwords import link_of
from shouhou.access.permissions import Role
from shouhou.audit.queries import find_faults
from shouhou.workforce.actions import register_technician
from shouhou.workforce.models import Technician
from shouhou.workorders.actions import close_branch, dispatch_work_order, part_with_technician
from shouhou.workorders.models import Visit, WorkOrder
from shouhou.workorders.rules import LIVE_VISIT, OPEN
from tests.cast import NOW, STEP, Cast, Crew
from tests.test_races import WAVE, at_once, refused, won

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two_chiefs(cast: Cast) -> list[Actor]:
    """The administrator of headquarters and a second one; nobody else administers anything above the branches."""
    first = cast.headquarters[Role.ADMINISTRATOR]
    second = cast.headquarters[Role.MANAGER].user
    assert second
    assign_role(second, role=Role.ADMINISTRATOR, branch=cast.hq, by=first, at=NOW)
    return [first, actor_for(second, channel="web")]


def user_of(actor: Actor) -> User:
    assert actor.user
    return actor.user


def administrators(cast: Cast) -> int:
    rows = RoleAssignment.objects.filter(branch=cast.hq, role=Role.ADMINISTRATOR, user__is_active=True)
    return rows.count()


def test_of_two_who_demote_each_other_one_is_left(cast: Cast, two_chiefs: list[Actor]) -> None:
    def demote(whom: Actor, by: Actor) -> Callable[[], Any]:
        return lambda: withdraw_role(user_of(whom).id, role=Role.ADMINISTRATOR, branch=cast.hq, by=by, at=NOW)

    first, second = two_chiefs
    answers = at_once(demote(first, second), demote(second, first))
    assert len(won(answers)) == 1
    assert refused(answers) == {"last_administrator": 1}
    assert administrators(cast) == 1
    assert not list(find_faults())


def test_of_two_who_shut_each_other_out_one_is_left(cast: Cast, two_chiefs: list[Actor]) -> None:
    def shut_out(whom: Actor, by: Actor) -> Callable[[], Any]:
        return lambda: deactivate_user(user_of(whom).id, reason="离职", by=by, at=NOW)

    first, second = two_chiefs
    answers = at_once(shut_out(first, second), shut_out(second, first))
    assert refused(answers) == {"last_administrator": 1}
    assert administrators(cast) == 1


def test_demoted_and_shut_out_at_once_one_is_left(cast: Cast, two_chiefs: list[Actor]) -> None:
    first, second = two_chiefs
    answers = at_once(
        lambda: deactivate_user(user_of(second).id, reason="离职", by=first, at=NOW),
        lambda: withdraw_role(user_of(first).id, role=Role.ADMINISTRATOR, branch=cast.hq, by=second, at=NOW),
    )
    assert refused(answers) == {"last_administrator": 1}
    assert administrators(cast) == 1


def test_a_call_and_the_closing_of_its_branch_never_both_happen(qd: Crew) -> None:
    answers = at_once(
        lambda: close_branch(qd.branch.id, reason="合并", by=qd.administrator, at=NOW),
        *[lambda: qd.receive(at=NOW + STEP)] * 4,
    )
    closed = Branch.objects.get(id=qd.branch.id).closed_at is not None
    received = WorkOrder.objects.filter(branch=qd.branch, status__in=OPEN).count()
    assert (closed, received) in {(True, 0), (False, 4)}
    assert refused(answers) in ({"branch_closed": 4}, {"orders_still_open": 1})


def test_who_leaves_is_not_sent_in_the_same_moment(qd: Crew) -> None:
    order, technician = qd.receive(), qd.technician
    answers = at_once(
        lambda: part_with_technician(technician.id, left_on=NOW.date(), reason="离职", by=qd.administrator, at=NOW),
        lambda: dispatch_work_order(order.id, technician_id=technician.id, by=qd.supervisor, at=NOW + STEP),
    )
    assert len(won(answers)) == 1
    sent = Visit.objects.filter(technician=technician, status__in=LIVE_VISIT).exists()
    assert sent == Technician.objects.get(id=technician.id).active


def test_a_link_chooses_one_password(qd: Crew) -> None:
    clerk = user_of(qd.clerk)
    link = link_of(reset_password(clerk.id, reason="忘了", by=qd.administrator, at=NOW))
    words = [f"seven green lamps {place}" for place in range(WAVE)]
    answers = at_once(
        *[lambda word=word: choose_password(link, password=word, channel="web", at=NOW) for word in words]
    )
    assert len(won(answers)) == 1
    assert refused(answers) == {"password_link_spent": WAVE - 1}


def test_two_branches_never_get_the_same_prefix(cast: Cast) -> None:
    def take(crew: Crew) -> Callable[[], Any]:
        return lambda: change_prefix(crew.branch.id, kind="voucher", prefix="SD", by=crew.administrator, at=NOW + STEP)

    answers = at_once(take(cast.qd), take(cast.jn))
    assert refused(answers) == {"prefix_taken": 1}
    assert NumberPrefix.objects.filter(prefix="SD").count() == 1


def test_numbers_taken_while_the_series_jumps_are_given_once(qd: Crew) -> None:
    def take() -> str:
        with transaction.atomic():
            return take_document_number(qd.branch.id, kind="voucher", day=NOW.date())

    answers = at_once(
        *[take] * WAVE,
        lambda: raise_next_number(qd.branch.id, kind="voucher", next_number=500, by=qd.administrator, at=NOW),
    )
    numbers = [one for one in answers if isinstance(one, str)]
    assert len(set(numbers)) == len(numbers) == WAVE


def test_one_name_is_registered_once(qd: Crew) -> None:
    def register() -> User:
        return register_user(
            username="zhoumin", display_name="周敏", password=None, branch=qd.branch, by=qd.administrator, at=NOW
        )

    answers = at_once(*[register] * WAVE)
    assert len(won(answers)) == 1
    assert refused(answers) == {"username_taken": WAVE - 1}


def test_one_user_is_one_technician(qd: Crew) -> None:
    def register() -> Technician:
        return register_technician(user_of(qd.clerk), branch=qd.branch, by=qd.administrator, at=NOW)

    answers = at_once(*[register] * WAVE)
    assert refused(answers) == {"technician_registered_already": WAVE - 1}


def test_who_is_shut_out_keeps_no_token(qd: Crew) -> None:
    clerk = user_of(qd.clerk)
    expires = NOW + timedelta(days=9)
    at_once(
        lambda: deactivate_user(clerk.id, reason="离职", by=qd.administrator, at=NOW),
        *[lambda: issue_token(clerk, name="x", expires_at=expires, branch=qd.branch, by=qd.clerk, at=NOW)] * 4,
    )
    assert not ApiToken.objects.filter(user=clerk, revoked_at=None).exists()
