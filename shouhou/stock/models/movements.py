from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.catalog.models import Part
from shouhou.kernel.money import Money
from shouhou.kernel.quantities import of_thousandths
from shouhou.ledger.rules import Reference
from shouhou.stock.models.places import Balance, SerialNumber
from shouhou.stock.rules import MoveKind


class Movement(BranchRow):
    """So much of a part taken from one place and given to another: both sides in one row, so that nothing is lost between them.

    Never changed, never removed. The lines of one act share its key, its fingerprint and its event's chain (`act_id`).
    `value_minor` is what the branch's own stock grew by, zero inside it; `returns` the issue of which this gives something back.
    """

    act_id = models.UUIDField()
    key = models.CharField(max_length=120)
    line = models.PositiveSmallIntegerField()
    fingerprint = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=20, choices=MoveKind)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_from = BranchForeignKey(Balance, on_delete=models.PROTECT, related_name="taken", db_index=False)
    given_to = BranchForeignKey(Balance, on_delete=models.PROTECT, related_name="given", db_index=False)
    units = models.BigIntegerField(help_text="Thousandths of the unit of measure.")
    unit = models.CharField(max_length=10)
    serial = BranchForeignKey(
        SerialNumber, on_delete=models.PROTECT, null=True, related_name="movements", db_index=False
    )
    value_minor = models.BigIntegerField(default=0)
    returns = BranchForeignKey("self", on_delete=models.PROTECT, null=True, related_name="returned_by", db_index=False)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=64, blank=True)
    memo = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "key", "line"], name="stock_movement_key_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="stock_movement_units"),
            models.CheckConstraint(condition=Q(kind__in=MoveKind.values), name="stock_movement_kind"),
            models.CheckConstraint(condition=~Q(taken_from=F("given_to")), name="stock_movement_goes_somewhere"),
            models.CheckConstraint(condition=Q(serial=None) | Q(units=1000), name="stock_movement_one_serial"),
        ]
        indexes = [
            models.Index(fields=["branch", "taken_from", "at", "id"], name="stock_movement_taken"),
            models.Index(fields=["branch", "given_to", "at", "id"], name="stock_movement_given"),
            models.Index(
                fields=["branch", "about_kind", "about_id"], condition=~Q(about_id=""), name="stock_movement_about"
            ),
            models.Index(fields=["branch", "act_id", "line"], name="stock_movement_of_act"),
            models.Index(
                fields=["branch", "serial", "id"], condition=Q(serial__isnull=False), name="stock_movement_serial"
            ),
            models.Index(
                fields=["branch", "returns"], condition=Q(returns__isnull=False), name="stock_movement_returns"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} {self.unit}"

    @property
    def quantity(self) -> Decimal:
        return of_thousandths(self.units)

    @property
    def value(self) -> Money:
        return Money.of_minor_units(self.value_minor)

    @property
    def about(self) -> Reference:
        return Reference(self.about_kind, self.about_id)
