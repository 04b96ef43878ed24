from django.db import models

from shouhou.kernel.ids import uuid7


class ProductClass(models.Model):
    """A class of products with rules of its own, e.g. gas water heaters. Later the 三包 class."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class ProductModel(models.Model):
    """One model that the company sold, e.g. 海风 KFR-35GW."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    product_class = models.ForeignKey(ProductClass, on_delete=models.PROTECT, related_name="models")
    guarantee_months = models.PositiveSmallIntegerField(default=12)

    def __str__(self) -> str:
        return self.name


class Part(models.Model):
    """A spare part with its list price."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=10, default="件")
    price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="CNY")

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class FaultCode(models.Model):
    """A fault that has a name. Whether it is a performance fault, and severe, decides rights in some 三包 rules."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    product_class = models.ForeignKey(ProductClass, on_delete=models.PROTECT, related_name="fault_codes")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    performance_fault = models.BooleanField(default=False)
    severe = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product_class", "code"], name="catalog_fault_code_once")]

    def __str__(self) -> str:
        return self.name
