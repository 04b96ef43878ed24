"""The catalogue as spreadsheets: what is exported can be changed and read in again, through the same forms and acts."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.catalog.actions import set_price
from shouhou.catalog.models import CatalogueEntry, Part, Price, TravelBand, WorkCode
from shouhou.catalog.queries import UnknownEntry, find_courses, find_entries, get_entry_named, prices_of
from shouhou.catalog.rules import AMOUNTS
from shouhou.kernel.errors import Invalid, Refusal, gettext_noop
from shouhou.kernel.sheets import Cell, FileUnreadable, SheetRow, read_rows, unique_columns, unsafe_cell
from shouhou.web.acting import sentence
from shouhou.web.catalogue_inputs import PriceForm
from shouhou.web.catalogue_lists import LISTS, PRICED, CatalogueList

MOST_ROWS = 1000
PRICES = "prices"
_YES = frozenset({"1", "是", "y", "yes", "true", "x", "✓"})
_UNKNOWN = frozenset({"", "?", "？", "未知", "unknown"})
_LANGUAGES = ("en", "zh-hans")

type Values = dict[str, str]


class ColumnsNotFound(Invalid):
    code = "catalogue_columns_missing"
    template = gettext_noop("The first row must name the columns; these are missing: %(columns)s.")


class SheetTooLong(Invalid):
    code = "catalogue_sheet_too_long"
    template = gettext_noop("A spreadsheet may have %(most)s rows at most; please divide it.")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet: where it stands, and what its columns say."""

    number: int
    values: Values


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a row: added, changed, same or refused, and then why."""

    line: int
    what: str
    code: str
    name: str
    why: str = ""


@dataclass(frozen=True)
class Sheet:
    """Which columns a list has as a spreadsheet, and which of them a row cannot do without."""

    slug: str
    title: Any
    url_name: str
    columns: Mapping[str, Any]  # field → its label
    owed: tuple[str, ...]
    take: Callable[["Sheet", Values, Mapping[str, Any]], tuple[str, str]]

    def label(self, field: str) -> str:
        """The column's name in the reader's language."""
        return str(self.columns[field])


def sheet_named(slug: str) -> Sheet | None:
    """The spreadsheet of the list with this name in its address."""
    return _sheets().get(slug)


@cache
def _sheets() -> dict[str, Sheet]:
    return {slug: _sheet_of(one) for slug, one in LISTS.items()} | {
        PRICES: Sheet(
            PRICES,
            gettext_lazy("Price list"),
            "catalogue_prices",
            _PRICE_COLUMNS,
            ("list", "code", "valid_from"),
            _take_price,
        )
    }


def _sheet_of(one: CatalogueList) -> Sheet:
    code, fields = one.kind.code_field, one.new_form.base_fields
    names = [*(["product_class"] if one.classed else []), code, *one.changeable]
    owed = [*(["product_class"] if one.classed else []), code, "name"]
    return Sheet(
        one.slug, one.title, one.url_name, {name: fields[name].label for name in names}, tuple(owed), _take_entry
    )


_PRICE_COLUMNS = {
    "list": gettext_lazy("List"),
    "product_class": gettext_lazy("Product class"),
    "code": gettext_lazy("Code"),
    **{name: field.label for name, field in PriceForm.base_fields.items()},
}


# In


def read_upload(sheet: Sheet, upload: "UploadedFile[Any]") -> list[Line]:
    """The rows of an uploaded file. Raises FileUnreadable, ColumnsNotFound, SheetTooLong."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"  # openpyxl asks for the name; the bytes decide
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        try:
            return list(_lines(sheet, read_rows(path)))
        except FileUnreadable as refusal:
            raise FileUnreadable(file=upload.name, reason=refusal.params["reason"], field="file") from None


def _lines(sheet: Sheet, rows: Iterator[SheetRow]) -> Iterator[Line]:
    header = next((row for row in rows if not row.blank), None)
    places = _places(sheet, header.cells if header else ())
    taken = 0
    for row in rows:
        if row.blank:
            continue
        taken += 1
        if taken > MOST_ROWS:
            raise SheetTooLong(most=MOST_ROWS, field="file")
        values = {name: _text(row.cells[place]) for name, place in places.items() if place < len(row.cells)}
        yield Line(row.line, {"": row.fault} if row.fault else values)


def _places(sheet: Sheet, header: Sequence[Cell]) -> dict[str, int]:
    known = {plain(heading): name for name in sheet.columns for heading in _headings(sheet, name)}
    places = {known[plain(cell)]: place for place, cell in enumerate(unique_columns(header)) if plain(cell) in known}
    if missing := [sheet.label(name) for name in sheet.owed if name not in places]:
        raise ColumnsNotFound(columns=", ".join(missing), field="file")
    return places


def _headings(sheet: Sheet, name: str) -> list[str]:
    """By what a column is known: its name for programs, and its label in every language."""
    said = [name]
    for language in _LANGUAGES:
        with translation.override(language):
            said.append(sheet.label(name))
    return said


def plain(text: str) -> str:
    """As headings are compared: without case and blanks."""
    return "".join(text.split()).casefold()


def _text(cell: Cell) -> str:
    return cell.date().isoformat() if isinstance(cell, datetime) else unsafe_cell(cell.replace("\0", ""))


def packed(lines: Iterable[Line]) -> str:
    """The rows as the page carries them from the preview to the act; nothing is kept on the server in between."""
    return json.dumps([[line.number, line.values] for line in lines], ensure_ascii=False)


def unpacked(text: str) -> list[Line] | None:
    """What `packed` was given; None for anything else."""
    try:
        rows = json.loads(text)
        if not isinstance(rows, list):
            return None
        lines = [
            Line(int(number), {str(name): str(value) for name, value in values.items()}) for number, values in rows
        ]
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return None
    return lines if len(lines) <= MOST_ROWS else None


def enter_rows(
    sheet: Sheet, lines: Iterable[Line], *, branch: Branch, by: Actor, at: datetime, rehearsal: bool = False
) -> list[Outcome]:
    """Write every row by the act that a person would use; a row that is refused keeps no other one out.

    A rehearsal does the same and takes it all back: what it says is what would happen. Raises NotPermitted.
    """
    dated = {"branch": branch, "by": by, "at": at}
    with transaction.atomic():
        outcomes = [_outcome(sheet, line, dated) for line in lines]
        transaction.set_rollback(rehearsal)
    return outcomes


def _outcome(sheet: Sheet, line: Line, dated: Mapping[str, Any]) -> Outcome:
    values = line.values
    code = values.get("code") or values.get("number", "")
    if fault := values.get(""):
        return Outcome(line.number, "refused", "", "", fault)
    try:
        what, name = sheet.take(sheet, values, dated)
    except RowRefused as refusal:
        return Outcome(line.number, "refused", code, values.get("name", ""), str(refusal))
    except Refusal as refusal:
        return Outcome(line.number, "refused", code, values.get("name", ""), sentence(refusal))
    return Outcome(line.number, what, code, name)


class RowRefused(Exception):
    """A row that the form would not take; its text says why, in the reader's language."""


def _checked[F: forms.Form](form: F) -> F:
    if not form.is_valid():
        raise RowRefused(
            " ".join(f"{form.fields[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items())
        )
    return form


def _take_entry(sheet: Sheet, values: Values, dated: Mapping[str, Any]) -> tuple[str, str]:
    one = LISTS[sheet.slug]
    said: dict[str, Any] = {name: _as_box(one, name, value) for name, value in values.items()}
    try:
        known = get_entry_named(
            one.kind, values.get(one.kind.code_field, ""), product_class=values.get("product_class", "")
        )
    except UnknownEntry:
        defaults = {
            name: field.initial for name, field in one.new_form.base_fields.items() if field.initial is not None
        }
        form = _checked(one.new_form(defaults | {name: value for name, value in said.items() if value != ""}))
        return "added", _name_of(one.add(**one.given(form.cleaned_data), **dated))
    before = one.values(known)
    # A column that the sheet does not have says nothing, so it changes nothing.
    changed = one.change(known, **_checked(one.form(before | said)).cleaned_data, **dated)
    return "changed" if one.values(changed) != before else "same", _name_of(changed)


def _name_of(entry: CatalogueEntry) -> str:
    return str(getattr(entry, "name"))  # noqa: B009 - every list has it, the abstract row does not


def _as_box(one: CatalogueList, name: str, value: str) -> str | bool | None:
    field = one.form.base_fields.get(name)
    if isinstance(field, forms.NullBooleanField):
        return None if plain(value) in _UNKNOWN else plain(value) in _YES
    return plain(value) in _YES if isinstance(field, forms.BooleanField) else value


def _take_price(_sheet: Sheet, values: Values, dated: Mapping[str, Any]) -> tuple[str, str]:
    one = _list_meant(values.get("list", ""))
    subject = get_entry_named(one.kind, values.get("code", ""), product_class=values.get("product_class", ""))
    if not isinstance(subject, Part | WorkCode | TravelBand):
        raise TypeError(f"{one.slug} has no prices")
    form = _checked(PriceForm({"currency": "CNY"} | {name: value for name, value in values.items() if value}))
    day = form.cleaned_data["valid_from"]
    before = prices_of(subject).filter(valid_from=day).first()
    price = set_price(subject, prices=form.four(), valid_from=day, today=timezone.localdate(), **dated)
    if before is None:
        return "added", subject.name
    return "same" if before.four == price.four else "changed", subject.name


def _list_meant(text: str) -> CatalogueList:
    for slug, one in PRICED.items():
        for language in _LANGUAGES:
            with translation.override(language):
                if plain(text) in (plain(slug), plain(str(one.title))):
                    return one
    raise RowRefused(_("“%(list)s” is no list with prices.") % {"list": text})


# Out


def sheet_rows(sheet: Sheet) -> Iterator[list[str]]:
    """The header, and every entry of the list with what is retired; of the price list every price."""
    yield [sheet.label(name) for name in sheet.columns]
    if sheet.slug == PRICES:
        yield from _price_rows()
        return
    one = LISTS[sheet.slug]
    for entry in find_entries(one.kind).order_by(one.kind.code_field, "id"):
        yield [_written(entry, name) for name in sheet.columns]


def _written(entry: CatalogueEntry, name: str) -> str:
    value = getattr(entry, name)
    if name == "product_class":
        return str(value.code)
    if value is None:
        return ""
    return (_("yes") if value else _("no")) if isinstance(value, bool) else str(value)


def _price_rows() -> Iterator[list[str]]:
    for one in PRICED.values():
        rows = [
            row
            for row in find_entries(one.kind).order_by(one.kind.code_field, "id")
            if isinstance(row, Part | WorkCode | TravelBand)
        ]
        for row, course in zip(rows, find_courses(rows, day=timezone.localdate()).values(), strict=True):
            product_class = row.product_class.code if isinstance(row, WorkCode) else ""
            for price in [*course.past, *([course.now] if course.now else []), *course.future]:
                yield [str(one.title), product_class, row.key, *_price_cells(price)]


def _price_cells(price: Price) -> list[str]:
    amounts = price.four.amounts()
    said = {name: "" if amounts[name] is None else str(amounts[name]) for name in AMOUNTS}
    return [
        {**said, "valid_from": price.valid_from.isoformat(), "currency": price.currency}[name]
        for name in PriceForm.base_fields
    ]
