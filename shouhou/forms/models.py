from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouhou.access.wall import BranchRow


class FormCode(models.TextChoices):
    """The company's forms (table 14.6.1), by the codes printed on them."""

    VOUCHER = "SF001", _("服表001 Service voucher")
    REGISTER = "SF002", _("服表002 Call register")
    REPAIR_CARD = "SF005", _("服表005 Repair card")


class FormSheet(BranchRow):
    """A paper form that exists: what it shows, how often it was printed, and whether it was declared void."""

    form_code = models.CharField(max_length=8, choices=FormCode)
    subject_id = models.UUIDField(help_text="The voucher, register page or repair card that the sheet shows.")
    issue = models.PositiveSmallIntegerField(help_text="Counts up when a voided sheet is replaced.")
    print_count = models.PositiveIntegerField(default=0)
    first_printed_at = models.DateTimeField()
    last_printed_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "form_code", "subject_id", "issue"], name="forms_issue_once"),
            models.UniqueConstraint(
                fields=["branch", "form_code", "subject_id"], condition=Q(voided_at=None), name="forms_one_valid_sheet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_code} {self.issue}"

    @property
    def reprint_count(self) -> int:
        """How often it was printed again after the first time."""
        return max(0, self.print_count - 1)
