"""Sheets that leave the house: no formula, nothing broken, never whole in memory."""

import csv
import io
from collections.abc import Iterator
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from shouhou.kernel.sheet_writing import csv_chunks, xlsx_chunks

HOSTILE = ["=1+1", "＝1", 'a "quoted", cell', "two\nlines", "<b>&amp;</b>", "\x00\x0b\ud800🔥", "x" * 40_000, ""]


def test_a_csv_file_is_known_as_utf_8_and_holds_no_formula() -> None:
    file = b"".join(csv_chunks([["号码", "故障"], *([cell, "漏水"] for cell in ("=1+1", "＝1", 'a "b", c', "a\nb"))]))
    assert file.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows] == ["号码", "'=1+1", "'＝1", 'a "b", c', "a\nb"]


def test_a_workbook_holds_every_cell_as_text() -> None:
    file = b"".join(xlsx_chunks([["号码", "故障"], *([cell, "漏水"] for cell in HOSTILE)], title="叫修/登记簿[1]"))
    assert ZipFile(io.BytesIO(file)).testzip() is None
    sheet = load_workbook(io.BytesIO(file)).worksheets[0]
    assert sheet.title == "叫修 登记簿 1"
    read = [str(cell.value or "") for cell in sheet["A"]]
    assert read == ["号码", *HOSTILE[:5], "🔥", "x" * 32_767, ""]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_is_written_while_the_rows_still_come(kind: str) -> None:
    read = 0

    def rows() -> Iterator[list[str]]:
        nonlocal read
        for number in range(20_000):
            read += 1
            yield [f"{number * 7919 % 100_003:x}" * 8]

    chunks = csv_chunks(rows()) if kind == "csv" else xlsx_chunks(rows(), title="x")
    assert next(chunks)
    assert read < 20_000
    assert len(list(chunks)) > 1
    assert read == 20_000
