from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shouhou.assets.actions import Sale, record_sale
from shouhou.assets.queries import find_happenings
from shouhou.catalog.queries import UnknownFaultCode
from shouhou.entitlements.queries import coverage_of
from shouhou.kernel.errors import Refusal
from shouhou.kernel.texts import TextTooLong, TextUnreadable
from shouhou.workorders.actions import add_line, assign_work_class, complete_visit, leave_incomplete
from shouhou.workorders.actions.visits import MinutesInvalid, WorkDoneMissing
from shouhou.workorders.actions.vouchers import seal_of
from shouhou.workorders.errors import NotYourVisit, ReasonMissing
from shouhou.workorders.models import VoucherEntry
from shouhou.workorders.rules import CHECKLISTS, ChecklistIncomplete, CheckUnknown
from tests.cast import CHECKS, Cast, Crew, Life, refuses


def complete(life: Life, **given: Any) -> VoucherEntry:
    usual: dict[str, Any] = {"fault_found": "电容老化", "work_done": "更换电容", "checks": CHECKS}
    return complete_visit(life.visit.id, **usual | {"by": life.worker, "at": life.at + timedelta(minutes=45)} | given)


def test_it_writes_the_visits_line_on_the_voucher(qd: Crew) -> None:
    life = qd.order("on_site")
    entry = complete(life)
    assert (entry.completed, entry.work_class, entry.checks, entry.signed_at) == (True, "C", CHECKS, None)
    assert (entry.labour_minutes, entry.travel_minutes) == (45, 10)
    assert (life.order.status, life.visit.status) == ("completed", "completed")
    assert life.order.completed_at == life.visit.ended_at == entry.entered_at


def test_the_fault_that_it_was_stands_on_the_voucher_and_in_the_life(qd: Crew, cast: Cast) -> None:
    """Reported was nothing in particular; found was E4, and as a repair of E4 it counts."""
    life = qd.order("on_site")
    entry = complete(life, fault_code="E4")
    assert entry.fault_code == cast.fault_code
    assert life.events[-1].data["fault_code"] == "E4"
    *_, ended = find_happenings(qd.unit)
    assert (ended.kind, ended.fault_code) == ("repair_ended", cast.fault_code)
    sale = Sale(sale_date=date(2026, 3, 1), delivered_date=date(2026, 3, 1), trader_installs=False)
    unit = record_sale(qd.unit.id, sale=sale, by=qd.clerk, at=life.at, today=life.at.date())
    found = coverage_of(unit, branch=qd.branch, at=life.at + timedelta(days=1), fault_code=cast.fault_code)
    assert found.guarantee
    assert (found.guarantee.counts.by_fault, found.guarantee.facts.same_fault_repairs) == ({"E4": 1}, 1)


def test_what_was_found_is_part_of_what_is_signed(qd: Crew) -> None:
    life = qd.order("on_site")
    entry = complete(life, fault_code="E4")
    sealed = seal_of(entry)
    entry.fault_code = None
    assert seal_of(entry) != sealed


def test_a_fault_that_units_of_the_kind_do_not_have_is_refused(qd: Crew, cast: Cast) -> None:
    life = qd.order("on_site", unit=qd.gas_unit)
    for code in ("E99", "E4"):  # nobody has the one, air conditioners the other
        with refuses(UnknownFaultCode) as refused:
            complete(life, fault_code=code)
        assert refused.value.field == "fault_code"


def test_minutes_that_are_given_go_before_the_clock(qd: Crew) -> None:
    entry = complete(qd.order("on_site"), labour_minutes=30, travel_minutes=0)
    assert (entry.labour_minutes, entry.travel_minutes) == (30, 0)


@pytest.mark.parametrize(("work_class", "charge"), [("A", "160.00"), ("B", "0"), ("C", "0"), ("D", "0")])
def test_only_class_a_is_charged(work_class: str, charge: str, qd: Crew) -> None:
    life = qd.order("on_site")
    line: dict[str, Any] = {"kind": "labour", "quantity": Decimal(2), "unit_price": Decimal(80), "description": "工时"}
    add_line(life.visit.id, **line, by=life.worker, at=life.next())
    assign_work_class(life.id, work_class=work_class, reason="另有约定", by=qd.clerk, at=life.next())
    assert complete(life).charge == Decimal(charge)


@pytest.mark.parametrize("work_type", CHECKLISTS)
def test_each_work_type_has_its_own_checklist(work_type: str, qd: Crew) -> None:
    life = qd.order("on_site", work_type=work_type)
    with refuses(ChecklistIncomplete):
        complete(life, checks={})
    answers = {point.code: "not_applicable" for point in CHECKLISTS[work_type] if point.required}
    assert complete(life, checks=answers).checks == answers


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"fault_found": " "}, WorkDoneMissing),
        ({"work_done": ""}, WorkDoneMissing),
        ({"work_done": "长" * 2001}, TextTooLong),
        ({"fault_found": "\0"}, TextUnreadable),
        ({"checks": {"safe": "ok"}}, ChecklistIncomplete),
        ({"checks": CHECKS | {"safe": ""}}, CheckUnknown),
        ({"checks": CHECKS | {"polished": "ok"}}, CheckUnknown),
        ({"labour_minutes": -1}, MinutesInvalid),
        ({"travel_minutes": 10_081}, MinutesInvalid),
    ],
)
def test_it_refuses_bad_input(given: dict[str, Any], refusal: type[Refusal], qd: Crew) -> None:
    life = qd.order("on_site")
    with refuses(refusal):
        complete(life, **given)


def test_only_who_was_sent_completes(qd: Crew) -> None:
    life = qd.order("on_site")
    with refuses(NotYourVisit):
        complete(life, by=qd.colleague_actor)
    complete(life, by=qd.supervisor)


def test_what_cannot_be_finished_waits_for_another_visit(qd: Crew) -> None:
    life = qd.order("left_incomplete")
    assert (life.order.status, life.visit.status, life.visit.reason) == ("received", "not_completed", "缺压缩机")
    assert (life.entry.completed, life.entry.work_done) == (False, "缺压缩机")
    assert life.voucher.holder == qd.technician


def test_leaving_it_unfinished_needs_a_reason(qd: Crew) -> None:
    life = qd.order("on_site")
    with refuses(ReasonMissing):
        leave_incomplete(life.visit.id, reason="", by=life.worker, at=life.next())


def test_the_same_technician_comes_back_with_the_voucher_he_kept(qd: Crew) -> None:
    life = qd.order("left_incomplete")
    life.done = ["received"]
    life.to("struck_off")
    assert life.order.visit_count == 2
    assert VoucherEntry.objects.filter(work_order=life.first, completed=True).count() == 1
