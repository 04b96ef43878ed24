from django.db import models

from shouhou.access.models import User
from shouhou.kernel.ids import uuid7


class StoredAnswer(models.Model):
    """The answer to an unsafe call that carried an idempotency key. Written in the transaction of the call itself.

    So there is no state "running": a repeat that comes too early waits for the first, and a call that failed leaves nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["created_at"], name="api_answer_age")]

    def __str__(self) -> str:
        return self.key
