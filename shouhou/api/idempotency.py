"""Idempotency keys: a call that is repeated, because its answer got lost, is not carried out twice.

The key is claimed first, inside the transaction of the call itself. A repeat that comes too early therefore waits at the
unique constraint until the first is through, and a call that was refused leaves no claim behind.
"""

import hashlib
import re
from collections.abc import Callable
from typing import cast

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shouhou.access.models import User
from shouhou.api.models import StoredAnswer
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.ids import uuid7

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
_KEY = re.compile(r"[\x21-\x7e]{1,80}")


class IdempotencyKeyInvalid(Invalid):
    code = "idempotency_key_invalid"
    template = gettext_noop("An idempotency key has 1 to 80 visible ASCII characters.")


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"
    template = gettext_noop("This idempotency key was used for another call. Take a new key for a new call.")


def answer_once(
    request: HttpRequest, *, user: User, act: Callable[[], HttpResponse], kept: Callable[[HttpResponse], bytes]
) -> HttpResponse:
    """Carry out the act, with a key in one transaction with its claim, or give the stored answer if the call was made before.

    `kept` says what of an answer is stored. Raises IdempotencyKeyInvalid, IdempotencyKeyReused and whatever the act raises.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act()  # the action has its own transaction, which begins as late as it can
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid(field=HEADER)
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        claim = StoredAnswer(id=uuid7(), user=user, key=key, fingerprint=fingerprint, created_at=timezone.now())
        if not _claim(claim):
            return _replay(user, key, fingerprint)
        response = act()
        answer = kept(response).decode()
        StoredAnswer.objects.filter(id=claim.id).update(status=response.status_code, body=answer)
        return response


def _claim(claim: StoredAnswer) -> bool:
    """Insert the row unless the key is taken. One statement, which waits for a transaction that has just taken it."""
    fields = [field for field in StoredAnswer._meta.concrete_fields if field.attname not in ("status", "body")]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(StoredAnswer._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}, status) VALUES ({marks}, 0) ON CONFLICT (user_id, key) DO NOTHING",  # noqa: S608 - names of our own columns
            [field.get_db_prep_save(getattr(claim, field.attname), connection) for field in fields],
        )
        return bool(cursor.rowcount == 1)


def _replay(user: User, key: str, fingerprint: bytes) -> HttpResponse:
    stored = StoredAnswer.objects.get(user=user, key=key)
    if bytes(stored.fingerprint) != fingerprint:
        raise IdempotencyKeyReused(field=HEADER)
    response = HttpResponse(stored.body, status=stored.status, content_type="application/json")
    response[REPLAYED] = "true"
    return response


def _fingerprint(request: HttpRequest) -> bytes:
    """What makes two calls the same: method, path and body. Of a form its fields and files; the boundary is chance."""
    seal = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type != "multipart/form-data":
        seal.update(request.body)
        return seal.digest()
    for name, value in sorted(request.POST.items()):
        seal.update(f"{name}={value}\n".encode())
    for name, file in sorted(cast("dict[str, UploadedFile[bytes]]", request.FILES).items()):
        seal.update(f"{name}:{file.size}\n".encode())
        for chunk in file.chunks():
            seal.update(chunk)
        file.seek(0)
    return seal.digest()
