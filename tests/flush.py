"""Tests that commit are cleaned up by emptying all tables, which append-only tables rightly refuse: their triggers are
laid aside while that happens, and only then.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.utils import CursorWrapper

SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'"
# tgtype bit 5: fires on TRUNCATE, by which Django empties tables there
POSTGRESQL_TRIGGERS = (
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 > 0"
)


@pytest.fixture(scope="session", autouse=True)
def flush_of_append_only_tables() -> Iterator[None]:
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_without_triggers(operations: BaseDatabaseOperations, statements: Any) -> None:
        with operations.connection.cursor() as cursor:
            before, after = _around(operations.connection.vendor, cursor)
        flush(operations, [*before, *statements, *after])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_without_triggers)
        yield


def _around(vendor: str, cursor: CursorWrapper) -> tuple[list[str], list[str]]:
    """The statements that take the triggers away, and those that bring them back."""
    if vendor == "sqlite":
        cursor.execute(SQLITE_TRIGGERS)
        triggers = cursor.fetchall()
        return [f'DROP TRIGGER "{name}"' for name, _ in triggers], [sql for _, sql in triggers]
    cursor.execute(POSTGRESQL_TRIGGERS)
    triggers = cursor.fetchall()
    return (
        [f'ALTER TABLE {table} DISABLE TRIGGER "{name}"' for table, name in triggers],
        [f'ALTER TABLE {table} ENABLE TRIGGER "{name}"' for table, name in triggers],
    )
