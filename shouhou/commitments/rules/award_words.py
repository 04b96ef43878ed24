"""The closed lists that awards are written in, and what may follow what."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.commitments.rules.remedies import Means


class AwardState(TextChoices):
    """Where an award is."""

    PROPOSED = "proposed", _("Waits for approval")
    APPROVED = "approved", pgettext_lazy("award", "Approved, to be settled")
    SETTLED = "settled", pgettext_lazy("award", "Settled")
    REFUSED = "refused", pgettext_lazy("award", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("award", "Withdrawn")
    REVERSED = "reversed", pgettext_lazy("award", "Taken back")


class StepKind(TextChoices):
    """What was done to an award."""

    APPROVED = "approved", pgettext_lazy("award step", "Approved")
    REFUSED = "refused", pgettext_lazy("award step", "Refused")
    SETTLED = "settled", pgettext_lazy("award step", "Settled")
    WITHDRAWN = "withdrawn", pgettext_lazy("award step", "Withdrawn")
    REVERSED = "reversed", pgettext_lazy("award step", "Taken back")


# A ruling and an end are there once; settlements may be several.
RULINGS = (StepKind.APPROVED, StepKind.REFUSED)
ENDS = (StepKind.WITHDRAWN, StepKind.REVERSED)


class Settlement(TextChoices):
    """How an approved award reaches whom it is owed to."""

    BANK = "bank", _("Paid by bank transfer")
    CASH = "cash", _("Paid in cash")
    OFFSET = "offset", _("Set off against what is owed to us")
    CREDIT_NOTE = "credit_note", _("Credit for the next bill")
    POINTS = "points", _("Points given")


# In what a remedy is given decides how it may be settled. Whoever is owed money may also take a credit.
WAYS: dict[str, tuple[Settlement, ...]] = {
    Means.CASH: (Settlement.BANK, Settlement.CASH, Settlement.OFFSET, Settlement.CREDIT_NOTE),
    Means.CREDIT_NOTE: (Settlement.CREDIT_NOTE, Settlement.OFFSET),
    Means.POINTS: (Settlement.POINTS,),
}
