"""Which models a part fits, what may be taken instead of it, and how stock keeps it."""

from datetime import datetime

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.actions._entries import change, journal, locked
from shouhou.catalog.models import Part, PartFit, ProductModel, Substitute
from shouhou.catalog.queries import in_use
from shouhou.catalog.rules import CHANGE_CATALOGUE, KeptAs
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop


class FitUnknown(Conflict):
    code = "part_fit_unknown"
    template = gettext_noop("%(part)s is not listed for %(model)s.")


class SubstituteUnknown(Conflict):
    code = "substitute_unknown"
    template = gettext_noop("%(instead)s is not listed as a substitute of %(part)s.")


class SubstituteOfItself(Invalid):
    code = "substitute_of_itself"
    template = gettext_noop("A part is no substitute of itself.")


def list_fit(part: Part, *, product_model: ProductModel, branch: Branch, by: Actor, at: datetime) -> PartFit:
    """Say that a part fits a model; said twice it is the same. From the first on it fits no other than those listed.

    Raises EntryRetired, EntryNotFound, NotPermitted.
    """
    by.require(CHANGE_CATALOGUE, branch.id)
    with act_transaction():
        row = in_use(locked(part), field="part")
        fit, new = PartFit.objects.get_or_create(
            part=row, product_model=in_use(locked(product_model), field="product_model")
        )
        if new:
            journal(row, "part.fit_listed", {"model": product_model.code}, branch=branch, by=by, at=at)
        return fit


def withdraw_fit(part: Part, *, product_model: ProductModel, branch: Branch, by: Actor, at: datetime) -> None:
    """Take a model off a part's list. Raises FitUnknown, EntryNotFound, NotPermitted."""
    by.require(CHANGE_CATALOGUE, branch.id)
    with act_transaction():
        row = locked(part)
        gone, _tables = PartFit.objects.filter(part=row, product_model=product_model).delete()
        if not gone:
            raise FitUnknown(part=row.number, model=product_model.code, field="product_model")
        journal(row, "part.fit_withdrawn", {"model": product_model.code}, branch=branch, by=by, at=at)


def list_substitute(part: Part, *, instead: Part, branch: Branch, by: Actor, at: datetime) -> Substitute:
    """Say that `instead` may be taken where `part` is asked for; said twice it is the same.

    Raises SubstituteOfItself, EntryRetired, EntryNotFound, NotPermitted.
    """
    by.require(CHANGE_CATALOGUE, branch.id)
    if part.id == instead.id:
        raise SubstituteOfItself(field="instead")
    with act_transaction():
        row = locked(part)
        found, new = Substitute.objects.get_or_create(part=row, instead=in_use(locked(instead), field="instead"))
        if new:
            journal(row, "part.substitute_listed", {"instead": instead.number}, branch=branch, by=by, at=at)
        return found


def withdraw_substitute(part: Part, *, instead: Part, branch: Branch, by: Actor, at: datetime) -> None:
    """Take a part off the list of substitutes. Raises SubstituteUnknown, EntryNotFound, NotPermitted."""
    by.require(CHANGE_CATALOGUE, branch.id)
    with act_transaction():
        row = locked(part)
        gone, _tables = Substitute.objects.filter(part=row, instead=instead).delete()
        if not gone:
            raise SubstituteUnknown(part=row.number, instead=instead.number, field="instead")
        journal(row, "part.substitute_withdrawn", {"instead": instead.number}, branch=branch, by=by, at=at)


def keep_part_as(part: Part, *, kept_as: str, branch: Branch, by: Actor, at: datetime) -> Part:
    """Count a part by the piece, by measure, or each with its serial number. Stock that is there is kept as it was.

    Raises UnknownChoice, EntryNotFound, NotPermitted.
    """
    check_choice("kept_as", kept_as, KeptAs.values)
    return change(part, {"kept_as": kept_as}, branch=branch, by=by, at=at)
