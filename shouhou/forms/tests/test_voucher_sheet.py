"""The paper says until when repairs are free as the verdict says it, not by a reckoning of its own."""

from datetime import date, timedelta

import pytest

from shouhou.assets.actions import Sale, record_sale
from shouhou.entitlements.queries import coverage_of, standing_verdict
from shouhou.forms.queries import get_voucher, voucher_sheet
from shouhou.forms.typesetting import CopyMark
from tests.cast import NOW, STEP, Crew

pytestmark = pytest.mark.one_database
MARK = CopyMark(
    form_code="服表001", copy_number=1, reprint_count=0, voided=False, void_reason="", printed_at="", printed_by=""
)


def free_until(crew: Crew, life_id: object) -> date | None:
    voucher = get_voucher(life_id, by=crew.clerk)  # type: ignore[arg-type]  # the key of a voucher
    return voucher_sheet(voucher, mark=MARK, qr_content="x", second_line=False, at=NOW + STEP).free_until


@pytest.fixture
def sold(qd: Crew) -> date:
    """Sold, delivered and installed two hundred days ago: the law gives more than the certificate of the model."""
    day = NOW.date() - timedelta(days=200)
    sale = Sale(sale_date=day, delivered_date=day, installed_date=day, trader_installs=True)
    record_sale(qd.unit.id, sale=sale, by=qd.clerk, at=NOW, today=NOW.date())
    return day


def test_a_voucher_that_is_out_says_what_the_verdict_on_its_call_says(qd: Crew, sold: date) -> None:
    life = qd.order("on_site", work_class="", fault_code="E4")
    verdict = standing_verdict(life.id, branch_id=qd.branch.id)
    assert verdict
    assert verdict.answer["last_day"]
    assert free_until(qd, life.voucher.id) == date.fromisoformat(verdict.answer["last_day"])


def test_a_voucher_in_the_file_says_what_the_rules_say_now(qd: Crew, sold: date) -> None:
    life = qd.order("filed")
    voucher = get_voucher(life.voucher.id, by=qd.clerk)
    assert voucher.work_order_id is None
    expected = coverage_of(voucher.asset, branch=qd.branch, at=NOW + STEP).last_day
    assert expected
    assert free_until(qd, voucher.id) == expected


def test_where_nobody_can_say_the_field_stays_empty(qd: Crew) -> None:
    life = qd.order("on_site", work_class="C")
    verdict = standing_verdict(life.id, branch_id=qd.branch.id)
    assert verdict
    assert (free_until(qd, life.voucher.id) is None) == (verdict.answer["last_day"] is None)
