"""The link with which somebody chooses his password: handed over by an administrator, good once and for a day.

Django's own token: it is signed, carries its time, and fits only while password and last sign-in are what they were when it
was made. Nothing of it is stored.
"""

from uuid import UUID

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import QuerySet

from shouhou.access.models import User


class _Links(PasswordResetTokenGenerator):
    key_salt = "shouhou.access.passwords"


_LINKS = _Links()


def link_of(user: User) -> str:
    """Who may choose, and the proof of it, as one word for an address."""
    return f"{user.id.hex}-{_LINKS.make_token(user)}"


def user_of_link(link: str, among: QuerySet[User]) -> User | None:
    """The active user whose link this is; None when it is older than a day, used, or made up."""
    key, _, token = link.partition("-")
    try:
        user_id = UUID(hex=key)
    except ValueError:
        return None
    user = among.filter(id=user_id, is_active=True).first()
    return user if user and _LINKS.check_token(user, token) else None
