"""A branch closes, a technician leaves: only when nothing of theirs is under way any more."""

from datetime import date, datetime
from uuid import UUID

from shouhou.access import actions as access
from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.workforce import actions as workforce
from shouhou.workforce.models import Technician
from shouhou.workorders.actions._order import given_reason
from shouhou.workorders.models import Visit, Voucher, WorkOrder
from shouhou.workorders.rules import LIVE_VISIT, OPEN


class OrdersStillOpen(Conflict):
    code = "orders_still_open"
    template = gettext_noop(
        "%(number)s calls are still open at %(branch)s. They have to be struck off or cancelled first."
    )


class VisitsStillLive(Conflict):
    code = "visits_still_live"
    template = gettext_noop("%(technician)s still has visits to make (%(number)s). Withdraw them first.")


class VouchersStillHeld(Conflict):
    code = "vouchers_still_held"
    template = gettext_noop("%(technician)s still holds vouchers (%(number)s). They have to be handed in first.")


def close_branch(branch_id: UUID, *, reason: str, by: Actor, at: datetime) -> Branch:
    """End a branch's work, once no call is open there.

    Raises OrdersStillOpen, BranchesBelowOpen, BranchClosed, ReasonMissing, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        # Locks the branch, which a call that is being received locks as well: it is counted here, or finds the branch closed.
        branch = access.close_branch(branch_id, reason=reason, by=by, at=at)
        still_open = WorkOrder.objects.at(branch).filter(status__in=OPEN).count()
        if still_open:
            raise OrdersStillOpen(number=still_open, branch=branch.name)
        return branch


def part_with_technician(technician_id: UUID, *, left_on: date, reason: str, by: Actor, at: datetime) -> Technician:
    """A technician leaves: he is sent nowhere any more. His user is shut out by an act of its own.

    Raises VisitsStillLive, VouchersStillHeld, TechnicianInactive, TechnicianNotFound, ReasonMissing, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        # Locks the technician, as sending him does.
        technician = workforce.leave_company(technician_id, left_on=left_on, reason=reason, by=by, at=at)
        own = {"branch_id": technician.branch_id}
        visits = Visit.objects.filter(**own, technician=technician, status__in=LIVE_VISIT).count()
        if visits:
            raise VisitsStillLive(technician=technician.name, number=visits)
        vouchers = Voucher.objects.filter(**own, holder=technician).count()
        if vouchers:
            raise VouchersStillHeld(technician=technician.name, number=vouchers)
        return technician
