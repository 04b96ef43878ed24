"""API tokens: made, shown once, ended."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from shouhou.access.actions._scope import require_over
from shouhou.access.actors import Actor
from shouhou.access.models import ApiToken, Branch, User
from shouhou.access.permissions import CODES
from shouhou.access.queries import TokenNotFound
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, Invalid, NotPermitted, gettext_noop
from shouhou.kernel.texts import written

ISSUE = "access.issue_token"
# How exactly the last use is known. To the second would cost a write at every call.
_USE_KNOWN_TO = timedelta(hours=1)


class UnknownScope(Invalid):
    code = "unknown_scope"
    template = gettext_noop("There is no permission %(scope)s.")


class ScopeTooWide(NotPermitted):
    code = "scope_too_wide"
    template = gettext_noop("A token cannot give another one more than it has itself (%(permission)s).")


class TokenNeverExpires(Invalid):
    code = "token_expiry_in_past"
    template = gettext_noop("A token must expire later than now.")


class TokenUserInactive(Conflict):
    code = "token_user_inactive"
    template = gettext_noop("%(user)s may not sign in; no token acts for him.")


def issue_token(
    user: User,
    *,
    name: str,
    expires_at: datetime,
    branch: Branch,
    by: Actor,
    at: datetime,
    scopes: Collection[str] = (),
) -> tuple[ApiToken, str]:
    """Make an API token; returns it with the secret, which is shown once and never stored.

    Raises UnknownScope, ScopeTooWide, TokenNeverExpires, TokenUserInactive, TextTooLong, NotPermitted.
    """
    name = written(name, most=80, field="name")
    if unknown := set(scopes) - CODES:
        raise UnknownScope(scope=min(unknown), field="scopes")
    # No scopes means all: whoever acts through a scoped token would gain by that, and by any scope that he lacks.
    if by.scopes is not None and (beyond := set(scopes or CODES) - by.scopes):
        raise ScopeTooWide(permission=min(beyond), field="scopes")
    if expires_at <= at:
        raise TokenNeverExpires(field="expires_at")
    secret = "sh_" + secrets.token_urlsafe(32)
    with act_transaction():
        # Locked, because whoever is shut out at this moment must not keep a token.
        owner = User.objects.select_for_update().get(id=user.id)
        if by.user and by.user_id != owner.id:
            _require_token_right(owner, branch, by=by)
        if not owner.is_active:
            raise TokenUserInactive(user=str(owner), field="user")
        token = ApiToken.objects.create(
            user=owner,
            name=name,
            hash=token_hash(secret),
            scopes=sorted(scopes),
            created_at=at,
            expires_at=expires_at,
        )
        data: dict[str, object] = {"name": name, "scopes": sorted(scopes), "expires_at": expires_at.isoformat()}
        _record("issued", token, branch, data, by=by, at=at)
    return token, secret


def revoke_token(token_id: UUID, *, branch: Branch, by: Actor, at: datetime) -> ApiToken:
    """End a token at once; ending it again changes nothing. Raises TokenNotFound, NotPermitted."""
    with act_transaction():
        token = ApiToken.objects.select_for_update(of=("self",)).select_related("user").filter(id=token_id).first()
        if token is None:
            raise TokenNotFound(field="token")
        if by.user and by.user_id != token.user_id:
            _require_token_right(token.user, branch, by=by)
        if token.revoked_at is None:
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
            _record("revoked", token, branch, {"name": token.name}, by=by, at=at)
        return token


def note_token_used(token: ApiToken, *, at: datetime) -> None:
    """Remember about when a token was last used. No event: it is not an act of a person."""
    if token.last_used_at is None or token.last_used_at <= at - _USE_KNOWN_TO:
        known = Q(last_used_at=None) | Q(last_used_at__lt=at)
        ApiToken.objects.filter(known, id=token.id).update(last_used_at=at)


def token_hash(secret: str) -> bytes:
    """How a token is stored. A plain SHA-256 is enough: the secret is 256 random bits, there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()


def _require_token_right(user: User, branch: Branch, *, by: Actor) -> None:
    """A token acts as its user, so whoever makes or ends one needs the right wherever that user counts."""
    by.require(ISSUE, branch.id)
    require_over(user, code=ISSUE, by=by)


def _record(what: str, token: ApiToken, branch: Branch, data: dict[str, object], *, by: Actor, at: datetime) -> None:
    record(
        branch_id=branch.id,
        chain_id=token.user_id,
        verb=f"access.token.{what}",
        subject=("token", token.id),
        by=by,
        at=at,
        data=data,
    )
