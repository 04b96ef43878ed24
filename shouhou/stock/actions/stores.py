"""Opening the places where parts are kept."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.queries import lock_open_branch
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.texts import written
from shouhou.stock.models import Place
from shouhou.stock.rules import SHELVES, TRAITS, PlaceKind
from shouhou.workforce.models import Technician
from shouhou.workforce.queries import TechnicianInactive, TechnicianNotFound

OPEN_STORE = "stock.open_store"


class StoreCodeMissing(Invalid):
    code = "stock_place_code_missing"
    template = gettext_noop("Please give the place a code and a name.")


class StoreCodeTaken(Conflict):
    code = "stock_place_code_taken"
    template = gettext_noop("There is a place with the code %(taken)s already.")


class VanOpenAlready(Conflict):
    code = "stock_van_open_already"
    template = gettext_noop("%(technician)s has a van already.")


class VanTechnicianMissing(Invalid):
    code = "stock_van_technician_missing"
    template = gettext_noop("A van belongs to a technician; other places do not.")


def open_store(
    branch: Branch,
    *,
    kind: str,
    code: str,
    name: str,
    by: Actor,
    at: datetime,
    technician_id: UUID | None = None,
) -> Place:
    """Open a store, the van of a technician, a place for quarantine or for the maker's goods.

    Raises UnknownChoice, StoreCodeMissing, StoreCodeTaken, VanTechnicianMissing, VanOpenAlready, TechnicianNotFound,
    TechnicianInactive, TextTooLong, BranchClosed, BranchNotVisible, NotPermitted.
    """
    by.require(OPEN_STORE, branch.id)
    check_choice("kind", kind, SHELVES)
    code, name = written(code, most=20, field="code"), written(name, most=60, field="name")
    if not code or not name or code in PlaceKind.values:
        raise StoreCodeMissing(field="code" if not code else "name" if not name else "code")
    if (kind == PlaceKind.VAN) != (technician_id is not None):
        raise VanTechnicianMissing(field="technician")
    traits = TRAITS[PlaceKind(kind)]
    with act_transaction():
        lock_open_branch(branch.id)
        driver = _driver(branch, technician_id)
        place = Place(
            branch=branch,
            kind=kind,
            code=code,
            name=name,
            technician=driver,
            ours=traits.ours,
            old=traits.old,
            may_be_negative=traits.may_be_negative,
            opened_at=at,
        )
        try:
            with transaction.atomic():
                place.save(force_insert=True)
        except IntegrityError:
            if driver and Place.objects.at(branch).filter(kind=kind, technician_id=driver.id).exists():
                raise VanOpenAlready(technician=driver.name, field="technician") from None
            raise StoreCodeTaken(taken=code, field="code") from None
        record(
            branch_id=branch.id,
            chain_id=place.id,
            verb="stock.place.opened",
            subject=("stock_place", place.id),
            by=by,
            at=at,
            data={
                "kind": kind,
                "code": code,
                "name": name,
                "technician": str(technician_id) if technician_id else None,
            },
            opens=True,
        )
        return place


def _driver(branch: Branch, technician_id: UUID | None) -> Technician | None:
    if technician_id is None:
        return None
    driver = Technician.objects.at(branch).filter(id=technician_id).first()
    if driver is None:
        raise TechnicianNotFound(field="technician")
    if not driver.active:
        raise TechnicianInactive(technician=driver.name, field="technician")
    return driver
