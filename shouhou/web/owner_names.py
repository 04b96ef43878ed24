"""Whose an account is and what an entry comes from, in words: the ledger knows both only by an opaque key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouhou.access.models import Branch
from shouhou.customers.models import Customer
from shouhou.ledger.rules import Reference
from shouhou.workforce.models import Technician
from shouhou.workorders.models import WorkOrder

_KINDS: Mapping[str, str | Promise] = {
    "technician": _("Technician"),
    "customer": _("Customer"),
    "branch": _("Branch"),
    "seller": _("Seller"),
    "maker": _("Maker"),
    "carrier": _("Carrier"),
    "work_class": _("Work class"),
    "work_order": _("Work order"),
    "crossing": _("Money between branches"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """What a key stands for; `url` leads to its page, where it has one."""

    kind: str | Promise
    name: str
    url: str = ""


def name_all(references: Iterable[Reference], *, branch: Branch) -> dict[Reference, Named]:
    """Every key in words; a query for each kind that has rows of its own, however many there are."""
    wanted = set(references)
    rows: dict[str, tuple[QuerySet[Any], str, str]] = {
        "technician": (Technician.objects.at(branch), "name", "technician"),
        "customer": (Customer.objects.at(branch), "name", "customer"),
        "work_order": (WorkOrder.objects.at(branch), "number", "order"),
        "branch": (Branch.objects.all(), "name", ""),
    }
    found: dict[Reference, Named] = {}
    for kind, (some, attribute, page) in rows.items():
        keys = [key for one in wanted if one.kind == kind and (key := _key(one.id))]
        if not keys:
            continue
        for key, name in some.filter(id__in=keys).values_list("id", attribute):
            url = reverse(page, args=[key]) if page else ""
            found[Reference(kind, str(key))] = Named(_KINDS[kind], name, url)
    for one in wanted - found.keys():
        named = "" if one.kind == "crossing" else one.id
        found[one] = Named(_KINDS.get(one.kind, one.kind), named)
    return found


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
