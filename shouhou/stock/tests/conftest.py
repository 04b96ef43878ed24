from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.permissions import Role
from shouhou.catalog.actions import add_part
from shouhou.catalog.models import Part
from shouhou.kernel.money import Money
from shouhou.ledger.queries import find_accounts
from shouhou.ledger.rules import Reference
from shouhou.stock import actions
from shouhou.stock.models import Balance, Costing, Movement, Place
from shouhou.stock.rules import Lot
from tests.cast import NOW, Cast, Crew

ORDER = Reference("work_order", "QD-1")


@dataclass
class Parts:
    """What the stores keep: a part by the piece, one by measure, one with serial numbers."""

    capacitor: Part
    pipe: Part
    board: Part


@dataclass
class Store:
    """The stock of a branch as its parts keeper keeps it: a store, a technician's van, quarantine, the maker's goods."""

    crew: Crew
    parts: Parts
    places: dict[str, Place] = field(default_factory=dict)
    keys: Any = field(default_factory=count)

    @property
    def branch(self) -> Branch:
        return self.crew.branch

    @property
    def keeper(self) -> Actor:
        return self.crew.actors[Role.PARTS_KEEPER]

    def open(self, kind: str, *, code: str = "", **told: Any) -> Place:
        given: dict[str, Any] = {
            "code": code or kind[:3].upper(),
            "name": f"{self.branch.name}{kind}",
            "by": self.keeper,
            "at": NOW,
        }
        if kind == "van":
            given |= {"technician_id": self.crew.technician.id}
        return actions.open_store(self.branch, kind=kind, **given | told)

    def place(self, kind: str) -> Place:
        if kind not in self.places:
            self.places[kind] = self.open(kind)
        return self.places[kind]

    def at(self, kind: str) -> UUID:
        return self.place(kind).id

    def told(self, **given: Any) -> dict[str, Any]:
        return {"key": f"key {next(self.keys)}", "by": self.keeper, "at": NOW, **given}

    def receive(
        self, part: Part, quantity: Any, *serials: str, to: str = "branch", cost: Any = 10, **given: Any
    ) -> list[Movement]:
        money = Money(Decimal(cost))
        return actions.receive_parts(self.at(to), [lot(part, quantity, *serials, cost=money)], **self.told(**given))

    def issue(self, part: Part, quantity: Any, *serials: str, from_: str = "branch", **given: Any) -> list[Movement]:
        told = {"about": ORDER, **self.told(**given)}
        return actions.issue_parts(self.at(from_), [lot(part, quantity, *serials)], **told)

    def quantity(self, part: Part, kind: str) -> Decimal:
        """How much of it is at the place of that kind."""
        found = Balance.objects.filter(branch=self.branch, part=part, place__kind=kind).first()
        return found.quantity if found else Decimal(0)

    def value(self, part: Part) -> str:
        return str(Costing.objects.get(branch=self.branch, part=part).value.amount)

    def account(self, kind: str) -> str:
        """What stands on the account of that kind, in yuan."""
        found = find_accounts(self.branch, kinds=[kind], by=self.crew.actors[Role.ACCOUNTANT]).first()
        return str(found.balance.amount) if found else "0"


def lot(part: Part, quantity: Any, *serials: str, **told: Any) -> Lot:
    return Lot(part.id, Decimal(quantity), serials, **told)


@pytest.fixture
def parts(cast: Cast) -> Parts:
    shared: dict[str, Any] = {"branch": cast.hq, "by": cast.root, "at": NOW}
    return Parts(
        capacitor=cast.capacitor,
        pipe=add_part(number="PIPE-6", name="铜管", unit="米", kept_as="measured", **shared),
        board=add_part(number="PCB-1", name="主控板", unit="块", kept_as="serial", **shared),
    )


@pytest.fixture
def store(qd: Crew, parts: Parts) -> Store:
    return Store(qd, parts)


@pytest.fixture
def others(cast: Cast, parts: Parts) -> Store:
    """The stock of the other branch."""
    return Store(cast.jn, parts)
