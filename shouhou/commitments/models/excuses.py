from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouhou.access.models import User
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.commitments.models.commitments import Commitment


class Excuse(BranchRow):
    """Somebody says that a promise could not be kept for an objective cause 客观原因. It takes evidence, and a ruling.

    Never changed: claim and ruling both stay, whichever way it went.
    """

    class Kind(models.TextChoices):
        WEATHER = "weather", _("Weather or disaster")
        TRAFFIC = "traffic", _("Road closed or traffic stopped")
        POWER = "power", _("No power or water at the customer's")
        AUTHORITY = "authority", _("Order of an authority")
        CUSTOMER = "customer", _("The customer: not there, or asked to wait")
        OTHER = "other", _("Another cause")

    commitment = BranchForeignKey(Commitment, on_delete=models.PROTECT, related_name="excuses")
    kind = models.CharField(max_length=10, choices=Kind)
    account = models.CharField(max_length=1000)
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.CheckConstraint(condition=~Q(account=""), name="commitments_excuse_account"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.commitment_id}"


class ExcuseEvidence(BranchRow):
    """A file that proves the excuse: a picture (re-encoded) or a PDF."""

    excuse = BranchForeignKey(Excuse, on_delete=models.PROTECT, related_name="evidence")
    file = models.FileField(upload_to="evidence/")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the stored file.")
    is_picture = models.BooleanField()

    def __str__(self) -> str:
        return self.digest[:12]


class ExcuseRuling(BranchRow):
    """What a second person said of an excuse."""

    excuse = BranchForeignKey(Excuse, on_delete=models.PROTECT, related_name="rulings", db_index=False)
    accepted = models.BooleanField()
    reason = models.CharField(max_length=300)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "excuse"], name="commitments_excuse_ruled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.excuse_id} {self.accepted}"
