"""What lies on the supervisor's desk: overrides that wait for a second person."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from shouhou.access.actors import Actor
from shouhou.access.permissions import Role
from shouhou.entitlements.actions import override_verdict, rule_on_override, store_verdict
from shouhou.entitlements.models import Override
from shouhou.entitlements.queries import coverage_of, find_waiting_overrides
from shouhou.kernel.ids import uuid7
from shouhou.policies.queries import book_in_force
from tests.cast import NOW, Cast, Crew

ABOVE, WITHIN = Decimal(680), Decimal(100)  # of the clerk's 500


def _override(crew: Crew, amount: Decimal, *, minutes: int = 0, by: Actor | None = None) -> Override:
    at = NOW + timedelta(minutes=minutes)
    coverage = coverage_of(crew.unit, branch=crew.branch, at=at)
    verdict = store_verdict(crew.unit, coverage, about=uuid7(), book=book_in_force(), by=crew.clerk, at=at)
    told: dict[str, Any] = {"reason": "老客户", "amount": amount, "by": by or crew.clerk, "at": at}
    return override_verdict(verdict, work_class="C", **told).override


def _rule(crew: Crew, override: Override, *, confirm: bool) -> None:
    manager = crew.actors[Role.MANAGER]
    rule_on_override(override.id, confirm=confirm, reason="不同意", by=manager, at=NOW + timedelta(hours=1))


def test_only_those_wait_that_nobody_ruled_on_oldest_first(cast: Cast) -> None:
    later = _override(cast.qd, ABOVE, minutes=9)
    _override(cast.qd, WITHIN)
    _override(cast.jn, ABOVE)
    for confirm in (True, False):
        _rule(cast.qd, _override(cast.qd, ABOVE), confirm=confirm)
    earlier = _override(cast.qd, ABOVE, minutes=1)
    without_limit = cast.headquarters[Role.MANAGER]
    assert _override(cast.qd, ABOVE, by=without_limit).limit is None
    waiting = find_waiting_overrides(cast.qd.branch)
    assert [one.id for one in waiting] == [earlier.id, later.id]
    assert all(one.waits for one in waiting)


def test_one_query_reads_them_whatever_was_ruled_on_before(qd: Crew, django_assert_num_queries: Any) -> None:
    for minutes in range(3):
        _override(qd, ABOVE, minutes=minutes)
        _rule(qd, _override(qd, ABOVE), confirm=True)
    with django_assert_num_queries(1):
        assert [one.verdict.asset.serial for one in find_waiting_overrides(qd.branch)] == [qd.unit.serial] * 3
