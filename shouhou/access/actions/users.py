"""People who may sign in: registered, corrected, shut out and let in again, their way in given anew."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from shouhou.access.actions._scope import OwnSignIn, given_reason, lock_user
from shouhou.access.actions.roles import check_administered, lock_administrators
from shouhou.access.actors import Actor
from shouhou.access.models import ApiToken, Branch, RoleAssignment, User
from shouhou.access.passwords import user_of_link
from shouhou.access.permissions import Role
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.texts import written

CHANGE = "access.change_user"


class UsernameTaken(Conflict):
    code = "username_taken"
    template = gettext_noop("The user name %(username)s is taken.")


class UsernameInvalid(Invalid):
    code = "username_invalid"
    template = gettext_noop("A user name has letters, digits and @ . + - _ only.")


class DisplayNameMissing(Invalid):
    code = "display_name_missing"
    template = gettext_noop("Please give the name as it is shown and printed.")


class EmailInvalid(Invalid):
    code = "email_invalid"
    template = gettext_noop("This is no e-mail address.")


class PasswordTooWeak(Invalid):
    code = "password_too_weak"
    template = gettext_noop("This password is too easy to guess: %(reason)s")


class PasswordLinkSpent(Conflict):
    code = "password_link_spent"
    template = gettext_noop("This link is no longer good: it was used, or is older than a day. Ask for a new one.")


class PasswordSet(Conflict):
    code = "password_set"
    template = gettext_noop("%(user)s has a password. Reset it first.")


class UserInactive(Conflict):
    code = "user_inactive"
    template = gettext_noop("%(user)s may not sign in.")


class UserActive(Conflict):
    code = "user_active"
    template = gettext_noop("%(user)s may sign in already.")


class NoSecondFactor(Conflict):
    code = "no_second_factor"
    template = gettext_noop("%(user)s has no second factor.")


def register_user(
    *, username: str, display_name: str, password: str | None, branch: Branch, by: Actor, at: datetime, email: str = ""
) -> User:
    """Add someone who may sign in; he can do nothing until he is given a role.

    `branch` is his home: where the act is recorded and whose administrators answer for him. Without a password he chooses
    one by a link (`hand_out_password_link`), or signs in through the company's own sign-in (OIDC).
    Raises UsernameTaken, UsernameInvalid, DisplayNameMissing, EmailInvalid, PasswordTooWeak, NotPermitted.
    """
    if by.user:
        by.require(CHANGE, branch.id)
    username = _username(username)
    user = User(username=username, home=branch, **_written_down(display_name, email))
    if password is not None:
        _check_password(password, user)
    user.set_password(password)  # None: a mark that no password fits
    with act_transaction():
        if User.objects.filter(username__iexact=username).exists():
            raise UsernameTaken(username=username, field="username")
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:  # somebody took it in the same moment
            raise UsernameTaken(username=username, field="username") from None
        _record("registered", user, {"username": username, "display_name": user.display_name}, by=by, at=at)
        return user


def change_user(user_id: UUID, *, display_name: str, email: str, by: Actor, at: datetime) -> User:
    """Correct the name as it is shown, and the e-mail address.

    Raises UserNotFound, DisplayNameMissing, EmailInvalid, TextTooLong, NotPermitted.
    """
    written_down = _written_down(display_name, email)
    with act_transaction():
        user = lock_user(user_id, code=CHANGE, by=by)
        changes = {name: [getattr(user, name), new] for name, new in written_down.items() if getattr(user, name) != new}
        if changes:
            for name, new in written_down.items():
                setattr(user, name, new)
            user.save(update_fields=list(changes))
            # The address is a personal detail: that it changed is enough for a journal that is kept for good.
            _record("changed", user, changes | ({"email": "changed"} if "email" in changes else {}), by=by, at=at)
        return user


def deactivate_user(user_id: UUID, *, reason: str, by: Actor, at: datetime) -> User:
    """Shut somebody out: he cannot sign in, and his sessions and tokens end with this act.

    Raises UserNotFound, OwnSignIn, UserInactive, LastAdministrator, ReasonOwed, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        lock_administrators()
        user = _locked_other(user_id, by=by)
        if not user.is_active:
            raise UserInactive(user=str(user))
        user.is_active = False
        user.sessions_ended += 1
        user.save(update_fields=["is_active", "sessions_ended"])
        for assignment in RoleAssignment.objects.filter(user=user, role=Role.ADMINISTRATOR).select_related("branch"):
            check_administered(assignment.branch)
        tokens = ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
        _record("deactivated", user, {"reason": reason, "tokens": tokens}, by=by, at=at)
        return user


def reactivate_user(user_id: UUID, *, reason: str, by: Actor, at: datetime) -> User:
    """Let somebody in again, with the roles he had. His tokens stay revoked. Raises UserNotFound, UserActive, NotPermitted."""
    reason = given_reason(reason)
    with act_transaction():
        user = _locked_other(user_id, by=by)
        if user.is_active:
            raise UserActive(user=str(user))
        user.is_active = True
        user.save(update_fields=["is_active"])
        _record("reactivated", user, {"reason": reason}, by=by, at=at)
        return user


def reset_password(user_id: UUID, *, reason: str, by: Actor, at: datetime) -> User:
    """Take the password away, end his sessions, and make earlier links worthless; a new one comes by a link.

    Raises UserNotFound, OwnSignIn, UserInactive, ReasonOwed, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        user = _locked_other(user_id, by=by)
        if not user.is_active:
            raise UserInactive(user=str(user))
        user.set_unusable_password()
        user.sessions_ended += 1
        user.save(update_fields=["password", "sessions_ended"])
        _record("password_reset", user, {"reason": reason}, by=by, at=at)
        return user


def hand_out_password_link(user_id: UUID, *, by: Actor, at: datetime) -> User:
    """Let a user without a password choose one: `passwords.link_of` may be shown to whoever hands it over.

    Raises UserNotFound, OwnSignIn, UserInactive, PasswordSet, NotPermitted.
    """
    with act_transaction():
        user = _locked_other(user_id, by=by)
        if not user.is_active:
            raise UserInactive(user=str(user))
        # With a link beside a password one could sign in as somebody who does not notice.
        if user.has_usable_password():
            raise PasswordSet(user=str(user))
        _record("password_link_handed_out", user, {}, by=by, at=at)
        return user


def choose_password(link: str, *, password: str, channel: str, at: datetime) -> User:
    """Choose one's own password with the link that an administrator handed over. Raises PasswordLinkSpent, PasswordTooWeak.

    Nobody is signed in yet: the link says who acts.
    """
    with act_transaction():
        # Asked on the locked row, so that one link cannot be used twice in the same moment.
        user = user_of_link(link, User.objects.select_for_update())
        if user is None:
            raise PasswordLinkSpent()
        _check_password(password, user)
        user.set_password(password)
        user.sessions_ended += 1
        user.save(update_fields=["password", "sessions_ended"])
        _record("password_chosen", user, {}, by=Actor(user=user, channel=channel, codes={}), at=at)
        return user


def reset_second_factor(user_id: UUID, *, reason: str, by: Actor, at: datetime) -> User:
    """Take away a lost second factor with its recovery codes, and end his sessions; the password alone then lets him in.

    Raises UserNotFound, OwnSignIn, NoSecondFactor, ReasonOwed, NotPermitted.
    """
    reason = given_reason(reason)
    with act_transaction():
        user = _locked_other(user_id, by=by)
        factors = Authenticator.objects.filter(user=user)
        kinds = sorted(factors.values_list("type", flat=True))
        if not kinds:
            raise NoSecondFactor(user=str(user))
        factors.delete()
        user.sessions_ended += 1
        user.save(update_fields=["sessions_ended"])
        _record("second_factor_reset", user, {"reason": reason, "factors": kinds}, by=by, at=at)
        return user


def unlock_user(user_id: UUID, *, by: Actor, at: datetime) -> User:
    """Forget the wrong passwords that were counted against him, at every address. Raises UserNotFound, NotPermitted."""
    with act_transaction():
        user = lock_user(user_id, code=CHANGE, by=by)
        forgotten, _ = AccessAttempt.objects.filter(username=user.username).delete()
        _record("unlocked", user, {"attempts": forgotten}, by=by, at=at)
        return user


def _locked_other(user_id: UUID, *, by: Actor) -> User:
    user = lock_user(user_id, code=CHANGE, by=by)
    if by.user_id == user.id:
        raise OwnSignIn(permission=CHANGE)
    return user


def _username(username: str) -> str:
    username = written(username, most=60, field="username")
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        raise UsernameInvalid(field="username") from None
    return username


def _written_down(display_name: str, email: str) -> dict[str, str]:
    display_name = written(display_name, most=60, field="display_name")
    if not display_name:
        raise DisplayNameMissing(field="display_name")
    email = written(email, most=254, field="email")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise EmailInvalid(field="email") from None
    return {"display_name": display_name, "email": email}


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak(reason=" ".join(error.messages), field="password") from None


def _record(what: str, user: User, data: dict[str, Any], *, by: Actor, at: datetime) -> None:
    # A user without a home was made by something older than homes are; his chain knows where his journal stands.
    record(
        branch_id=user.home_id or user.id,
        chain_id=user.id,
        verb=f"access.user.{what}",
        subject=("user", user.id),
        by=by,
        at=at,
        data=data,
    )
