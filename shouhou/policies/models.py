from django.db import models
from django.utils.translation import gettext_lazy as _

from shouhou.access.models import User
from shouhou.kernel.ids import uuid7


class CompanyPack(models.Model):
    """One version of a pack of the company's own: promises of brand and seller, campaigns, contracts.

    Never edited: a change is the next version, and the old one stays with the sales that were made under it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField(help_text=_("The pack as a file: YAML."))
    reason = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="policies_company_pack_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class PackRuling(models.Model):
    """What a second person said of a version: with it the version is in force, or is not and never will be."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    pack = models.OneToOneField(CompanyPack, on_delete=models.PROTECT, related_name="ruling")
    approved = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pack_id} {self.approved}"
