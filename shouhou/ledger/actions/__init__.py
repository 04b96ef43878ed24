"""Every write of the module, one function per act. The files are private; names are taken from here."""

from shouhou.access.actions import ReasonOwed
from shouhou.ledger.actions._books import (
    AccountInOtherCurrency,
    BalanceTooHigh,
    BalanceTooLow,
    EntryCrossesBranches,
    KeyUsedOtherwise,
)
from shouhou.ledger.actions.entries import EntryReversedAlready, ReversalStays, post_entry, reverse_entry
from shouhou.ledger.actions.holds import (
    HoldEnded,
    HoldEndsBeforeItBegins,
    HoldNotRunOut,
    HoldRunOut,
    MoreThanHeld,
    place_hold,
    post_hold,
    time_out_hold,
    void_hold,
)
from shouhou.ledger.actions.opening import OwnerMissing, open_account

__all__ = [
    "AccountInOtherCurrency",
    "BalanceTooHigh",
    "BalanceTooLow",
    "EntryCrossesBranches",
    "EntryReversedAlready",
    "HoldEnded",
    "HoldEndsBeforeItBegins",
    "HoldNotRunOut",
    "HoldRunOut",
    "KeyUsedOtherwise",
    "MoreThanHeld",
    "OwnerMissing",
    "ReasonOwed",
    "ReversalStays",
    "open_account",
    "place_hold",
    "post_entry",
    "post_hold",
    "reverse_entry",
    "time_out_hold",
    "void_hold",
]
