from django.db import models
from django.db.models import F, Q

from shouhou.access.models import User
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.assets.models import Asset
from shouhou.catalog.models import FaultCode, Part
from shouhou.custody.models import GoodsReceipt
from shouhou.workforce.models import Technician
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import WorkClass
from shouhou.workshop.rules import CardStatus, Evidence, Outcome

_DECIDED = (CardStatus.TO_INSPECT, CardStatus.INSPECTED, CardStatus.CLOSED)


class RepairCard(BranchRow):
    """修护卡 (form 005): hangs on a customer's unit in the workshop and steers its repair, from the queue to the hand-back."""

    number = models.CharField(max_length=30)
    work_order = BranchForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="repair_cards", db_index=False)
    asset = BranchForeignKey(Asset, on_delete=models.PROTECT, related_name="repair_cards", db_index=False)
    receipt = BranchForeignKey(GoodsReceipt, on_delete=models.PROTECT, related_name="repair_cards", db_index=False)
    fault = models.CharField(max_length=2000)
    planned_on = models.DateField()
    status = models.CharField(max_length=12, choices=CardStatus, default=CardStatus.QUEUED)
    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    bench = models.CharField(max_length=60, blank=True)
    diagnosis = models.CharField(max_length=2000, blank=True)
    fault_code = models.ForeignKey(FaultCode, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    work_done = models.CharField(max_length=2000, blank=True, help_text="What was done, or why it cannot be mended.")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "number"], name="workshop_card_number_once"),
            models.UniqueConstraint(fields=["branch", "receipt"], name="workshop_one_card_per_receipt"),
            models.UniqueConstraint(
                fields=["branch", "asset"], condition=Q(closed_at=None), name="workshop_one_open_card"
            ),
            models.CheckConstraint(condition=Q(status__in=CardStatus.values), name="workshop_card_status_known"),
            models.CheckConstraint(
                condition=Q(status=CardStatus.QUEUED, technician=None)
                | ~Q(status=CardStatus.QUEUED) & Q(technician__isnull=False),
                name="workshop_card_has_technician",
            ),
            models.CheckConstraint(
                condition=Q(status__in=_DECIDED, outcome__in=Outcome.values) & ~Q(work_done="")
                | ~Q(status__in=_DECIDED) & Q(outcome=""),
                name="workshop_card_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(status=CardStatus.CLOSED, closed_at__isnull=False)
                | ~Q(status=CardStatus.CLOSED) & Q(closed_at=None),
                name="workshop_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "status", "planned_on", "id"], name="workshop_board"),
            models.Index(fields=["branch", "work_order"], name="workshop_cards_of_order"),
        ]

    def __str__(self) -> str:
        return self.number


class BenchWork(BranchRow):
    """One stretch of real work of one technician on a card, by the class of the work (rule 十五 reports it)."""

    card = BranchForeignKey(RepairCard, on_delete=models.PROTECT, related_name="stretches", db_index=False)
    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, related_name="+", db_index=False)
    work_class = models.CharField(max_length=1, choices=WorkClass)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "technician"], condition=Q(ends_at=None), name="workshop_one_open_stretch"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="workshop_stretch_period"
            ),
            models.CheckConstraint(condition=Q(work_class__in=WorkClass.values), name="workshop_stretch_class"),
        ]
        indexes = [
            models.Index(fields=["branch", "card", "starts_at"], name="workshop_work_on_card"),
            models.Index(fields=["branch", "technician", "starts_at"], name="workshop_work_of"),
        ]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.starts_at}"


class PartUsed(BranchRow):
    """A part that went into the unit."""

    card = BranchForeignKey(RepairCard, on_delete=models.PROTECT, related_name="parts_used", db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=9, decimal_places=3)
    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gt=0), name="workshop_part_quantity"),
        ]
        indexes = [models.Index(fields=["branch", "card", "at"], name="workshop_parts_on_card")]

    def __str__(self) -> str:
        return f"{self.part_id} × {self.quantity}"


class CustomerQuestion(BranchRow):
    """What the customer was asked before the repair may go on, what it would cost, and his answer with what shows it."""

    card = BranchForeignKey(RepairCard, on_delete=models.PROTECT, related_name="questions", db_index=False)
    question = models.CharField(max_length=500)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="CNY")
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    evidence = models.CharField(max_length=12, choices=Evidence, blank=True)
    answered_by = models.CharField(max_length=80, blank=True, help_text="Who answered for the customer.")
    note = models.CharField(max_length=500, blank=True)
    strokes = models.JSONField(default=list)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "card"], condition=Q(answered_at=None), name="workshop_one_open_question"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, agreed=None, evidence="", answered_by="")
                | Q(answered_at__isnull=False, agreed__isnull=False, evidence__in=Evidence.values) & ~Q(answered_by=""),
                name="workshop_answer_has_evidence",
            ),
        ]
        indexes = [models.Index(fields=["branch", "card", "asked_at"], name="workshop_questions_on_card")]

    def __str__(self) -> str:
        return self.question


class PartWait(BranchRow):
    """A repair that stands still for want of a part."""

    card = BranchForeignKey(RepairCard, on_delete=models.PROTECT, related_name="waits", db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "card"], condition=Q(ends_at=None), name="workshop_one_open_wait"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="workshop_wait_period"
            ),
        ]
        indexes = [models.Index(fields=["branch", "card", "starts_at"], name="workshop_waits_on_card")]

    def __str__(self) -> str:
        return self.what


class Inspection(BranchRow):
    """验讫: passed with everything that was looked at, or sent back to the bench with the reason. Append-only."""

    card = BranchForeignKey(RepairCard, on_delete=models.PROTECT, related_name="inspections", db_index=False)
    passed = models.BooleanField()
    checks = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    inspector = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "card"], condition=Q(passed=True), name="workshop_passed_once"),
            models.CheckConstraint(
                condition=Q(passed=True, reason="") | Q(passed=False) & ~Q(reason=""), name="workshop_back_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["branch", "card", "at"], name="workshop_inspections_of")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.passed}"
