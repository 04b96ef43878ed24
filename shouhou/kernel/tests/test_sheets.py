import zipfile
from pathlib import Path

import pytest

from shouhou.kernel.sheets import FileUnreadable, read_rows, safe_cell, unique_columns, unsafe_cell


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"])
def test_a_formula_becomes_text_and_comes_back(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert unsafe_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["", "不制冷", "'quoted'", "KFR-35GW"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == unsafe_cell(text) == text


def test_a_row_knows_the_line_at_which_it_begins(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,b\n"one\ntwo",x\n\nlast,y\n')
    assert [(row.line, row.blank) for row in read_rows(file)] == [(1, False), (2, False), (4, True), (5, False)]


def test_a_cell_beyond_all_measure_is_a_fault_of_its_row(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a\n" + "x" * 200_000 + "\nlast\n")
    rows = list(read_rows(file))
    assert [bool(row.fault) for row in rows] == [False, True, False]
    assert rows[-1].cells == ("last",)


def test_it_refuses_a_workbook_that_would_unpack_to_gigabytes(tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(80):
            part.write(bytes(1 << 20))
    assert file.stat().st_size < 1 << 20
    with pytest.raises(FileUnreadable, match="unpack"):
        list(read_rows(file))


def test_columns_of_the_same_name_are_told_apart() -> None:
    assert unique_columns(["a", "", "a"]) == ["a", "#2", "a (2)"]


def test_text_that_breaks_off_in_the_middle_of_a_letter_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(FileUnreadable):
        list(read_rows(file))
