"""The books of the demonstration company: what a branch's accountant has booked in these weeks."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from shouhou.access.actors import Actor, product_itself
from shouhou.access.models import Branch
from shouhou.cli.demo.founding import CHANNEL, ZONE, Desk
from shouhou.kernel.money import Money
from shouhou.ledger import actions
from shouhou.ledger.rules import NOTHING, AccountKind, Reference, credit, debit

type Story = Generator[datetime, None, None]

SHOP, _DEALER = Reference("seller", "海风官方旗舰店"), Reference("seller", "齐鲁数码专营店")
_MAKER, _CARRIER = Reference("maker", "海风电器制造"), Reference("carrier", "顺途物流")
_STAFF, _PAYS_FIRST = "standards-fifteen.staff-ladder", "jd-disputes-2025.advance-payout"


@dataclass
class Book:
    """One branch's book: accounts opened as they are needed, keys counted up."""

    branch: Branch
    by: Actor
    count: int = 0
    accounts: dict[tuple[AccountKind, Reference], UUID] = field(default_factory=dict)

    @property
    def own(self) -> Reference:
        return Reference("branch", str(self.branch.id))

    def of(self, kind: AccountKind, owner: Reference, at: datetime) -> UUID:
        """The account of that kind and owner."""
        if (kind, owner) not in self.accounts:
            opened = actions.open_account(self.branch, kind=kind, owner=owner, by=self.by, at=at)
            self.accounts[kind, owner] = opened.id
        return self.accounts[kind, owner]

    def key(self) -> str:
        """A key that nothing in this book has yet."""
        self.count += 1
        return f"demo {self.branch.code} {self.count}"

    def post(
        self,
        took: tuple[AccountKind, Reference],
        gave: tuple[AccountKind, Reference],
        amount: str,
        memo: str,
        *,
        at: datetime,
        rule: str = "",
        source: Reference = NOTHING,
    ) -> UUID:
        """Debit the one, credit the other."""
        money = Money(Decimal(amount))
        lines = [debit(self.of(*took, at), money), credit(self.of(*gave, at), money)]
        return actions.post_entry(lines, key=self.key(), memo=memo, rule=rule, source=source, by=self.by, at=at).id


def book_story(desk: Desk, other: Desk, *, moment: datetime) -> Story:
    """Everything that the accountant of a branch books, until `moment`: deposits, payouts, penalties, what is still open."""
    book = Book(desk.branch, desk.accountant)
    bank, cash = (AccountKind.BANK, book.own), (AccountKind.BRANCH_CASH, book.own)
    shop, dealer = (AccountKind.SELLER_DEPOSIT, SHOP), (AccountKind.SELLER_DEPOSIT, _DEALER)
    first, second = (Reference("technician", str(hand.technician.id)) for hand in desk.hands[:2])
    income = (AccountKind.PENALTY_INCOME, book.own)
    charged = (AccountKind.REVENUE, Reference("work_class", "A"))

    now = yield from until(moment, days=38, clock=time(9, 40))
    book.post(bank, shop, "50000.00", "官方旗舰店缴存保证金", at=now)
    book.post(bank, dealer, "8000.00", "专营店缴存保证金", at=now)
    now = yield from until(moment, days=31, clock=time(16, 10))
    maker = (AccountKind.MAKER_RECEIVABLE, _MAKER)
    free = (AccountKind.REVENUE, Reference("work_class", "C"))
    book.post(maker, free, "12480.00", "十月保内维修结算（厂家）", at=now)
    now = yield from until(moment, days=24, clock=time(10, 5))
    customer = str(desk.units[0][0]) if desk.units else "未登记"  # who has called by then
    owed = (AccountKind.COMPENSATION_PAYABLE, Reference("customer", customer))
    held = actions.place_hold(
        book.of(*shop, now), amount=Money(Decimal("320.00")), key=book.key(), memo="送装超时赔付，待核实",
        expires_at=now + timedelta(days=7), by=book.by, at=now,
    )  # fmt: skip
    now = yield from until(moment, days=22, clock=time(14, 30))
    actions.post_hold(
        held.id, to=book.of(*owed, now), amount=Money(Decimal("260.00")), key=book.key(),
        memo="送装超时 13 天，按日赔付，保证金先行支付", rule=_PAYS_FIRST, by=book.by, at=now,
    )  # fmt: skip
    now = yield from until(moment, days=21, clock=time(11, 20))
    book.post(owed, bank, "260.00", "赔付款已转顾客", at=now)
    now = yield from until(moment, days=18, clock=time(17, 0))
    penalty = (AccountKind.STAFF_PENALTY, second)
    book.post(penalty, income, "100.00", "预约迟到未事先告知", at=now, rule=_STAFF)
    wrong = book.post((AccountKind.STAFF_PENALTY, first), income, "100.00", "预约迟到", at=now, rule=_STAFF)
    now = yield from until(moment, days=15, clock=time(10, 45))
    actions.reverse_entry(wrong, key=book.key(), reason="申诉成立：客户改约，有通话记录", by=book.by, at=now)
    book.post(cash, penalty, "100.00", "现金缴纳", at=now)
    now = yield from until(moment, days=12, clock=time(15, 25))
    book.post(bank, maker, "9000.00", "厂家汇款，结算十月部分", at=now)
    now = yield from until(moment, days=9, clock=time(9, 15))
    yield from _send(book, bank, other, "5000.00", "支援周转金", at=now)
    now = yield from until(moment, days=6, clock=time(16, 40))
    book.post(bank, (AccountKind.SUSPENSE, book.own), "600.00", "来款未注明用途", at=now)
    now = yield from until(moment, days=4, clock=time(11, 10))
    carrier = (AccountKind.CARRIER_RECEIVABLE, _CARRIER)
    book.post(carrier, (AccountKind.COMPENSATION_COST, book.own), "450.00", "运输破损，向承运方追偿", at=now)
    now = yield from until(moment, days=2, clock=time(17, 45))
    purse = (AccountKind.CASH_IN_HAND, first)
    book.post(purse, charged, "268.00", "上门收费，收现金", at=now)
    book.post(cash, purse, "268.00", "当天交回", at=now + timedelta(minutes=35))
    now = yield from until(moment, days=1, clock=time(14, 20))
    actions.place_hold(
        book.of(*dealer, now), amount=Money(Decimal("880.00")), key=book.key(), memo="假冒配件争议，平台受理中",
        expires_at=now + timedelta(days=10), by=book.by, at=now,
    )  # fmt: skip
    now = yield from until(moment, days=0, clock=time(10, 30))
    book.post((AccountKind.CASH_IN_HAND, second), charged, "185.00", "上门收费，收现金", at=now)


def _send(
    book: Book, bank: tuple[AccountKind, Reference], other: Desk, amount: str, memo: str, *, at: datetime
) -> Story:
    into = Reference("branch", str(other.branch.id))
    out = credit(book.of(*bank, at), Money(Decimal(amount)))
    told = {"into_kind": AccountKind.BANK.value, "key": book.key(), "memo": memo}
    crossing = actions.send_across(out, to=other.branch, into_owner=into, by=book.by, at=at, **told)
    arrived = at + timedelta(minutes=1)
    yield arrived
    worker = product_itself(channel=CHANNEL)
    steps: list[Callable[..., object]] = [actions.receive_crossing, actions.confirm_crossing]
    for step in steps:
        step(crossing, by=worker, at=arrived)


def until(moment: datetime, *, days: int, clock: time) -> Generator[datetime, None, datetime]:
    """Some days before the end of the history, at a time of the day; what lies after the end is never told."""
    at = datetime.combine(moment.astimezone(ZONE).date() - timedelta(days=days), clock, ZONE)
    yield at
    return at
