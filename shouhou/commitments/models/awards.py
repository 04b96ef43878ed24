from datetime import datetime

from django.db import models
from django.db.models import F, Q

from shouhou.access.models import User
from shouhou.access.rules import Decision
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.commitments.rules.award_words import ENDS, RULINGS, AwardState, Settlement, StepKind
from shouhou.commitments.rules.remedies import Means, Payee, Payer, Remedy, read_remedy
from shouhou.kernel.money import Money
from shouhou.ledger.rules import Reference


class Award(BranchRow):
    """What one breach owes to somebody: the remedy as it was then, the figures it was computed from, and where it is.

    `about` names what it is owed for (a commitment, later a dispute), `key` is the caller's: the same call again gives the same
    award. `parts` are the payers' amounts in minor units, `parties` who payers and payee are. Only state and `settled_minor`
    change; who did that is in the steps.
    """

    key = models.CharField(max_length=120)
    fingerprint = models.BinaryField(max_length=32)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=64)
    label = models.CharField(max_length=80, blank=True)
    decision = models.CharField(max_length=20, choices=Decision)
    remedy = models.JSONField()
    remedy_version = models.CharField(max_length=80)
    rule = models.CharField(max_length=200, blank=True)
    facts = models.JSONField()
    exact = models.CharField(max_length=60, help_text="What the formula said, before floor, cap and rounding.")
    bound = models.CharField(max_length=5, blank=True, help_text="Which of floor and cap counted.")
    parts = models.JSONField()
    parties = models.JSONField()
    payee = models.CharField(max_length=10, choices=Payee)
    means = models.CharField(max_length=12, choices=Means)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    points = models.PositiveIntegerField(null=True)
    settled_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=AwardState)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "key"], name="commitments_award_key_once"),
            models.CheckConstraint(condition=Q(state__in=AwardState.values), name="commitments_award_state"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="commitments_award_amount"),
            models.CheckConstraint(
                condition=Q(settled_minor__gte=0, settled_minor__lte=F("amount_minor")),
                name="commitments_award_settled",
            ),
            models.CheckConstraint(
                condition=~Q(state=AwardState.SETTLED) | Q(settled_minor=F("amount_minor")),
                name="commitments_award_settled_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["branch", "proposed_at", "id"],
                condition=Q(state__in=[AwardState.PROPOSED, AwardState.APPROVED]),
                name="commitments_awards_open",
            ),
            models.Index(fields=["branch", "about_kind", "about_id"], name="commitments_awards_about"),
        ]

    def __str__(self) -> str:
        return f"{self.remedy_version} {self.label}: {self.state}"

    @property
    def about(self) -> Reference:
        return Reference(self.about_kind, self.about_id)

    @property
    def amount(self) -> Money:
        """What it is, or what its points are worth."""
        return self._money(self.amount_minor)

    @property
    def settled(self) -> Money:
        return self._money(self.settled_minor)

    @property
    def unsettled(self) -> Money:
        return self._money(self.amount_minor - self.settled_minor)

    @property
    def borne_by(self) -> list[tuple[Payer, Money]]:
        return [(Payer(who), self._money(minor)) for who, minor in self.parts]

    @property
    def formula(self) -> Remedy:
        """The remedy by which it was computed, as it was then."""
        return read_remedy(self.remedy)

    def party(self, who: str) -> Reference:
        """Who a payer or the payee is."""
        kind, key = self.parties[who]
        return Reference(kind, key)

    def _money(self, minor: int) -> Money:
        return Money.of_minor_units(minor, self.currency)


class AwardStep(BranchRow):
    """What was done to an award, by whom, and the entry that it put into the books. Never changed."""

    award = BranchForeignKey(Award, on_delete=models.PROTECT, related_name="steps", db_index=False)
    kind = models.CharField(max_length=10, choices=StepKind)
    how = models.CharField(max_length=12, choices=Settlement, blank=True)
    key = models.CharField(max_length=120, blank=True)
    amount_minor = models.BigIntegerField(default=0)
    entry_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "award"], condition=Q(kind__in=RULINGS), name="commitments_award_ruled_once"
            ),
            models.UniqueConstraint(
                fields=["branch", "award"], condition=Q(kind__in=ENDS), name="commitments_award_ends_once"
            ),
            models.UniqueConstraint(fields=["branch", "key"], condition=~Q(key=""), name="commitments_award_step_once"),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="commitments_award_step_kind"),
            models.CheckConstraint(
                condition=Q(kind=StepKind.SETTLED, how__in=Settlement.values, amount_minor__gt=0)
                | ~Q(kind=StepKind.SETTLED) & Q(how=""),
                name="commitments_award_step_how",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[StepKind.REFUSED, *ENDS]) | ~Q(reason=""), name="commitments_award_step_reason"
            ),
        ]
        indexes = [models.Index(fields=["branch", "award", "at"], name="commitments_award_steps")]

    def __str__(self) -> str:
        return f"{self.award_id}: {self.kind}"

    def amount_in(self, currency: str) -> Money:
        """What it settled, in the currency of its award."""
        return Money.of_minor_units(self.amount_minor, currency)


class TopUp(BranchRow):
    """What a seller has to fill up in his deposit, because an award asked for more than was there; by when, and what is left."""

    award = BranchForeignKey(Award, on_delete=models.PROTECT, related_name="top_ups")
    owner_kind = models.CharField(max_length=40)
    owner_id = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    open_minor = models.BigIntegerField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(open_minor__gte=0, open_minor__lte=F("amount_minor"), amount_minor__gt=0),
                name="commitments_top_up_open",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="commitments_top_up_due_later"),
        ]
        indexes = [
            models.Index(
                fields=["branch", "owner_kind", "owner_id", "due_at"],
                condition=Q(open_minor__gt=0),
                name="commitments_top_ups_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind}:{self.owner_id} {self.open_minor} {self.currency}"

    @property
    def owner(self) -> Reference:
        return Reference(self.owner_kind, self.owner_id)

    @property
    def amount(self) -> Money:
        return Money.of_minor_units(self.amount_minor, self.currency)

    @property
    def open(self) -> Money:
        return Money.of_minor_units(self.open_minor, self.currency)

    def is_overdue(self, at: datetime) -> bool:
        """Whether the seller is restricted by it."""
        return self.open_minor > 0 and self.due_at <= at


class TopUpReceipt(BranchRow):
    """Money that a seller paid into his deposit: what of it filled up what was missing, and the entry. Never changed."""

    key = models.CharField(max_length=120)
    owner_kind = models.CharField(max_length=40)
    owner_id = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    filled_minor = models.BigIntegerField()
    into = models.CharField(max_length=12, choices=Settlement)
    entry_id = models.UUIDField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "key"], name="commitments_top_up_receipt_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, filled_minor__gte=0, filled_minor__lte=F("amount_minor")),
                name="commitments_top_up_receipt_amount",
            ),
            models.CheckConstraint(
                condition=Q(into__in=[Settlement.BANK, Settlement.CASH]), name="commitments_top_up_receipt_into"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind}:{self.owner_id} {self.amount_minor} {self.currency}"

    @property
    def amount(self) -> Money:
        return Money.of_minor_units(self.amount_minor, self.currency)

    @property
    def filled(self) -> Money:
        return Money.of_minor_units(self.filled_minor, self.currency)
