from decimal import Decimal
from typing import Any

import pytest

from shouhou.catalog.queries import UnknownPart
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import Refusal
from shouhou.kernel.ids import uuid7
from shouhou.kernel.texts import TextTooLong
from shouhou.workorders.actions import add_line, dispatch_work_order, take_back_line
from shouhou.workorders.actions.visits import (
    DescriptionMissing,
    LineNotFound,
    LineReversedAlready,
    PriceInvalid,
    QuantityInvalid,
)
from shouhou.workorders.errors import NotYourVisit, VisitInWrongState
from shouhou.workorders.models import WorkOrderLine
from tests.cast import Crew, Life, refuses


def write(life: Life, **given: Any) -> WorkOrderLine:
    usual: dict[str, Any] = {"kind": "labour", "quantity": Decimal("1.5"), "description": "检修", "unit": "小时"}
    usual |= {"unit_price": Decimal("80.00"), "by": life.worker, "at": life.next()}
    return add_line(life.visit.id, **usual | given)


def test_it_writes_labour_with_its_amount(qd: Crew) -> None:
    line = write(qd.order("on_site"), quantity=Decimal("0.333"), unit_price=Decimal("0.50"))
    line.refresh_from_db()
    assert (line.quantity, line.unit_price, line.amount, line.currency) == (
        Decimal("0.333"), Decimal("0.50"), Decimal("0.17"), "CNY",
    )  # fmt: skip


def test_a_part_has_the_price_and_name_of_the_list(qd: Crew) -> None:
    line = write(qd.order("on_site"), kind="part", part="CBB65-35", quantity=Decimal(2), description="", unit="箱")
    assert (line.description, line.unit, line.amount) == ("压缩机电容", "件", Decimal("77.00"))


def test_it_takes_the_largest_line_that_the_columns_hold(qd: Crew) -> None:
    line = write(qd.order("on_site"), quantity=Decimal("99999.999"), unit_price=Decimal("9999999.99"))
    line.refresh_from_db()
    assert line.amount == Decimal("999999989000.00")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"quantity": Decimal(0)}, QuantityInvalid),
        ({"quantity": Decimal(-1)}, QuantityInvalid),
        ({"quantity": Decimal(100_000)}, QuantityInvalid),
        ({"quantity": Decimal("0.0004")}, QuantityInvalid),
        ({"quantity": Decimal("NaN")}, QuantityInvalid),
        ({"quantity": Decimal("sNaN")}, QuantityInvalid),
        ({"quantity": Decimal("Infinity")}, QuantityInvalid),
        ({"unit_price": Decimal("-0.01")}, PriceInvalid),
        ({"unit_price": Decimal("0.001")}, PriceInvalid),
        ({"unit_price": Decimal(10_000_000)}, PriceInvalid),
        ({"unit_price": Decimal("NaN")}, PriceInvalid),
        ({"description": " "}, DescriptionMissing),
        ({"description": "长" * 201}, TextTooLong),
        ({"unit": "长" * 11}, TextTooLong),
        ({"kind": "bribe"}, UnknownChoice),
        ({"kind": "part", "part": "XX"}, UnknownPart),
    ],
)
def test_it_refuses_bad_input(given: dict[str, Any], refusal: type[Refusal], qd: Crew) -> None:
    life = qd.order("on_site")
    with refuses(refusal):
        write(life, **given)


def test_it_is_taken_back_by_its_reversal_once(qd: Crew) -> None:
    life = qd.order("on_site")
    line = write(life)
    reversal = take_back_line(life.visit.id, line_id=line.id, by=life.worker, at=life.next())
    assert (reversal.quantity, reversal.amount) == (-line.quantity, -line.amount)
    with refuses(LineReversedAlready):
        take_back_line(life.visit.id, line_id=line.id, by=life.worker, at=life.at)
    with refuses(LineNotFound):  # a reversal is not reversed: write the line again
        take_back_line(life.visit.id, line_id=reversal.id, by=life.worker, at=life.at)


def test_it_refuses_to_take_back_the_line_of_another_order(qd: Crew) -> None:
    first = qd.order("on_site", unit=qd.gas_unit)
    line = write(first)
    second = qd.order("on_site", technician=qd.colleague)
    with refuses(LineNotFound):
        take_back_line(second.visit.id, line_id=line.id, by=second.worker, at=second.at)


def test_it_refuses_an_unknown_line(qd: Crew) -> None:
    life = qd.order("on_site")
    with refuses(LineNotFound):
        take_back_line(life.visit.id, line_id=uuid7(), by=life.worker, at=life.at)


def test_it_refuses_a_line_on_a_visit_that_is_over(qd: Crew) -> None:
    life = qd.order("left_incomplete")
    ended = life.visit
    dispatch_work_order(life.id, technician_id=qd.technician.id, by=qd.supervisor, at=life.next())
    life.done = ["received", "dispatched"]
    life.to("on_site")
    with refuses(VisitInWrongState):
        add_line(ended.id, kind="labour", quantity=Decimal(1), description="x", by=life.worker, at=life.at)
    assert write(life).visit_id != ended.id


def test_only_who_was_sent_writes_lines(qd: Crew) -> None:
    life = qd.order("on_site")
    with refuses(NotYourVisit):
        write(life, by=qd.colleague_actor)
    write(life, by=qd.supervisor)
