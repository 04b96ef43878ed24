"""What several people say at the same moment about who pays for one order: rulings, overrides, the rules asked again."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from shouhou.access.actors import Actor
from shouhou.access.permissions import Role
from shouhou.audit.queries import find_faults
from shouhou.entitlements.actions import record_finding, withdraw_finding
from shouhou.entitlements.models import Finding, Override, OverrideRuling, Verdict
from shouhou.workorders import actions
from shouhou.workorders.models import WorkOrder
from tests.cast import NOW, STEP, Cast, Crew, Life
from tests.test_races import WAVE, at_once, refused, won

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def charged(qd: Crew) -> Life:
    """A call for which the customer has to pay: the unit was misused."""
    record_finding(qd.unit.id, exclusion="misuse", evidence="主板进水", by=qd.clerk, at=NOW)
    return Life(qd, qd.receive(at=NOW + STEP, work_class=""), qd.technician, NOW + 2 * STEP)


def saying(life: Life, letter: str, amount: int, *, by: Actor | None = None) -> Callable[[], WorkOrder]:
    return lambda: actions.assign_work_class(
        life.id, work_class=letter, reason="老客户", amount=Decimal(amount), by=by or life.crew.clerk, at=life.at
    )


def ruling(override: Override, life: Life, *, by: Actor, confirm: bool) -> Callable[[], OverrideRuling]:
    return lambda: actions.rule_on_work_class(override.id, confirm=confirm, reason="看过了", by=by, at=life.at)


def waiting(life: Life) -> Override:
    saying(life, "C", 2001)()
    return Override.objects.latest("id")


def said_last(life: Life) -> Any:
    """The class that the journal of the order named last."""
    return [one.data["to"] for one in life.events if one.verb == "workorders.work_class.assigned"][-1]


def test_of_two_rulings_on_one_override_one_counts(cast: Cast, charged: Life) -> None:
    override = waiting(charged)
    rulers = [cast.headquarters[Role.MANAGER], cast.headquarters[Role.HQ]] * (WAVE // 2)
    answers = at_once(
        *[ruling(override, charged, by=who, confirm=turn % 4 < 2) for turn, who in enumerate(rulers)],
    )
    (only,) = won(answers)
    assert refused(answers) == {"override_ruled_on": WAVE - 1}
    assert OverrideRuling.objects.get().id == only.id
    assert charged.order.work_class == ("C" if only.confirmed else "A")
    assert not list(find_faults())


def test_two_overrides_both_stand_and_the_later_one_decides(charged: Life) -> None:
    answers = at_once(*[saying(charged, letter, 100) for letter in "BCD" * 3])
    assert refused(answers) == {}
    assert Override.objects.filter(verdict__about=charged.id).count() == 9
    assert charged.order.work_class == said_last(charged)
    # Each was told which class it found: the journal is one line of classes without a gap.
    told = [(one.data["from"], one.data["to"]) for one in charged.events if one.verb.endswith("work_class.assigned")]
    assert [before for before, _ in told] == ["A", *(after for _, after in told[:-1])]
    assert not list(find_faults())


def test_of_two_confirmed_overrides_the_later_one_decides(cast: Cast, charged: Life) -> None:
    for letter in "BC":
        saying(charged, letter, 2001)()
    manager = cast.headquarters[Role.MANAGER]
    answers = at_once(*[ruling(one, charged, by=manager, confirm=True) for one in Override.objects.all()])
    assert {type(one) for one in won(answers)} == {OverrideRuling}
    assert charged.order.work_class == said_last(charged)


def test_the_rules_asked_again_by_many_are_numbered_one_by_one(charged: Life) -> None:
    answers = at_once(*[lambda: actions.judge_again(charged.id, by=charged.crew.clerk, at=charged.at)] * WAVE)
    assert refused(answers) == {}
    assert sorted(Verdict.objects.filter(about=charged.id).values_list("sequence", flat=True)) == [*range(1, WAVE + 2)]
    assert charged.order.work_class == "A"


def test_a_verdict_asked_again_beside_an_override_is_seen_by_it_or_comes_after_it(charged: Life) -> None:
    """The rules now say C. An override to C that comes first is one of the old verdict; after it there is nothing to override."""
    withdraw_finding(Finding.objects.get().id, reason="是冷凝水", by=charged.crew.clerk, at=charged.at)
    again = [lambda: actions.judge_again(charged.id, by=charged.crew.clerk, at=charged.at)]
    answers = at_once(*again, saying(charged, "C", 100))
    assert refused(answers) == {}
    order = [one.verb.removeprefix("workorders.") for one in charged.events]
    asked_first = order.index("verdict.given") < order.index("work_class.assigned")
    assert list(Override.objects.values_list("verdict__work_class", flat=True)) == ([] if asked_first else ["A"])
    assert charged.order.work_class == "C"


def test_nobody_confirms_an_override_of_a_verdict_that_changes_at_that_moment(cast: Cast, charged: Life) -> None:
    """Either it was confirmed while its verdict stood, or it is refused because there is a newer one."""
    override = waiting(charged)
    withdraw_finding(Finding.objects.get().id, reason="是冷凝水", by=charged.crew.clerk, at=charged.at)
    answers = at_once(
        lambda: actions.judge_again(charged.id, by=charged.crew.clerk, at=charged.at),
        ruling(override, charged, by=cast.headquarters[Role.MANAGER], confirm=True),
    )
    confirmed = OverrideRuling.objects.exists()
    assert refused(answers) == ({} if confirmed else {"judged_anew": 1})
    assert charged.order.work_class == ("C" if confirmed else "A")
    assert not list(find_faults())
