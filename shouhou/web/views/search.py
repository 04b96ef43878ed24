"""Finding anything: the page of a search, and the command palette with what it finds while one types."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouhou.access.fanout import branches_to_search
from shouhou.access.permissions import SEE_CUSTOMER, SEE_REGISTER
from shouhou.web.commands import command_groups
from shouhou.web.requests import ActorRequest
from shouhou.workorders.search import Found, search_everything

ON_THE_PAGE = 20
IN_THE_PALETTE = 5
LONGEST_QUESTION = 100


@require_GET
def search(request: ActorRequest) -> HttpResponse:
    """Orders, customers and units that `?q=` names. The whole number of an order leads straight to it."""
    text, found = _found(request, limit=ON_THE_PAGE)
    if found.exact:
        return redirect("order", found.exact.id)
    searched = branches_to_search(SEE_REGISTER, by=request.actor)
    seen = sum(request.actor.may(SEE_REGISTER, branch.id) for branch in request.actor.branches)
    context = {
        **_shown(request, text, found),
        "full": ON_THE_PAGE,
        "searched": len(searched),
        "left_out": seen - len(searched),
        "in_register": request.actor.may(SEE_REGISTER),
    }
    return render(request, "search/results.html", context)


@require_GET
def palette(request: ActorRequest) -> HttpResponse:
    """The dialog with all commands of the actor; `?act=` names, one by one, what the page that is open offers."""
    groups = command_groups(request, acts=request.GET.getlist("act"), today=timezone.localdate())
    return render(request, "shell/palette.html", {"groups": groups})


@require_GET
def palette_found(request: ActorRequest) -> HttpResponse:
    """What `?q=` finds, as further lines of the palette."""
    text, found = _found(request, limit=IN_THE_PALETTE)
    return render(request, "shell/palette_found.html", _shown(request, text, found))


def _found(request: ActorRequest, *, limit: int) -> tuple[str, Found]:
    by = request.actor
    if not any(by.may(code, branch.id) for branch in by.branches for code in (SEE_REGISTER, SEE_CUSTOMER)):
        raise PermissionDenied(_("Your roles do not allow you to search."))
    text = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    return text, search_everything(text, by=by, limit=limit)


def _shown(request: ActorRequest, text: str, found: Found) -> dict[str, object]:
    """Where more than one branch is searched each line says whose it is."""
    names = {branch.id: branch.name for branch in request.actor.branches}

    def where(branch_id: object) -> str:
        return names[branch_id] if len(names) > 1 else ""  # type: ignore[index]

    return {
        "text": text,
        "found": found,
        "orders": [(one, where(one.branch_id)) for one in found.orders],
        "customers": [(one, found.addresses.get(one.id, ""), where(one.branch_id)) for one in found.customers],
        "assets": [(one, where(one.branch_id)) for one in found.assets],
    }
