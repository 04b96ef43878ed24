"""Reading what belongs to the screens alone: the saved views of the register."""

from uuid import UUID

from django.db.models import Q

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.kernel.errors import NotFound
from shouhou.web.models import OpeningView, SavedView


class ViewNotFound(NotFound):
    code = "view_not_found"


def find_views(branch: Branch, *, by: Actor) -> BranchQuerySet[SavedView]:
    """The views of the register that the actor has here, his own and those of the branch, by name."""
    rows = SavedView.objects.at(branch).filter(Q(owner=by.user) | Q(shared=True))
    return rows.select_related("owner").order_by("name", "id")


def get_view(view_id: UUID, *, by: Actor) -> SavedView:
    """One view that is the actor's own, or shared in one of his branches. Raises ViewNotFound."""
    rows = SavedView.objects.visible_to(by).filter(Q(owner=by.user) | Q(shared=True))
    view = rows.filter(id=view_id).first()
    if view is None:
        raise ViewNotFound()
    return view


def find_opening_view(branch: Branch, *, by: Actor) -> UUID | None:
    """The key of the view with which the register opens for the actor, if he chose one that is still there for him."""
    rows = OpeningView.objects.at(branch).filter(user=by.user)
    return rows.filter(Q(view__owner=by.user) | Q(view__shared=True)).values_list("view_id", flat=True).first()
