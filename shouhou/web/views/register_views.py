"""Saved views of the register: keep one, change it, throw it away, open the register with it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shouhou.access.permissions import SEE_REGISTER
from shouhou.web import actions
from shouhou.web.acting import perform
from shouhou.web.desk import branch_at_work
from shouhou.web.models import SavedView
from shouhou.web.one_act import one_act
from shouhou.web.queries import get_view
from shouhou.web.register_filter import read_list
from shouhou.web.register_inputs import ViewForm
from shouhou.web.requests import ActorRequest
from shouhou.web.showing import SeeOther, found
from shouhou.web.views.register import show_register


@require_POST
def save_view(request: ActorRequest) -> HttpResponse:
    """Keep the list as it stands under a name, and go on with that view."""
    branch, form = branch_at_work(request, SEE_REGISTER), ViewForm(request.POST)
    shown = read_list(request.GET, branch=branch, by=request.actor)

    def save() -> SavedView:
        given = form.cleaned_data
        return actions.save_view(branch, **given, address=shown.content, by=request.actor, at=timezone.now())

    view = perform(request, save, form=form) if form.is_valid() else None
    if view is None:
        return show_register(request, status=422, new_view_form=form)
    messages.success(request, _("The view has been saved."))
    return SeeOther(_address_of(view.id))


@require_POST
def change_view(request: ActorRequest, view_id: UUID) -> HttpResponse:
    """Name, sharing and content of a view; the content becomes the list as it stands."""
    branch = branch_at_work(request, SEE_REGISTER)
    found(lambda: get_view(view_id, by=request.actor))
    shown = read_list(request.GET, branch=branch, by=request.actor)
    return one_act(
        request,
        ViewForm(request.POST),
        lambda given: actions.change_view(
            view_id,
            **given,
            address=shown.content,
            by=request.actor,
            at=timezone.now(),
        ),
        said=gettext_lazy("The view has been saved."),
        leads_to=_address_of(view_id),
        refused=lambda form: show_register(request, status=422, view_form=form),
    )


@require_POST
def remove_view(request: ActorRequest, view_id: UUID) -> HttpResponse:
    """Throw a view away; the list stays as it stands."""
    if perform(request, lambda: actions.remove_view(view_id, by=request.actor, at=timezone.now())):
        messages.success(request, _("The view has been removed."))
    return SeeOther(f"{reverse('register')}?state=")


@require_POST
def open_with_view(request: ActorRequest, view_id: UUID) -> HttpResponse:
    """From now on the register opens with this view; with `whole` it opens without one again."""
    branch = branch_at_work(request, SEE_REGISTER)
    view = found(lambda: get_view(view_id, by=request.actor))
    at = timezone.now()
    if "whole" in request.POST:
        perform(request, lambda: actions.open_as_a_whole(branch, by=request.actor, at=at))
        messages.success(request, _("The register opens as a whole again."))
    elif perform(request, lambda: actions.open_with_view(branch, view=view.id, by=request.actor, at=at)):
        messages.success(request, _("The register now opens with this view."))
    return SeeOther(_address_of(view_id))


def _address_of(view_id: UUID) -> str:
    return f"{reverse('register')}?view={view_id}"
