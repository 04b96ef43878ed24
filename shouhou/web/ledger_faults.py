"""What can be wrong with books, in words, beside the stable names that `verify` prints."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAULTS: Mapping[str, str | Promise] = {
    "entry_unbalanced": _("Debit and credit of an entry differ"),
    "entry_incomplete": _("Lines of an entry are missing"),
    "posting_without_entry": _("A line belongs to no entry"),
    "posting_currency": _("A line is in another currency than its account"),
    "balance_differs": _("A balance is not what its lines add up to"),
    "held_differs": _("The held amount is not what the holds add up to"),
    "below_zero": _("An account is below zero that may not be"),
    "entry_without_event": _("Nobody has posted an entry that is there"),
    "entry_not_as_posted": _("An entry is not the one that was posted"),
    "entry_altered": _("An entry was changed after it was posted"),
    "entry_removed": _("An entry that was posted is gone"),
    "reversal_differs": _("A reversal takes back something else"),
    "hold_without_event": _("Nobody has placed a hold that is there"),
    "hold_altered": _("A hold was changed after it was placed"),
    "hold_removed": _("A hold that was placed is gone"),
    "hold_differs": _("The state of a hold is not that of its moves"),
    "hold_without_entry": _("A hold and the entry that paid it do not fit"),
    "crossing_without_event": _("Nobody has sent money that is on its way"),
    "crossing_altered": _("Money was changed on its way to another branch"),
    "crossing_not_received": _("Money is said to have arrived that the other branch has not booked"),
    "crossing_removed": _("Money that was sent to another branch is gone"),
    "branches_disagree": _("Two branches do not say the same of each other"),
}


def fault_words(kind: str) -> str | Promise:
    """The fault in words; one that a later version finds is shown by its name rather than not at all."""
    return FAULTS.get(kind, kind)
