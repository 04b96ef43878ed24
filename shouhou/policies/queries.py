"""Which company packs are in force, and the book that they make with those of the product."""

from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from shouhou.kernel.errors import NotFound
from shouhou.policies.models import CompanyPack
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.schema.loading import Pack, book_of, read_pack, shipped_packs


class CompanyPackNotFound(NotFound):
    code = "company_pack_not_found"


def find_company_packs() -> QuerySet[CompanyPack]:
    """All versions with their rulings, by name, the newest first."""
    return CompanyPack.objects.select_related("ruling", "proposed_by").order_by("name", "-version")


def get_company_pack(pack_id: UUID) -> CompanyPack:
    """Raises CompanyPackNotFound."""
    pack = find_company_packs().filter(id=pack_id).first()
    if pack is None:
        raise CompanyPackNotFound()
    return pack


def find_packs_in_force() -> QuerySet[CompanyPack]:
    """Of every name the newest approved version, by name."""
    newer = CompanyPack.objects.filter(name=OuterRef("name"), version__gt=OuterRef("version"), ruling__approved=True)
    return CompanyPack.objects.filter(~Exists(newer), ruling__approved=True).order_by("name")


def book_in_force() -> RuleBook:
    """The book by which questions are answered now. One query; the book itself is made once per set of versions."""
    return _book(tuple(find_packs_in_force().values_list("id", "name", "text")))


def read_company_pack(name: str, text: str) -> Pack:
    """The pack as rules; lines in a refusal are those of the company's text. Raises PackRefused."""
    return read_pack(text, file=f"{name}.yaml")


@lru_cache(maxsize=4)
def _book(packs: tuple[tuple[UUID, str, str], ...]) -> RuleBook:
    return book_of([*shipped_packs(), *(read_company_pack(name, text) for _id, name, text in packs)])
