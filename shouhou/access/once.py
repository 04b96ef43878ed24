"""What is sent twice is done once: the API's idempotency keys and the one-time keys of forms are both kept this way.

The key is taken first, inside the transaction of the act itself. A repeat that comes too early therefore waits at the unique
constraint until the first is through, and an act that was refused leaves no key behind.
"""

import hashlib
from collections.abc import Collection
from typing import cast

from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest

from shouhou.access.models import User
from shouhou.audit.statements import insert_once
from shouhou.kernel.ids import uuid7


class SentOnce(models.Model):
    """A key that one user has used, and what was sent under it. An interface adds what it remembers of the outcome.

    `fingerprint` tells a repeat of the same call from another call under the same key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


def take_key(row: SentOnce) -> bool:
    """Insert the row unless its user has used its key. One statement, which waits for a transaction that has just used it."""
    return insert_once(row, unique=("user_id", "key"))


def fingerprint_of(request: HttpRequest, *, without: Collection[str] = ()) -> bytes:
    """What makes two calls the same: method, path and body. Of a form its fields and files; the boundary is chance.

    `without` names fields that differ from one sending to the next and say nothing, such as a token; they need a form.
    """
    seal = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type != "multipart/form-data" and not without:
        seal.update(request.body)
        return seal.digest()
    for name, values in sorted(request.POST.lists()):
        if name not in without:
            for value in values:
                seal.update(f"{name}={value}\n".encode(errors="surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        for file in cast("list[UploadedFile[bytes]]", files):
            seal.update(f"{name}:{file.size}\n".encode())
            for chunk in file.chunks():
                seal.update(chunk)
            file.seek(0)
    return seal.digest()
