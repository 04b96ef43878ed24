"""Places as acts find them: the ones that people open, and the ones that a branch has from when they are first needed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.statements import insert_once
from shouhou.kernel.errors import NotPermitted
from shouhou.stock.models import Place
from shouhou.stock.queries import PlaceNotFound
from shouhou.stock.rules import SHELVES, TRAITS, PlaceKind

# What a technician may do with the parts on his own van.
OWN_VAN = "stock.work_own_van"


def shelf(place_id: UUID, *, permission: str, by: Actor, own_van: bool = False) -> Place:
    """A store, van or other shelf on which the actor may act; with `own_van` a technician on his own van, too.

    Raises PlaceNotFound, NotPermitted.
    """
    place = Place.objects.visible_to(by).select_related("technician").filter(id=place_id, kind__in=SHELVES).first()
    if place is None:
        raise PlaceNotFound(field="place")
    if not (own_van and is_own_van(place, by=by)):
        by.require(permission, place.branch_id)
    return place


def is_own_van(place: Place, *, by: Actor) -> bool:
    """Whether it is the van of the technician who acts, and he may work with it."""
    van = place.technician is not None and place.technician.user_id == by.user_id
    return van and by.may(OWN_VAN, place.branch_id)


def permission_on(place: Place, *, permission: str, by: Actor) -> str:
    """By which permission somebody acts there who was let through by `shelf`."""
    if not by.may(permission, place.branch_id):
        if not is_own_van(place, by=by):
            raise NotPermitted(permission=permission)
        return OWN_VAN
    return permission


def outside(branch_id: UUID, kinds: Collection[PlaceKind], *, at: datetime) -> dict[PlaceKind, Place]:
    """The branch's places of kinds of which there is one in a branch, opened without ado. One query where they are there."""
    rows = Place.objects.filter(branch_id=branch_id, kind__in=kinds)
    found = {PlaceKind(one.kind): one for one in rows}
    for kind in sorted(set(kinds) - set(found)):
        traits = TRAITS[kind]
        # Whoever comes second may meet the first one's code or its kind, whichever index the database looks at first.
        insert_once(
            Place(
                branch_id=branch_id,
                kind=kind,
                code=kind.value,
                ours=traits.ours,
                old=traits.old,
                may_be_negative=traits.may_be_negative,
                opened_at=at,
            )
        )
        found[kind] = Place.objects.filter(branch_id=branch_id).get(kind=kind)
    return found
