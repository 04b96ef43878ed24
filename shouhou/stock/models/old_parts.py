from django.db import models
from django.db.models import Q

from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.catalog.models import Part
from shouhou.ledger.rules import Reference
from shouhou.stock.rules import OldPartState
from shouhou.workforce.models import Technician


class OldPart(BranchRow):
    """旧件: one part that was taken out of a customer's unit and that the maker wants back, known by its label.

    `scrap_asked_by` has asked to scrap it here; another person lets it be.
    """

    label = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", db_index=False)
    serial = models.CharField(max_length=60, blank=True)
    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, related_name="+", db_index=False)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=OldPartState)
    due_on = models.DateField()
    owed_at = models.DateTimeField()
    carrier = models.CharField(max_length=40, blank=True)
    waybill = models.CharField(max_length=32, blank=True)
    scrap_reason = models.CharField(max_length=200, blank=True)
    scrap_asked_by = models.UUIDField(null=True)
    moved_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "label"], name="stock_old_part_label_once"),
            models.UniqueConstraint(fields=["branch", "key"], name="stock_old_part_key_once"),
            models.CheckConstraint(condition=Q(state__in=OldPartState.values), name="stock_old_part_state"),
        ]
        indexes = [
            models.Index(fields=["branch", "state", "due_on", "id"], name="stock_old_part_by_state"),
            models.Index(fields=["branch", "about_kind", "about_id"], name="stock_old_part_about"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def about(self) -> Reference:
        return Reference(self.about_kind, self.about_id)
