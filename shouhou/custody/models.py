from django.db import models
from django.db.models import Q

from shouhou.access.models import User
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.assets.models import Asset
from shouhou.custody.rules import AWAY, NAMED, PERSONS, SETTLED, HandOverKind, Holder, HolderKind, ReceiptStatus
from shouhou.workforce.models import Technician


def _one_holder(prefix: str) -> Q:
    """Exactly one holder: a person for the kinds that have one, a place for those that are named by it, else neither."""
    kind, person, place = f"{prefix}kind", f"{prefix}technician", f"{prefix}place"
    return (
        Q((f"{kind}__in", PERSONS), (f"{person}__isnull", False), (place, ""))
        | Q((f"{kind}__in", NAMED), (person, None)) & ~Q((place, ""))
        | Q((f"{kind}__in", SETTLED), (person, None), (place, ""))
    )


def _signed_or_not(side: str) -> Q:
    signed, name, refusal = f"{side}_signed", f"{side}_name", f"{side}_refusal"
    return Q((signed, True), (refusal, "")) & ~Q((name, "")) | Q((signed, False)) & ~Q((refusal, ""))


class GoodsReceipt(BranchRow):
    """客户商品领取收据 (form 003): the customer's proof that we have his unit. Issued, recovered or declared lost, voided."""

    number = models.CharField(max_length=30)
    asset = BranchForeignKey(Asset, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=64, blank=True)
    accessories = models.CharField(max_length=500, blank=True)
    condition = models.CharField(max_length=500)
    promised_on = models.DateField()
    status = models.CharField(max_length=16, choices=ReceiptStatus, default=ReceiptStatus.ISSUED)
    issued_at = models.DateTimeField()
    recovered_at = models.DateTimeField(null=True)
    declaration = models.CharField(max_length=500, blank=True, help_text="The customer's words on how it was lost.")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "number"], name="custody_receipt_number_once"),
            models.UniqueConstraint(
                fields=["branch", "asset"],
                condition=Q(status=ReceiptStatus.ISSUED),
                name="custody_one_open_receipt",
            ),
            models.CheckConstraint(
                condition=Q(status=ReceiptStatus.ISSUED, recovered_at=None, voided_at=None)
                | Q(
                    status__in=[ReceiptStatus.RECOVERED, ReceiptStatus.DECLARED_LOST],
                    recovered_at__isnull=False,
                    voided_at=None,
                )
                | Q(status=ReceiptStatus.VOIDED, recovered_at__isnull=False, voided_at__isnull=False),
                name="custody_receipt_steps",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReceiptStatus.DECLARED_LOST) | ~Q(declaration=""),
                name="custody_lost_has_declaration",
            ),
        ]
        indexes = [
            models.Index(
                fields=["branch", "asset"], condition=~Q(status=ReceiptStatus.VOIDED), name="custody_receipt_unvoided"
            ),
            models.Index(fields=["branch", "issued_at", "id"], name="custody_receipt_book"),
        ]

    def __str__(self) -> str:
        return self.number


class Custody(BranchRow):
    """Where one customer's unit is: exactly one holder, and the open receipt as long as that is not the customer.

    Made when a unit is first taken away; what has no row has never left the customer.
    """

    asset = BranchForeignKey(Asset, on_delete=models.PROTECT, related_name="custodies", db_index=False)
    kind = models.CharField(max_length=12, choices=HolderKind, default=HolderKind.CUSTOMER)
    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    place = models.CharField(max_length=60, blank=True)
    receipt = BranchForeignKey(GoodsReceipt, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ready = models.BooleanField(default=False, help_text="Waits for the customer to fetch it.")
    kept_for = models.CharField(
        max_length=40, blank=True, help_text="The repair card that has to be inspected before it may leave."
    )
    since = models.DateTimeField()
    hand_overs = models.PositiveIntegerField(default=0)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "asset"], name="custody_one_per_unit"),
            models.CheckConstraint(condition=_one_holder(""), name="custody_one_holder"),
            models.CheckConstraint(
                condition=Q(kind__in=AWAY, receipt__isnull=False) | Q(kind__in=SETTLED, receipt=None),
                name="custody_away_against_receipt",
            ),
            models.CheckConstraint(condition=Q(ready=False) | Q(kind=HolderKind.SHELF), name="custody_ready_on_shelf"),
            models.CheckConstraint(
                condition=Q(kept_for="") | Q(kind__in=AWAY, ready=False), name="custody_kept_is_not_handed_back"
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "kind", "since", "id"], name="custody_by_holder"),
            models.Index(
                fields=["branch", "technician"], condition=Q(technician__isnull=False), name="custody_of_technician"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.holder.shown}"

    @property
    def holder(self) -> Holder:
        return Holder(self.kind, self.technician_id, self.place)


class HandOver(BranchRow):
    """One line of the in/out register 客户商品进出登记簿 (form 004). Append-only: a unit's lines together are its trail."""

    custody = BranchForeignKey(Custody, on_delete=models.PROTECT, related_name="lines", db_index=False)
    receipt = BranchForeignKey(GoodsReceipt, on_delete=models.PROTECT, related_name="lines", db_index=False)
    sequence = models.PositiveIntegerField()
    what = models.CharField(max_length=16, choices=HandOverKind)
    from_kind = models.CharField(max_length=12, choices=HolderKind)
    from_technician = BranchForeignKey(
        Technician, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    from_place = models.CharField(max_length=60, blank=True)
    to_kind = models.CharField(max_length=12, choices=HolderKind)
    to_technician = BranchForeignKey(Technician, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    to_place = models.CharField(max_length=60, blank=True)
    giver_name = models.CharField(max_length=80, blank=True)
    giver_signed = models.BooleanField()
    giver_strokes = models.JSONField(default=list)
    giver_refusal = models.CharField(max_length=200, blank=True)
    taker_name = models.CharField(max_length=80, blank=True)
    taker_signed = models.BooleanField()
    taker_strokes = models.JSONField(default=list)
    taker_refusal = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    seal = models.CharField(max_length=64, help_text="SHA-256 over the line and both signatures.")

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "custody", "sequence"], name="custody_line_once"),
            models.CheckConstraint(condition=_one_holder("from_"), name="custody_line_from_one"),
            models.CheckConstraint(condition=_one_holder("to_"), name="custody_line_to_one"),
            models.CheckConstraint(condition=_signed_or_not("giver"), name="custody_giver_signed_or_not"),
            models.CheckConstraint(condition=_signed_or_not("taker"), name="custody_taker_signed_or_not"),
        ]
        indexes = [
            models.Index(fields=["branch", "receipt", "sequence"], name="custody_line_of_receipt"),
            models.Index(fields=["branch", "at", "id"], name="custody_line_book"),
        ]

    def __str__(self) -> str:
        return f"{self.from_kind} → {self.to_kind}"

    @property
    def giver(self) -> Holder:
        return Holder(self.from_kind, self.from_technician_id, self.from_place)

    @property
    def taker(self) -> Holder:
        return Holder(self.to_kind, self.to_technician_id, self.to_place)
