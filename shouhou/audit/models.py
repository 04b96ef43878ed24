from django.db import models

from shouhou.kernel.ids import uuid7


class Chain(models.Model):
    """The head of one case's journal: how many events it has and the hash of the last.

    It is what makes a removed *last* event show, and the row that is locked while the next one is written.
    """

    id = models.UUIDField(primary_key=True)
    branch_id = models.UUIDField()
    length = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.id} ({self.length})"


class Event(models.Model):
    """One thing that happened: who did what to which subject, when, through which channel, and what changed.

    `branch_id`, `chain_id`, `subject_id` and `actor_id` are plain keys: the journal lies below everything it speaks of.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    branch_id = models.UUIDField()
    chain_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    actor_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=10)
    at = models.DateTimeField()
    data = models.JSONField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch_id", "chain_id", "sequence"], name="audit_event_place_in_chain"),
        ]
        indexes = [models.Index(fields=["branch_id", "at"], name="audit_event_branch_at")]

    def __str__(self) -> str:
        return f"{self.verb} #{self.sequence}"
