"""Which company packs are in force, and the book that they make with those of the product."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from shouhou.audit.looks import Look
from shouhou.kernel.errors import NotFound
from shouhou.policies.models import CompanyPack
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.comparison import Comparison, compare
from shouhou.policies.rules.divided import DividedBook, read_book
from shouhou.policies.schema.facts import read_facts
from shouhou.policies.schema.loading import Pack, book_of, read_pack, shipped_packs


class CompanyPackNotFound(NotFound):
    code = "company_pack_not_found"


class VersionState(StrEnum):
    """What became of a version."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"  # it was in force, and a later version took its place
    REFUSED = "refused"


def find_company_packs() -> QuerySet[CompanyPack]:
    """All versions with their rulings, by name, the newest first."""
    rows = CompanyPack.objects.select_related("ruling__ruled_by", "proposed_by")
    return rows.order_by("name", "-version")


def states_of(versions: Iterable[CompanyPack]) -> dict[UUID, VersionState]:
    """What became of each, from all versions of their packs as `find_company_packs` gives them. No query."""
    states: dict[UUID, VersionState] = {}
    in_force: set[str] = set()
    for one in versions:
        ruling = getattr(one, "ruling", None)
        if ruling is None:
            states[one.id] = VersionState.PROPOSED
        elif not ruling.approved:
            states[one.id] = VersionState.REFUSED
        else:
            states[one.id] = VersionState.SUPERSEDED if one.name in in_force else VersionState.IN_FORCE
            in_force.add(one.name)
    return states


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
    """The book by which questions are answered now. One query; the book itself is made once per set of versions.

    Raises PacksContradict or OverlappingVersions where packs of the company and of the product clash.
    """
    book = _book(_in_force())
    if isinstance(book, DividedBook):
        raise book.refusal
    return book


def rules_in_force() -> RuleBook | DividedBook:
    """The same for what can say what either of two rules that clash would come to. A pack of the company is held to those of the
    product when it is approved; a later release of the product may still come into conflict with it.
    """
    return _book(_in_force())


def packs_in_force() -> tuple[Pack, ...]:
    """Those of the product and, of each of the company's, the version in force. One query."""
    return _packs(_in_force())


def compare_versions(before: Pack | None, after: Pack) -> Comparison:
    """What `after` changes in the place of `before` (None: nothing stood there), all other packs as they are in force.

    Both books are asked the questions of all worked examples. Raises what a book of contradicting packs raises.
    """
    others = [one for one in packs_in_force() if one.id != after.id]
    old, new = ([*others, *([one] if one else [])] for one in (before, after))
    asked = {one.id: one for one in (*others, *([before] if before else []), after)}
    questions = [read_facts(one.given) for pack in asked.values() for one in pack.examples]
    return compare(book_of(old), book_of(new), questions)


def read_company_pack(name: str, text: str) -> Pack:
    """The pack as rules; lines in a refusal are those of the company's text. Raises PackRefused."""
    return read_pack(text, file=f"{name}.yaml")


_IN_FORCE = Look(lambda: find_packs_in_force().only("id"))


def _in_force() -> tuple[UUID, ...]:
    return tuple(pack.id for pack in _IN_FORCE.all())


# A version is never edited: its id stands for what it says.
@lru_cache(maxsize=4)
def _packs(ids: tuple[UUID, ...]) -> tuple[Pack, ...]:
    rows = CompanyPack.objects.filter(id__in=ids).order_by("name")
    return (*shipped_packs(), *(read_company_pack(pack.name, pack.text) for pack in rows))


@lru_cache(maxsize=4)
def _book(ids: tuple[UUID, ...]) -> RuleBook | DividedBook:
    return read_book(rule for pack in _packs(ids) for rule in pack.rules)
