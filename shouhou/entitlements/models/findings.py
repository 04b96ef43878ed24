from django.db import models
from django.db.models import Q

from shouhou.access.models import User
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.assets.models import Asset


class Finding(BranchRow):
    """Something that was found at a unit and that may take free repairs away: misuse, a foreign repair, an altered paper.

    With its evidence in words, and the photos of the order on which it was found. Never changed: a finding that does not hold
    is withdrawn by a further row. `exclusion` is a word of the rules; `about` the key of the work order.
    """

    asset = BranchForeignKey(Asset, on_delete=models.PROTECT, related_name="findings")
    about = models.UUIDField(null=True)
    exclusion = models.CharField(max_length=30, blank=True)
    evidence = models.CharField(max_length=1000)
    photos = models.JSONField(default=list, help_text="Keys of photos of the order.")
    withdraws = BranchForeignKey("self", on_delete=models.PROTECT, null=True, related_name="withdrawals")
    found_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.CheckConstraint(condition=~Q(evidence=""), name="entitlements_finding_evidence"),
            models.CheckConstraint(
                condition=Q(withdraws=None) & ~Q(exclusion="") | Q(withdraws__isnull=False, exclusion=""),
                name="entitlements_finding_or_withdrawal",
            ),
            models.UniqueConstraint(
                fields=["branch", "withdraws"],
                condition=Q(withdraws__isnull=False),
                name="entitlements_withdrawn_once",
            ),
        ]
        indexes = [models.Index(fields=["branch", "asset", "found_at"], name="entitlements_finding_of_unit")]

    def __str__(self) -> str:
        return f"{self.exclusion or 'withdrawn'} {self.asset_id}"
