"""Promises of arrival: the command on real orders beside plain arithmetic, and what is wrong with a file said by name."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shouhou.cli.tests.conftest import Invoke

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "docs" / "examples"
MAPPING, REMEDIES = EXAMPLES / "olist-mapping.yaml", EXAMPLES / "arrival-remedies.yaml"
_BRAZIL = ZoneInfo("America/Sao_Paulo")
AT = "2018-10-31T00:00-03:00"
OWN_MAPPING = """
number: 单号
begun: 下单
due: 承诺
kept: 送达
void: {状态: [取消]}
sums: {paid_amount: {file: pay.csv, number: 单号, column: 实付}}
"""
HEAD = "单号,状态,下单,承诺,送达"


@pytest.fixture
def judged(invoke: Invoke, csv_file: Callable[..., Path]) -> Callable[..., Any]:
    """The command on orders that were typed."""

    def judge(*lines: str, mapping: str = OWN_MAPPING, paid: tuple[str, ...] = ("1,100.00",), code: int = 0) -> Any:
        csv_file("单号,实付", *paid, name="pay.csv")
        file, columns = csv_file(HEAD, *lines), csv_file(*mapping.splitlines(), name="mapping.yaml")
        given = ("--mapping", columns, "--remedy", "late-shipment", "--remedy", "late-delivery")
        printed = invoke("promises", "arrival", file, *given, "--at", "2026-11-23T12:00+08:00", "--missed", "--json")
        assert printed.code == code, printed.err
        return printed.json if code == 0 else printed.err

    return judge


# Real orders


@pytest.fixture
def olist(shared_data: Callable[[str], Path]) -> dict[str, Any]:
    """What plain csv, datetime and Decimal make of the same records, with nothing of the product."""
    rows = list(csv.DictReader(shared_data("olist/orders.csv").open(encoding="utf-8")))
    paid: dict[str, Decimal] = defaultdict(Decimal)
    freight: dict[str, Decimal] = defaultdict(Decimal)
    for one in csv.DictReader(shared_data("olist/order_payments.csv").open(encoding="utf-8")):
        paid[one["order_id"]] += Decimal(one["payment_value"])
    for one in csv.DictReader(shared_data("olist/order_items.csv").open(encoding="utf-8")):
        freight[one["order_id"]] += Decimal(one["freight_value"])
    found: dict[str, Any] = {"met": 0, "void": 0, "late": {}, "sums": [Decimal(0)] * 3}
    for one in rows:
        promised = date.fromisoformat(one["order_estimated_delivery_date"][:10])
        # Clocks are put forward and back in Brazil: a day late is 24 hours that have passed.
        over = datetime.combine(promised + timedelta(1), datetime.min.time(), _BRAZIL).astimezone(UTC)
        kept = one["order_delivered_customer_date"]
        arrived = (
            datetime.fromisoformat(kept).replace(tzinfo=_BRAZIL) if kept else datetime.fromisoformat(AT)
        ).astimezone(UTC)
        if one["order_status"] == "canceled":
            found["void"] += 1
        elif arrived < over and kept:
            found["met"] += 1
        else:
            days = -((over - arrived) // timedelta(days=1))
            number, rate = one["order_id"], Decimal("0.3") if days <= 3 else Decimal("0.6") if days <= 7 else Decimal(1)
            bills = [
                min(Decimal(2 * days), Decimal(30)),
                min(max(paid[number] * Decimal("0.05"), Decimal(5)), Decimal(50)),
                freight[number] * rate,
            ]
            bills = [bill.quantize(Decimal("0.01"), ROUND_HALF_UP) for bill in bills]
            found["late"][number] = (days, *bills)
            found["sums"] = [known + bill for known, bill in zip(found["sums"], bills, strict=True)]
    return found


def test_a_thousand_real_orders_come_out_as_by_hand(
    invoke: Invoke, shared_data: Callable[[str], Path], olist: dict[str, Any]
) -> None:
    orders = shared_data("olist/orders.csv")
    given = ("--mapping", MAPPING, "--remedies", REMEDIES, "--at", AT, "--missed", "--json")
    told = invoke("promises", "arrival", orders, *given).json
    assert (told["read"], told["met"], told["void"]) == (1000, olist["met"], olist["void"])
    assert told["breached"] == len(olist["late"])
    assert told["days_late"]["total"] == sum(days for days, *_bills in olist["late"].values())
    assert {one["number"]: (one["days_late"], *map(Decimal, one["amounts"])) for one in told["missed"]} == olist["late"]
    assert [Decimal(one["amount"]) for one in told["remedies"]] == olist["sums"]


def test_the_table_of_the_documentation_is_what_comes_out(olist: dict[str, Any]) -> None:
    text = (ROOT / "docs" / "commitments.md").read_text(encoding="utf-8")
    figures = dict(re.findall(r"^\| ([^|]+?) +\| +([\d.,]+)", text, re.MULTILINE))
    late = [days for days, *_bills in olist["late"].values()]
    expected = {
        "arrived in time": olist["met"],
        "missed": len(late),
        "cancelled": olist["void"],
        "days late, all together": sum(late),
        "2 for each day late, at most 30": olist["sums"][0],
        "5 per cent of what was paid, at least 5, at most 50": olist["sums"][1],
        "30, 60 or 100 per cent of the freight, by delay": olist["sums"][2],
    }
    assert {name: Decimal(figures[name].replace(",", "")) for name in expected} == expected


# Orders of one's own


def test_each_order_stands_as_its_times_say(judged: Callable[..., Any]) -> None:
    told = judged(
        "1,,2026-11-01,2026-11-10 12:00,2026-11-10 11:59",
        "2,,2026-11-01,2026-11-10 12:00,2026-11-10 12:00",
        "3,,2026-11-01,2026-11-10 12:00,",
        "4,,2026-11-01,2026-11-30 12:00,",
        "5,取消,2026-11-01,2026-11-10 12:00,",
        paid=("2,100.00", "2,60.00", "3,9999.00"),
    )
    assert {name: told.get(name) for name in ("met", "breached", "running", "void")} == {
        "met": 1, "breached": 2, "running": 1, "void": 1,
    }  # fmt: skip
    assert [(one["number"], one["days_late"], one["amounts"]) for one in told["missed"]] == [
        ("2", 0, ["8.00", "0.00"]),
        ("3", 13, ["50.00", "130.00"]),
    ]


def test_a_day_that_was_promised_lasts_until_it_is_over(judged: Callable[..., Any]) -> None:
    line = "1,,2026-11-01,2026-11-10,2026-11-10 23:59"
    assert judged(line)["breached"] == 1
    assert judged(line, mapping=OWN_MAPPING + "due_is: day")["met"] == 1


def test_what_a_formula_cannot_know_is_counted_and_not_guessed(judged: Callable[..., Any]) -> None:
    told = judged("7,,2026-11-01,2026-11-10,2026-11-12 08:00")
    assert told["missed"][0]["amounts"] == [None, "30.00"]
    assert [one["without_facts"] for one in told["remedies"]] == [1, 0]


def test_a_line_that_cannot_be_read_is_named_and_left_out(judged: Callable[..., Any]) -> None:
    told = judged("1,,2026-11-01,soon,", "2,,,2026-11-10,", "3,,2026-11-01,2026-11-10,2026-11-09")
    assert [(one["line"], "soon" in one["reason"] or "下单" in one["reason"]) for one in told["not_read"]] == [
        (2, True),
        (3, True),
    ]
    assert (told["read"], told["met"]) == (3, 1)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (OWN_MAPPING.replace("送达", "签收"), "签收"),
        (OWN_MAPPING.replace("kept", "keeping"), "keeping"),
        (OWN_MAPPING + "zone: Mars", "Mars"),
        (OWN_MAPPING.replace("column: 实付", "column: 应付"), "应付"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_by_name(mapping: str, said: str, judged: Callable[..., Any]) -> None:
    assert said in judged("1,,2026-11-01,2026-11-10,", mapping=mapping, code=1)


def test_a_sum_that_is_none_is_refused_with_its_line(judged: Callable[..., Any]) -> None:
    refused = judged("1,,2026-11-01,2026-11-10,", paid=("1,10", "1,十元"), code=1)
    assert "pay.csv" in refused
    assert "十元" in refused


def test_it_prints_a_table(invoke: Invoke, csv_file: Callable[..., Path]) -> None:
    columns = csv_file(*OWN_MAPPING.replace("sums", "# sums").splitlines(), name="mapping.yaml")
    file = csv_file(HEAD, "1,,2026-11-01,2026-11-10,2026-11-12 08:00", "2,,x,2026-11-10,")
    given = ("--mapping", columns, "--remedy", "late-delivery", "--at", "2026-11-23", "--missed")
    printed = invoke("promises", "arrival", file, *given).out
    assert "30.00 CNY" in printed
    assert "late-delivery" in printed
    assert invoke("promises", "arrival", file, "--mapping", columns, "--remedy", "nothing").code == 1
    assert invoke("promises", "arrival", file, "--mapping", columns, "--at", "soon").code == 1
