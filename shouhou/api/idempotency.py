"""Idempotency keys: a call that is repeated, because its answer got lost, is not carried out twice."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shouhou.access.models import User
from shouhou.access.once import fingerprint_of, take_key
from shouhou.api.models import StoredAnswer
from shouhou.audit.atomicity import all_or_nothing
from shouhou.audit.statements import write
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
    fingerprint = fingerprint_of(request)
    with all_or_nothing():
        claim = StoredAnswer(id=uuid7(), user=user, key=key, fingerprint=fingerprint, created_at=timezone.now())
        if not take_key(claim):
            return _replay(user, key, fingerprint)
        response = act()
        claim.status, claim.body = response.status_code, kept(response).decode()
        write(claim, "status", "body")
        return response


def _replay(user: User, key: str, fingerprint: bytes) -> HttpResponse:
    stored = StoredAnswer.objects.get(user=user, key=key)
    if bytes(stored.fingerprint) != fingerprint:
        raise IdempotencyKeyReused(field=HEADER)
    response = HttpResponse(stored.body, status=stored.status, content_type="application/json")
    response[REPLAYED] = "true"
    return response
