"""SQL that every single call passes through, written out once.

Building a statement anew each time costs the ORM longer than the database needs to carry it out; where that is paid at every
act (who calls, and the journal) the statement stands here as text. Values and columns still go through the model's fields,
so both databases read and write them as the ORM does.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model


class Statement:
    """One statement: the fields of its parameters, in order, and of its columns."""

    def __init__(self, sql: str, *, takes: Sequence[Any], gives: Sequence[Any] = ()) -> None:
        self.sql = sql
        self.takes = takes
        self.gives = gives

    def run(self, *values: Any) -> None:
        """Carry it out."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._prepared(values))

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows it gives, converted as the ORM converts them."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._prepared(values))
            found = cursor.fetchall()
        converters = _converters(connection.vendor, tuple(self.gives))
        return [tuple(_converted(value, *place) for value, place in zip(row, converters, strict=True)) for row in found]

    def _prepared(self, values: Sequence[Any]) -> list[Any]:
        return [field.get_db_prep_save(value, connection) for field, value in zip(self.takes, values, strict=True)]


def insert_once(row: Model, *, unique: tuple[str, ...]) -> bool:
    """Insert a new row unless there is one with the same values in these columns, which are unique together.

    It waits for another transaction that is just inserting such a row.
    """
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    if not _insert_once(type(row), unique).rows(*values):
        return False
    row._state.adding = False
    return True


@cache
def _insert_once(model: type[Model], unique: tuple[str, ...]) -> Statement:
    fields = model._meta.concrete_fields
    columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    named = ", ".join(f'"{column}"' for column in unique)
    return Statement(
        f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks}) '  # noqa: S608 - our own tables
        f'ON CONFLICT ({named}) DO NOTHING RETURNING "id"',
        takes=fields,
        gives=[model._meta.pk],
    )


@cache
def _converters(vendor: str, fields: tuple[Any, ...]) -> list[tuple[Any, list[Any]]]:
    columns = [field.get_col(field.model._meta.db_table) for field in fields]
    return [
        (column, [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)])
        for column in columns
    ]


def _converted(value: Any, column: Any, converters: list[Any]) -> Any:
    for convert in converters:
        value = convert(value, column, connection)
    return value
