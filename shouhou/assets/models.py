from datetime import date

from django.db import models
from django.db.models import Q

from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.assets.rules import Channel, HappeningKind, ProofKind, months_after
from shouhou.catalog.models import FaultCode, ProductModel
from shouhou.customers.models import Customer, KeyField, Site
from shouhou.policies.rules.words import Uncounted


class Asset(BranchRow):
    """One sold unit at a customer's. Small things may have no serial number; then the company's own number names them."""

    customer = BranchForeignKey(Customer, on_delete=models.PROTECT, related_name="assets")
    site = BranchForeignKey(Site, on_delete=models.PROTECT, related_name="assets", null=True, blank=True)
    product_model = models.ForeignKey(ProductModel, on_delete=models.PROTECT, related_name="assets")
    serial = KeyField(max_length=40, blank=True)
    # Its last characters are what is legible and what is said: read from the end they are a prefix, which an index serves.
    serial_backwards = KeyField(max_length=40, blank=True, editable=False)
    # What is known of the sale: guarantee periods are computed from it, and never stored.
    sale_date = models.DateField(null=True, blank=True)
    sale_proof = models.CharField(max_length=10, choices=ProofKind, default=ProofKind.NONE)
    delivered_date = models.DateField(null=True, blank=True)
    delivery_proof = models.CharField(max_length=10, choices=ProofKind, default=ProofKind.NONE)
    installed_date = models.DateField(null=True, blank=True)
    trader_installs = models.BooleanField(null=True, help_text="Installation was sold with the goods. None: not known.")
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="As on the invoice, in CNY.")
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    platform = models.CharField(max_length=30, blank=True, help_text="As rule packs call the marketplace.")
    promises = models.JSONField(default=list, help_text="Promises made with the sale, as rule packs call them.")
    contract_number = models.CharField(max_length=40, blank=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "serial", "product_model"],
                condition=~Q(serial=""),
                name="assets_asset_serial_once",
            ),
            models.CheckConstraint(
                condition=Q(serial="", serial_backwards="") | ~Q(serial="") & ~Q(serial_backwards=""),
                name="assets_asset_serial_both_ways",
            ),
            models.CheckConstraint(
                condition=Q(sale_proof__in=ProofKind.values, delivery_proof__in=ProofKind.values),
                name="assets_asset_proofs_known",
            ),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="assets_asset_price_sign"),
        ]
        indexes = [
            models.Index(
                fields=["branch", "serial_backwards"],
                condition=~Q(serial_backwards=""),
                name="assets_asset_serial_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_model_id} {self.serial}"

    @property
    def guarantee_until(self) -> date | None:
        """The first day on which the certificate of the model is no longer good, whatever the law gives beside it."""
        start = self.installed_date or self.sale_date
        return months_after(start, self.product_model.guarantee_months) if start else None


class UnitHappening(BranchRow):
    """One line in the life of a unit: repairs begin and end, parts are waited for, time does not count, the unit is replaced.

    Only written, never changed: what turns out to be wrong is taken back by a further line that `takes_back` it. The lines of
    one repair share its number.
    """

    asset = BranchForeignKey(Asset, on_delete=models.PROTECT, related_name="happenings")
    kind = models.CharField(max_length=20, choices=HappeningKind)
    at = models.DateTimeField(help_text="When it happened, or began.")
    ends_at = models.DateTimeField(null=True)
    repair = models.CharField(max_length=40, blank=True)
    fault_code = models.ForeignKey(FaultCode, on_delete=models.PROTECT, null=True, related_name="+")
    parts = models.JSONField(default=list, help_text="What was replaced, as rule packs call parts.")
    assemblies = models.JSONField(default=list)
    km = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    evidence = models.CharField(max_length=500, blank=True, help_text="What shows that the time need not count.")
    takes_back = BranchForeignKey("self", on_delete=models.PROTECT, null=True, related_name="taken_back_by")
    recorded_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=HappeningKind.values), name="assets_happening_known"),
            models.UniqueConstraint(
                fields=["branch", "takes_back"], condition=Q(takes_back__isnull=False), name="assets_taken_back_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=HappeningKind.TAKEN_BACK, takes_back__isnull=False)
                | ~Q(kind=HappeningKind.TAKEN_BACK) & Q(takes_back=None),
                name="assets_taken_back_names_what",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[HappeningKind.TAKEN_BACK, HappeningKind.REPLACED, HappeningKind.METER_READ])
                | ~Q(repair=""),
                name="assets_repair_has_number",
            ),
            models.CheckConstraint(
                condition=Q(kind=HappeningKind.METER_READ, km__isnull=False)
                | ~Q(kind=HappeningKind.METER_READ) & Q(km=None),
                name="assets_meter_has_km",
            ),
            models.CheckConstraint(
                condition=Q(kind=HappeningKind.LEFT_OUT, ends_at__gte=models.F("at"))
                | ~Q(kind=HappeningKind.LEFT_OUT) & Q(ends_at=None),
                name="assets_left_out_has_end",
            ),
            models.CheckConstraint(
                condition=Q(kind=HappeningKind.LEFT_OUT, reason__in=list(Uncounted)) & ~Q(evidence="")
                | ~Q(kind=HappeningKind.LEFT_OUT) & Q(evidence=""),
                name="assets_left_out_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["branch", "asset", "at"], name="assets_happening_of_unit")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
