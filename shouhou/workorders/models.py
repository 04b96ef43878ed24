from django.db import models
from django.db.models import Q

from shouhou.access.models import User
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.assets.models import Asset
from shouhou.catalog.models import FaultCode, Part, ProductClass
from shouhou.commitments.rules.words import Cause
from shouhou.customers.models import Customer, KeyField, Site
from shouhou.workforce.models import Technician
from shouhou.workorders.rules import (
    LIVE_VISIT,
    OPEN,
    CallChannel,
    LineKind,
    OrderStatus,
    VisitStatus,
    VoucherState,
    WorkClass,
    WorkType,
)

NARROWED_BY = ("work_class", "work_type", "technician", "urgent", "product_class", "zone")


class RegisterPage(BranchRow):
    """One page of the call register: one day of a branch. Opened by the first call, closed after the day has ended."""

    day = models.DateField()
    page_number = models.PositiveIntegerField()
    closed_at = models.DateTimeField(null=True)
    received = models.PositiveIntegerField(default=0)
    carried_over = models.PositiveIntegerField(default=0, help_text="Not dispatched by the end of the day.")

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "day"], name="workorders_page_once"),
        ]
        indexes = [models.Index(fields=["day"], condition=Q(closed_at=None), name="workorders_page_open")]

    def __str__(self) -> str:
        return f"{self.day} ({self.page_number})"


class WorkOrder(BranchRow):
    """A line of the call register and all that follows from it.

    Name, phone, address, zone and product class are those of the call; they do not change when folder or catalogue do.
    """

    number = KeyField(max_length=24)
    source = models.CharField(max_length=80, blank=True, help_text="Key in the system that the call was imported from.")
    received_at = models.DateTimeField()
    received_on = models.DateField(help_text="The day at the branch: the page of the register.")
    channel = models.CharField(max_length=10, choices=CallChannel, default=CallChannel.PHONE)
    customer = BranchForeignKey(Customer, on_delete=models.PROTECT, related_name="work_orders")
    asset = BranchForeignKey(Asset, on_delete=models.PROTECT, related_name="work_orders")
    # The index of the book carries it; one of its own would serve nobody.
    product_class = models.ForeignKey(ProductClass, on_delete=models.PROTECT, related_name="+", db_index=False)
    contact_name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    address = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=10, choices=Site.Zone, blank=True, help_text="Of the place.")
    work_type = models.CharField(max_length=20, choices=WorkType, default=WorkType.REPAIR)
    work_class = models.CharField(max_length=1, choices=WorkClass, blank=True)
    fault = models.TextField(max_length=2000)
    fault_code = models.ForeignKey(FaultCode, on_delete=models.PROTECT, null=True, related_name="+")
    urgent = models.BooleanField(default=False)
    wished_start = models.DateTimeField(
        null=True, help_text="When the customer would like the visit, as said at the call."
    )
    wished_end = models.DateTimeField(null=True)
    status = models.CharField(max_length=12, choices=OrderStatus, default=OrderStatus.RECEIVED)
    # What the line of the book shows beside the call: the last technician sent, and when things happened first.
    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, null=True, related_name="work_orders")
    visit_count = models.PositiveSmallIntegerField(default=0)
    dispatched_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="Struck off or cancelled.")

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "number"], name="workorders_number_once"),
            models.UniqueConstraint(
                fields=["branch", "source"], condition=~Q(source=""), name="workorders_source_once"
            ),
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="workorders_status_known"),
            models.CheckConstraint(
                condition=Q(work_class__in=[*WorkClass.values, ""]), name="workorders_work_class_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, status__in=OPEN) | Q(closed_at__isnull=False) & ~Q(status__in=OPEN),
                name="workorders_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(wished_start=None, wished_end=None) | Q(wished_end__gt=models.F("wished_start")),
                name="workorders_wish_slot",
            ),
        ]
        indexes = [
            # Behind the order of the book stands what it is narrowed by, so that lines that are not meant are never fetched.
            models.Index(fields=["branch", "-received_at", "-id", *NARROWED_BY], name="workorders_register"),
            # Only what is open: counting it costs the same however long the register has become.
            models.Index(
                fields=["branch", "status", "visit_count", "received_on"],
                condition=Q(closed_at=None),
                name="workorders_open",
            ),
            models.Index(fields=["branch", "status", "received_at", "id", *NARROWED_BY], name="workorders_by_status"),
            models.Index(fields=["branch", "customer", "-received_at", "-id"], name="workorders_of_customer"),
            models.Index(fields=["branch", "asset", "-received_at", "-id"], name="workorders_of_asset"),
            models.Index(fields=["branch", "received_on", "received_at"], name="workorders_page"),
        ]

    def __str__(self) -> str:
        return self.number


class Hold(BranchRow):
    """A pause of a work order, with its reason and who or what causes it. At most one is open."""

    work_order = BranchForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=200)
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.COMPANY)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "work_order"], condition=Q(ends_at=None), name="workorders_one_open_hold"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at")), name="workorders_hold_period"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Visit(BranchRow):
    """One trip of a technician for a work order 上门. At most one of an order is live."""

    work_order = BranchForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="visits")
    technician = BranchForeignKey(Technician, on_delete=models.PROTECT, related_name="visits")
    sequence = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=14, choices=VisitStatus, default=VisitStatus.DISPATCHED)
    planned_start = models.DateTimeField(null=True)
    planned_end = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was refused, withdrawn or not completed.")

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "work_order", "sequence"], name="workorders_visit_sequence"),
            models.UniqueConstraint(
                fields=["branch", "work_order"], condition=Q(status__in=LIVE_VISIT), name="workorders_one_live_visit"
            ),
            models.CheckConstraint(
                condition=Q(planned_start=None, planned_end=None) | Q(planned_end__gt=models.F("planned_start")),
                name="workorders_visit_slot",
            ),
        ]
        indexes = [
            models.Index(
                fields=["branch", "technician", "planned_start"],
                condition=Q(status__in=LIVE_VISIT),
                name="workorders_live_visits",
            ),
            models.Index(fields=["branch", "technician", "-dispatched_at"], name="workorders_visits_of"),
        ]

    def __str__(self) -> str:
        return f"{self.work_order_id} #{self.sequence}"


class WorkOrderLine(BranchRow):
    """What was spent on an order: labour, a part, travel or something else. Taken back by a line that reverses it."""

    work_order = BranchForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="lines")
    visit = BranchForeignKey(Visit, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=8, choices=LineKind)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, null=True, related_name="+")
    description = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    unit = models.CharField(max_length=10)
    unit_price = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="CNY")
    reverses = BranchForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    written_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "reverses"], condition=Q(reverses__isnull=False), name="workorders_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=LineKind.PART, part__isnull=False) | ~Q(kind=LineKind.PART) & Q(part=None),
                name="workorders_part_line_has_part",
            ),
        ]
        indexes = [models.Index(fields=["branch", "work_order"], name="workorders_lines_of")]

    def __str__(self) -> str:
        return self.description


class Voucher(BranchRow):
    """服务凭证: the life card of one unit. There is one paper, so there is exactly one holder."""

    asset = BranchForeignKey(Asset, on_delete=models.PROTECT, related_name="vouchers")
    number = KeyField(max_length=24)
    state = models.CharField(max_length=16, choices=VoucherState, default=VoucherState.IN_FOLDER)
    holder = BranchForeignKey(Technician, on_delete=models.PROTECT, null=True, related_name="held_vouchers")
    work_order = BranchForeignKey(WorkOrder, on_delete=models.PROTECT, null=True, related_name="vouchers_out")
    since = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "asset"], name="workorders_one_voucher_per_asset"),
            models.UniqueConstraint(fields=["branch", "number"], name="workorders_voucher_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=[VoucherState.WITH_TECHNICIAN, VoucherState.SIGNED], holder__isnull=False)
                | Q(state__in=[VoucherState.IN_FOLDER, VoucherState.HANDED_IN, VoucherState.FILED], holder=None),
                name="workorders_voucher_one_holder",
            ),
        ]
        indexes = [
            models.Index(
                fields=["branch", "holder"], condition=Q(holder__isnull=False), name="workorders_voucher_held"
            ),
            # Only the few that are out: "has this order a voucher out" then costs the same however many lie in folders.
            models.Index(
                fields=["branch", "work_order", "state"],
                condition=Q(work_order__isnull=False),
                name="workorders_voucher_out",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class VoucherMove(BranchRow):
    """One change of holder. Append-only: together they are the voucher's way."""

    voucher = BranchForeignKey(Voucher, on_delete=models.PROTECT, related_name="moves")
    work_order = BranchForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="voucher_moves")
    from_state = models.CharField(max_length=16, choices=VoucherState)
    to_state = models.CharField(max_length=16, choices=VoucherState)
    holder = BranchForeignKey(Technician, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta(BranchRow.Meta):
        indexes = [models.Index(fields=["branch", "voucher", "at"], name="workorders_voucher_way")]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class VoucherEntry(BranchRow):
    """One visit's line on the voucher: what was found and done, and the customer's signature, or why there is none."""

    voucher = BranchForeignKey(Voucher, on_delete=models.PROTECT, related_name="entries")
    work_order = BranchForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="voucher_entries")
    visit = BranchForeignKey(Visit, on_delete=models.PROTECT, related_name="voucher_entries")
    entered_at = models.DateTimeField()
    work_class = models.CharField(max_length=1, choices=WorkClass)
    completed = models.BooleanField()
    fault_found = models.TextField(max_length=2000)
    fault_code = models.ForeignKey(
        FaultCode,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The fault that it turned out to be.",
    )
    work_done = models.TextField(max_length=2000)
    checks = models.JSONField(default=dict)
    labour_minutes = models.PositiveIntegerField(default=0)
    travel_minutes = models.PositiveIntegerField(default=0)
    charge = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="CNY")
    signer_name = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True)
    strokes = models.JSONField(default=list)
    signature_image = models.BinaryField(null=True)
    unsigned_reason = models.CharField(max_length=200, blank=True, help_text="Why the customer did not sign.")
    seal = models.CharField(max_length=64, blank=True, help_text="SHA-256 over entry, strokes and image.")

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "visit"], name="workorders_one_entry_per_visit"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(unsigned_reason__gt="") | Q(signature_image__isnull=False),
                name="workorders_signed_has_image",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "voucher", "entered_at"], name="workorders_entries_of"),
            models.Index(fields=["branch", "work_order", "entered_at"], name="workorders_order_entries"),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.entered_at:%F}"


class Photo(BranchRow):
    """A picture that proves a state: the fault, the plate, the finished work. Re-encoded, without the camera's data."""

    work_order = BranchForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="photos")
    file = models.FileField(upload_to="photos/")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the stored file.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=100, blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        indexes = [models.Index(fields=["branch", "work_order", "taken_at"], name="workorders_photos_of")]

    def __str__(self) -> str:
        return self.caption or str(self.id)
