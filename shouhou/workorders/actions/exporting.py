"""The register taken out of the house as a sheet. What leaves is counted and written into the branch's journal."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.workorders.errors import WorkOrderNotFound
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.register import RegisterFilter, find_narrowed

MOST_EXPORTED = 100_000


class TooManyLines(Invalid):
    code = "too_many_lines"
    template = gettext_noop(
        "A sheet holds at most %(most)s lines, and these are more. Narrow them, by the days for example."
    )


def export_register(
    branch: Branch,
    *,
    wanted: RegisterFilter,
    columns: Sequence[str],
    by: Actor,
    at: datetime,
    chosen: Sequence[UUID] = (),
) -> list[UUID]:
    """The lines that may now be written into a sheet, newest first: those that are wanted, or only the `chosen`.

    The journal keeps who took how many out, narrowed by what and with which columns. Exactly these lines are to be written,
    however the register grows meanwhile. Raises NotPermitted, TooManyLines, WorkOrderNotFound for a chosen line that is
    none of this branch.
    """
    by.require("workorders.export_register", branch.id)
    with act_transaction():
        if chosen:
            rows = WorkOrder.objects.at(branch).filter(id__in=chosen).order_by("-received_at", "-id")
        else:
            rows = find_narrowed(branch, wanted, today=at.astimezone(ZoneInfo(branch.time_zone)).date())
        ids = list(rows.values_list("id", flat=True)[: MOST_EXPORTED + 1])
        if len(ids) > MOST_EXPORTED:
            raise TooManyLines(most=MOST_EXPORTED)
        if chosen and len(ids) != len(set(chosen)):
            raise WorkOrderNotFound()
        record(
            branch_id=branch.id,
            chain_id=branch.id,
            verb="workorders.register.exported",
            subject=("branch", branch.id),
            by=by,
            at=at,
            data={
                "lines": len(ids),
                "columns": list(columns),
                "filter": {} if chosen else wanted.facts(),
                "chosen": bool(chosen),
            },
        )
        return ids
