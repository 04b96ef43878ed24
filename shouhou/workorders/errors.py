"""Refusals that several acts of this module share."""

from shouhou.kernel.errors import Conflict, Invalid, NotFound, Refusal, gettext_noop


class WorkOrderNotFound(NotFound):
    code = "work_order_not_found"


class VisitNotFound(NotFound):
    code = "visit_not_found"


class PhotoNotFound(NotFound):
    code = "photo_not_found"


class VoucherEntryNotFound(NotFound):
    code = "voucher_entry_not_found"


class WrongState(Conflict):
    code = "wrong_state"
    template = gettext_noop("%(number)s is “%(status)s”; this is not possible now.")


class VisitInWrongState(Conflict):
    code = "visit_in_wrong_state"
    template = gettext_noop("The visit is “%(status)s”; this is not possible now.")


class NotYourVisit(Refusal):
    code = "not_your_visit"
    template = gettext_noop("This visit was given to %(technician)s.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    template = gettext_noop("Please give the reason.")


class DateInFuture(Invalid):
    code = "date_in_future"
    template = gettext_noop("%(date)s lies in the future.")


class ActBeforeCall(Invalid):
    code = "act_before_call"
    template = gettext_noop("Nothing can have been done before the call came in (%(received)s).")
