"""Spreadsheets of the catalogue: the preview changes nothing, a bad row stops no other, what is exported comes back."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook

from shouhou.catalog.models import Part, Price
from shouhou.web.catalogue_sheets import MOST_ROWS
from shouhou.web.tests.conftest import SignIn
from tests.cast import Cast, all_rows, unchanged

HEADS = "number,name,unit"
SHEET = f"{HEADS}\nCBB65-35,压缩机启动电容,件\nP-1,风扇,只\n,没有编号,只\nP-2,,只\n"


@pytest.fixture
def administrator(as_: SignIn, cast: Cast) -> Client:
    return as_(cast.qd.administrator)


def preview(client: Client, content: bytes | str, *, slug: str = "parts", name: str = "备件.csv") -> Any:
    """The answer to an upload; whatever it is, nothing has changed."""
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    before = _without_sent_forms()
    answer = client.post(reverse("catalogue_import", args=[slug]), {"file": file})
    assert _without_sent_forms() == before
    return answer


def _without_sent_forms() -> dict[str, Any]:
    return {table: rows for table, rows in all_rows().items() if not table.startswith("web_")}


def what(answer: Any) -> list[tuple[int, str, str]]:
    return [(one.line, one.what, one.code) for one in answer.context["outcomes"]]


def take_over(client: Client, answer: Any, *, slug: str = "parts") -> Any:
    return client.post(reverse("catalogue_take_over", args=[slug]), {"rows": answer.context["rows"]})


def test_the_preview_says_what_would_become_of_each_row(administrator: Client) -> None:
    answer = preview(administrator, SHEET)
    assert answer.status_code == 200
    assert what(answer) == [
        (2, "changed", "CBB65-35"),
        (3, "added", "P-1"),
        (4, "refused", ""),
        (5, "refused", "P-2"),
    ]
    assert "Please give it a name." in answer.content.decode()


def test_what_was_shown_is_then_done(administrator: Client) -> None:
    assert take_over(administrator, preview(administrator, SHEET)).status_code == 303
    names = dict(Part.objects.values_list("number", "name"))
    assert names == {"CBB65-35": "压缩机启动电容", "P-1": "风扇"}
    assert {one for _line, one, _code in what(preview(administrator, SHEET))} == {"same", "refused"}


def test_a_missing_column_changes_nothing(administrator: Client, cast: Cast) -> None:
    take_over(administrator, preview(administrator, "code,name\n", slug="classes"))
    take_over(administrator, preview(administrator, "number,name\nCBB65-35,新名\n"))
    assert Part.objects.get().unit == cast.capacitor.unit


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gb.csv", SHEET.encode("gb18030")),
        ("utf16.csv", SHEET.encode("utf-16")),
        ("semicolon.csv", SHEET.replace(",", ";").encode("utf-8-sig")),
        ("english.csv", SHEET.replace(HEADS, "part NUMBER,Name,Unit").encode()),
    ],
)
def test_files_of_all_kinds_are_read(name: str, content: bytes, administrator: Client) -> None:
    assert [one for _line, one, _code in what(preview(administrator, content, name=name))] == [
        "changed",
        "added",
        "refused",
        "refused",
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_columns_are_known_by_their_names_in_both_languages(language: str, administrator: Client) -> None:
    with translation.override(language):
        heads = ",".join(
            str(label) for label in administrator.get(_import_of_parts()).context["sheet"].columns.values()
        )
    assert [one for _line, one, _code in what(preview(administrator, SHEET.replace(HEADS, heads)))][:2] == [
        "changed",
        "added",
    ]


def _import_of_parts() -> str:
    return reverse("catalogue_import", args=["parts"])


def test_a_workbook_is_read(administrator: Client) -> None:
    book, file = Workbook(), BytesIO()
    for row in (
        ["Product class", "Code", "Name", "Guarantee, months"],
        ["ac", "K-1", "一号", 24],
        ["none", "K-2", "x", 1],
    ):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(file)
    answer = preview(administrator, file.getvalue(), slug="products", name="型号.xlsx")
    assert what(answer) == [(2, "added", "K-1"), (3, "refused", "K-2")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\xff\xfe\x00\xd8", "cannot be read as a spreadsheet"),
        (b"PK\x03\x04 not a workbook", "cannot be read as a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\x81", "cannot be read as a spreadsheet"),
        ("颜色,大小\n红,1\n".encode(), "these are missing"),
        (b"\n\n\n", "these are missing"),
        ("number,name\n" + "A,B\n" * (MOST_ROWS + 1), "rows at most"),
    ],
)
def test_a_broken_file_is_refused_beside_the_field(content: bytes | str, said: str, administrator: Client) -> None:
    answer = preview(administrator, content)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_no_file_is_refused(administrator: Client) -> None:
    with unchanged():
        answer = administrator.post(reverse("catalogue_import", args=["parts"]))
    assert answer.status_code == 422


@pytest.mark.parametrize("rows", ["", "x", "[1]", '[["a", {}]]', "{}", '[[1, "x"]]', "[" * 100_000])
def test_rows_that_no_preview_made_are_refused(rows: str, administrator: Client) -> None:
    with unchanged():
        answer = administrator.post(reverse("catalogue_take_over", args=["parts"]), {"rows": rows})
    assert answer.status_code == 400


def test_a_hostile_row_stays_text(administrator: Client) -> None:
    evil = '"><script>alert(1)</script>'
    answer = preview(administrator, f'number,name\n"{evil.replace(chr(34), chr(34) * 2)}",=1+1\n')
    assert "<script>alert" not in answer.content.decode()
    take_over(administrator, answer)
    for page in (reverse("catalogue_parts"), reverse("catalogue_prices")):
        assert "<script>alert" not in administrator.get(page).content.decode()
    exported = administrator.get(reverse("catalogue_export", args=["parts"])).content.decode()
    assert ",'=1+1," in exported


@pytest.mark.parametrize("slug", ["classes", "products", "faults", "parts", "prices"])
def test_what_is_exported_comes_back_unchanged(slug: str, administrator: Client) -> None:
    exported = administrator.get(reverse("catalogue_export", args=[slug]))
    assert exported["Content-Disposition"].startswith(f'attachment; filename="{slug}-')
    outcomes = what(preview(administrator, exported.content, slug=slug))
    assert outcomes
    assert {one for _line, one, _code in outcomes} == {"same"}


def test_prices_are_imported(administrator: Client) -> None:
    sheet = (
        "list,code,valid_from,out_charged,in_settled\n"
        "Parts,CBB65-35,2199-01-01,55,40\n"
        "备件,CBB65-35,1999-01-01,1,1\n"
        "parts,NONE,2199-01-01,1,1\n"
        "nothing,CBB65-35,2199-01-01,1,1\n"
        "parts,CBB65-35,not a day,1,1\n"
    )
    answer = preview(administrator, sheet, slug="prices")
    assert [one for _line, one, _code in what(answer)] == ["added", "refused", "refused", "refused", "refused"]
    take_over(administrator, answer, slug="prices")
    assert Price.objects.filter(valid_from="2199-01-01", out_charged=55, in_settled=40, in_charged=None).exists()


def test_only_administrators_import(as_: SignIn, cast: Cast) -> None:
    client = as_(cast.qd.clerk)
    file = SimpleUploadedFile("a.csv", SHEET.encode())
    with unchanged():
        assert client.get(reverse("catalogue_import", args=["parts"])).status_code == 403
        assert client.post(reverse("catalogue_import", args=["parts"]), {"file": file}).status_code == 403
        assert client.post(reverse("catalogue_take_over", args=["parts"]), {"rows": "[]"}).status_code == 403
    assert client.get(reverse("catalogue_export", args=["parts"])).status_code == 200


def test_there_is_no_other_list(administrator: Client) -> None:
    for name in ("catalogue_export", "catalogue_import"):
        assert administrator.get(reverse(name, args=["customers"])).status_code == 404
