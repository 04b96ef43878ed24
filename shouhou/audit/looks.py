"""Look-ups that every single act makes: written as querysets, compiled once.

To build a queryset and to turn it into SQL costs the ORM several times what the database needs to answer. A `Look` does that
at the first call only, and from then on sends the same text with other values. What is asked stays a queryset, and what comes
back are the objects that it would have given, `select_related` included.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

type Value = UUID | str | date | datetime
type _Shape = tuple[str, type[Any] | tuple[type[Any], ...]]


class Look[M: Model]:
    """One question to the tables, as a function from named values (or collections of values) to a queryset.

    The function is called with stand-ins, once for each combination of types and lengths: what it builds must not hang on
    what a value is, and None is no value.
    """

    def __init__(self, ask: Callable[..., QuerySet[M]]) -> None:
        self._ask = ask
        self._compiled = lru_cache(maxsize=64)(self._compile)

    def all(self, **values: Value | Collection[Value]) -> list[M]:
        """The objects, in the order of the queryset. Raises TransactionManagementError for locks outside a transaction."""
        plan = self._compiled(connection.vendor, tuple([_shape(name, value) for name, value in values.items()]))
        if plan is None:
            return []
        if plan.locks and connection.get_autocommit():
            raise TransactionManagementError("rows are locked inside the transaction of an act")
        given = [_prepared(one) for value in values.values() for one in _each(value)]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, [given[one.place] if type(one) is _Hole else one for one in plan.parameters])
            rows = cursor.fetchall()
        return [plan.object_of(row) for row in rows]

    def first(self, **values: Value | Collection[Value]) -> M | None:
        """The first object, or None. All that are found are fetched: where that can be many, the queryset says `[:1]`."""
        return next(iter(self.all(**values)), None)

    def _compile(self, _vendor: str, shapes: Sequence[_Shape]) -> "_Plan[M] | None":
        """The statement; None where nothing can be found, as with a collection that is empty."""
        holes: dict[Any, _Hole] = {}
        stand_ins: dict[str, Any] = {}
        for name, kinds in shapes:
            each = [_stand_in(kind, len(holes) + turn) for turn, kind in enumerate(_kinds(kinds))]
            holes |= {_prepared(one): _Hole(len(holes) + turn) for turn, one in enumerate(each)}
            stand_ins[name] = each if isinstance(kinds, tuple) else each[0]
        rows = self._ask(**stand_ins)
        compiler = rows.query.get_compiler(using="default")
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        parameters = [holes.get(one, one) if isinstance(one, UUID | str | date) else one for one in parameters]
        if not set(holes.values()) <= {one for one in parameters if isinstance(one, _Hole)}:
            raise TypeError("a value does not reach the statement as it is given")
        return _Plan(compiler, sql, parameters, rows._fetch_mode)  # type: ignore[attr-defined]  # not in the stubs


@dataclass(frozen=True, slots=True)
class _Hole:
    """Where in the parameters of a statement the value with this number goes."""

    place: int


class _Plan[M: Model]:
    """A compiled statement, and how a row of its answer becomes an object: what `ModelIterable` does for a queryset."""

    def __init__(self, compiler: Any, sql: str, parameters: list[Any], fetch_mode: Any) -> None:
        self.sql = sql
        self.parameters = parameters
        self.locks = compiler.query.select_for_update and connection.features.has_select_for_update
        self._converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        own = compiler.klass_info["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._names = [column.target.attname for column, _sql, _alias in compiler.select[self._own]]
        self._model: type[M] = compiler.klass_info["model"]
        self._related = get_related_populators(compiler.klass_info, compiler.select, "default", fetch_mode)

    def object_of(self, row: Sequence[Any]) -> M:
        values = list(row)
        for place, (converters, column) in self._converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        found = self._model.from_db("default", self._names, values[self._own])
        for related in self._related:
            related.populate(values, found)
        return found


def _each(value: Any) -> Collection[Any]:
    return value if _is_many(value) else (value,)


def _shape(name: str, value: Any) -> _Shape:
    return name, tuple(map(type, value)) if _is_many(value) else type(value)


def _kinds(kinds: type[Any] | tuple[type[Any], ...]) -> tuple[type[Any], ...]:
    return kinds if isinstance(kinds, tuple) else (kinds,)


def _is_many(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str)


def _stand_in(kind: type[Any], number: int) -> Value:
    """A value of the kind that no queryset asks for of itself."""
    if issubclass(kind, UUID):
        return UUID(int=0xDEAD << 112 | number)
    if issubclass(kind, str):
        return f"\ue000{number}"
    if issubclass(kind, datetime):
        return datetime(9000, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if issubclass(kind, date):
        return date(1, 1, 1) + timedelta(days=number)
    raise TypeError(f"a look-up takes no {kind.__name__}")


def _prepared(value: Value) -> Any:
    """The value as the fields of both databases hand it over."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
