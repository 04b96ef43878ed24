from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from shouhou.access.permissions import Role
from shouhou.access.rules import Authority, Decision
from shouhou.kernel.ids import uuid7


class Branch(models.Model):
    """A place of the company that keeps its own register: HQ → service centre → branch. Small, shared, rarely changed."""

    class Kind(models.TextChoices):
        HQ = "hq", _("Headquarters")
        CENTRE = "centre", _("Service centre")
        BRANCH = "branch", _("Branch")

    id = models.UUIDField(primary_key=True, default=uuid7)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=8, unique=True, help_text=_("Prefix of this branch's document numbers."))
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    # What the rule packs call the region whose own rules count for the customers here; blank where it is not known.
    region = models.CharField(max_length=40, blank=True)
    # Codes from the root down, each followed by a slash ("HQ/QD/"): what a role at a branch reaches is a prefix test.
    path = models.CharField(max_length=120, unique=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Someone who signs in. Technicians and customers are records of their own."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    display_name = models.CharField(max_length=60)
    language = models.CharField(max_length=10, blank=True)
    # Whose administrators answer for him, also while he has no role anywhere.
    home = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    # How often all his sessions were ended: each new one carries the count, and counts only while it is the same.
    sessions_ended = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must match (Django has no other place for it): the password, and how often all were ended."""
        bound = f"{self.password}${self.sessions_ended}"
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, bound, secret=secret, algorithm="sha256").hexdigest()


class RoleAssignment(models.Model):
    """A role that a user has at a branch and everywhere below it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "user", "role"], name="access_role_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.branch}"


class ApiToken(models.Model):
    """A program's key. Only its hash is kept; it acts as its user, within its scopes, until it expires or is revoked."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    hash = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list, help_text=_("Permission codes; empty means all that the user may do."))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """The last number given out of one kind of document, per branch and period. Its row is locked while one is taken."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    period = models.CharField(max_length=10)
    counter = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "kind", "period"], name="access_series_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.counter}"


class NumberPrefix(models.Model):
    """What the numbers of one kind of document begin with at a branch: the youngest counts.

    Once used, a prefix stays its branch's for good, so that two branches never give out the same number.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    owner = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="prefixes")
    kind = models.CharField(max_length=20)
    prefix = models.CharField(max_length=8)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "prefix"], name="access_prefix_once")]
        indexes = [models.Index(fields=["owner", "kind", "since"], name="access_prefix_now")]

    def __str__(self) -> str:
        return self.prefix


class ApprovalLimit(models.Model):
    """权责划分: up to which amount whoever holds a role decides one kind of thing alone, at a place or everywhere.

    Never overwritten: what changes is ended, and another row begins. A place counts with all below it, the nearest one first.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=20, choices=Decision)
    role = models.CharField(max_length=20, choices=Role)
    place = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, related_name="approval_limits", help_text="None: everywhere."
    )
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="None: without limit.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "role", "currency", "place"],
                condition=Q(ends_at=None, place__isnull=False),
                name="access_limit_once_at_place",
            ),
            # No place is equal to no place here, which an ordinary unique constraint does not say.
            models.UniqueConstraint(
                fields=["kind", "role", "currency"],
                condition=Q(ends_at=None, place=None),
                name="access_limit_once_everywhere",
            ),
            models.CheckConstraint(condition=Q(kind__in=Decision.values), name="access_limit_kind"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="access_limit_role"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="access_limit_amount"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="access_limit_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.role} {self.currency} {self.amount}"

    @property
    def authority(self) -> Authority:
        """What it gives."""
        return Authority(self.amount)
