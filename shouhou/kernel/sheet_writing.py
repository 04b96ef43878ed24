"""Spreadsheets as they leave the house: CSV and XLSX, written row by row, so that memory does not grow with the sheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from shouhou.kernel.sheets import safe_cell

_BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
_ROWS_AT_ONCE = 500
_ZIPPED_AT_ONCE = 1 << 14
# What XML cannot carry at all, not even escaped.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TITLE = 31
_LONGEST_CELL = 32_767  # the most that Excel takes; a longer text makes it call the file broken

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_OFFICE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_SHEET_BEGINS = (
    f'<worksheet xmlns="{_OFFICE}/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="64" width="18" customWidth="1"/></cols><sheetData>'
)
_SHEET_ENDS = "</sheetData></worksheet>"


def csv_chunks(rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """A CSV file that no spreadsheet program takes for formulas, in pieces."""
    text = io.StringIO(newline="")
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text)
    for number, cells in enumerate(rows, 1):
        writer.writerow([safe_cell(cell) for cell in cells])
        if number % _ROWS_AT_ONCE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def xlsx_chunks(rows: Iterable[Iterable[str]], *, title: str) -> Iterator[bytes]:
    """An XLSX file of one sheet whose first row stays in sight, in pieces. Every cell is text: nothing in it can be a formula."""
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as packed:
        for name, part in {**_PARTS, "xl/workbook.xml": _workbook(title)}.items():
            packed.writestr(name, _HEAD + part)
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((_HEAD + _SHEET_BEGINS).encode())
            for cells in rows:
                sheet.write(_row(cells))
                if pipe.waiting > _ZIPPED_AT_ONCE:
                    yield pipe.take()
            sheet.write(_SHEET_ENDS.encode())
    yield pipe.take()


def _workbook(title: str) -> str:
    name = _NOT_IN_A_TITLE.sub(" ", _NOT_IN_XML.sub("", title))[:_LONGEST_TITLE].strip()
    return (
        f'<workbook xmlns="{_OFFICE}/spreadsheetml/2006/main" '
        f'xmlns:r="{_OFFICE}/officeDocument/2006/relationships"><sheets>'
        f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _row(cells: Iterable[str]) -> bytes:
    inner = "".join(
        f'<c t="inlineStr"><is><t xml:space="preserve">{escape(_NOT_IN_XML.sub("", cell[:_LONGEST_CELL]))}</t></is></c>'
        for cell in cells
    )
    return f"<row>{inner}</row>".encode()


class _Pipe(io.RawIOBase):
    """What the zip has written and nobody has taken yet. It cannot go back in it, so it says the sizes after each part."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        taken = bytes(piece)  # type: ignore[call-overload]  # any buffer, as RawIOBase says
        self._pieces.append(taken)
        self.waiting += len(taken)
        return len(taken)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        self.waiting = 0
        return taken
