from django.db import models
from django.db.models import Q

from shouhou.access.models import User
from shouhou.catalog.models import ProductModel
from shouhou.entitlements.rules.scope import ScopeItem, ScopeLine, Strategy, Terms
from shouhou.kernel.ids import uuid7


class ServicePackage(models.Model):
    """What the company does for the units of a model after the sale, from a day until its next package begins.

    Never changed, and no end is stored: of those that have begun the last counts, and of two for the same day the one decided
    later. `advice` is what the adviser said when it was decided; empty where it was not asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    product_model = models.ForeignKey(ProductModel, on_delete=models.PROTECT, related_name="service_packages")
    valid_from = models.DateField()
    strategy = models.CharField(max_length=10, choices=Strategy)
    reason = models.CharField(max_length=300)
    advice = models.JSONField(default=dict)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(strategy__in=Strategy.values), name="entitlements_strategy_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="entitlements_package_reason"),
        ]
        indexes = [models.Index(fields=["product_model", "valid_from"], name="entitlements_package_course")]

    def __str__(self) -> str:
        return f"{self.product_model_id} {self.valid_from} {self.strategy}"

    @property
    def scope(self) -> tuple[ScopeLine, ...]:
        """Its lines as values, in the order of the six kinds of work."""
        by_item = {line.item: line.value for line in self.lines.all()}
        return tuple(by_item[item] for item in ScopeItem)


class PackageLine(models.Model):
    """One of the six kinds of work in a package. What `number` counts follows from the kind."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    package = models.ForeignKey(ServicePackage, on_delete=models.PROTECT, related_name="lines")
    item = models.CharField(max_length=20, choices=ScopeItem)
    terms = models.CharField(max_length=10, choices=Terms)
    number = models.PositiveSmallIntegerField(null=True)
    extra = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "item"], name="entitlements_package_item_once"),
            models.CheckConstraint(
                condition=Q(item__in=ScopeItem.values, terms__in=Terms.values), name="entitlements_package_line_known"
            ),
            models.CheckConstraint(
                condition=~Q(item=ScopeItem.SANBAO) | Q(terms=Terms.FREE), name="entitlements_sanbao_free"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.terms}"

    @property
    def value(self) -> ScopeLine:
        """The line as a value."""
        return ScopeLine(item=ScopeItem(self.item), terms=Terms(self.terms), number=self.number, extra=self.extra)
