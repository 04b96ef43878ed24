"""The writes that belong to the screens alone: saved views of the register."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch, User
from shouhou.access.permissions import SEE_REGISTER
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, Invalid, NotPermitted, gettext_noop
from shouhou.kernel.texts import written
from shouhou.web.models import OpeningView, SavedView
from shouhou.web.queries import ViewNotFound, get_view

SHARE = "web.share_view"
LONGEST_NAME = 40
_LONGEST_ADDRESS = 1000


class ViewNameMissing(Invalid):
    code = "view_name_missing"
    template = gettext_noop("Please give the view a name.")


class ViewNameTaken(Conflict):
    code = "view_name_taken"
    template = gettext_noop("You have a view called “%(name)s” already.")


class ViewNotYours(NotPermitted):
    code = "view_not_yours"
    template = gettext_noop("This view belongs to %(owner)s. Save it under a name of your own to change it.")


def save_view(branch: Branch, *, name: str, address: str, shared: bool = False, by: Actor, at: datetime) -> SavedView:
    """Keep a way to look at the register under a name; shared, it is there for everybody of the branch.

    Raises ViewNameMissing, ViewNameTaken, TextTooLong, NotPermitted.
    """
    by.require(SEE_REGISTER, branch.id)
    if shared:
        by.require(SHARE, branch.id)
    name = _given_name(name)
    address = written(address, most=_LONGEST_ADDRESS, field="address")
    with act_transaction():
        new = SavedView(branch=branch, owner=_person(by), name=name, address=address, shared=shared)
        # Two tabs may save the same name at once: one row comes in, the other is told.
        SavedView.objects.bulk_create([new], ignore_conflicts=True)
        if not SavedView.objects.at(branch).filter(id=new.id).exists():
            raise ViewNameTaken(name=name, field="name")
        _record(new, "saved", {"name": name, "address": address, "shared": shared}, by=by, at=at, opens=True)
        return new


def change_view(view_id: UUID, *, name: str, address: str, shared: bool, by: Actor, at: datetime) -> SavedView:
    """Give a view another name or content, share it or take it back. It is its owner's; of a shared one whoever may share.

    Raises ViewNotFound, ViewNotYours, ViewNameMissing, ViewNameTaken, TextTooLong, NotPermitted.
    """
    name = _given_name(name)
    address = written(address, most=_LONGEST_ADDRESS, field="address")
    with act_transaction():
        view = _lock(view_id, by=by)
        if shared != view.shared:
            by.require(SHARE, view.branch_id)
        same_name = SavedView.objects.filter(branch_id=view.branch_id, owner_id=view.owner_id, name=name)
        if same_name.exclude(id=view.id).exists():
            raise ViewNameTaken(name=name, field="name")
        before = {"name": view.name, "address": view.address, "shared": view.shared}
        view.name, view.address, view.shared = name, address, shared
        view.save(update_fields=["name", "address", "shared"])
        now = {"name": name, "address": address, "shared": shared}
        _record(view, "changed", {"from": before, "to": now}, by=by, at=at)
        return view


def remove_view(view_id: UUID, *, by: Actor, at: datetime) -> SavedView:
    """Throw a view away; for whom the register opened with it, it opens as a whole again.

    Raises ViewNotFound, ViewNotYours, NotPermitted.
    """
    with act_transaction():
        view = _lock(view_id, by=by)
        OpeningView.objects.filter(branch_id=view.branch_id, view_id=view.id).delete()
        _record(view, "removed", {"name": view.name}, by=by, at=at)
        SavedView.objects.filter(branch_id=view.branch_id, id=view.id).delete()
        return view


def open_with_view(branch: Branch, *, view: UUID, by: Actor, at: datetime) -> SavedView:
    """From now on the register of this branch opens for the actor with that view. Raises ViewNotFound, NotPermitted."""
    by.require(SEE_REGISTER, branch.id)
    with act_transaction():
        chosen = get_view(view, by=by)
        if chosen.branch_id != branch.id:
            raise ViewNotFound()
        OpeningView.objects.filter(branch_id=branch.id, user=_person(by)).delete()
        OpeningView.objects.create(branch=branch, user=_person(by), view=chosen)
        _record(chosen, "chosen_to_open", {"name": chosen.name}, by=by, at=at)
        return chosen


def open_as_a_whole(branch: Branch, *, by: Actor, at: datetime) -> OpeningView | None:
    """The register of this branch opens for the actor without a view again. Returns what it opened with. Raises NotPermitted."""
    by.require(SEE_REGISTER, branch.id)
    with act_transaction():
        rows = OpeningView.objects.filter(branch_id=branch.id, user=_person(by)).select_related("view")
        before = rows.first()
        if before:
            rows.delete()
            _record(before.view, "no_longer_opens", {"name": before.view.name}, by=by, at=at)
        return before


def _lock(view_id: UUID, *, by: Actor) -> SavedView:
    """The view, locked, if the actor may change it."""
    view = (
        SavedView.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("owner")
        .filter(id=view_id)
        .first()
    )
    if view is None or not (view.shared or view.owner_id == by.user_id):
        raise ViewNotFound()
    by.require(SEE_REGISTER, view.branch_id)
    if view.owner_id != by.user_id and not by.may(SHARE, view.branch_id):
        raise ViewNotYours(permission=SHARE, owner=str(view.owner))
    return view


def _person(by: Actor) -> User:
    """Who the actor is: views belong to people, not to the product acting on its own."""
    if by.user is None:
        raise NotPermitted(permission=SEE_REGISTER)
    return by.user


def _given_name(name: str) -> str:
    name = written(name, most=LONGEST_NAME, field="name")
    if not name:
        raise ViewNameMissing(field="name")
    return name


def _record(view: SavedView, verb: str, facts: dict[str, Any], *, by: Actor, at: datetime, opens: bool = False) -> None:
    record(
        branch_id=view.branch_id,
        chain_id=view.id,
        verb=f"web.view.{verb}",
        subject=("view", view.id),
        by=by,
        at=at,
        data=facts,
        opens=opens,
    )
