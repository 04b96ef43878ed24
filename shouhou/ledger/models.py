"""The tables. Amounts are whole minor units (fen), so that both databases add them up exactly; what `guards` lays on the tables
the database itself refuses: entries that do not balance, changed rows, balances below zero where they may not be.
"""

from django.db import models
from django.db.models import F, Q

from shouhou.access.models import Branch
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.kernel.money import Money
from shouhou.ledger.rules import CROSSING, AccountKind, HoldStatus, Line, Reference, Side


class LedgerAccount(BranchRow):
    """An account of a branch: of what kind, whose (an opaque key), in which currency, and what stands on it.

    Balance and held amount are running totals on the account's own side. The database adds to them with each posting and each
    move of a hold, counting them up in `version`; nobody else writes them. `verify` adds everything up anew.
    """

    kind = models.CharField(max_length=30, choices=AccountKind)
    owner_kind = models.CharField(max_length=40)
    owner_id = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    normal_side = models.CharField(max_length=6, choices=Side)
    may_be_negative = models.BooleanField()
    must_return_to_zero = models.BooleanField()
    balance_minor = models.BigIntegerField(default=0)
    held_minor = models.BigIntegerField(default=0)
    version = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "kind", "owner_kind", "owner_id", "currency"], name="ledger_account_once"
            ),
            models.CheckConstraint(condition=Q(normal_side__in=Side.values), name="ledger_account_side"),
            models.CheckConstraint(
                condition=Q(may_be_negative=True) | Q(balance_minor__gte=F("held_minor")),
                name="ledger_account_not_below_zero",
            ),
            models.CheckConstraint(condition=Q(held_minor__gte=0), name="ledger_account_held"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner_kind}:{self.owner_id} {self.currency}"

    @property
    def owner(self) -> Reference:
        return Reference(self.owner_kind, self.owner_id)

    @property
    def balance(self) -> Money:
        return Money.of_minor_units(self.balance_minor, self.currency)

    @property
    def held(self) -> Money:
        return Money.of_minor_units(self.held_minor, self.currency)

    @property
    def available(self) -> Money:
        """What is neither held nor owed: the balance without the holds."""
        return self.balance - self.held


class Hold(BranchRow):
    """An amount set aside on an account until it is paid out (whole or in part), given free, or its time is over.

    Everything but the status stays as it was written, and the status follows the hold's moves.
    """

    account = BranchForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="holds", db_index=False)
    key = models.CharField(max_length=120)
    fingerprint = models.BinaryField(max_length=32)
    amount_minor = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=HoldStatus, default=HoldStatus.PENDING)
    memo = models.CharField(max_length=200, blank=True)
    source_kind = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=64, blank=True)
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "key"], name="ledger_hold_key_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="ledger_hold_amount"),
            models.CheckConstraint(condition=Q(status__in=HoldStatus.values), name="ledger_hold_status"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("placed_at")), name="ledger_hold_ends_later"
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "account", "id"], name="ledger_hold_of_account"),
            models.Index(
                fields=["branch", "expires_at"], condition=Q(status=HoldStatus.PENDING), name="ledger_hold_runs_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"

    @property
    def amount(self) -> Money:
        """What was set aside, in the currency of the account."""
        return Money.of_minor_units(self.amount_minor, self.account.currency)

    @property
    def source(self) -> Reference:
        return Reference(self.source_kind, self.source_id)


class HoldMove(BranchRow):
    """One step of a hold: placed, then one of posted, voided and timed out. Never changed; a second end cannot be stored."""

    class Kind(models.TextChoices):
        PLACED = "placed"
        POSTED = "posted"
        VOIDED = "voided"
        TIMED_OUT = "timed_out"

    hold = BranchForeignKey(Hold, on_delete=models.PROTECT, related_name="moves", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    change_minor = models.BigIntegerField(help_text="By how much the held amount of the account changes.")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "hold"], condition=Q(kind="placed"), name="ledger_hold_begins_once"
            ),
            models.UniqueConstraint(
                fields=["branch", "hold"], condition=~Q(kind="placed"), name="ledger_hold_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["placed", "posted", "voided", "timed_out"]), name="ledger_hold_move_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hold_id}: {self.kind}"


class JournalEntry(BranchRow):
    """A balanced set of postings under a caller's key, with what it comes from and the version of the rule it rests on.

    Never changed, never removed; corrected by an entry that reverses it, once. It is written after its postings: the database
    adds them up and takes the entry, or refuses all of it.
    """

    key = models.CharField(max_length=120)
    fingerprint = models.BinaryField(max_length=32)
    lines = models.PositiveSmallIntegerField(help_text="How many postings it has.")
    memo = models.CharField(max_length=200, blank=True)
    source_kind = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=64, blank=True)
    rule = models.CharField(max_length=200, blank=True)
    event_id = models.UUIDField(null=True, help_text="The event of the journal that brought it about.")
    reverses = BranchForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversals", db_index=False)
    hold = BranchForeignKey(Hold, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False)
    at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "key"], name="ledger_entry_key_once"),
            models.UniqueConstraint(
                fields=["branch", "reverses"], condition=Q(reverses__isnull=False), name="ledger_reversed_once"
            ),
            models.UniqueConstraint(
                fields=["branch", "hold"], condition=Q(hold__isnull=False), name="ledger_hold_posted_once"
            ),
            models.CheckConstraint(condition=Q(lines__gte=2), name="ledger_entry_two_lines"),
        ]
        indexes = [models.Index(fields=["branch", "source_kind", "source_id"], name="ledger_entry_source")]

    def __str__(self) -> str:
        return self.key

    @property
    def source(self) -> Reference:
        return Reference(self.source_kind, self.source_id)


class Posting(BranchRow):
    """One line of an entry on one account; debit above zero, credit below. Never changed."""

    entry = BranchForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = BranchForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings", db_index=False)
    line = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "entry", "line"], name="ledger_posting_line"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_posting_amount"),
        ]
        indexes = [models.Index(fields=["branch", "account", "at", "id"], name="ledger_posting_statement")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.line}: {self.amount_minor} {self.currency}"

    @property
    def amount(self) -> Money:
        return Money.of_minor_units(self.amount_minor, self.currency)

    def as_line(self) -> Line:
        return Line(self.account_id, self.amount)


class Crossing(BranchRow):
    """Money on its way from this branch to another: gone from the books here, owed to an account there.

    Nothing of it changes but that it arrives, once, and when that is tried again. The account over there is named, not linked.
    """

    account = BranchForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="crossings", db_index=False)
    to_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    fingerprint = models.BinaryField(max_length=32)
    into_kind = models.CharField(max_length=30, choices=AccountKind)
    into_owner_kind = models.CharField(max_length=40)
    into_owner_id = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField(help_text="The line over there: debit above zero, credit below.")
    currency = models.CharField(max_length=3)
    memo = models.CharField(max_length=200, blank=True)
    rule = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "key"], name="ledger_crossing_key_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_crossing_amount"),
            models.CheckConstraint(condition=~Q(branch=F("to_branch")), name="ledger_crossing_crosses"),
        ]
        indexes = [
            models.Index(
                fields=["branch", "next_try_at"], condition=Q(arrived_at=None), name="ledger_crossing_on_its_way"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def into_owner(self) -> Reference:
        return Reference(self.into_owner_kind, self.into_owner_id)

    @property
    def amount(self) -> Money:
        """The line over there: debit above zero, credit below."""
        return Money.of_minor_units(self.amount_minor, self.currency)

    @property
    def as_source(self) -> Reference:
        """What its entries, in both branches, name as that which they come from."""
        return Reference(CROSSING, str(self.id))
