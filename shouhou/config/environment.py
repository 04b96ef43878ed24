"""Readers of environment variables. A value outside what is allowed is an error at the start, not a surprise later."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, *, default: bool) -> bool:
    """A yes/no variable; raises ImproperlyConfigured for any other word."""
    word = os.environ.get(name, "").strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off"):
        return False
    if not word:
        return default
    raise ImproperlyConfigured(f"{name} must be yes or no, not {word!r}")


def one_of(name: str, allowed: tuple[str, ...], *, default: str) -> str:
    """A variable with a closed list of values."""
    word = os.environ.get(name) or default
    if word not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {word!r}")
    return word


def words(name: str, *, default: str) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


# A statement that a connection carries out for the third time is prepared: PostgreSQL then parses and plans it no more
# (docs/decisions/0009-prepared-statements.md).
_PREPARED = {"server_side_binding": True, "prepare_threshold": 3}


def database_from_url(url: str) -> dict[str, Any]:
    """Django's database settings for a `DATABASE_URL`. `?prepare=no` is for a pooler that cannot keep prepared statements.

    Raises ImproperlyConfigured for a scheme other than sqlite and postgresql.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path).removeprefix("/")  # sqlite:///relative.db, sqlite:////absolute/path.db
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            # IMMEDIATE: a transaction that will write takes its place in the queue at BEGIN. With SQLite's default the
            # lock is asked for in the middle, and of two writers one fails at once with "database is locked".
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
                # So that INSERT OR REPLACE cannot delete what an append-only table holds without its trigger seeing it.
                " PRAGMA recursive_triggers=ON;"
                " PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;",
            },
            "CONN_MAX_AGE": None,
        }
    if parts.scheme in ("postgresql", "postgres"):
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        prepare = options.pop("prepare", "yes")
        if prepare not in ("yes", "no"):
            raise ImproperlyConfigured(f"prepare in DATABASE_URL must be yes or no, not {prepare!r}")
        if prepare == "yes":
            options |= _PREPARED
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "shouhou",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
            "PORT": str(parts.port or options.pop("port", "") or ""),
            "OPTIONS": options,
            "CONN_MAX_AGE": None,
            # No question before each request whether the connection still lives: it would cost a tenth of an act. After the
            # database was away, the first request of each connection fails and the next one connects anew.
            "CONN_HEALTH_CHECKS": False,
        }
    raise ImproperlyConfigured(f"DATABASE_URL must begin with sqlite: or postgresql:, not {parts.scheme!r}")
