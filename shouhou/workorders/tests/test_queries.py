from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouhou.kernel.ids import uuid7
from shouhou.workorders.actions import NewAsset, NewCustomer
from shouhou.workorders.errors import VisitNotFound, WorkOrderNotFound
from shouhou.workorders.queries import (
    before,
    count_register,
    find_dispatch_queue,
    find_entries_of,
    find_orders_of_asset,
    find_orders_of_customer,
    find_orders_to_bring_in,
    find_register,
    find_register_page,
    find_visits_of,
    find_vouchers_of_customer,
    get_visit,
    get_voucher_of,
    get_work_order,
    open_points,
    search_register,
)
from tests.cast import NOW, STEP, Crew, Stage

CALLER = NewCustomer(name="欧阳静", phone="0532-83886610")


@pytest.fixture
def three(qd: Crew, jn: Crew) -> list[str]:
    """Numbers of three calls of 青岛, oldest first; 济南 has one, too."""
    jn.receive()
    new = qd.receive(customer=CALLER, asset=NewAsset(product_model="KFR-35GW", serial="ZX-9"), at=NOW + STEP)
    return [qd.receive().number, new.number, qd.receive(unit=qd.gas_unit, at=NOW + 2 * STEP).number]


def test_the_register_shows_the_branchs_calls_newest_first(qd: Crew, three: list[str]) -> None:
    assert [order.number for order in find_register(qd.branch)] == three[::-1]
    page = find_register_page(qd.branch, NOW.date())
    assert [order.received_at for order in page] == sorted(order.received_at for order in page)


def test_paging_by_key_meets_every_call_once(qd: Crew) -> None:
    for step in (0, 0, 0, 1, 1, 2):
        qd.receive(at=NOW + step * STEP)
    met, rows = [], find_register(qd.branch)
    page = list(rows[:2])
    while page:
        met += page
        page = list(before(rows, received_at=page[-1].received_at, order_id=page[-1].id)[:2])
    assert met == list(rows)
    assert len(met) == 6


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("欧阳", 1), ("阳静", 1), ("静", 1), ("83886610", 1), ("6610", 1), ("053283", 1), ("zx", 1), ("SN-", 2),
        ("qd2611", 3), ("JN2611", 0), ("王建华", 2), ("138 1234 2071", 2), ("刘芳", 0), ("不存在", 0), ("", 0), ("  ", 0),
        ("%", 0), ("'", 0), ("\0", 0),
    ],
)  # fmt: skip
def test_search_by_number_serial_name_and_phone(text: str, found: int, qd: Crew, three: list[str]) -> None:
    assert len(search_register(text, branch=qd.branch)) == found


def test_the_head_of_the_register_counts(qd: Crew) -> None:
    qd.receive()
    qd.order("refused")  # was dispatched once: not carried over
    qd.order("cancelled")
    qd.receive(at=NOW + timedelta(days=1))
    counts = count_register(qd.branch, today=NOW.date() + timedelta(days=1))
    assert counts.by_status == {"received": 3}
    assert (counts.open, counts.carried_over, counts.today) == (3, 1, 1)


def test_the_dispatch_queue_begins_with_the_oldest(qd: Crew) -> None:
    late, early = qd.receive(at=NOW + STEP), qd.receive()
    qd.order("dispatched")
    assert list(find_dispatch_queue(qd.branch)) == [early, late]


@pytest.mark.parametrize(("stage", "live", "to_bring_in"), [
    ("dispatched", 1, 0), ("on_site", 1, 0), ("completed", 0, 1), ("signed", 0, 1),
    ("left_incomplete", 0, 1), ("handed_in", 0, 0),
])  # fmt: skip
def test_what_a_technician_has_to_do(stage: Stage, live: int, to_bring_in: int, qd: Crew) -> None:
    qd.order(stage)
    assert len(find_visits_of(qd.technician)) == live
    assert len(find_orders_to_bring_in(qd.technician)) == to_bring_in
    assert not find_visits_of(qd.colleague)


def test_the_folder_of_a_customer(qd: Crew, jn: Crew) -> None:
    life = qd.order("struck_off")
    other = qd.receive(unit=qd.gas_unit, at=life.at)
    assert list(find_orders_of_customer(qd.customer.id, by=qd.clerk)) == [other, life.first]
    assert list(find_orders_of_asset(qd.unit.id, by=qd.clerk)) == [life.first]
    assert len(find_vouchers_of_customer(qd.customer.id, by=qd.clerk)) == 2
    assert list(find_entries_of(get_voucher_of(life.first))) == [life.entry]
    for find in (find_orders_of_customer, find_vouchers_of_customer):
        assert not find(qd.customer.id, by=jn.clerk)
    assert not find_orders_of_asset(qd.unit.id, by=jn.clerk)


def test_orders_and_visits_of_another_branch_do_not_exist(qd: Crew, jn: Crew) -> None:
    life = qd.order("dispatched")
    assert get_work_order(life.id, by=qd.clerk) == life.first
    assert get_visit(life.visit.id, by=qd.clerk) == life.visit
    for key in (life.id, uuid7()):
        with pytest.raises(WorkOrderNotFound):
            get_work_order(key, by=jn.clerk)
    with pytest.raises(VisitNotFound):
        get_visit(life.visit.id, by=jn.clerk)


@pytest.mark.parametrize(("stage", "done"), [
    ("received", ""), ("on_site", ""), ("left_incomplete", ""), ("completed", "work_done"), ("signed", "work_done signed"),
    ("handed_in", "work_done signed handed_in"), ("filed", "work_done signed handed_in filed"),
])  # fmt: skip
def test_the_open_points_say_what_is_missing(stage: Stage, done: str, qd: Crew) -> None:
    life = qd.order(stage)
    points = open_points(life.order, life.voucher, [life.entry] if done or stage == "left_incomplete" else [])
    assert [point.code for point in points] == ["work_done", "signed", "handed_in", "filed"]
    assert " ".join(point.code for point in points if point.done) == done
    assert all(point.text % point.params for point in points)


def test_a_longer_register_costs_no_more_queries(qd: Crew) -> None:
    counts = []
    for calls in (1, 8):
        for _ in range(calls):
            qd.receive()
        with CaptureQueriesContext(connection) as queries:
            lines = [
                (one.customer.name, one.asset.product_model.name, one.technician) for one in find_register(qd.branch)
            ]
            search_register("王建华", branch=qd.branch)
        assert lines
        counts.append(len(queries))
    assert counts[0] == counts[1]
