"""Every write of the module, one function per act. The files are private; names are taken from here."""

from shouhou.access.actions import ReasonOwed
from shouhou.ledger.actions._books import (
    AccountInOtherCurrency,
    BalanceTooHigh,
    BalanceTooLow,
    EntryCrossesBranches,
    KeyUsedOtherwise,
    OnlyByCrossing,
)
from shouhou.ledger.actions.crossings import (
    CrossingNotReceived,
    CrossingStaysHere,
    confirm_crossing,
    put_off_crossing,
    receive_crossing,
    send_across,
)
from shouhou.ledger.actions.drawing import lock_available
from shouhou.ledger.actions.entries import (
    CrossingStays,
    EntryReversedAlready,
    ReversalStays,
    post_entry,
    reverse_entry,
)
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
    "CrossingNotReceived",
    "CrossingStays",
    "CrossingStaysHere",
    "EntryCrossesBranches",
    "EntryReversedAlready",
    "HoldEnded",
    "HoldEndsBeforeItBegins",
    "HoldNotRunOut",
    "HoldRunOut",
    "KeyUsedOtherwise",
    "MoreThanHeld",
    "OnlyByCrossing",
    "OwnerMissing",
    "ReasonOwed",
    "ReversalStays",
    "confirm_crossing",
    "lock_available",
    "open_account",
    "place_hold",
    "post_entry",
    "post_hold",
    "put_off_crossing",
    "receive_crossing",
    "reverse_entry",
    "send_across",
    "time_out_hold",
    "void_hold",
]
