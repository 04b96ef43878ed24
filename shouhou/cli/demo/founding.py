"""The company before its first call: branches, people with their roles and certificates, the catalogue."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actions import assign_role, open_branch, register_user
from shouhou.access.actors import Actor, actor_for, product_itself
from shouhou.access.models import Branch, User
from shouhou.access.permissions import Role
from shouhou.catalog.actions import add_fault_code, add_part, add_product_class, add_product_model
from shouhou.catalog.models import ProductClass
from shouhou.cli.demo.charging import write_price_list
from shouhou.cli.demo.company import (
    BRAND,
    CENTRES,
    CERTIFICATES,
    COOLING,
    GAS,
    GIVEN,
    HEIGHTS,
    LINES,
    NEEDED,
    PARTS,
    PLACES,
    SURNAMES,
    Place,
)
from shouhou.cli.demo.diary import Diary
from shouhou.cli.demo.packages import decide_packages
from shouhou.workforce.actions import (
    add_qualification,
    grant_qualification,
    record_absence,
    register_technician,
    require_qualification,
)
from shouhou.workforce.models import Qualification, Technician

CHANNEL = "demo"
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Login:
    """Someone who can sign in, as printed at the end."""

    username: str
    name: str
    role: Role
    branch: str


@dataclass
class Hand:
    """A technician: who acts, what certificates are in force throughout, when he is taken."""

    technician: Technician
    actor: Actor
    certificates: frozenset[str]
    diary: Diary = field(default_factory=Diary)


@dataclass
class Desk:
    """A branch at work: who takes calls, who dispatches, who goes."""

    place: Place
    branch: Branch
    clerk: Actor
    supervisor: Actor
    accountant: Actor
    hands: list[Hand]
    # (customer, unit) that are known, and the units that an open order has in hand
    units: list[tuple[UUID, UUID, str]] = field(default_factory=list)
    busy_units: set[UUID] = field(default_factory=set)


@dataclass
class Company:
    """The founded company."""

    desks: list[Desk]
    logins: list[Login]


class Founder:
    """Writes the company's first pages, all at the moment before its history begins."""

    def __init__(
        self, *, places: int, technicians: int, at: datetime, end: datetime, password: str, rng: Random
    ) -> None:
        self.places, self.technicians = PLACES[:places], technicians
        self.at, self.end, self.password, self.rng = at, end, password, rng
        self.logins: list[Login] = []
        self.names = self._names()
        self.mobile = 0

    def found(self) -> Company:
        """Open the company for business."""
        hq = open_branch(
            code="HQ", name="海风电器集团服务部", kind=Branch.Kind.HQ, parent=None, by=self._root(), at=self.at,
            phone="400-000-0000", address="青岛市崂山区海尔路1号", region="shandong",
        )  # fmt: skip
        centres = {
            code: self._open(code, CENTRES[code], Branch.Kind.CENTRE, hq)
            for code in dict.fromkeys(place.centre for place in self.places)
        }
        chiefs = {
            role: self._hire(username, role, hq)
            for username, role in (("admin", Role.ADMINISTRATOR), ("hq", Role.HQ), ("manager", Role.MANAGER))
        }
        self._write_catalogue(hq)
        decide_packages(hq, by=actor_for(chiefs[Role.HQ], channel=CHANNEL), at=self.at)
        qualifications = self._write_qualifications(hq)
        desks = [self._staff(place, centres[place.centre], qualifications) for place in self.places]
        return Company(desks, self.logins)

    def _root(self) -> Actor:
        return product_itself(channel=CHANNEL)

    def _open(self, code: str, name: str, kind: Branch.Kind, parent: Branch, *, region: str = "") -> Branch:
        return open_branch(code=code, name=name, kind=kind, parent=parent, region=region, by=self._root(), at=self.at)

    def _hire(self, username: str, role: Role, branch: Branch) -> User:
        user = register_user(
            username=username, display_name=next(self.names), password=self.password, branch=branch, by=self._root(),
            at=self.at,
        )  # fmt: skip
        assign_role(user, role=role, branch=branch, by=self._root(), at=self.at)
        self.logins.append(Login(username, user.display_name, role, branch.name))
        return user

    def _staff(self, place: Place, centre: Branch, qualifications: dict[str, Qualification]) -> Desk:
        branch = self._open(place.code, place.name, Branch.Kind.BRANCH, centre, region=place.region)
        prefix = place.code.lower()
        people = {
            role: self._hire(f"{prefix}-{name}", role, branch)
            for role, name in (
                (Role.CLERK, "clerk"),
                (Role.SUPERVISOR, "supervisor"),
                (Role.ACCOUNTANT, "accountant"),
                (Role.PARTS_KEEPER, "parts"),
                (Role.CLAIMS_AGENT, "claims"),
                (Role.MANAGER, "manager"),
            )
        }
        hands = [self._employ(prefix, number, branch, qualifications) for number in range(1, self.technicians + 1)]
        return Desk(
            place=place,
            branch=branch,
            clerk=actor_for(people[Role.CLERK], channel=CHANNEL),
            supervisor=actor_for(people[Role.SUPERVISOR], channel=CHANNEL),
            accountant=actor_for(people[Role.ACCOUNTANT], channel=CHANNEL),
            hands=hands,
        )

    def _employ(self, prefix: str, number: int, branch: Branch, qualifications: dict[str, Qualification]) -> Hand:
        """The first two may do everything, the third's gas certificate has run out, the others do what needs none."""
        user = self._hire(f"{prefix}-tech{number}", Role.TECHNICIAN, branch)
        self.mobile += 1
        technician = register_technician(
            user, branch=branch, by=self._root(), at=self.at, phone=f"1540000{self.mobile:04d}"
        )
        today = self.end.astimezone(ZONE).date()
        valid = {1: (GAS, COOLING, HEIGHTS), 2: (GAS, COOLING, HEIGHTS), 3: (COOLING, HEIGHTS)}.get(number, (HEIGHTS,))
        since = self.at.astimezone(ZONE).date() - timedelta(days=200)
        for code in valid:
            self._certify(technician, qualifications[code], since, today + timedelta(days=self.rng.randint(60, 900)))
        if number == 3:
            self._certify(technician, qualifications[GAS], since, today - timedelta(days=12))
        hand = Hand(technician, actor_for(user, channel=CHANNEL), frozenset(valid))
        self._send_on_leave(hand, number)
        return hand

    def _certify(self, technician: Technician, qualification: Qualification, since: date, until: date) -> None:
        grant_qualification(
            technician.id, qualification=qualification, starts_on=since, ends_on=until, by=self._root(), at=self.at,
            number=f"T37{self.rng.randrange(10**9):09d}",
        )  # fmt: skip

    def _send_on_leave(self, hand: Hand, number: int) -> None:
        """A past leave for everyone; the third is away today as well."""
        past = self.end - timedelta(days=self.rng.randint(8, 40))
        leaves = [(past, past + timedelta(days=self.rng.randint(1, 3)), self.rng.choice(["年假", "病假", "培训"]))]
        if number == 3:
            leaves.append((self.end - timedelta(hours=20), self.end + timedelta(days=2), "年假"))
        for start, end, reason in leaves:
            record_absence(hand.technician.id, starts_at=start, ends_at=end, reason=reason, by=self._root(), at=self.at)
            hand.diary.block(start, end)

    def _write_catalogue(self, hq: Branch) -> None:
        by = self._root()
        for line in LINES:
            group = add_product_class(
                code=line.code, name=line.name, rules_class=line.rules_class, trader_installs=line.installed,
                bulky=line.bulky, branch=hq, by=by, at=self.at,
            )  # fmt: skip
            for code, name, months in line.models:
                add_product_model(
                    code=code, name=name, product_class=group, guarantee_months=months, brand=BRAND, branch=hq, by=by,
                    at=self.at,
                )  # fmt: skip
            for one in line.troubles:
                add_fault_code(
                    code=one.code, name=one.name, product_class=group, performance_fault=one.performance,
                    severe=one.severe, faulty_part=one.fails, main_part=one.main, branch=hq, by=by, at=self.at,
                )  # fmt: skip
        for number, name, unit, _price, word in PARTS:
            add_part(number=number, name=name, unit=unit, rules_part=word, branch=hq, by=by, at=self.at)
        write_price_list(hq, by=by, at=self.at, end=self.end)

    def _write_qualifications(self, hq: Branch) -> dict[str, Qualification]:
        by = self._root()
        made = {
            code: add_qualification(code=code, name=name, branch=hq, by=by, at=self.at)
            for code, name in CERTIFICATES.items()
        }
        for line, work_type, code in NEEDED:
            require_qualification(
                made[code], product_class=ProductClass.objects.get(code=line), work_type=work_type, branch=hq, by=by,
                at=self.at,
            )  # fmt: skip
        return made

    def _names(self) -> Iterator[str]:
        seen: set[str] = set()
        while True:
            name = self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)
            if name not in seen:
                seen.add(name)
                yield name
