"""The branch into which a log is replayed: its desk, and a technician for everyone the log names."""

import hashlib
from datetime import datetime
from uuid import UUID

from shouhou.access.actions import assign_role, open_branch, register_user
from shouhou.access.actors import Actor, actor_for, product_itself
from shouhou.access.models import Branch, User
from shouhou.access.permissions import Role
from shouhou.catalog.actions import add_product_class, add_product_model
from shouhou.catalog.models import ProductClass, ProductModel
from shouhou.cli.known import find_known_customer, find_known_unit
from shouhou.cli.replay.log import Entry
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.phones import normal_phone
from shouhou.workforce.actions import register_technician
from shouhou.workforce.models import Technician
from shouhou.workorders.actions import NewAsset, NewCustomer
from shouhou.workorders.models import WorkOrder

CHANNEL = "replay"
SOURCE = "incident:"
_NAME = "Replayed incidents"
_CLASS = "incident"


class BranchInUse(Conflict):
    code = "branch_in_use"
    template = gettext_noop("The branch %(branch)s has work of its own; a log is replayed into a branch made for it.")


class Scene:
    """The branch, its people and units, looked up once and made when they are first needed."""

    def __init__(self, code: str, *, at: datetime) -> None:
        self.branch = _branch(code, at=at)
        self.root = product_itself(channel=CHANNEL)
        self._technicians: dict[str, tuple[Technician, Actor]] = {}
        self._models: dict[str, ProductModel] = {}
        self.clerk = actor_for(self._user("clerk", "Desk", Role.CLERK, at), channel=CHANNEL)
        self.supervisor = actor_for(self._user("supervisor", "Dispatcher", Role.SUPERVISOR, at), channel=CHANNEL)

    def technician(self, name: str, *, at: datetime) -> tuple[Technician, Actor]:
        """The technician of this name, and he as the one who acts."""
        if name not in self._technicians:
            user = self._user(_slug(name), name, Role.TECHNICIAN, at)
            found = Technician.objects.at(self.branch).filter(user=user).first()
            technician = found or register_technician(user, branch=self.branch, by=self.root, at=at)
            self._technicians[name] = technician, actor_for(user, channel=CHANNEL)
        return self._technicians[name]

    def customer_and_unit(self, entry: Entry, *, at: datetime) -> tuple[UUID | NewCustomer, UUID | NewAsset]:
        """The caller, and his unit of the recorded category: the log names units for one row in a hundred only."""
        name = entry.caller or "Unknown caller"
        phone = normal_phone(_silent_phone(name))
        model = self._model(entry.category or "Unknown category", at=at)
        serial = _serial(name, entry.unit or model)
        customer = find_known_customer(name=name, phone=phone, branch=self.branch)
        unit = find_known_unit(model=model, serial=serial, customer=customer, branch=self.branch, by=self.root)
        return (
            customer.id if customer else NewCustomer(name=name, phone=phone, address=entry.location),
            unit.id if unit else NewAsset(product_model=model, serial=serial),
        )

    def _model(self, category: str, *, at: datetime) -> str:
        code = f"{_CLASS}: {category}"[:40]
        if code not in self._models:
            found = ProductModel.objects.filter(code=code).first()
            self._models[code] = found or add_product_model(
                code=code, name=category[:80], product_class=self._class(at), branch=self.branch, by=self.root, at=at
            )
        return code

    def _class(self, at: datetime) -> ProductClass:
        found = ProductClass.objects.filter(code=_CLASS).first()
        return found or add_product_class(code=_CLASS, name=_NAME, branch=self.branch, by=self.root, at=at)

    def _user(self, slug: str, name: str, role: Role, at: datetime) -> User:
        username = f"{self.branch.code.lower()}-{slug}"
        user = User.objects.filter(username=username).first()
        if user is None:
            user = register_user(
                username=username, display_name=name[:60], password=None, branch=self.branch, by=self.root, at=at
            )
        assign_role(user, role=role, branch=self.branch, by=self.root, at=at)
        return user


def _branch(code: str, *, at: datetime) -> Branch:
    found = Branch.objects.filter(code=code).first()
    if found is None:
        above = Branch.objects.filter(kind=Branch.Kind.HQ).order_by("path").first()
        return open_branch(
            code=code, name=_NAME, kind=Branch.Kind.BRANCH, parent=above, time_zone="UTC",
            by=product_itself(channel=CHANNEL), at=at,
        )  # fmt: skip
    if found.name != _NAME or WorkOrder.objects.at(found).exclude(source__startswith=SOURCE).exists():
        raise BranchInUse(branch=code)
    return found


def _slug(name: str) -> str:
    """Part of a user name: what of the name can stand in one, and a few digits so that no two are the same."""
    plain = "".join(
        letter for letter in name.lower().replace(" ", "-") if letter.isascii() and (letter.isalnum() or letter == "-")
    )
    return f"{plain[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _silent_phone(name: str) -> str:
    """The log has no telephones, and a call needs one: a number of the prefix 154, which no operator has."""
    return f"154{int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10**8:08d}"


def _serial(caller: str, unit: str) -> str:
    return hashlib.sha256(f"{caller}\n{unit}".encode()).hexdigest()[:12].upper()
