from decimal import Decimal

from django.db import models
from django.db.models import Q

from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.catalog.models import Part
from shouhou.kernel.quantities import of_thousandths
from shouhou.stock.models.places import Place
from shouhou.stock.rules import CountKind, CountStatus


class StockCount(BranchRow):
    """盘点: what is really at a place, written down line by line and then booked against the books."""

    number = models.CharField(max_length=30)
    place = BranchForeignKey(Place, on_delete=models.PROTECT, related_name="counts", db_index=False)
    kind = models.CharField(max_length=10, choices=CountKind)
    status = models.CharField(max_length=10, choices=CountStatus, default=CountStatus.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "number"], name="stock_count_number_once"),
            models.UniqueConstraint(
                fields=["branch", "place"], condition=Q(status=CountStatus.OPEN), name="stock_count_one_at_a_place"
            ),
            models.CheckConstraint(condition=Q(status__in=CountStatus.values), name="stock_count_status"),
        ]
        indexes = [models.Index(fields=["branch", "status", "id"], name="stock_count_by_status")]

    def __str__(self) -> str:
        return self.number


class CountLine(BranchRow):
    """What was found of one part, and what the books said at that moment. Counted again, the line is written anew.

    The difference is that of its own moment: what is moved between counting and booking is in the books on both sides.
    """

    count = BranchForeignKey(StockCount, on_delete=models.PROTECT, related_name="lines", db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", db_index=False)
    counted_units = models.BigIntegerField()
    book_units = models.BigIntegerField()
    serials = models.JSONField(default=list)
    counted_by = models.UUIDField(null=True)
    counted_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "count", "part"], name="stock_count_line_once"),
            models.CheckConstraint(condition=Q(counted_units__gte=0), name="stock_count_line_units"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.counted}"

    @property
    def counted(self) -> Decimal:
        return of_thousandths(self.counted_units)

    @property
    def book(self) -> Decimal:
        return of_thousandths(self.book_units)

    @property
    def difference(self) -> Decimal:
        """Above zero: more was there than the books said."""
        return (
            of_thousandths(self.counted_units - self.book_units)
            if self.counted_units >= self.book_units
            else (-of_thousandths(self.book_units - self.counted_units))
        )
