"""Acts of higher floors that draw what is there, whatever it is, have to know it before they post."""

from collections.abc import Collection, Mapping
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.kernel.money import Money
from shouhou.ledger.actions._books import lock_accounts


def lock_available(account_ids: Collection[UUID], *, permission: str, by: Actor) -> Mapping[UUID, Money]:
    """What is available on each account; it stays so until the transaction ends, in which this has to be called.

    Name all accounts of the entry that follows: they are locked in the one order in which entries lock theirs.
    Raises AccountNotFound, EntryCrossesBranches, NotPermitted.
    """
    return {key: account.available for key, account in lock_accounts(account_ids, permission=permission, by=by).items()}
