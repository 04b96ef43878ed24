"""Pages of a list of the catalogue, by code: each begins after the last entry of the page before."""

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from shouhou.catalog.models import CatalogueEntry
from shouhou.catalog.queries import find_entries, find_product_classes
from shouhou.web.catalogue_inputs import ListFilter
from shouhou.web.catalogue_lists import CatalogueList
from shouhou.web.requests import ActorRequest

PAGE = 50


@dataclass(frozen=True, slots=True)
class EntryPage[E: CatalogueEntry]:
    """A page of a list, with the mark after which the next one begins; empty on the last."""

    rows: list[E]
    next: str
    started: bool


def asked_for(request: ActorRequest, one: CatalogueList) -> ListFilter:
    """The filter as the address has it; what means nothing filters nothing."""
    classes = [(each.code, each.name) for each in find_product_classes()] if one.classed else None
    return ListFilter(request.GET, classes=classes)


def filtered(one: CatalogueList, wanted: ListFilter) -> QuerySet[CatalogueEntry]:
    """The entries that the filter leaves."""
    wanted.is_valid()
    given = wanted.cleaned_data
    rows = find_entries(
        one.kind, text=given.get("q", "").replace("\0", ""), product_class=given.get("product_class", "")
    )
    match given.get("state", ""):
        case "all":
            return rows
        case "retired":
            return rows.filter(retired_at__isnull=False)
    return rows.filter(retired_at=None)


def read_page(one: CatalogueList, rows: QuerySet[CatalogueEntry], *, after: str) -> EntryPage[CatalogueEntry]:
    """The page after a mark; one that is none is ignored."""
    code = one.kind.code_field
    mark = _read(after)
    if mark:
        rows = rows.filter(Q(**{f"{code}__gt": mark[0]}) | Q(**{code: mark[0], "id__gt": mark[1]}))
    found = list(rows.order_by(code, "id")[: PAGE + 1])
    shown = found[:PAGE]
    return EntryPage(shown, _mark_of(shown[-1]) if len(found) > PAGE else "", mark is not None)


def _mark_of(entry: CatalogueEntry) -> str:
    return base64.urlsafe_b64encode(f"{entry.key} {entry.id}".encode()).decode()


def _read(text: str) -> tuple[str, UUID] | None:
    try:
        code, _blank, key = base64.urlsafe_b64decode(text.encode()).decode().rpartition(" ")
        return (code, UUID(key)) if "\0" not in code else None
    except (ValueError, binascii.Error):
        return None
