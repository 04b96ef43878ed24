"""Opening accounts."""

from datetime import datetime

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.queries import lock_open_branch
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.money import Money
from shouhou.ledger.models import LedgerAccount
from shouhou.ledger.rules import TRAITS, AccountKind, Reference

OPEN_ACCOUNT = "ledger.open_account"


class OwnerMissing(Invalid):
    code = "ledger_owner_missing"
    template = gettext_noop("It is not said whose account it is.")


def open_account(
    branch: Branch,
    *,
    kind: str,
    owner: Reference,
    by: Actor,
    at: datetime,
    currency: str = "CNY",
    permission: str = OPEN_ACCOUNT,
) -> LedgerAccount:
    """The account of that kind and owner at the branch, opened if there is none yet; asking twice gives the same one.

    `permission` is that of the act which needs the account, where it is not opened for its own sake.
    Raises UnknownChoice, UnknownCurrency, OwnerMissing, WordMalformed, TextTooLong, BranchClosed, BranchNotVisible, NotPermitted.
    """
    by.require(permission, branch.id)
    check_choice("kind", kind, AccountKind.values)
    owner = owner.checked("owner")
    if not (owner.kind and owner.id):
        raise OwnerMissing(field="owner")
    currency = Money.of_minor_units(0, currency).currency
    named = {"kind": kind, "owner_kind": owner.kind, "owner_id": owner.id, "currency": currency}
    known = LedgerAccount.objects.at(branch).filter(**named).first()
    if known is not None:
        return known
    traits = TRAITS[AccountKind(kind)]
    with act_transaction():
        # Of two who open the same account one waits here, and then finds it.
        lock_open_branch(branch.id)
        account, opened = LedgerAccount.objects.get_or_create(
            branch=branch,
            **named,
            defaults={
                "normal_side": traits.side,
                "may_be_negative": traits.may_be_negative,
                "must_return_to_zero": traits.must_return_to_zero,
                "opened_at": at,
            },
        )
        if opened:
            record(
                branch_id=branch.id,
                chain_id=account.id,
                verb="ledger.account.opened",
                subject=("ledger_account", account.id),
                by=by,
                at=at,
                data=dict(named),
                opens=True,
            )
        return account
