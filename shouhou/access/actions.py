"""Writes of branches, users, roles, tokens and number series."""

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from shouhou.access.actors import Actor
from shouhou.access.models import ApiToken, Branch, NumberSeries, RoleAssignment, User
from shouhou.access.permissions import CODES, Role
from shouhou.audit.actions import record
from shouhou.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, gettext_noop
from shouhou.kernel.ids import uuid7


class BranchCodeTaken(Conflict):
    code = "branch_code_taken"
    template = gettext_noop("There is a branch with the code %(branch)s already.")


class BranchCodeInvalid(Invalid):
    code = "branch_code_invalid"
    template = gettext_noop("A branch code is one to eight capital letters and digits: it begins every number.")


class UnknownTimeZone(Invalid):
    code = "unknown_time_zone"
    template = gettext_noop("There is no time zone “%(zone)s”.")


class UsernameTaken(Conflict):
    code = "username_taken"
    template = gettext_noop("The user name %(username)s is taken.")


class PasswordTooWeak(Invalid):
    code = "password_too_weak"
    template = gettext_noop("This password is too easy to guess: %(reason)s")


class UnknownScope(Invalid):
    code = "unknown_scope"
    template = gettext_noop("There is no permission %(scope)s.")


class ScopeTooWide(NotPermitted):
    code = "scope_too_wide"
    template = gettext_noop("A token cannot give another one more than it has itself (%(permission)s).")


class TokenNotFound(NotFound):
    code = "token_not_found"


class TokenNeverExpires(Invalid):
    code = "token_expiry_in_past"
    template = gettext_noop("A token must expire later than now.")


# What a branch is allowed to be called: it stands in document numbers and, with slashes around it, in paths.
_CODE = re.compile(r"[A-Z0-9]{1,8}")


def open_branch(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Branch | None,
    by: Actor,
    at: datetime,
    time_zone: str = "Asia/Shanghai",
    phone: str = "",
    address: str = "",
) -> Branch:
    """Add a branch below `parent`; only the product itself makes one at the top.

    Raises BranchCodeInvalid, BranchCodeTaken, UnknownTimeZone, NotPermitted.
    """
    if not _CODE.fullmatch(code):
        raise BranchCodeInvalid(field="code")
    if time_zone not in available_timezones():
        raise UnknownTimeZone(zone=time_zone, field="time_zone")
    with transaction.atomic():
        if by.user:
            _require_above(parent, by=by)
        if Branch.objects.filter(code=code).exists():
            raise BranchCodeTaken(branch=code, field="code")
        branch = Branch.objects.create(
            code=code,
            name=name,
            kind=kind,
            parent=parent,
            time_zone=time_zone,
            phone=phone,
            address=address,
            path=f"{parent.path if parent else ''}{code}/",
        )
        record(
            branch_id=branch.id,
            chain_id=branch.id,
            verb="access.branch.opened",
            subject=("branch", branch.id),
            by=by,
            at=at,
            data={"code": code, "name": name, "kind": kind, "parent": str(parent.id) if parent else None},
        )
        return branch


def register_user(
    *, username: str, display_name: str, password: str | None, branch: Branch, by: Actor, at: datetime, email: str = ""
) -> User:
    """Add someone who may sign in; he can do nothing until he is given a role.

    `branch` is where the act is recorded. Without a password he signs in through the company's own sign-in (OIDC), or not at
    all. Raises UsernameTaken, PasswordTooWeak, NotPermitted.
    """
    if by.user:
        by.require("access.change_user", branch.id)
    user = User(username=username, display_name=display_name, email=email)
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise PasswordTooWeak(reason=" ".join(error.messages), field="password") from None
    user.set_password(password)  # None: a mark that no password fits
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise UsernameTaken(username=username, field="username")
        user.save(force_insert=True)
        record(
            branch_id=branch.id,
            chain_id=user.id,
            verb="access.user.registered",
            subject=("user", user.id),
            by=by,
            at=at,
            data={"username": username, "display_name": display_name},
        )
        return user


def assign_role(user: User, *, role: Role, branch: Branch, by: Actor, at: datetime) -> RoleAssignment:
    """Give a user a role at a branch and below. Giving it twice changes nothing and leaves no second event."""
    with transaction.atomic():
        if by.user:
            by.require("access.assign_role", branch.id)
        assignment, created = RoleAssignment.objects.get_or_create(user=user, branch=branch, role=role)
        if created:
            record(
                branch_id=branch.id,
                chain_id=user.id,
                verb="access.role.assigned",
                subject=("user", user.id),
                by=by,
                at=at,
                data={"role": str(role), "branch": branch.code},
            )
        return assignment


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

    Raises UnknownScope, ScopeTooWide, TokenNeverExpires, NotPermitted.
    """
    if by.user and by.user != user:
        _require_over(user.id, branch, by=by)
    if unknown := set(scopes) - CODES:
        raise UnknownScope(scope=min(unknown), field="scopes")
    # No scopes means all: whoever acts through a scoped token would gain by that, and by any scope that he lacks.
    if by.scopes is not None and (beyond := set(scopes or CODES) - by.scopes):
        raise ScopeTooWide(permission=min(beyond), field="scopes")
    if expires_at <= at:
        raise TokenNeverExpires(field="expires_at")
    secret = "sh_" + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=user,
            name=name,
            hash=token_hash(secret),
            scopes=sorted(scopes),
            created_at=at,
            expires_at=expires_at,
        )
        record(
            branch_id=branch.id,
            chain_id=user.id,
            verb="access.token.issued",
            subject=("token", token.id),
            by=by,
            at=at,
            data={"name": name, "scopes": sorted(scopes), "expires_at": expires_at.isoformat()},
        )
    return token, secret


def revoke_token(token_id: UUID, *, branch: Branch, by: Actor, at: datetime) -> ApiToken:
    """End a token at once. Raises TokenNotFound, NotPermitted."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(id=token_id).first()
        if token is None:
            raise TokenNotFound(field="token")
        if by.user and by.user_id != token.user_id:
            _require_over(token.user_id, branch, by=by)
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record(
            branch_id=branch.id,
            chain_id=token.user_id,
            verb="access.token.revoked",
            subject=("token", token.id),
            by=by,
            at=at,
            data={"name": token.name},
        )
        return token


def _require_above(parent: Branch | None, *, by: Actor) -> None:
    if parent is None:
        raise NotPermitted(permission="access.change_branch")
    by.require("access.change_branch", parent.id)


def _require_over(user_id: UUID, branch: Branch, *, by: Actor) -> None:
    """A token acts as its user, so whoever makes or ends one needs the right wherever that user has a role."""
    by.require("access.issue_token", branch.id)
    for assignment in RoleAssignment.objects.filter(user_id=user_id):
        by.require("access.issue_token", assignment.branch_id)


def token_hash(secret: str) -> bytes:
    """How a token is stored. A plain SHA-256 is enough: the secret is 256 random bits, there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()


def take_number(branch_id: UUID, *, kind: str, period: str) -> int:
    """The next number of a series; its row stays locked until the transaction ends, so none is lost or given twice.

    Must be called inside the transaction of the act that uses the number.
    """
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    key = NumberSeries._meta.pk
    with connection.cursor() as cursor:
        # One statement on both databases: insert the first, or count up and lock.
        cursor.execute(
            # The names are Django's own; every value is a parameter.
            f"INSERT INTO {table} (id, branch_id, kind, period, counter) VALUES (%s, %s, %s, %s, 1) "  # noqa: S608
            f"ON CONFLICT (branch_id, kind, period) DO UPDATE SET counter = {table}.counter + 1 RETURNING counter",
            [
                key.get_db_prep_value(uuid7(), connection),
                key.get_db_prep_value(branch_id, connection),
                kind,
                period,
            ],
        )
        return int(cursor.fetchone()[0])
