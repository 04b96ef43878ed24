"""What was done about a user, in words: one sentence for each verb, and who did it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouhou.access.models import User
from shouhou.access.permissions import Role
from shouhou.audit.models import Event

SAYINGS: Mapping[str, tuple[str, str | Promise]] = {
    "access.user.registered": ("blue", _("Registered as %(username)s")),
    "access.user.changed": ("plain", _("Name or e-mail corrected")),
    "access.user.deactivated": ("red", _("Shut out: %(reason)s")),
    "access.user.reactivated": ("green", _("Let in again: %(reason)s")),
    "access.user.password_reset": ("amber", _("Password taken away: %(reason)s")),
    "access.user.password_link_handed_out": ("plain", _("Link for choosing a password handed out")),
    "access.user.password_chosen": ("green", _("Password chosen")),
    "access.user.second_factor_reset": ("amber", _("Second factor taken away: %(reason)s")),
    "access.user.unlocked": ("plain", _("Unlocked after wrong passwords")),
    "access.role.assigned": ("blue", _("Role given: %(role)s, %(branch)s")),
    "access.role.withdrawn": ("amber", _("Role withdrawn: %(role)s, %(branch)s")),
    "access.token.issued": ("plain", _("API token made: %(name)s")),
    "access.token.revoked": ("amber", _("API token revoked: %(name)s")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it is read."""

    at: datetime
    tone: str
    words: str
    who: str


def tell(events: Iterable[Event]) -> list[Told]:
    """The events in words; one query for the names of who acted."""
    told = list(events)
    names = {one.id: str(one) for one in User.objects.filter(id__in={event.actor_id for event in told})}
    return [_told(event, names.get(event.actor_id, "") if event.actor_id else "") for event in told]


def _told(event: Event, who: str) -> Told:
    # A verb that a later version brings is shown by its name rather than not at all.
    tone, words = SAYINGS.get(event.verb, ("plain", event.verb))
    facts = dict(event.data)
    if "role" in facts:
        facts["role"] = Role(facts["role"]).label
    return Told(event.at, tone, str(words) % facts, who)
