from typing import TYPE_CHECKING

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from shouhou.access.wall import BranchForeignKey, BranchRow

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField  # takes no type parameters when it runs


class Customer(BranchRow):
    """Who is served: a person, a company, a dealer 代理 or a direct user 直销. His folder is 客户资料袋."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")
        DEALER = "dealer", _("Dealer")
        DIRECT_USER = "direct_user", _("Direct user")

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20, help_text=_("E.164"))
    note = models.TextField(blank=True, max_length=2000)
    registered_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        indexes = [models.Index(fields=["branch", "phone"], name="customers_customer_phone")]

    def __str__(self) -> str:
        return self.name


class Contact(BranchRow):
    """Another person to speak to at a customer."""

    customer = BranchForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    position = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Site(BranchRow):
    """A place where units of a customer stand and technicians go. The zone decides how soon they must be there."""

    class Zone(models.TextChoices):
        CITY = "city", _("City")
        SUBURB = "suburb", _("Suburb")

    customer = BranchForeignKey(Customer, on_delete=models.PROTECT, related_name="sites")
    address = models.CharField(max_length=200)
    zone = models.CharField(max_length=10, choices=Zone, default=Zone.CITY)

    def __str__(self) -> str:
        return self.address


class KeyField(_CharField):
    """Text compared byte by byte on both databases, so that a range of keys is a prefix search that an index serves."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        parameters = super().db_parameters(connection)
        return {**parameters, "collation": "C" if connection.vendor == "postgresql" else None}


class CustomerKey(BranchRow):
    """One key under which a customer is found (see `rules.keys_of`)."""

    customer = BranchForeignKey(Customer, on_delete=models.CASCADE, related_name="keys")
    key = KeyField(max_length=40)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "key", "customer"], name="customers_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
