from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.kernel.quantities import of_thousandths
from shouhou.ledger.rules import Reference
from shouhou.stock.models.places import Balance
from shouhou.stock.rules import ReservationStatus


class Reservation(BranchRow):
    """So much of a part at a place set aside for an order, until it is issued (whole or in part), released, or its time is over.

    Everything but the status stays as it was written, and the status follows the steps.
    """

    balance = BranchForeignKey(Balance, on_delete=models.PROTECT, related_name="reservations", db_index=False)
    key = models.CharField(max_length=120)
    fingerprint = models.BinaryField(max_length=32)
    units = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=ReservationStatus, default=ReservationStatus.PENDING)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=64)
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "key"], name="stock_reservation_key_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="stock_reservation_units"),
            models.CheckConstraint(condition=Q(status__in=ReservationStatus.values), name="stock_reservation_status"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("placed_at")), name="stock_reservation_ends_later"
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "balance", "id"], name="stock_reservation_of"),
            models.Index(fields=["branch", "about_kind", "about_id"], name="stock_reservation_about"),
            models.Index(
                fields=["branch", "expires_at"],
                condition=Q(status=ReservationStatus.PENDING),
                name="stock_reservation_runs_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"

    @property
    def quantity(self) -> Decimal:
        return of_thousandths(self.units)

    @property
    def about(self) -> Reference:
        return Reference(self.about_kind, self.about_id)


class ReservationStep(BranchRow):
    """One step of a reservation: placed, then one of issued, released and timed out. Never changed; there is no second end."""

    class Kind(models.TextChoices):
        PLACED = "placed"
        ISSUED = "issued"
        RELEASED = "released"
        TIMED_OUT = "timed_out"

    reservation = BranchForeignKey(Reservation, on_delete=models.PROTECT, related_name="steps", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    change_units = models.BigIntegerField(help_text="By how much what is reserved changes.")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "reservation"], condition=Q(kind="placed"), name="stock_reservation_begins_once"
            ),
            models.UniqueConstraint(
                fields=["branch", "reservation"], condition=~Q(kind="placed"), name="stock_reservation_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["placed", "issued", "released", "timed_out"]), name="stock_reservation_step_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reservation_id}: {self.kind}"
