"""The one search: what it finds, in which order, and nothing of a branch that the actor does not see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouhou.access.permissions import Role
from shouhou.workorders.actions import NewAsset, NewCustomer
from shouhou.workorders.search import search_everything
from tests.cast import NOW, STEP, Cast, Crew

CALLER = NewCustomer(name="单小刚", phone="0532-83886610", address="香港中路 8 号")


def find(text: str, crew: Crew, limit: int = 8) -> tuple[list[str], list[str], list[str]]:
    """Numbers of orders, names of customers, serial numbers of units."""
    found = search_everything(text, by=crew.clerk, limit=limit)
    return (
        [one.number for one in found.orders],
        [one.name for one in found.customers],
        [one.serial for one in found.assets],
    )


@pytest.mark.parametrize("text", ["单小", "小刚", "sxg", "SHANXIAO", "xiaogang", "83886610", "6610", "0532"])
def test_by_name_pinyin_or_phone_the_customer_and_his_orders(text: str, qd: Crew) -> None:
    order = qd.receive(customer=CALLER, asset=NewAsset(product_model="KFR-35GW", serial="ZX-90017"))
    qd.receive()
    assert find(text, qd) == ([order.number], ["单小刚"], [])


@pytest.mark.parametrize("text", ["zx-9", "ZX-90017", "0017", "90017"])
def test_by_beginning_or_end_of_the_serial_number_the_unit_and_its_orders(text: str, qd: Crew) -> None:
    order = qd.receive(customer=CALLER, asset=NewAsset(product_model="KFR-35GW", serial="ZX-90017"))
    qd.receive()
    assert find(text, qd) == ([order.number], [], ["ZX-90017"])


@pytest.mark.parametrize("text", ["017", "9001", "", "  ", "\0", "%", "不存在"])
def test_and_by_nothing_else(text: str, qd: Crew) -> None:
    qd.receive(customer=CALLER, asset=NewAsset(product_model="KFR-35GW", serial="ZX-90017"))
    assert find(text, qd) == ([], [], [])


def test_by_the_number_of_the_voucher_the_unit(qd: Crew) -> None:
    life = qd.order("received")
    assert find(life.voucher.number.lower(), qd) == ([life.first.number], [], [qd.unit.serial])


def test_a_whole_number_is_exact_and_a_part_is_not(qd: Crew) -> None:
    order = qd.receive()
    for text, exact in ((order.number, order), (f" {order.number.lower()} ", order), (order.number[:-1], None)):
        found = search_everything(text, by=qd.clerk, limit=8)
        assert found.orders == [order]
        assert found.exact == exact


def test_open_orders_come_before_newer_ones_that_are_closed(qd: Crew) -> None:
    waiting = qd.receive(at=NOW)
    closed = qd.order("cancelled", at=NOW + STEP).first
    assert find("王建华", qd)[0] == [waiting.number, closed.number]


def test_what_a_line_shows_is_loaded(qd: Crew) -> None:
    qd.receive()
    found = search_everything("王建华", by=qd.clerk, limit=8)
    assert found.addresses == {qd.customer.id: qd.site.address}
    with CaptureQueriesContext(connection) as queries:
        assert [(one.customer.name, one.asset.product_model.name) for one in found.orders]
    assert not queries.captured_queries


def test_of_another_branch_nothing_is_found(qd: Crew, jn: Crew) -> None:
    order = jn.receive()
    own = qd.receive()
    for text in (order.number, "刘芳", "lf", "2071", "SN-KFR"):
        numbers, names, _serials = find(text, qd)
        assert order.number not in numbers
        assert "刘芳" not in names
    assert find("SN-KFR", qd) == ([own.number], [], [qd.unit.serial])


def test_headquarters_find_what_all_branches_have(cast: Cast) -> None:
    orders = {cast.qd.receive().number, cast.jn.receive().number}
    found = search_everything("2071", by=cast.headquarters[Role.HQ], limit=8)
    assert {one.number for one in found.orders} == orders
    assert {one.name for one in found.customers} == {"王建华", "刘芳"}
    units = search_everything("35GW", by=cast.headquarters[Role.HQ], limit=8).assets
    assert {one.branch_id for one in units} == {cast.qd.branch.id, cast.jn.branch.id}


def test_at_most_as_many_as_wanted(qd: Crew) -> None:
    for minute in range(4):
        qd.receive(at=NOW + minute * STEP)
    assert [len(kind) for kind in find("王建华", qd, limit=2)] == [2, 1, 0]
    assert len(find("QD2611", qd, limit=3)[0]) == 3


@pytest.mark.parametrize("text", ["王建华", "wjh", "QD26", "SN-KFR", "2071"])
def test_a_larger_register_costs_no_more_queries(text: str, cast: Cast) -> None:
    counts = []
    for calls in (1, 6):
        for number in range(calls):
            cast.qd.receive(at=NOW + number * STEP)
        with CaptureQueriesContext(connection) as queries:
            search_everything(text, by=cast.headquarters[Role.HQ], limit=8)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9
