"""Remedy files into remedies, and all that come with the product."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from shouhou.commitments.rules.remedies import Code, Means, Payee, Payer, Remedy, Words
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.money import CURRENCIES
from shouhou.policies.schema.marked import Marked, read_marked
from shouhou.policies.schema.strict import read_strictly

_HIMSELF = {(Payer.COMPANY, Payee.COMPANY), (Payer.SELLER_DEPOSIT, Payee.SELLER)}
FOLDER = Path(__file__).parent.parent / "remedies"


class RemedyWithoutPayer(Invalid):
    code = "remedy_without_payer"
    template = gettext_noop("%(file)s, line %(line)s: the remedy “%(remedy)s” does not say who pays.")


class RemedyTwice(Invalid):
    code = "remedy_twice"
    template = gettext_noop("The remedy “%(remedy)s” is defined twice.")


class UnknownRemedy(Invalid):
    code = "unknown_remedy"
    template = gettext_noop("There is no remedy “%(remedy)s”.")


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class RemedyFile:
    """A file of remedies and where they come from."""

    set: Code
    source: Words
    remedies: tuple[Remedy, ...]


_SHAPE = TypeAdapter(RemedyFile)


def read_remedies(text: str, *, file: str) -> RemedyFile:
    """Raises RemedyWithoutPayer, and PackRefused with the line of the first fault."""
    document = read_marked(text, file=file)
    _check_payers(document)
    found = read_strictly(_SHAPE, document)
    for place, remedy in enumerate(found.remedies):
        for fault in _faults(remedy):
            raise document.refuse(("remedies", place), f"“{remedy.id}”: {fault}")
    return found


@cache
def shipped_remedies() -> dict[str, Remedy]:
    """The remedies that come with the product, by name. Raises RemedyTwice."""
    found: dict[str, Remedy] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        for one in read_remedies(file.read_text(encoding="utf-8"), file=file.name).remedies:
            if one.id in found:
                raise RemedyTwice(remedy=one.id)
            found[one.id] = one
    return found


def get_remedy(remedy_id: str) -> Remedy:
    """Raises UnknownRemedy."""
    try:
        return shipped_remedies()[remedy_id]
    except KeyError:
        raise UnknownRemedy(remedy=remedy_id, field="remedy") from None


def _check_payers(document: Marked) -> None:
    listed = document.content.get("remedies") if isinstance(document.content, dict) else None
    for place, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict) and not one.get("payer"):
            line = document.line(("remedies", place))
            raise RemedyWithoutPayer(file=document.file, line=line, remedy=one.get("id", "?"), field="payer")


def _faults(remedy: Remedy) -> Iterator[str]:
    yield from remedy.formula.faults()
    if remedy.currency not in CURRENCIES:
        yield f"the currency “{remedy.currency}” is not known"
    if remedy.floor is not None and remedy.cap is not None and remedy.cap < remedy.floor:
        yield "the cap lies below the floor"
    if sum((one.share for one in remedy.parts), Decimal(0)) != 1:
        yield "the shares of the payers are not 1 together"
    if len({one.who for one in remedy.parts}) < len(remedy.parts):
        yield "a payer stands twice"
    if any((one.who, remedy.payee) in _HIMSELF for one in remedy.parts):
        yield "nobody pays himself"
    if remedy.payee == Payee.COMPANY and remedy.means != Means.CASH:
        yield "the company takes money only"
    if (remedy.means == Means.POINTS) != (remedy.point_value is not None):
        yield "points, and only points, say what one of them is worth"
