"""In which branch one works."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shouhou.web.middleware import BRANCH_KEY
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther


@require_POST
def set_branch(request: ActorRequest) -> HttpResponse:
    """Work in another of one's branches from now on; then back to where one was."""
    wanted = request.POST.get("branch", "")
    try:
        branch_id = UUID(wanted)
    except ValueError:
        raise Http404 from None
    if branch_id not in request.actor.branch_ids:
        raise Http404
    request.session[BRANCH_KEY] = str(branch_id)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return SeeOther(back if safe else reverse("home"))
