from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from shouhou.access.permissions import Role
from shouhou.assets.actions import (
    RepairOf,
    Sale,
    begin_repair,
    end_repair,
    leave_out_time,
    read_meter,
    record_sale,
    replace_unit,
    take_back_happening,
)
from shouhou.assets.actions.history import (
    HappeningNotFound,
    KilometresInvalid,
    MomentInFuture,
    RepairNotKnown,
    TakenBackAlready,
    TimeEndsBeforeItBegins,
    TimeLeftOutAlready,
    TimeOutsideRepair,
    UncountedEvidenceMissing,
    WhyTakenBackMissing,
)
from shouhou.assets.actions.registering import DateInFuture, DatesOutOfOrder, PriceInvalid, WordInvalid
from shouhou.assets.models import UnitHappening
from shouhou.assets.queries import AssetNotFound, find_happenings, history_of
from shouhou.assets.warranty.happenings import Delivered, Installed, LeftOut, MeterRead, Proof, Sold, UnitReplaced
from shouhou.audit.models import Event
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.texts import TextTooLong
from shouhou.policies.rules.words import Uncounted
from tests.cast import NOW, Cast, Crew, refuses

CHINA = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 23)
YESTERDAY = NOW - timedelta(days=1)
SALE = Sale(
    sale_date=date(2026, 3, 1),
    sale_proof="invoice",
    delivered_date=date(2026, 3, 4),
    delivery_proof="waybill",
    installed_date=date(2026, 3, 6),
    trader_installs=True,
    price=Decimal("2599.00"),
    channel="online",
    platform="taobao",
    promises=("free_door_to_door",),
)


def record(crew: Crew, sale: Sale = SALE, **given: Any) -> None:
    usual: dict[str, Any] = {"sale": sale, "by": crew.clerk, "at": NOW, "today": TODAY}
    record_sale(crew.unit.id, **usual | given)


def test_the_sale_is_written_down_and_read_as_history(qd: Crew) -> None:
    record(qd)
    qd.unit.refresh_from_db()
    history = history_of(qd.unit, zone=CHINA)
    assert history.happenings == {
        Sold(on=date(2026, 3, 1), proof=Proof.INVOICE),
        Delivered(on=date(2026, 3, 4), proof=Proof.WAYBILL),
        Installed(on=date(2026, 3, 6)),
    }
    assert history.trader_installs is True
    assert (qd.unit.price, qd.unit.promises) == (Decimal("2599.00"), ["free_door_to_door"])


def test_only_what_changes_stands_in_the_event(qd: Crew) -> None:
    record(qd)
    record(qd, Sale(**{**_fields(SALE), "price": Decimal("2499.00")}))
    first, second = Event.objects.filter(chain_id=qd.unit.id, verb="assets.unit.sale_recorded").order_by("sequence")
    assert "sale_date" not in first.data  # it was known
    assert second.data == {"price": ["2599.00", "2499.00"]}
    record(qd, Sale(**{**_fields(SALE), "price": Decimal("2499.00")}))
    assert Event.objects.filter(chain_id=qd.unit.id, verb="assets.unit.sale_recorded").count() == 2


def _fields(sale: Sale) -> dict[str, Any]:
    return {name: getattr(sale, name) for name in Sale.__slots__}


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"sale_date": date(2026, 11, 24)}, DateInFuture, "sale_date"),
        ({"delivered_date": date(2026, 11, 24)}, DateInFuture, "delivered_date"),
        ({"installed_date": date(2026, 2, 28)}, DatesOutOfOrder, "installed_date"),
        ({"price": Decimal("-1")}, PriceInvalid, "price"),
        ({"price": Decimal("0.005")}, PriceInvalid, "price"),
        ({"price": Decimal("NaN")}, PriceInvalid, "price"),
        ({"platform": "Taobao!"}, WordInvalid, "platform"),
        ({"promises": ("<b>",)}, WordInvalid, "promises"),
        ({"sale_proof": "hearsay"}, UnknownChoice, "sale_proof"),
        ({"channel": "street"}, UnknownChoice, "channel"),
    ],
)
def test_a_wrong_sale_is_refused_by_name(wrong: dict[str, Any], refusal: type[Refusal], field: str, qd: Crew) -> None:
    with refuses(refusal) as refused:
        record(qd, Sale(**_fields(SALE) | wrong))
    assert refused.value.field == field


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.ACCOUNTANT, Role.HQ])
def test_who_may_not_write_down_a_sale(role: Role, qd: Crew, cast: Cast) -> None:
    with refuses(NotPermitted):
        record(qd, by=qd.actors.get(role) or cast.headquarters[role])


def test_a_unit_of_another_branch_is_not_there(cast: Cast) -> None:
    with refuses(AssetNotFound):
        record(cast.qd, by=cast.jn.clerk)
    with refuses(AssetNotFound):
        read_meter(cast.qd.unit.id, km=1, read_at=NOW, by=cast.jn.clerk, at=NOW)


def test_the_life_is_written_line_by_line(qd: Crew) -> None:
    read_meter(qd.unit.id, km=1200, read_at=YESTERDAY, by=qd.clerk, at=NOW)
    replace_unit(qd.unit.id, replaced_at=NOW, reason=" 主板烧毁 ", by=qd.clerk, at=NOW)
    lines = find_happenings(qd.unit)
    assert [(one.kind, one.km, one.reason) for one in lines] == [
        ("meter_read", 1200, ""),
        ("replaced", None, "主板烧毁"),
    ]
    # In Qingdao it is past midnight already where it is still yesterday in UTC.
    late = datetime(2026, 11, 20, 17, tzinfo=UTC)
    read_meter(qd.unit.id, km=1300, read_at=late, by=qd.clerk, at=NOW)
    assert {MeterRead(on=date(2026, 11, 21), km=1300), UnitReplaced(on=TODAY)} <= history_of(
        qd.unit, zone=CHINA
    ).happenings


def test_a_wrong_line_is_taken_back_and_counts_no_more(qd: Crew) -> None:
    wrong = read_meter(qd.unit.id, km=99_999, read_at=YESTERDAY, by=qd.clerk, at=NOW)
    take_back_happening(wrong.id, reason="读错", by=qd.clerk, at=NOW)
    assert not [one for one in history_of(qd.unit, zone=CHINA).happenings if isinstance(one, MeterRead)]
    assert UnitHappening.objects.get(id=wrong.id).km == 99_999
    with refuses(TakenBackAlready):
        take_back_happening(wrong.id, reason="再来", by=qd.clerk, at=NOW)
    with refuses(HappeningNotFound):  # what takes back is not taken back itself: the line is written anew
        take_back_happening(UnitHappening.objects.get(takes_back=wrong).id, reason="反悔", by=qd.clerk, at=NOW)


def test_what_is_refused(cast: Cast) -> None:
    qd = cast.qd
    for km in (-1, 5_000_001):
        with refuses(KilometresInvalid):
            read_meter(qd.unit.id, km=km, read_at=NOW, by=qd.clerk, at=NOW)
    with refuses(MomentInFuture):
        read_meter(qd.unit.id, km=1, read_at=NOW + timedelta(seconds=1), by=qd.clerk, at=NOW)
    with refuses(NotPermitted):
        replace_unit(qd.unit.id, replaced_at=NOW, reason="", by=qd.technician_actor, at=NOW)
    line = read_meter(qd.unit.id, km=1, read_at=NOW, by=qd.clerk, at=NOW)
    with refuses(WhyTakenBackMissing):
        take_back_happening(line.id, reason=" ", by=qd.clerk, at=NOW)
    with refuses(HappeningNotFound):
        take_back_happening(line.id, reason="别家", by=cast.jn.clerk, at=NOW)


REPAIR = "QD-1"
BEGUN = datetime(2026, 11, 20, 1, 30, 40, tzinfo=UTC)


@pytest.fixture
def in_repair(qd: Crew) -> RepairOf:
    repair = RepairOf(qd.branch.id, qd.unit.id, REPAIR)
    begin_repair(repair, fault_code_id=None, at=BEGUN)
    return repair


def leave_out(crew: Crew, **otherwise: Any) -> UnitHappening:
    said: dict[str, Any] = {"repair": REPAIR, "reason": "rescue_travel", "evidence": "救援单 7 号"}
    said |= {"starts_at": BEGUN, "ends_at": BEGUN + timedelta(hours=6), "by": crew.clerk, "at": NOW}
    return leave_out_time(crew.unit.id, **said | otherwise)


def test_time_of_a_repair_is_left_out_and_taken_back(qd: Crew, in_repair: RepairOf) -> None:
    row = leave_out(qd, evidence=" 救援单 7 号 ")
    told = LeftOut(repair=REPAIR, reason=Uncounted.RESCUE_TRAVEL, starts_at=BEGUN, ends_at=BEGUN + timedelta(hours=6))
    assert told in history_of(qd.unit, zone=CHINA).happenings
    assert row.evidence == "救援单 7 号"
    event = Event.objects.get(chain_id=qd.unit.id, verb="assets.unit.time_left_out")
    assert (event.data["repair"], event.data["evidence"]) == (REPAIR, "救援单 7 号")
    with refuses(TimeLeftOutAlready):
        leave_out(qd, reason="waiting_for_customer", starts_at=BEGUN + timedelta(hours=5))
    take_back_happening(row.id, reason="路程记错", by=qd.clerk, at=NOW)
    assert told not in history_of(qd.unit, zone=CHINA).happenings
    # Beside each other, and from the beginning of the minute in which the repair began.
    leave_out(qd, starts_at=BEGUN.replace(second=0))
    leave_out(qd, starts_at=BEGUN + timedelta(hours=6), ends_at=NOW)


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"reason": "lunch"}, UnknownChoice, "reason"),
        ({"evidence": " "}, UncountedEvidenceMissing, "evidence"),
        ({"evidence": "长" * 501}, TextTooLong, "evidence"),
        ({"repair": "QD-2"}, RepairNotKnown, "repair"),
        ({"repair": ""}, RepairNotKnown, "repair"),
        ({"ends_at": BEGUN}, TimeEndsBeforeItBegins, "ends_at"),
        ({"starts_at": BEGUN - timedelta(minutes=1)}, TimeOutsideRepair, "starts_at"),
        ({"ends_at": NOW + timedelta(seconds=1)}, TimeOutsideRepair, "ends_at"),
    ],
)
def test_time_that_cannot_be_left_out(
    wrong: dict[str, Any], refusal: type[Refusal], field: str, qd: Crew, in_repair: RepairOf
) -> None:
    with refuses(refusal) as refused:
        leave_out(qd, **wrong)
    assert refused.value.field == field


def test_time_after_the_end_of_the_repair_is_not_of_it(cast: Cast, in_repair: RepairOf) -> None:
    end_repair(in_repair, at=BEGUN + timedelta(hours=2))
    with refuses(TimeOutsideRepair):
        leave_out(cast.qd)
    with refuses(AssetNotFound):
        leave_out(cast.qd, by=cast.jn.clerk)
    with refuses(NotPermitted):
        leave_out(cast.qd, by=cast.qd.technician_actor)


def test_the_database_keeps_no_time_left_out_without_its_reason(qd: Crew, in_repair: RepairOf) -> None:
    times = {"at": BEGUN, "ends_at": NOW, "recorded_at": NOW}
    for wrong in ({"reason": "lunch", "evidence": "照片"}, {"reason": "rescue_travel", "evidence": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitHappening.objects.create(
                branch=qd.branch, asset=qd.unit, kind="left_out", repair=REPAIR, **times, **wrong
            )
