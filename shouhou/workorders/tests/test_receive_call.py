from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shouhou.access.actors import BranchNotVisible
from shouhou.assets.actions import DateInFuture as DayInFuture
from shouhou.assets.actions import SerialTaken
from shouhou.assets.models import Asset
from shouhou.assets.queries import AssetNotFound
from shouhou.catalog.queries import UnknownFaultCode, UnknownProduct
from shouhou.customers.actions import NameMissing, PhoneMissing, add_site
from shouhou.customers.models import Customer
from shouhou.customers.queries import CustomerNotFound
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.ids import uuid7
from shouhou.kernel.phones import PhoneInvalid
from shouhou.kernel.texts import TextTooLong, TextUnreadable
from shouhou.workorders.actions import NewAsset, NewCustomer, receive_call
from shouhou.workorders.actions.calls import FaultMissing, NotTheirUnit, ReceivedAlready, WishInvalid
from shouhou.workorders.errors import DateInFuture
from shouhou.workorders.models import RegisterPage, Voucher
from tests.cast import NOW, Cast, Crew, refuses

CALLER = NewCustomer(name="陈静", phone="0532-8388 6610", address="香港中路 8 号")
UNIT = NewAsset(product_model="KFR-35GW", serial="sn 77", sale_date=date(2026, 5, 1))


def test_it_writes_a_line_into_the_register(qd: Crew) -> None:
    order = qd.receive(fault="  不制冷 ", urgent=True)
    assert (order.number, order.status, order.fault) == ("QD261123-0001", "received", "不制冷")
    assert (order.contact_name, order.phone) == (qd.customer.name, qd.customer.phone)
    assert order.address == qd.site.address
    assert order.received_on == date(2026, 11, 23)


def test_it_counts_on_and_opens_one_page_a_day(qd: Crew, jn: Crew) -> None:
    numbers = [qd.receive().number, jn.receive().number, qd.receive().number]
    numbers.append(qd.receive(at=NOW + timedelta(days=1)).number)
    assert numbers == ["QD261123-0001", "JN261123-0001", "QD261123-0002", "QD261124-0001"]
    pages = RegisterPage.objects.filter(branch=qd.branch).order_by("day")
    assert list(pages.values_list("page_number", flat=True)) == [1, 2]


def test_the_day_is_that_of_the_branch(qd: Crew) -> None:
    late = NOW.replace(hour=16, minute=1)  # one minute past midnight in Qingdao
    assert qd.receive(at=late).received_on == date(2026, 11, 24)
    assert qd.receive(at=late, received_at=late - timedelta(minutes=2)).received_on == date(2026, 11, 23)


def test_it_keeps_when_the_customer_would_like_the_visit(qd: Crew) -> None:
    start, end = NOW + timedelta(hours=2), NOW + timedelta(hours=4)
    order = qd.receive(wished_start=start, wished_end=end)
    order.refresh_from_db()
    assert (order.wished_start, order.wished_end) == (start, end)


@pytest.mark.parametrize(("start", "end"), [(4, 2), (2, 2), (-4, 0), (None, 2), (2, None), (2, 26), (13, 16)])
def test_it_refuses_a_wish_that_is_over_or_no_time_of_one_day(qd: Crew, start: int | None, end: int | None) -> None:
    wished: dict[str, Any] = {
        name: NOW + timedelta(hours=hours) if hours is not None else None
        for name, hours in (("wished_start", start), ("wished_end", end))
    }
    with refuses(WishInvalid):
        qd.receive(**wished)


def test_it_takes_an_unknown_caller_and_unit_into_the_books(qd: Crew) -> None:
    order = qd.receive(customer=CALLER, asset=UNIT)
    assert order.customer.phone == "+8653283886610"
    assert (order.asset.serial, order.asset.guarantee_until) == ("SN 77", date(2027, 5, 1))
    assert order.address == "香港中路 8 号"


def test_it_pulls_the_voucher_of_the_unit_or_opens_one(qd: Crew) -> None:
    first, second = qd.receive(), qd.receive()
    assert first.asset_id == second.asset_id
    assert Voucher.objects.get().number == "QD-000001"


def test_what_the_caller_says_goes_before_the_folder(qd: Crew) -> None:
    add_site(qd.customer.id, address="新家", zone="suburb", by=qd.clerk, at=NOW)
    order = qd.receive(contact_name="王太太", phone="13900000003", address="即墨路 3 号")
    assert (order.contact_name, order.phone, order.address) == ("王太太", "+8613900000003", "即墨路 3 号")


def test_it_keeps_the_fault_code_of_the_units_class(qd: Crew, cast: Cast) -> None:
    assert qd.receive(fault_code="E4").fault_code_id == cast.fault_code.id


def test_a_clock_that_is_a_little_ahead_is_no_future(qd: Crew) -> None:
    assert qd.receive(received_at=NOW + timedelta(minutes=5)).received_at > NOW


@pytest.mark.parametrize(
    ("call", "refusal"),
    [
        ({"fault": "  "}, FaultMissing),
        ({"fault": "长" * 2001}, TextTooLong),
        ({"fault": "a\0b"}, TextUnreadable),
        ({"fault": "\ud83d"}, TextUnreadable),
        ({"contact_name": "长" * 81}, TextTooLong),
        ({"address": "长" * 201}, TextTooLong),
        ({"source": "x" * 81}, TextTooLong),
        ({"phone": "不详"}, PhoneInvalid),
        ({"channel": "pigeon"}, UnknownChoice),
        ({"work_type": "party"}, UnknownChoice),
        ({"work_class": "E"}, UnknownChoice),
        ({"fault_code": "E99"}, UnknownFaultCode),
        ({"received_at": NOW + timedelta(minutes=6)}, DateInFuture),
        ({"customer": uuid7()}, CustomerNotFound),
        ({"asset": uuid7()}, AssetNotFound),
        ({"asset": NewAsset(product_model="XX-1")}, UnknownProduct),
        ({"asset": NewAsset(product_model="KFR-35GW", serial="sn-kfr-35gw")}, SerialTaken),
        ({"asset": NewAsset(product_model="KFR-35GW", serial="x" * 41)}, TextTooLong),
        ({"asset": NewAsset(product_model="KFR-35GW", sale_date=date(2026, 11, 24))}, DayInFuture),
        ({"customer": NewCustomer(name=" ", phone="13812342071")}, NameMissing),
        ({"customer": NewCustomer(name="陈静", phone=" ")}, PhoneMissing),
        ({"customer": NewCustomer(name="陈静", phone="110")}, PhoneInvalid),
        ({"customer": NewCustomer(name="陈静", phone="13812342071", kind="alien")}, UnknownChoice),
        ({"customer": CALLER, "asset": NewAsset(product_model="XX-1")}, UnknownProduct),
    ],
)  # fmt: skip
def test_it_refuses_bad_input_and_writes_nothing(call: dict[str, Any], refusal: type[Refusal], qd: Crew) -> None:
    with refuses(refusal):
        qd.receive(**call)


def test_it_refuses_the_same_imported_call_twice(qd: Crew, jn: Crew) -> None:
    first = qd.receive(source="old-17")
    with refuses(ReceivedAlready) as caught:
        qd.receive(source="old-17")
    assert caught.value.params["number"] == first.number
    assert jn.receive(source="old-17").source == "old-17"


def test_it_refuses_a_unit_of_another_customer(qd: Crew) -> None:
    other = qd.receive(customer=CALLER, asset=UNIT)
    with refuses(NotTheirUnit):
        qd.receive(asset=other.asset_id)


def test_it_refuses_ids_of_another_branch(qd: Crew, jn: Crew) -> None:
    with refuses(CustomerNotFound):
        qd.receive(customer=jn.customer.id)
    with refuses(AssetNotFound):
        qd.receive(asset=jn.unit.id)
    with refuses(BranchNotVisible):
        qd.receive(branch=jn.branch)
    assert (Customer.objects.count(), Asset.objects.count()) == (2, 4)


def test_headquarters_see_the_branch_but_do_not_write_its_register(cast: Cast, qd: Crew) -> None:
    for actor in cast.headquarters.values():
        with refuses(NotPermitted):
            qd.receive(by=actor)


def test_the_journal_seals_the_call_without_spelling_it_out(qd: Crew) -> None:
    life = qd.order("received")
    (event,) = life.events
    assert event.data["number"] == life.first.number
    assert "13812342071" not in str(event.data)
    assert len(event.data["call"]) == 64


def test_a_time_without_a_zone_is_an_error_of_the_program(qd: Crew) -> None:
    with pytest.raises(TypeError):
        receive_call(
            branch=qd.branch,
            customer=qd.customer.id,
            asset=qd.unit.id,
            fault="x",
            by=qd.clerk,
            at=NOW,
            received_at=datetime(2026, 11, 23),  # noqa: DTZ001
        )
