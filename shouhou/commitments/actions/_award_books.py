"""What awards put into the books: whose account is debited and credited when one is approved, settled or taken back."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.commitments.models import Award
from shouhou.commitments.rules.award_words import Settlement
from shouhou.commitments.rules.remedies import Payee, Payer, party_of
from shouhou.kernel.money import Money
from shouhou.ledger.actions import lock_available, open_account, post_entry
from shouhou.ledger.rules import AccountKind, Line, Reference, credit, debit

_DEBITED = {
    Payer.COMPANY: AccountKind.COMPENSATION_COST,
    Payer.SELLER_DEPOSIT: AccountKind.SELLER_DEPOSIT,
    Payer.CARRIER: AccountKind.CARRIER_RECEIVABLE,
    Payer.TECHNICIAN: AccountKind.STAFF_PENALTY,
}
# Where a part goes that its payer's account no longer holds: it was never paid in, or was paid already.
_BACK = {Payer.SELLER_DEPOSIT: AccountKind.TOP_UP_DUE, Payer.TECHNICIAN: AccountKind.STAFF_REWARD}
_OUT_OF = {Settlement.BANK: AccountKind.BANK, Settlement.CASH: AccountKind.BRANCH_CASH}


class AwardBooks:
    """The accounts of one award, opened as they are needed, and the entries on them, all of one act.

    `permission` is that of the act, `event_id` the event that brings it about.
    """

    def __init__(self, award: Award, *, permission: str, event_id: UUID, by: Actor, at: datetime) -> None:
        self.award, self.branch = award, by.branch_of(award.branch_id)
        self.permission, self.event_id, self.by, self.at = permission, event_id, by, at

    def approve(self) -> tuple[UUID, Money]:
        """Every payer is charged with his part. Gives the entry, and what the seller's deposit did not reach for."""
        award = self.award
        owed = self._owed()
        accounts = {who: self._payer(who) for who, _ in award.borne_by}
        short = Money.of_minor_units(0, award.currency)
        lines = [credit(owed, award.amount)]
        for who, part in award.borne_by:
            if who == Payer.SELLER_DEPOSIT:
                due = self._account(AccountKind.TOP_UP_DUE, award.party(Payee.SELLER))
                there = self._available(accounts[who], owed, due, *accounts.values())
                short = part - there if there < part else short
                lines += [*_some(debit, accounts[who], part - short), *_some(debit, due, short)]
            else:
                lines.append(debit(accounts[who], part))
        return self._post(lines, key="approved", memo=award.label), short

    def settle(self, amount: Money, how: Settlement, *, number: int) -> UUID:
        """What is owed to the payee goes out to him."""
        lines = [debit(self._owed(), amount), credit(self._receiver(how), amount)]
        return self._post(lines, key=f"settled {number}", memo=self.award.label)

    def owes_us(self) -> Money:
        """What the payee owes the branch, which stays so until the act is done."""
        account = self._receiver(Settlement.OFFSET)
        return self._available(account, self._owed())

    def lock_for_taking_back(self, ways: Collection[Settlement]) -> None:
        """Nobody moves what is on the accounts concerned until the act is done. Before the top-ups are looked at: who
        fills a deposit up takes his locks in the same order."""
        accounts = [self._owed(), *(self._receiver(how) for how in self._ways_back(ways))]
        for who, _ in self.award.borne_by:
            accounts.append(self._payer(who))
            if who in _BACK:
                accounts.append(self._account(_BACK[who], self.award.party(party_of(who))))
        self._available(*accounts)

    def take_back(self, missing: Money, settled: Mapping[Settlement, Money], *, memo: str) -> UUID:
        """Every payer gets his part back; what the payee has received already he owes us.

        `missing` is what the deposit still has to be filled up for, `settled` what went which way.
        """
        award = self.award
        rest = award.amount if award.payee == Payee.COMPANY else award.unsettled
        lines = _some(debit, self._owed(), rest)
        for how, amount in settled.items():
            lines += [debit(self._receiver(way), amount) for way in self._ways_back([how])]
        for who, part in award.borne_by:
            lines += self._given_back(who, part, missing)
        return self._post(lines, key="taken back", memo=memo)

    def _given_back(self, who: Payer, part: Money, missing: Money) -> Iterator[Line]:
        account = self._payer(who)
        if who == Payer.SELLER_DEPOSIT:
            yield from _some(credit, self._account(_BACK[who], self.award.party(Payee.SELLER)), missing)
            yield from _some(credit, account, part - missing)
        elif who == Payer.TECHNICIAN:
            back = self._account(_BACK[who], self.award.party(party_of(who)))
            there = self._available(account)
            still = there if there < part else part
            yield from _some(credit, account, still)
            # What he has paid already is owed to him.
            yield from _some(credit, back, part - still)
        else:
            yield credit(account, part)

    def _ways_back(self, ways: Collection[Settlement]) -> list[Settlement]:
        """Credits and points are taken from where they were given; money that was paid out is asked back."""
        return [Settlement.OFFSET if how in _OUT_OF else how for how in ways]

    def _owed(self) -> UUID:
        """The account of what is owed to the payee; where that is the company itself, its income."""
        if self.award.payee == Payee.COMPANY:
            return self._account(AccountKind.PENALTY_INCOME, _house(self.branch))
        return self._account(AccountKind.COMPENSATION_PAYABLE, self.award.party(self.award.payee))

    def _payer(self, who: Payer) -> UUID:
        owner = _house(self.branch) if who == Payer.COMPANY else self.award.party(party_of(who))
        return self._account(_DEBITED[who], owner)

    def _receiver(self, how: Settlement) -> UUID:
        """The account that is credited when the award is settled that way."""
        if how in _OUT_OF:
            return self._account(_OUT_OF[how], _house(self.branch))
        payee = self.award.party(self.award.payee)
        if how == Settlement.POINTS:
            # Points are owed until they are spent; an account of their own keeps them apart from money.
            return self._account(AccountKind.COMPENSATION_PAYABLE, Reference(f"points_of_{payee.kind}", payee.id))
        return self._account(AccountKind.RECEIVABLE, payee)

    def _account(self, kind: AccountKind, owner: Reference) -> UUID:
        currency = self.award.currency
        told: dict[str, Any] = {"permission": self.permission, "by": self.by, "at": self.at}
        return open_account(self.branch, kind=kind, owner=owner, currency=currency, **told).id

    def _available(self, account_id: UUID, *others: UUID) -> Money:
        """What is there on the first account; it stays so, and the others stay as they are, until the act is done."""
        return lock_available([account_id, *others], permission=self.permission, by=self.by)[account_id]

    def _post(self, lines: list[Line], *, key: str, memo: str) -> UUID:
        award = self.award
        entry = post_entry(
            lines,
            key=f"award {award.id} {key}",
            memo=memo,
            source=Reference("award", str(award.id)),
            rule=award.rule or award.remedy_version,
            event_id=self.event_id,
            permission=self.permission,
            by=self.by,
            at=self.at,
        )
        return entry.id


def _house(branch: Branch) -> Reference:
    return Reference("branch", str(branch.id))


def _some(side: Any, account: UUID, amount: Money) -> list[Line]:
    return [side(account, amount)] if amount.amount else []
