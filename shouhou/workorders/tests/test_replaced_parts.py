"""The parts that a technician writes down are what the life of the unit says was replaced."""

from decimal import Decimal
from typing import Any

import pytest

from shouhou.assets.models import UnitHappening
from shouhou.assets.rules import HappeningKind
from shouhou.catalog.actions import add_part
from shouhou.catalog.models import Part
from shouhou.workorders.actions import add_line, assign_work_class, take_back_line
from shouhou.workorders.models import WorkOrderLine
from tests.cast import NOW, Cast, Life


@pytest.fixture
def motor(cast: Cast) -> Part:
    shared: dict[str, Any] = {"branch": cast.hq, "by": cast.root, "at": NOW}
    return add_part(number="MF40", name="外风机电机", unit="台", rules_part="motor", **shared)


def _use(life: Life, part: Part) -> WorkOrderLine:
    return add_line(life.visit.id, kind="part", part=part.number, quantity=Decimal(1), by=life.worker, at=life.next())


def _replaced(life: Life) -> list[list[str]]:
    rows = UnitHappening.objects.filter(asset_id=life.first.asset_id, kind=HappeningKind.REPAIR_ENDED)
    return [row.parts for row in rows.order_by("at")]


def test_a_finished_repair_says_what_it_replaced(motor: Part, cast: Cast) -> None:
    life = cast.qd.order("on_site")
    for part in (motor, motor, cast.capacitor):  # the rules have no word for the capacitor
        _use(life, part)
    life.to("completed")
    assert _replaced(life) == [["motor"]]


def test_a_line_that_was_taken_back_replaced_nothing(motor: Part, cast: Cast) -> None:
    life = cast.qd.order("on_site")
    line = _use(life, motor)
    take_back_line(life.visit.id, line_id=line.id, by=life.worker, at=life.next())
    life.to("completed")
    assert _replaced(life) == [[]]


def test_work_of_the_house_itself_leaves_nothing_in_the_life_of_a_unit(motor: Part, cast: Cast) -> None:
    life = cast.qd.order("dispatched")
    assign_work_class(life.id, work_class="D", reason="样机检查", by=cast.qd.supervisor, at=life.next())
    life.to("on_site")
    _use(life, motor)
    life.to("completed")
    assert _replaced(life) == []
