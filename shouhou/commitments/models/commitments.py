from datetime import datetime

from django.db import models
from django.db.models import Q

from shouhou.access.models import User
from shouhou.access.permissions import Role
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.commitments.rules.words import OPEN, Band, Cause, MarkKind, State

# What the row repeats of the standing that follows from terms, marks and calendar.
STANDING_FIELDS = (
    "state",
    "started_at",
    "due_at",
    "yellow_at",
    "orange_at",
    "paused_since",
    "breached_at",
    "ended_at",
)


class Commitment(BranchRow):
    """One promise to one subject: its terms as they were when the clock began, and how it stands.

    How it stands is computed from the terms and the marks (`rules.standing`); the row keeps the answer, so that lists need no
    arithmetic, and the next moment at which it could change by itself. `label` is what people call the subject (a number).
    `fault` says why it could not be judged, where that happened.
    """

    definition = models.CharField(max_length=60)
    definition_version = models.CharField(max_length=16)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    label = models.CharField(max_length=80, blank=True)
    owner = models.CharField(max_length=20, choices=Role)
    occasion = models.CharField(
        max_length=40, blank=True, help_text="Event that began it, where each begins another one."
    )
    round = models.PositiveIntegerField(default=1)
    terms = models.JSONField()
    calendar = models.CharField(max_length=160, blank=True)
    started_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    due_at = models.DateTimeField(null=True)
    yellow_at = models.DateTimeField(null=True)
    orange_at = models.DateTimeField(null=True)
    paused_since = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    steps_done = models.PositiveSmallIntegerField(default=0)
    judged_at = models.DateTimeField()
    fault = models.CharField(max_length=300, blank=True)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "subject_kind", "subject_id", "definition", "occasion", "round"],
                name="commitments_commitment_once",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="commitments_commitment_state"),
            models.CheckConstraint(
                condition=Q(state=State.PAUSED, paused_since__isnull=False, due_at=None)
                | ~Q(state=State.PAUSED) & Q(paused_since=None),
                name="commitments_commitment_paused",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | Q(due_at__isnull=False, ended_at=None),
                name="commitments_commitment_running_is_due",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.MET, State.VOID]) | Q(ended_at__isnull=False, next_at=None),
                name="commitments_commitment_ended",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.BREACHED, State.EXCUSED], breached_at__isnull=False)
                | ~Q(state__in=[State.BREACHED, State.EXCUSED]) & Q(breached_at=None),
                name="commitments_commitment_breached",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "next_at"], condition=Q(next_at__isnull=False), name="commitments_next"),
            models.Index(
                fields=["branch", "due_at", "id"],
                condition=Q(state__in=sorted(OPEN)) | Q(state=State.BREACHED, ended_at=None),
                name="commitments_queue",
            ),
            models.Index(
                fields=["branch", "definition", "breached_at"],
                condition=Q(breached_at__isnull=False),
                name="commitments_breaches",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.label}: {self.state}"

    def band(self, now: datetime) -> Band:
        """The colour of the bar at the moment. What was kept in time stays as green as it was."""
        if self.state == State.PAUSED or self.state in (State.VOID, State.EXCUSED):
            return Band.GREY
        moment = now if self.ended_at is None else self.ended_at
        for band, since in ((Band.RED, self.due_at), (Band.ORANGE, self.orange_at), (Band.YELLOW, self.yellow_at)):
            if since is not None and moment >= since:
                return band
        return Band.GREEN


class CommitmentMark(BranchRow):
    """What an event did to the clock of a commitment. Never changed; the standing is computed from all of them.

    `at` is when it happened, `known_at` when it was written down. `key` pairs a pause with its release.
    """

    commitment = BranchForeignKey(Commitment, on_delete=models.PROTECT, related_name="marks", db_index=False)
    kind = models.CharField(max_length=10, choices=MarkKind)
    at = models.DateTimeField()
    key = models.CharField(max_length=80, blank=True)
    cause = models.CharField(max_length=10, choices=Cause, blank=True)
    note = models.CharField(max_length=200, blank=True)
    event_id = models.UUIDField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    known_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["branch", "commitment", "event_id", "kind"],
                condition=Q(event_id__isnull=False),
                name="commitments_mark_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=MarkKind.values), name="commitments_mark_kind"),
            models.CheckConstraint(
                condition=~Q(kind=MarkKind.PAUSE) | Q(cause__in=Cause.values), name="commitments_mark_cause"
            ),
        ]
        indexes = [models.Index(fields=["branch", "commitment", "at"], name="commitments_marks_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class CommitmentNotice(BranchRow):
    """Somebody was told how far a commitment has run: which step of its terms, whom, and when it had come to that."""

    commitment = BranchForeignKey(Commitment, on_delete=models.PROTECT, related_name="notices", db_index=False)
    step = models.PositiveSmallIntegerField()
    tell = models.CharField(max_length=20, choices=Role)
    reached_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "commitment", "step"], name="commitments_notice_once"),
        ]
        indexes = [models.Index(fields=["branch", "tell", "told_at"], name="commitments_notices_to")]

    def __str__(self) -> str:
        return f"step {self.step} to {self.tell}"
