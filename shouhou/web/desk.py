"""What the screens of the desk share: the branch one works in, the tabs of a list, the piles on the desk."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouhou.access.models import Branch
from shouhou.web.requests import ActorRequest
from shouhou.workorders.queries import Desk

DESK_NAMES: Mapping[str, str | Promise] = {
    Desk.CARRIED_OVER: gettext_lazy("Waiting since an earlier day"),
    Desk.TO_SIGN: gettext_lazy("Customer has not signed yet"),
    Desk.TO_HAND_IN: gettext_lazy("Voucher not handed in"),
    Desk.TO_FILE: gettext_lazy("Signed, not filed"),
    Desk.TO_STRIKE_OFF: gettext_lazy("To be struck off"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of a list, with how many lines it has where that is worth counting."""

    label: str
    address: str
    count: int | None
    current: bool = False


def branch_at_work(request: ActorRequest, code: str) -> Branch:
    """The branch one works in, if the permission is held there; else a 403."""
    branch = request.actor.branch
    if branch is None or not request.actor.may(code):
        raise PermissionDenied(_("Your roles in this branch do not allow this."))
    return branch
