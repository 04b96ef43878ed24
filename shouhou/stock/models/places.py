from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from shouhou.access.models import Branch
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.catalog.models import Part
from shouhou.catalog.rules import KeptAs
from shouhou.kernel.money import Money
from shouhou.kernel.quantities import of_thousandths
from shouhou.stock.rules import SHELVES, PlaceKind
from shouhou.workforce.models import Technician


class Place(BranchRow):
    """Where parts can be: a store of ours, a van, quarantine, the way; or outside, or where old parts wait.

    `counted_at` is when the whole of it was last counted: nothing is booked before that any more.
    """

    kind = models.CharField(max_length=20, choices=PlaceKind)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60, blank=True)
    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ours = models.BooleanField()
    old = models.BooleanField()
    may_be_negative = models.BooleanField()
    opened_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "code"], name="stock_place_code_once"),
            models.UniqueConstraint(
                fields=["branch", "kind"], condition=~Q(kind__in=SHELVES), name="stock_place_outside_once"
            ),
            models.UniqueConstraint(
                fields=["branch", "technician"], condition=Q(kind=PlaceKind.VAN), name="stock_place_one_van"
            ),
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="stock_place_kind"),
            models.CheckConstraint(
                condition=Q(kind=PlaceKind.VAN, technician__isnull=False) | ~Q(kind=PlaceKind.VAN) & Q(technician=None),
                name="stock_place_van_has_technician",
            ),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """Its name; what is there once in a branch is called by its kind."""
        return self.name or self.get_kind_display()


class Balance(BranchRow):
    """How much of a part is at a place, and how much of that is reserved.

    Both are running totals, in thousandths: the database adds to them with each movement and each step of a reservation, counting
    them up in `version`; nobody else writes them. `verify` adds everything up anew. What holds for the place and the part stands
    here, too, as it was when the balance was opened, so that one row says what may be done with it.
    """

    place = BranchForeignKey(Place, on_delete=models.PROTECT, related_name="balances", db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.CharField(max_length=10)
    kept_as = models.CharField(max_length=10, choices=KeptAs)
    ours = models.BooleanField()
    old = models.BooleanField()
    may_be_negative = models.BooleanField()
    units = models.BigIntegerField(default=0)
    reserved_units = models.BigIntegerField(default=0)
    version = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "part", "place"], name="stock_balance_once"),
            models.CheckConstraint(
                condition=Q(may_be_negative=True) | Q(units__gte=F("reserved_units")),
                name="stock_balance_not_below_zero",
            ),
            models.CheckConstraint(condition=Q(reserved_units__gte=0), name="stock_balance_reserved"),
        ]
        indexes = [models.Index(fields=["branch", "place", "part"], name="stock_balance_of_place")]

    def __str__(self) -> str:
        return f"{self.part_id} at {self.place_id}: {self.quantity} {self.unit}"

    @property
    def quantity(self) -> Decimal:
        return of_thousandths(self.units)

    @property
    def reserved(self) -> Decimal:
        return of_thousandths(self.reserved_units)

    @property
    def available(self) -> Decimal:
        """What is there and not reserved."""
        return of_thousandths(self.units - self.reserved_units)


class Costing(BranchRow):
    """What a branch has of a part on all places that are its own, and what that is worth: their ratio is the average cost.

    Kept by the database, as balances are. Moving parts between places of the branch changes nothing here.
    """

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", db_index=False)
    units = models.BigIntegerField(default=0)
    value_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "part"], name="stock_costing_once"),
            models.CheckConstraint(condition=Q(units__gte=0), name="stock_costing_units"),
            models.CheckConstraint(
                condition=Q(units__gt=0, value_minor__gte=0) | Q(units=0, value_minor=0), name="stock_costing_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.value.amount} {self.currency}"

    @property
    def value(self) -> Money:
        return Money.of_minor_units(self.value_minor, self.currency)


class SerialNumber(BranchRow):
    """One piece of a part that is kept by serial number, and the one place where it is. The database moves it."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=60)
    balance = BranchForeignKey(Balance, on_delete=models.PROTECT, related_name="serials", db_index=False)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "part", "number"], name="stock_serial_once"),
        ]
        indexes = [models.Index(fields=["branch", "balance", "number"], name="stock_serial_at")]

    def __str__(self) -> str:
        return self.number


class SerialWhereabouts(models.Model):
    """In which branch a serial number is on a shelf, if in any: a small directory that all share.

    Its key is made of part and number, so that two branches cannot both have the piece. Written when it comes onto a shelf of a
    branch and when it leaves.
    """

    id = models.UUIDField(primary_key=True)
    kept_by = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.id)
