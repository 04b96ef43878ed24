"""The register as a sheet: what is in it, what stays covered, what the journal keeps, who may."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.web.book_columns import COLUMNS
from shouhou.web.tests.conftest import SignIn
from shouhou.web.tests.test_register import fill
from shouhou.web.views import register_acts
from shouhou.workorders.actions import exporting
from tests.cast import NOW, Crew, unchanged

EXPORT = reverse("export_register")


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def exported(client: Client, query: str = "", **fields: Any) -> Any:
    return client.post(EXPORT + query, {"file": "csv"} | fields)


def test_it_holds_the_narrowed_list_with_its_columns(desk: Client, qd: Crew) -> None:
    qd.receive()
    first, second = qd.receive(urgent=True), qd.receive(urgent=True, at=NOW.replace(hour=9))
    head, *rows = rows_of(exported(desk, "?urgent=1&columns=serial&columns=state"))
    assert head[:4] == ["Number", "Received at", "Serial number", "State"]
    assert [row[0] for row in rows] == [second.number, first.number]
    assert rows[1][1:4] == ["2026-11-23 09:30", qd.unit.serial, "To dispatch"]


def test_only_the_marked_lines(desk: Client, qd: Crew) -> None:
    marked = qd.receive()
    qd.receive()
    assert [row[0] for row in rows_of(exported(desk, order=[marked.id]))[1:]] == [marked.number]
    assert Event.objects.get(verb="workorders.register.exported").data["chosen"] is True


def test_phones_stay_covered_and_formulas_are_text(desk: Client, qd: Crew) -> None:
    qd.receive(fault='=HYPERLINK("http://x","y")', contact_name="@SUM(A1)")
    answer = exported(desk)
    body = answer.getvalue().decode("utf-8-sig")
    assert "138****2071" in body
    assert "13812342071" not in body
    assert {'\'=HYPERLINK("http://x","y")', "'@SUM(A1)"} <= set(rows_of(desk.post(EXPORT, {"file": "csv"}))[1])


def test_a_workbook_has_the_same_rows(desk: Client, qd: Crew) -> None:
    qd.order("struck_off")
    query = "?" + "&".join(f"columns={key}" for key in COLUMNS)
    plain = rows_of(exported(desk, query))
    answer = exported(desk, query, file="xlsx")
    sheet = load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    assert [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)] == plain
    assert ".xlsx" in answer["Content-Disposition"]


def test_the_journal_keeps_who_how_many_and_what(desk: Client, qd: Crew) -> None:
    fill(qd, 3)
    exported(desk, "?work_class=C&columns=serial")
    event = Event.objects.get(verb="workorders.register.exported")
    assert (event.actor_id, event.branch_id, event.chain_id) == (qd.clerk.user_id, qd.branch.id, qd.branch.id)
    assert event.data == {"lines": 3, "columns": ["serial"], "filter": {"work_class": "C"}, "chosen": False}


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PARTS_KEEPER, Role.CLAIMS_AGENT, Role.ADMINISTRATOR])
def test_others_may_not(as_: SignIn, qd: Crew, role: Role) -> None:
    qd.receive()
    client = as_(qd.actors[role])
    with unchanged():
        assert exported(client).status_code == 403
    assert EXPORT not in client.get(reverse("register")).text


@pytest.mark.parametrize("fields", [{"file": "pdf"}, {"file": ""}])
def test_an_unknown_kind_of_file_is_asked_for(desk: Client, qd: Crew, fields: dict[str, str]) -> None:
    with unchanged():
        assert exported(desk, **fields).status_code == 422


def test_too_many_lines_are_refused_in_words(desk: Client, qd: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_EXPORTED", 2)
    fill(qd, 3)
    with unchanged():
        answer = exported(desk)
    assert answer.status_code == 422
    assert "at most 2 lines" in answer.text
    assert exported(desk, "?urgent=1").status_code == 200


def test_it_is_read_in_pieces(desk: Client, qd: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_acts, "_AT_ONCE", 4)
    fill(qd, 10)
    with CaptureQueriesContext(connection) as queries:
        rows = rows_of(exported(desk))
    reads = [
        one
        for one in queries
        if one["sql"].startswith('SELECT "workorders_workorder"."id", "workorders_workorder"."branch_id"')
    ]
    assert len(reads) == 3
    assert len(rows) == 11
    assert [row[0] for row in rows[1:]] == sorted((row[0] for row in rows[1:]), reverse=True)
