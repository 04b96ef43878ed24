"""The end of the day: close the page of the register and hand what was not dispatched to the next day (rule 18, [K+])."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.statements import write
from shouhou.kernel.errors import Conflict, NotFound, gettext_noop
from shouhou.workorders.models import RegisterPage, WorkOrder
from shouhou.workorders.rules import OrderStatus


class PageNotFound(NotFound):
    code = "page_not_found"


class PageClosedAlready(Conflict):
    code = "page_closed_already"
    template = gettext_noop("The page of %(day)s is closed already.")


class DayNotOver(Conflict):
    code = "day_not_over"
    template = gettext_noop("The page of %(day)s is still being written; it is closed after the day has ended.")


def close_register_page(page_id: UUID, *, by: Actor, at: datetime) -> RegisterPage:
    """Count the page and note which calls were not dispatched; they lead the next day's list.

    Raises PageNotFound, PageClosedAlready, DayNotOver.
    """
    with act_transaction():
        page = RegisterPage.objects.visible_to(by).select_for_update().filter(id=page_id).first()
        if page is None:
            raise PageNotFound()
        by.require("workorders.receive_call", page.branch_id)
        if page.closed_at:
            raise PageClosedAlready(day=page.day.isoformat())
        if at.astimezone(ZoneInfo(by.branch_of(page.branch_id).time_zone)).date() <= page.day:
            raise DayNotOver(day=page.day.isoformat())
        calls = WorkOrder.objects.filter(branch_id=page.branch_id, received_on=page.day)
        waiting = calls.filter(status=OrderStatus.RECEIVED, visit_count=0)
        carried = list(waiting.order_by("number").values_list("number", flat=True))
        page.closed_at, page.received, page.carried_over = at, calls.count(), len(carried)
        write(page, "closed_at", "received", "carried_over")
        record(
            branch_id=page.branch_id,
            chain_id=page.id,
            verb="workorders.register_page.closed",
            subject=("register_page", page.id),
            by=by,
            at=at,
            data={"day": page.day.isoformat(), "received": page.received, "carried_over": carried},
        )
        return page
