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

    def run(self, *values: Any) -> int:
        """Carry it out; the number of rows that it wrote."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._prepared(values))
            return int(cursor.rowcount)

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows it gives, converted as the ORM converts them."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._prepared(values))
            found = cursor.fetchall()
        converters = _converters(connection.vendor, tuple(self.gives))
        return [tuple(_converted(value, *place) for value, place in zip(row, converters, strict=True)) for row in found]

    def _prepared(self, values: Sequence[Any]) -> list[Any]:
        return [field.get_db_prep_save(value, connection) for field, value in zip(self.takes, values, strict=True)]


def insert(row: Model) -> None:
    """Write a new row."""
    _insert(row, "")


def insert_once(row: Model, *, unique: tuple[str, ...] = ()) -> bool:
    """Insert a new row unless there is one with the same values in these columns, which are unique together.

    Without `unique`: in those of any constraint. It waits for another transaction that is just inserting such a row.
    """
    columns = ", ".join(f'"{column}"' for column in unique)
    return _insert(row, f" ON CONFLICT {f'({columns}) ' if columns else ''}DO NOTHING")


def write(row: Model, *names: str) -> None:
    """Write the named fields of a row and no others. Raises the model's NotUpdated where the row is gone."""
    statement = _change(type(row), names)
    values = [field.pre_save(row, False) for field in statement.takes[: len(names)]]
    keys = [getattr(row, field.attname) for field in statement.takes[len(names) :]]
    if statement.run(*values, *keys) != 1:
        raise type(row).NotUpdated(f"{row!r} is not there any more")  # type: ignore[attr-defined]  # not in the stubs


def _insert(row: Model, ending: str) -> bool:
    statement = _insertion(type(row), ending)
    written = statement.run(*[field.pre_save(row, True) for field in statement.takes]) == 1
    row._state.adding, row._state.db = not written, connection.alias
    return written


@cache
def _insertion(model: type[Model], ending: str) -> Statement:
    fields = model._meta.concrete_fields
    columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    return Statement(
        f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks}){ending}',  # noqa: S608 - our own tables
        takes=fields,
    )


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> Statement:
    # The branch is named as well, where there is one: it says on which machine the row lies.
    own = [field for field in model._meta.concrete_fields if field.primary_key or field.name == "branch"]
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)  # type: ignore[union-attr]
    keys = " AND ".join(f'"{field.column}" = %s' for field in own)
    return Statement(
        f'UPDATE "{model._meta.db_table}" SET {columns} WHERE {keys}',  # noqa: S608 - our own tables
        takes=[*fields, *own],
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
