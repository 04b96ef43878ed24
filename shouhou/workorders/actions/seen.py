"""Two people at the same order: nobody acts on what he has not seen."""

from collections.abc import Callable
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.queries import find_events
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.workorders.errors import WorkOrderNotFound
from shouhou.workorders.models import WorkOrder


class MovedOn(Conflict):
    code = "moved_on"
    template = gettext_noop(
        "Meanwhile something has happened to %(number)s, so nothing was done. Look at it, and send again if it still holds."
    )


def act_on_seen[T](order_id: UUID, *, seen: int, by: Actor, act: Callable[[], T]) -> T:
    """Carry out the act if its actor has seen all that happened to the order: `seen` events of its journal.

    Raises MovedOn, WorkOrderNotFound, and whatever the act raises.
    """
    with act_transaction():
        # Every act on an order locks it first, so its journal stands still until this one is through.
        order = WorkOrder.objects.visible_to(by).select_for_update().filter(id=order_id).first()
        if order is None:
            raise WorkOrderNotFound()
        if find_events(branch_id=order.branch_id, chain_id=order.id).filter(sequence__gt=seen).exists():
            raise MovedOn(number=order.number)
        return act()
