from django.db import models

from shouhou.access.once import SentOnce


class StoredAnswer(SentOnce):
    """The answer to an unsafe call that carried an idempotency key. Written in the transaction of the call itself.

    So there is no state "running": a repeat that comes too early waits for the first, and a call that failed leaves nothing.
    """

    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["created_at"], name="api_answer_age")]
