"""A shop with a deposit, a customer, and what breaches owe; for the tests of awards."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shouhou.access.actors import Actor, product_itself
from shouhou.access.permissions import Role
from shouhou.commitments.actions import approve_award, propose_award, record_top_up, settle_award, withdraw_award
from shouhou.commitments.models import Award, AwardStep, TopUpReceipt
from shouhou.commitments.rules.remedies import Remedy
from shouhou.commitments.rules.remedy_reading import get_remedy
from shouhou.kernel.ids import uuid7
from shouhou.kernel.money import Money
from shouhou.ledger.queries import find_accounts
from shouhou.ledger.rules import Reference
from tests.cast import NOW, STEP, Cast, Crew

CUSTOMER, SHOP = Reference("customer", "王建华"), Reference("shop", "1")
PARTIES = {
    "customer": CUSTOMER,
    "seller": SHOP,
    "carrier": Reference("carrier", "sf"),
    "technician": Reference("technician", "李明"),
}


def yuan(amount: str | int) -> Money:
    return Money(Decimal(amount)).rounded()


@dataclass
class Payouts:
    """The acts on awards of one branch, with what the tests leave unsaid."""

    crew: Crew
    cast: Cast

    @property
    def supervisor(self) -> Actor:
        return self.crew.supervisor

    @property
    def accountant(self) -> Actor:
        return self.crew.actors[Role.ACCOUNTANT]

    @property
    def product(self) -> Actor:
        return self.cast.root

    def propose(self, name: str | Remedy, *, key: str = "", by: Actor | None = None, **given: Any) -> Award:
        remedy = get_remedy(name) if isinstance(name, str) else name
        usual: dict[str, Any] = {"parties": PARTIES, "about": Reference("commitment", str(uuid7())), "at": NOW}
        told = usual | {"facts": {}, "by": by or self.product, "key": key or str(uuid7())} | given
        return propose_award(self.crew.branch, remedy=remedy, **told)

    def approved(self, name: str | Remedy, **given: Any) -> Award:
        return approve_award(self.propose(name, **given).id, by=self.supervisor, at=NOW + STEP)

    def settle(self, award: Award, how: str = "bank", *, key: str = "", at: datetime = NOW + 2 * STEP) -> AwardStep:
        return settle_award(award.id, how=how, key=key or str(uuid7()), by=self.accountant, at=at)

    def pay_in(self, amount: str | int, *, key: str = "", at: datetime = NOW) -> TopUpReceipt:
        told: dict[str, Any] = {"owner": SHOP, "into": "bank", "by": self.accountant}
        return record_top_up(self.crew.branch, amount=yuan(amount), key=key or str(uuid7()), at=at, **told)

    def withdraw(self, award: Award, reason: str = "申诉成立") -> Award:
        return withdraw_award(award.id, reason=reason, by=self.supervisor, at=NOW + 3 * STEP)

    def balances(self) -> dict[str, str]:
        """What stands on the accounts of the branch, without those on which nothing does."""
        rows = find_accounts(self.crew.branch, by=self.accountant)
        return {f"{row.kind} {row.owner_kind}": str(row.balance.amount) for row in rows if row.balance_minor}


def small_award(crew: Crew, about: Reference) -> Award:
    """The product itself has found that the seller owes the customer 10 for shipping late; his deposit has room for it."""
    at = timezone.now()
    paid: dict[str, Any] = {"into": "bank", "by": crew.actors[Role.ACCOUNTANT], "at": at}
    record_top_up(crew.branch, owner=SHOP, amount=yuan(50), key=f"{about.id} in", **paid)
    told: dict[str, Any] = {"facts": {"paid_amount": Decimal(200)}, "by": product_itself(channel="worker"), "at": at}
    remedy, parties = get_remedy("late-shipment"), PARTIES | {"customer": Reference("customer", str(crew.customer.id))}
    return propose_award(crew.branch, remedy=remedy, parties=parties, about=about, key=about.id, **told)


def award_and_pay(payouts: Payouts) -> Award:
    """An award beyond the deposit: approved, partly paid, topped up."""
    payouts.pay_in(15)
    award = payouts.approved("late-shipment", facts={"paid_amount": Decimal(800)})
    payouts.settle(award)
    payouts.pay_in(10)
    return award
