"""Spreadsheets as they come out of other systems: CSV in the encodings that are met in China, and XLSX. Constant memory."""

import codecs
import csv
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from shouhou.kernel.errors import Invalid, gettext_noop

type Cell = str | datetime

_CHUNK = 1 << 20
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = ",;\t"
# What a small file may unpack to. The sheet itself is read as a stream; the table of strings is held in memory.
_MOST_UNPACKED, _MOST_STRINGS, _MOST_PARTS, _MOST_COLUMNS = 1 << 30, 64 << 20, 2_000, 200
_UNREADABLE = (
    BadZipFile,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    SyntaxError,
    AttributeError,
    EOFError,
    zlib.error,
)

# A cell that begins so is a formula to a spreadsheet program; the last four are the same signs in full width.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class FileUnreadable(Invalid):
    code = "file_unreadable"
    template = gettext_noop("%(file)s cannot be read as a spreadsheet: %(reason)s")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: the line in the file at which it begins, and its cells. `fault`: why it has none."""

    line: int
    cells: tuple[Cell, ...]
    fault: str = ""

    @property
    def blank(self) -> bool:
        return not self.fault and not any(self.cells)


def read_rows(path: Path, *, sheet: str = "") -> Iterator[SheetRow]:
    """All rows of a CSV or XLSX file, the header among them. What kind it is, its first bytes say. Raises FileUnreadable."""
    try:
        with path.open("rb") as file:
            packed = file.read(4) == b"PK\x03\x04"
    except OSError as error:
        raise FileUnreadable(file=path.name, reason=error.strerror or str(error)) from None
    return _read_workbook(path, sheet) if packed else _read_text(path)


def count_lines(path: Path) -> int:
    """About how many rows there are, for a progress bar."""
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def encoding_of(path: Path) -> str:
    """UTF-8 or UTF-16 with their marks, UTF-8 without, else GB18030. Raises FileUnreadable when it is none of them."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        if _decodes(path, name):
            return name
    raise FileUnreadable(file=path.name, reason="neither UTF-8 nor GB18030")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _read_text(path: Path) -> Iterator[SheetRow]:
    with path.open(encoding=encoding_of(path), newline="") as file:
        try:
            first = file.readline()
        except UnicodeError as error:
            raise FileUnreadable(file=path.name, reason=str(error)) from None
        delimiter = max(_DELIMITERS, key=first.count)
        file.seek(0)
        reader, line = csv.reader(file, delimiter=delimiter), 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield SheetRow(line, (), fault=str(error))
            except UnicodeError as error:
                raise FileUnreadable(file=path.name, reason=str(error)) from None
            else:
                yield SheetRow(line, tuple(cell.strip() for cell in cells))
            line = reader.line_num + 1


def _read_workbook(path: Path, sheet: str) -> Iterator[SheetRow]:
    _refuse_bomb(path)
    try:
        # openpyxl parses with defusedxml where that is installed, and we require it.
        book = load_workbook(path, read_only=True, data_only=True)
    except _UNREADABLE as error:
        raise FileUnreadable(file=path.name, reason=str(error)) from None
    try:
        if sheet and sheet not in book.sheetnames:
            raise FileUnreadable(file=path.name, reason=f"no sheet {sheet!r} among {', '.join(book.sheetnames)}")
        page = book[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()  # what the file says of its own size is not to be trusted
        for line, cells in enumerate(page.iter_rows(max_col=_MOST_COLUMNS, values_only=True), 1):
            values = [_plain(cell) for cell in cells]
            while values and not values[-1]:
                values.pop()
            yield SheetRow(line, tuple(values))
    except _UNREADABLE as error:
        raise FileUnreadable(file=path.name, reason=str(error)) from None
    finally:
        book.close()


def _refuse_bomb(path: Path) -> None:
    try:
        with ZipFile(path) as packed:
            parts = packed.infolist()
    except BadZipFile as error:
        raise FileUnreadable(file=path.name, reason=str(error)) from None
    strings = sum(
        part.file_size for part in parts if part.filename.lower().endswith(("sharedstrings.xml", "styles.xml"))
    )
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or strings > _MOST_STRINGS:
        raise FileUnreadable(file=path.name, reason=f"it would unpack to {unpacked // (1 << 20)} MB")


def _plain(cell: Any) -> Cell:
    match cell:
        case None:
            return ""
        case datetime():
            return cell
        case date() | time():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))  # a telephone number that a spreadsheet took for a quantity
        case _:
            return str(cell).strip()


class SafeWriter:
    """Writes CSV that no spreadsheet program takes for formulas, with the mark by which Excel knows UTF-8."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)

    def write(self, cells: Iterable[object]) -> None:
        """One row."""
        self._writer.writerow([safe_cell(str(cell)) for cell in cells])

    def close(self) -> None:
        """End the file."""
        self._file.close()


def safe_cell(text: str) -> str:
    """The text as text: behind an apostrophe where it would be a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def unsafe_cell(text: str) -> str:
    """What `safe_cell` was given, so that a corrected rejects file can be imported."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_SIGNS) else text


def unique_columns(header: Sequence[Cell]) -> list[str]:
    """The header's names; the second of a name is numbered, an empty one named after its place."""
    seen: dict[str, int] = {}
    names = []
    for place, cell in enumerate(header, 1):
        name = str(cell).strip().lstrip("\ufeff") or f"#{place}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
