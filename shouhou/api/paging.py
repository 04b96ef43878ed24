"""Keyset paging: a page begins after the last row of the page before, so the thousandth costs what the first does."""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import Model, Q, QuerySet
from pydantic import Field, TypeAdapter, ValidationError

from shouhou.api.fields import Answer
from shouhou.kernel.errors import Invalid, gettext_noop

Limit = Annotated[int, Field(ge=1, le=100, description="Rows of one page.")]
Cursor = Annotated[
    str,
    Field(
        max_length=400, pattern=r"^[A-Za-z0-9_-]*$", description="`next_cursor` of the page before. Take it as it is."
    ),
]


class CursorInvalid(Invalid):
    code = "cursor_invalid"
    template = gettext_noop("This cursor does not belong to this list.")


class Page(Answer):
    """One page of a list."""

    next_cursor: str | None = Field(description="Where the next page begins; null on the last page.")


class Keyset:
    """By which fields a list is ordered and continued. The last field must be unique, and all run in one direction."""

    def __init__(self, **fields: Any) -> None:
        """`Keyset(received_at=Moment, id=UUID)`; `.descending()` for the newest first."""
        self._names = list(fields)
        kinds: Any = tuple.__class_getitem__(tuple(fields.values()))
        self._values: TypeAdapter[tuple[Any, ...]] = TypeAdapter(kinds)
        self._beyond = "gt"

    def descending(self) -> "Keyset":
        self._beyond = "lt"
        return self

    def page[M: Model](self, rows: QuerySet[M], *, cursor: str, limit: int) -> tuple[list[M], str | None]:
        """The rows after the cursor, at most `limit`, and the cursor of the page after. Raises CursorInvalid."""
        if cursor:
            rows = rows.filter(*self._after(cursor))
        sign = "-" if self._beyond == "lt" else ""
        found = list(rows.order_by(*(sign + name for name in self._names))[: limit + 1])
        if len(found) <= limit:
            return found, None
        return found[:limit], self._cursor_of(found[limit - 1])

    def _cursor_of(self, row: Model) -> str:
        values = tuple(getattr(row, name) for name in self._names)
        return base64.urlsafe_b64encode(self._values.dump_json(values)).rstrip(b"=").decode()

    def _after(self, cursor: str) -> list[Q]:
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            values = self._values.validate_json(text)
        except (binascii.Error, ValidationError):
            raise CursorInvalid(field="cursor") from None
        if len(self._names) == 1:
            return [Q(**{f"{self._names[0]}__{self._beyond}": values[0]})]
        (first, last), (value, key) = self._names, values
        # The first condition alone bounds the range of the index; databases are slow to see it in the disjunction.
        return [
            Q(**{f"{first}__{self._beyond}e": value}),
            Q(**{f"{first}__{self._beyond}": value}) | Q(**{first: value, f"{last}__{self._beyond}": key}),
        ]


def paged[M: Model, A: Answer](
    keyset: Keyset, rows: QuerySet[M], shape: Callable[[M], A], *, cursor: str, limit: int
) -> dict[str, Any]:
    """The fields of a page answer: its rows in their shape, and where the next page begins."""
    found, next_cursor = keyset.page(rows, cursor=cursor, limit=limit)
    return {"rows": [shape(row) for row in found], "next_cursor": next_cursor}
