import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from shouhou.assets.models import Asset
from shouhou.audit.queries import find_faults
from shouhou.cli.tests.conftest import Invoke
from shouhou.customers.models import Customer
from shouhou.workorders.models import WorkOrder
from tests.cast import Crew, unchanged

HEADER = "单号,叫修时间,客户,电话,地址,型号,机号,故障,类别,渠道"
GOOD = "A-1,2026-11-02 09:30,赵敏,13900001111,青岛市宁夏路 8 号,KFR-35GW,HF0001,不制冷,保内,电话"
type Write = Callable[..., Path]


def rejects(file: Path) -> list[dict[str, str]]:
    with file.with_name(f"{file.stem}-rejects.csv").open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_it_brings_a_call_into_the_register(qd: Crew, invoke: Invoke, csv_file: Write) -> None:
    printed = invoke("import", "calls", csv_file(HEADER, GOOD), "--branch", "QD")
    order = WorkOrder.objects.get(source="A-1")
    assert (printed.code, order.branch, order.work_class, order.channel) == (0, qd.branch, "C", "phone")
    assert order.received_at == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
    assert (order.contact_name, order.phone, order.asset.serial) == ("赵敏", "+8613900001111", "HF0001")
    assert not list(find_faults())


def test_it_adds_nothing_the_second_time(qd: Crew, invoke: Invoke, csv_file: Write) -> None:
    without_number = GOOD.replace("A-1", "")
    file = csv_file(HEADER, GOOD, without_number)
    assert invoke("import", "calls", file, "--branch", "QD", "--json").json["new"] == 2
    with unchanged():
        again = invoke("import", "calls", file, "--branch", "QD", "--json").json
    assert (again["read"], again["new"], again["already_there"], again["rejected"]) == (2, 0, 2, 0)
    assert not list(file.parent.glob("*rejects*"))


def test_it_uses_known_customers_and_units_again(qd: Crew, invoke: Invoke, csv_file: Write) -> None:
    second = GOOD.replace("A-1", "A-2").replace("13900001111", "+86 139 0000 1111")
    without_serial = [GOOD.replace("A-1", f"A-{number}").replace("HF0001", "") for number in (3, 4)]
    invoke("import", "calls", csv_file(HEADER, GOOD, second, *without_serial), "--branch", "QD")
    assert WorkOrder.objects.filter(source__startswith="A-").count() == 4
    assert (Customer.objects.filter(name="赵敏").count(), Asset.objects.filter(customer__name="赵敏").count()) == (1, 2)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("赵敏", "", "name_missing"),
        ("13900001111", "", "phone_missing"),
        ("13900001111", "call me", "phone_invalid"),
        ("KFR-35GW", "KFR-99", "unknown_product"),
        ("不制冷", " ", "fault_missing"),
        ("不制冷", "长" * 2001, "text_too_long"),
        ("2026-11-02 09:30", "2999-01-01 08:00", "date_in_future"),
        ("2026-11-02 09:30", "上周二", "date_unreadable"),
        ("2026-11-02 09:30", "", "received_at_missing"),
        ("保内", "不知道", "value_unknown"),
        ("赵敏", "赵" * 81, "value_too_long"),
        ("HF0001", "SN-KFR-35GW", "not_their_unit"),
        ("电话", "电话,多出来的", "row_malformed"),
    ],
)
def test_it_rejects_a_bad_row_and_goes_on(
    qd: Crew, invoke: Invoke, csv_file: Write, old: str, new: str, reason: str
) -> None:
    file = csv_file(HEADER, GOOD.replace(old, new), GOOD.replace("A-1", "A-2"))
    summary = invoke("import", "calls", file, "--branch", "QD", "--json").json
    assert (summary["read"], summary["new"], summary["rejected_by_reason"]) == (2, 1, {reason: 1})
    (rejected,) = rejects(file)
    assert (rejected["line"], rejected["reason_code"], rejected["单号"]) == ("2", reason, "A-1")
    assert rejected["reason"]


def test_what_it_counts_adds_up(qd: Crew, invoke: Invoke, csv_file: Write) -> None:
    file = csv_file(HEADER, GOOD, "", GOOD, GOOD.replace("赵敏", ""), ",,,,,,,,,")
    summary = invoke("import", "calls", file, "--branch", "QD", "--json").json
    assert (summary["read"], summary["new"], summary["already_there"], summary["rejected"]) == (3, 1, 1, 1)
    assert summary["blank_lines"] == 2


def test_a_corrected_rejects_file_can_be_imported(qd: Crew, invoke: Invoke, csv_file: Write) -> None:
    row = GOOD.replace("不制冷", "=1+1").replace("13900001111", "+8613900001111").replace("保内", "?")
    file = csv_file(HEADER, row)
    assert invoke("import", "calls", file, "--branch", "QD").code == 1  # nothing of it could be received
    refused = file.with_name("calls-rejects.csv")
    text = refused.read_text(encoding="utf-8-sig")
    assert "'=1+1" in text
    assert "'+8613900001111" in text
    refused.write_text(text.replace("?", "保内"), encoding="utf-8")
    assert invoke("import", "calls", refused, "--branch", "QD").code == 0
    assert WorkOrder.objects.get(source="A-1").fault == "=1+1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_reads_the_encodings_of_the_trade(qd: Crew, invoke: Invoke, csv_file: Write, encoding: str) -> None:
    file = csv_file(HEADER, GOOD, encoding=encoding)
    assert invoke("import", "calls", file, "--branch", "QD", "--json").json["new"] == 1
    assert WorkOrder.objects.get(source="A-1").fault == "不制冷"


def test_it_reads_a_workbook(qd: Crew, invoke: Invoke, tmp_path: Path) -> None:
    book, file = Workbook(), tmp_path / "calls.xlsx"
    page = book.active
    assert page is not None
    page.append(HEADER.split(","))
    page.append(["A-1", datetime(2026, 11, 2, 9, 30), "赵敏", 13900001111, "", "KFR-35GW", "HF1", "不制冷", "C", ""])  # noqa: DTZ001
    page.append([None] * 10)
    book.save(file)
    summary = invoke("import", "calls", file, "--branch", "QD", "--json").json
    assert (summary["read"], summary["new"], summary["blank_lines"]) == (1, 1, 1)
    order = WorkOrder.objects.get(source="A-1")
    assert (order.phone, order.received_at) == ("+8613900001111", datetime(2026, 11, 2, 1, 30, tzinfo=UTC))


def test_a_mapping_gives_columns_a_meaning(qd: Crew, invoke: Invoke, csv_file: Write, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "columns: {received_at: When, name: [Who, Name], phone: Tel, model: Type, fault: What}\n"
        "constants: {work_class: A, channel: letter}\n"
        "values: {model: {AC: KFR-35GW}}\n"
        'dates: ["%d.%m.%y %H:%M"]\n'
        "time_zone: Europe/Berlin\n",
        encoding="utf-8",
    )
    file = csv_file("When;Who;Tel;Type;What;Extra", "02.11.26 09:30;赵敏;13900001111;AC;不制冷;x")
    summary = invoke("import", "calls", file, "--branch", "QD", "--mapping", mapping, "--json").json
    order = WorkOrder.objects.get(contact_name="赵敏")
    assert (summary["new"], summary["unused_columns"]) == (1, ["Extra"])
    assert (order.work_class, order.channel, order.asset.product_model.code) == ("A", "letter", "KFR-35GW")
    assert order.received_at == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colums: {}", "colums"),
        ("columns: {fone: Tel}", "fone"),
        ("values: {work_class: C}", "values"),
        ("constants: {channel: [a]}", "'a'"),
        ("time_zone: Mars/Olympus", "Mars/Olympus"),
        ("columns: []", "columns"),
        ("- a list", "sections"),
        ("a: !!python/object/apply:os.system [id]", "python/object"),
        ("a: [", "line"),
    ],
)
def test_it_refuses_a_wrong_mapping_by_name(
    qd: Crew, invoke: Invoke, csv_file: Write, tmp_path: Path, text: str, named: str
) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(text)
    with unchanged():
        printed = invoke("import", "calls", csv_file(HEADER, GOOD), "--branch", "QD", "--mapping", mapping)
    assert printed.code == 1
    assert named in printed.err


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe\x00 nothing", b"PK\x03\x04 no zip", "叫修时间,客户\n".encode()]
)
def test_it_refuses_a_file_that_is_no_list_of_calls(qd: Crew, invoke: Invoke, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "calls.csv"
    file.write_bytes(content)
    with unchanged():
        printed = invoke("import", "calls", file, "--branch", "QD")
    assert printed.code == 1
    assert printed.err.strip()


def test_it_asks_for_the_branch_where_there_are_several(qd: Crew, invoke: Invoke, csv_file: Write) -> None:
    assert "--branch" in invoke("import", "calls", csv_file(HEADER, GOOD)).err
    assert "QD" in invoke("import", "calls", csv_file(HEADER, GOOD), "--branch", "XX").err


def test_it_does_not_overwrite_what_it_imports(qd: Crew, invoke: Invoke, csv_file: Write) -> None:
    file = csv_file(HEADER, GOOD)
    assert invoke("import", "calls", file, "--branch", "QD", "--rejects", file).code == 1
