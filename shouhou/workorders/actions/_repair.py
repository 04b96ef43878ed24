"""What the visits of a repair order leave in the life of its unit: there the guarantee counts repairs and days."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from shouhou.access.wall import BranchQuerySet
from shouhou.assets.actions import (
    RepairOf,
    begin_part_wait,
    begin_repair,
    drop_repair,
    end_part_wait,
    end_repair,
    lines_of_repair,
)
from shouhou.assets.models import UnitHappening
from shouhou.assets.rules import HappeningKind
from shouhou.audit.looks import Look
from shouhou.catalog.models import FaultCode
from shouhou.custody.queries import unvoided_receipt
from shouhou.workorders.models import WorkOrder, WorkOrderLine
from shouhou.workorders.rules import LineKind, WorkClass, WorkType


def go_on_with_repair(order: WorkOrder, *, at: datetime) -> None:
    """Somebody comes to the unit: the repair begins, or goes on after a wait for a part.

    Who comes while the receipt for the unit is not void brings it back: what there was to mend the workshop has mended.
    """
    if not _is_repair(order):
        return
    repair, lines = _repair_of(order)
    if lines:
        _end_wait(repair, lines, at=at)
    elif unvoided_receipt(order.branch_id, order.asset_id) is None:
        begin_repair(repair, fault_code_id=order.fault_code_id, at=at)


def take_up_repair(order: WorkOrder, *, at: datetime) -> None:
    """The workshop has the unit: the repair begins there unless a visit began it."""
    if not _is_repair(order):
        return
    repair, lines = _repair_of(order)
    if not lines:
        begin_repair(repair, fault_code_id=order.fault_code_id, at=at)


def end_wait_for_part(order: WorkOrder, *, at: datetime) -> None:
    """The part is there: the repair goes on."""
    if _is_repair(order):
        _end_wait(*_repair_of(order), at=at)


def _end_wait(repair: RepairOf, lines: list[UnitHappening], *, at: datetime) -> None:
    if _waits(lines):
        end_part_wait(repair, at=at)


def _waits(lines: list[UnitHappening]) -> bool:
    """Whether a part is waited for. Lines that people wrote down since, of time that does not count, end no wait."""
    waits = [one.kind for one in lines if one.kind in (HappeningKind.PART_WAIT_BEGUN, HappeningKind.PART_WAIT_ENDED)]
    return waits[-1:] == [HappeningKind.PART_WAIT_BEGUN]


def wait_for_part(order: WorkOrder, *, at: datetime) -> None:
    """The repair cannot go on before a part is there."""
    if _is_repair(order):
        begin_part_wait(_repair_of(order)[0], at=at)


def finish_repair(order: WorkOrder, *, found: FaultCode | None, at: datetime, parts: Iterable[str] = ()) -> None:
    """The unit works again. What was replaced in it is what was written down as parts since the repair began.

    `found`: the fault that it turned out to be; None: the one that was reported. `parts`: the rules' words for what the workshop
    replaced beside that.
    """
    if _is_repair(order):
        repair, lines = _repair_of(order)
        if lines:
            found_id = found.id if found else None
            end_repair(repair, at=at, found_id=found_id, parts=[*parts, *_parts_replaced(order, since=lines[0].at)])


def give_up_repair(order: WorkOrder, *, reason: str, at: datetime) -> None:
    """Nothing comes of a repair that began, if one did: it counts for nothing."""
    if _is_repair(order):
        drop_repair(_repair_of(order)[0], reason=reason, at=at)


def _parts_replaced(order: WorkOrder, *, since: datetime) -> list[str]:
    """The words of the rules for them; a part for which the rules have no word counts for none."""
    found = _PART_LINES.all(branch_id=order.branch_id, order_id=order.id, since=since)
    return [line.part.rules_part for line in found if line.part and line.part.rules_part]


def _part_lines(branch_id: UUID, order_id: UUID, since: datetime) -> BranchQuerySet[WorkOrderLine]:
    lines = WorkOrderLine.objects.filter(branch_id=branch_id, work_order_id=order_id)
    taken_back = Exists(lines.filter(reverses_id=OuterRef("id")))
    return lines.filter(~taken_back, kind=LineKind.PART, reverses=None, written_at__gte=since).select_related("part")


_PART_LINES = Look(_part_lines)


def _is_repair(order: WorkOrder) -> bool:
    return order.work_type == WorkType.REPAIR and order.work_class != WorkClass.D


def _repair_of(order: WorkOrder) -> tuple[RepairOf, list[UnitHappening]]:
    """The repair that is under way, with its lines; the next one where an order was opened again after it had ended."""
    turn = 1
    while True:
        number = order.number if turn == 1 else f"{order.number}/{turn}"
        repair = RepairOf(order.branch_id, order.asset_id, number)
        lines = lines_of_repair(repair)
        if not any(one.kind == HappeningKind.REPAIR_ENDED for one in lines):
            return repair, lines
        turn += 1
