"""What people do about a verdict, for tests that need a row in every table."""

from typing import Any

from shouhou.access.actors import Actor
from shouhou.access.permissions import Role
from shouhou.assets.actions import read_meter, take_back_happening
from shouhou.entitlements.actions import decide_package, record_finding, withdraw_finding
from shouhou.entitlements.models import Override
from shouhou.entitlements.rules.scope import Strategy, usual_lines
from shouhou.workorders import actions
from tests.cast import NOW, Cast, Crew, Life

MANAGER = Role.MANAGER


def decide_on_package(cast: Cast) -> None:
    """What is done after the sale for the air conditioner."""
    decide_package(
        cast.air_conditioner,
        strategy=Strategy.FULL,
        lines=usual_lines(Strategy.FULL),
        reason="高价耐用，安装复杂",
        valid_from=NOW.date(),
        branch=cast.hq,
        by=cast.headquarters[Role.HQ],
        at=NOW,
    )


def say_otherwise(crew: Crew, life: Life, *, manager: Actor) -> None:
    """An override that somebody ruled on, a finding withdrawn, a meter reading taken back."""
    actions.assign_work_class(life.id, work_class="A", reason="另有约定", by=crew.supervisor, at=life.next())
    waiting = Override.objects.filter(branch=crew.branch).latest("made_at", "id")
    actions.rule_on_work_class(waiting.id, confirm=True, reason="", by=manager, at=life.next())
    told: dict[str, Any] = {"by": crew.clerk, "at": NOW}
    finding = record_finding(crew.unit.id, exclusion="misuse", evidence="进水", **told)
    withdraw_finding(finding.id, reason="是冷凝水", **told)
    reading = read_meter(crew.unit.id, km=1, read_at=NOW, **told)
    take_back_happening(reading.id, reason="读错", **told)
