from django.db import models
from django.utils.translation import gettext_lazy as _

from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.catalog.models import ProductModel
from shouhou.customers.models import Customer, KeyField, Site


class Asset(BranchRow):
    """One sold unit at a customer's. Small things may have no serial number; then the company's own number names them."""

    customer = BranchForeignKey(Customer, on_delete=models.PROTECT, related_name="assets")
    site = BranchForeignKey(Site, on_delete=models.PROTECT, related_name="assets", null=True, blank=True)
    product_model = models.ForeignKey(ProductModel, on_delete=models.PROTECT, related_name="assets")
    serial = KeyField(max_length=40, blank=True)
    # Its last characters are what is legible and what is said: read from the end they are a prefix, which an index serves.
    serial_backwards = KeyField(max_length=40, blank=True, editable=False)
    sale_date = models.DateField(null=True, blank=True)
    installed_date = models.DateField(null=True, blank=True)
    guarantee_until = models.DateField(null=True, blank=True, help_text=_("First day that is no longer free."))
    contract_number = models.CharField(max_length=40, blank=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "serial", "product_model"],
                condition=~models.Q(serial=""),
                name="assets_asset_serial_once",
            ),
            models.CheckConstraint(
                condition=models.Q(serial="", serial_backwards="")
                | ~models.Q(serial="") & ~models.Q(serial_backwards=""),
                name="assets_asset_serial_both_ways",
            ),
        ]
        indexes = [
            models.Index(
                fields=["branch", "serial_backwards"],
                condition=~models.Q(serial_backwards=""),
                name="assets_asset_serial_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_model_id} {self.serial}"
