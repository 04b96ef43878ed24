"""What the demonstration company owes for broken promises: one given, one approved, one that waits for its approval."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from shouhou.cli.demo.books import SHOP, Story, until
from shouhou.cli.demo.founding import Desk
from shouhou.commitments import actions
from shouhou.commitments.rules.remedy_reading import get_remedy
from shouhou.ledger.rules import Reference


def breach_story(desk: Desk, *, moment: datetime) -> Story:
    """The clerk writes down what is owed, the supervisor approves it, the accountant gives it."""
    name = f"{desk.branch.code} "

    def owed(number: str, remedy: str, label: str, at: datetime, **facts: str) -> Any:
        customer = str(desk.units[0][0]) if desk.units else "未登记"  # who has called by then
        return actions.propose_award(
            desk.branch, remedy=get_remedy(remedy), facts={fact: Decimal(value) for fact, value in facts.items()},
            parties={"customer": Reference("customer", customer), "seller": SHOP},
            about=Reference("delivery", number), key=f"demo {name}{number}", label=label, by=desk.clerk, at=at,
        )  # fmt: skip

    now = yield from until(moment, days=16, clock=time(9, 20))
    given = owed("SH-1107", "late-delivery", "送货单 SH-1107", now, days_late="3")
    now = yield from until(moment, days=15, clock=time(16, 5))
    actions.approve_award(given.id, by=desk.supervisor, at=now)
    now = yield from until(moment, days=14, clock=time(10, 40))
    actions.settle_award(given.id, how="bank", key=f"demo {name}SH-1107 paid", by=desk.accountant, at=now)
    now = yield from until(moment, days=5, clock=time(11, 15))
    approved = owed("DD-2210", "late-shipment", "订单 DD-2210", now, paid_amount="899")
    now = yield from until(moment, days=4, clock=time(15, 50))
    actions.approve_award(approved.id, by=desk.supervisor, at=now)
    now = yield from until(moment, days=1, clock=time(17, 5))
    owed("SH-1119", "late-delivery", "送货单 SH-1119", now, days_late="12")
