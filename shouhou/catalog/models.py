from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouhou.catalog.rules import AMOUNTS, FourPrices, KeptAs
from shouhou.kernel.ids import uuid7


class CatalogueEntry(models.Model):
    """A line of a list that all branches share. It is never deleted: what is retired is no longer offered, but still shown."""

    # The field by which people name an entry; unlike its name it never changes, because old papers carry it.
    code_field: ClassVar[str] = "code"

    id = models.UUIDField(primary_key=True, default=uuid7)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """The code, whatever the list calls it."""
        return str(getattr(self, self.code_field))

    @property
    def retired(self) -> bool:
        """Whether it is no longer offered."""
        return self.retired_at is not None


class ProductClass(CatalogueEntry):
    """A class of products with rules of its own, e.g. gas water heaters.

    `rules_class` is what the rule packs call such goods; blank where no rule knows them. What is usual with such goods is None
    where it is not known: `trader_installs`, installation is sold with them; `bulky` (大件), they are too big to be carried in.
    """

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    rules_class = models.CharField(max_length=40, blank=True)
    trader_installs = models.BooleanField(null=True)
    bulky = models.BooleanField(null=True)

    def __str__(self) -> str:
        return self.name


class ProductModel(CatalogueEntry):
    """One model that the company sold, e.g. 海风 KFR-35GW. `brand` as rule packs write it; blank where it is not known."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    product_class = models.ForeignKey(ProductClass, on_delete=models.PROTECT, related_name="models")
    guarantee_months = models.PositiveSmallIntegerField(default=12)
    brand = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name


class Part(CatalogueEntry):
    """A spare part. What it costs stands in the price list. `rules_part` as rule packs call it; blank where it is not known.

    `kept_as` says whether stock counts it by the piece, by measure (cable, refrigerant), or each with its serial number.
    """

    code_field = "number"

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=10, default="件")
    rules_part = models.CharField(max_length=40, blank=True)
    kept_as = models.CharField(max_length=10, choices=KeptAs, default=KeptAs.COUNTED)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kept_as__in=KeptAs.values), name="catalog_part_kept_as")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class PartFit(models.Model):
    """A model that a part is made for. A part of which no model is named fits all: screws, pipe, refrigerant."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="fits")
    product_model = models.ForeignKey(ProductModel, on_delete=models.PROTECT, related_name="fits")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "product_model"], name="catalog_part_fits_once")]

    def __str__(self) -> str:
        return f"{self.part_id} {self.product_model_id}"


class Substitute(models.Model):
    """A part that may be taken instead of another. It counts in this direction only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="substitutes")
    instead = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="stands_in_for")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "instead"], name="catalog_substitute_once"),
            models.CheckConstraint(condition=~Q(part=F("instead")), name="catalog_substitute_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.instead_id} for {self.part_id}"


class FaultCode(CatalogueEntry):
    """A fault that has a name. Whether it is a performance fault, and severe, decides rights in some 三包 rules.

    `faulty_part` is what the rule packs call the part that fails, blank where it is not known; `main_part` whether the
    certificate lists that part as a main one, None where it is not known.
    """

    product_class = models.ForeignKey(ProductClass, on_delete=models.PROTECT, related_name="fault_codes")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    performance_fault = models.BooleanField(default=False)
    severe = models.BooleanField(default=False)
    faulty_part = models.CharField(max_length=40, blank=True)
    main_part = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product_class", "code"], name="catalog_fault_code_once")]

    def __str__(self) -> str:
        return self.name


class WorkCode(CatalogueEntry):
    """工时代码: a piece of work with the standard hours that it takes on a class of products."""

    product_class = models.ForeignKey(ProductClass, on_delete=models.PROTECT, related_name="work_codes")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    hours = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product_class", "code"], name="catalog_work_code_once")]

    def __str__(self) -> str:
        return self.name


class TravelBand(CatalogueEntry):
    """A distance to the customer that has one price. It reaches from its kilometre to where the next band begins."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    from_km = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            # Of the bands in use only one begins at a kilometre; so none overlap, and none has to say where it ends.
            models.UniqueConstraint(fields=["from_km"], condition=Q(retired_at=None), name="catalog_travel_band_once")
        ]

    def __str__(self) -> str:
        return self.name


type Priced = Part | WorkCode | TravelBand


class Price(models.Model):
    """The four prices of a part, a piece of work or a travel band, from a day until its next price begins.

    No end is stored: so of all prices of a thing exactly one counts on any day, in whatever order they were written down.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, null=True, related_name="prices")
    work_code = models.ForeignKey(WorkCode, on_delete=models.PROTECT, null=True, related_name="prices")
    travel_band = models.ForeignKey(TravelBand, on_delete=models.PROTECT, null=True, related_name="prices")
    valid_from = models.DateField()
    in_charged = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    in_settled = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    out_charged = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    out_settled = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="CNY")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(part__isnull=False, work_code=None, travel_band=None)
                | Q(part=None, work_code__isnull=False, travel_band=None)
                | Q(part=None, work_code=None, travel_band__isnull=False),
                name="catalog_price_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(in_charged__isnull=False)
                | Q(in_settled__isnull=False)
                | Q(out_charged__isnull=False)
                | Q(out_settled__isnull=False),
                name="catalog_price_says_something",
            ),
            models.UniqueConstraint(fields=["part", "valid_from"], name="catalog_part_price_once"),
            models.UniqueConstraint(fields=["work_code", "valid_from"], name="catalog_work_price_once"),
            models.UniqueConstraint(fields=["travel_band", "valid_from"], name="catalog_travel_price_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.valid_from}"

    @property
    def subject(self) -> Priced:
        """What it is the price of."""
        priced = self.part or self.work_code or self.travel_band
        if priced is None:
            raise TypeError("a price of nothing, which the database does not keep")
        return priced

    @property
    def four(self) -> FourPrices:
        """The amounts as a value."""
        return FourPrices(**{name: getattr(self, name) for name in AMOUNTS}, currency=self.currency)
