from django.db import models
from django.db.models import F, Q

from shouhou.access.models import User
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.assets.models import Asset
from shouhou.entitlements.rules.words import Ground, WorkClass
from shouhou.kernel.ids import uuid7


class CitedRule(models.Model):
    """What one version of a rule says, kept from the first verdict on that cites it, whatever becomes of its pack."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    version = models.CharField(max_length=200, unique=True)
    text = models.JSONField()

    def __str__(self) -> str:
        return self.version


class Verdict(BranchRow):
    """One coverage verdict as it was given, with the question and the versions of the rules that it rests on. Never changed.

    `about` is the key of what it was asked for (a work order); the verdicts about one thing are numbered. `book` names the rules
    in force at that moment.
    """

    asset = BranchForeignKey(Asset, on_delete=models.PROTECT, related_name="verdicts")
    about = models.UUIDField()
    sequence = models.PositiveSmallIntegerField()
    question = models.JSONField()
    answer = models.JSONField()
    work_class = models.CharField(
        max_length=1, choices=WorkClass, blank=True, help_text="Blank: a missing fact decides."
    )
    ground = models.CharField(max_length=20, choices=Ground)
    book = models.CharField(max_length=64)
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "about", "sequence"], name="entitlements_verdict_once"),
            models.CheckConstraint(
                condition=Q(work_class__in=["", *WorkClass.values]), name="entitlements_class_known"
            ),
            models.CheckConstraint(
                condition=Q(work_class="", ground=Ground.UNDECIDED) | ~Q(work_class="") & ~Q(ground=Ground.UNDECIDED),
                name="entitlements_class_has_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.sequence}: {self.work_class or '?'}"


class Override(BranchRow):
    """Somebody lets another pay than the verdict says, with a reason. Above his limit it waits for a second person."""

    verdict = BranchForeignKey(Verdict, on_delete=models.PROTECT, related_name="overrides")
    work_class = models.CharField(max_length=1, choices=WorkClass)
    reason = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="What it is about, in CNY.")
    limit = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="Of the person; none: no limit.")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.CheckConstraint(condition=Q(work_class__in=WorkClass.values), name="entitlements_override_class"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="entitlements_override_amount"),
            models.CheckConstraint(condition=~Q(reason=""), name="entitlements_override_reason"),
        ]
        indexes = [
            # Few ever need a second person: those that wait are found among these.
            models.Index(
                fields=["branch", "made_at"], condition=Q(amount__gt=F("limit")), name="entitlements_above_limit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict_id}: {self.work_class}"

    @property
    def waits(self) -> bool:
        """Whether it needs a second person who has not spoken yet."""
        return self.is_above_limit and not self.rulings.all()

    @property
    def is_above_limit(self) -> bool:
        """Whether a second person has to confirm it."""
        return self.limit is not None and self.amount > self.limit

    @property
    def counts(self) -> bool:
        """Whether it decides who pays: it needs no second person, or he has confirmed it."""
        return not self.is_above_limit or any(one.confirmed for one in self.rulings.all())


class OverrideRuling(BranchRow):
    """What the second person said."""

    override = BranchForeignKey(Override, on_delete=models.PROTECT, related_name="rulings")
    confirmed = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "override"], name="entitlements_ruled_once"),
            models.CheckConstraint(condition=Q(confirmed=True) | ~Q(reason=""), name="entitlements_refusal_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.override_id}: {self.confirmed}"
