from decimal import Decimal

from django.db import models
from django.db.models import Q

from shouhou.access.models import Branch
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.catalog.models import Part
from shouhou.kernel.quantities import of_thousandths
from shouhou.ledger.rules import Reference
from shouhou.stock.models.places import Place
from shouhou.stock.rules import RequisitionStatus, TransferStatus


class Transfer(BranchRow):
    """Parts sent from one place to another. Inside the branch they are on the way until somebody takes them in at the other end.

    To another branch they leave ours at once: there an `Arrival` waits. What was sent is what the movements about it say.
    """

    number = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    from_place = BranchForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_place = BranchForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    to_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=TransferStatus, default=TransferStatus.SENT)
    memo = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "number"], name="stock_transfer_number_once"),
            models.UniqueConstraint(fields=["branch", "key"], name="stock_transfer_key_once"),
            models.CheckConstraint(
                condition=Q(to_place=None, to_branch__isnull=False) | Q(to_place__isnull=False, to_branch=None),
                name="stock_transfer_goes_to_one_place",
            ),
            models.CheckConstraint(condition=Q(status__in=TransferStatus.values), name="stock_transfer_status"),
        ]
        indexes = [
            models.Index(fields=["branch", "status", "id"], name="stock_transfer_by_status"),
            models.Index(
                fields=["branch", "id"],
                condition=Q(to_branch__isnull=False, announced_at=None),
                name="stock_transfer_to_announce",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> Reference:
        """By which its movements name it."""
        return Reference("stock_transfer", str(self.id))


class Arrival(BranchRow):
    """Parts that another branch has sent here. `lots`: part, thousandths, serial number and value in minor units of each line."""

    transfer_id = models.UUIDField()
    number = models.CharField(max_length=30)
    from_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+", db_index=False)
    lots = models.JSONField()
    to_place = BranchForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    announced_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "transfer_id"], name="stock_arrival_once"),
        ]
        indexes = [
            models.Index(fields=["branch", "id"], condition=Q(received_at=None), name="stock_arrival_expected"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> Reference:
        """By which its movements name it."""
        return Reference("stock_arrival", str(self.id))


class Requisition(BranchRow):
    """领料单: parts asked for, for a van or a store; approved by amount, then handed out by a transfer."""

    number = models.CharField(max_length=30)
    from_place = BranchForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_place = BranchForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=RequisitionStatus, default=RequisitionStatus.ASKED)
    value_minor = models.BigIntegerField(help_text="What it was worth at average cost when it was asked for.")
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    transfer = BranchForeignKey(Transfer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "number"], name="stock_requisition_number_once"),
            models.CheckConstraint(condition=Q(status__in=RequisitionStatus.values), name="stock_requisition_status"),
            models.CheckConstraint(
                condition=Q(status=RequisitionStatus.FILLED, transfer__isnull=False)
                | ~Q(status=RequisitionStatus.FILLED) & Q(transfer=None),
                name="stock_requisition_filled_by",
            ),
        ]
        indexes = [models.Index(fields=["branch", "status", "id"], name="stock_requisition_by_status")]

    def __str__(self) -> str:
        return self.number


class RequisitionLine(BranchRow):
    """So much of one part that is asked for, and what was given: it or a substitute."""

    requisition = BranchForeignKey(Requisition, on_delete=models.PROTECT, related_name="lines", db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", db_index=False)
    units = models.BigIntegerField()
    given_part = models.ForeignKey(Part, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    given_units = models.BigIntegerField(default=0)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "requisition", "part"], name="stock_requisition_line_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="stock_requisition_line_units"),
            models.CheckConstraint(
                condition=Q(given_units__gte=0, given_units__lte=models.F("units")),
                name="stock_requisition_line_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.quantity}"

    @property
    def quantity(self) -> Decimal:
        return of_thousandths(self.units)

    @property
    def given(self) -> Decimal:
        return of_thousandths(self.given_units)
