from django.db import models
from django.db.models import Q

from shouhou.access.models import Branch, User
from shouhou.kernel.ids import uuid7


class WorkCalendar(models.Model):
    """A calendar of the company: that of a branch (`owner`), which lies on those above it, or one that all share.

    `code` is that of the branch, or a word in small letters. There is no row before something is said of it for the first time.
    `edition` names what it says now: the key of a CalendarEdition, which is never used twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60, blank=True)
    owner = models.OneToOneField(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField(default=0)
    edition = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None, name__gt="") | Q(owner__isnull=False, name=""),
                name="commitments_calendar_has_one_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class CalendarEdition(models.Model):
    """What a calendar said of its own from one change to the next (`said`, as `rules.calendars.plain` writes it). Never changed.

    So what was promised under an edition can be computed again as it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    calendar = models.ForeignKey(WorkCalendar, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    said = models.JSONField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="commitments_calendar_edition_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="commitments_calendar_edition_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.number}"
