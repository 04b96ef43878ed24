from django.db import models

from shouhou.access.models import User
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.catalog.models import ProductClass
from shouhou.kernel.ids import uuid7


class Qualification(models.Model):
    """A certificate of the trade, e.g. 燃气具维修证 or 制冷作业证. Shared by all branches."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Requirement(models.Model):
    """Work on a class of products that only a holder of the qualification may do. No work type: any work."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    product_class = models.ForeignKey(ProductClass, on_delete=models.PROTECT, related_name="requirements")
    work_type = models.CharField(max_length=20, blank=True)
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="requirements")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product_class", "work_type", "qualification"], name="workforce_requirement_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_class_id} {self.work_type} {self.qualification_id}"


class Technician(BranchRow):
    """Who is sent to customers."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="technician")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    active = models.BooleanField(default=True)
    left_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Certificate(BranchRow):
    """A qualification that a technician holds, for a time. The end is exclusive; open where it does not expire."""

    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, related_name="certificates")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="workforce_certificate_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.qualification_id}"


class Absence(BranchRow):
    """A time when a technician cannot be sent: leave, illness, training."""

    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=100, blank=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="workforce_absence_period"
            ),
        ]
        indexes = [models.Index(fields=["branch", "technician", "ends_at"], name="workforce_absence_when")]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.starts_at:%F}"
