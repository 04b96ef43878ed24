"""The transaction of an act.

An action that runs inside a larger transaction (an import, a nested act) takes a savepoint, so that whoever called it may
catch its refusal and go on. Where a caller has nothing to go on with, the pair of statements buys nothing: he says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

_all_or_nothing = ContextVar("all_or_nothing", default=False)


def act_transaction() -> transaction.Atomic:
    """The transaction in which one action does everything: `with act_transaction(): lock, read, check, write, record`."""
    return transaction.atomic(savepoint=not _all_or_nothing.get())


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """One transaction that a refusal of any act inside ends altogether: after it the caller must not go on in it."""
    token = _all_or_nothing.set(True)
    try:
        with transaction.atomic():
            yield
    finally:
        _all_or_nothing.reset(token)
