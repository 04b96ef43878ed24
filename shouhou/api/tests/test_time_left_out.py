"""Time in repair that need not count, over the API."""

from datetime import UTC, date, datetime

import pytest

from shouhou.api.tests.conftest import caller_for
from shouhou.assets.actions import RepairOf, Sale, begin_repair, end_repair, record_sale
from shouhou.catalog.models import ProductClass
from tests.cast import NOW, Crew

pytestmark = pytest.mark.django_db

SOLD = Sale(sale_date=date(2026, 3, 1), delivered_date=date(2026, 3, 1), trader_installs=False)
# Ten days and an hour in the shop, of which three days and two hours on the way of the rescue.
SAID = {
    "repair": "QD-1",
    "reason": "rescue_travel",
    "starts_at": "2026-05-01T10:00:00+08:00",
    "ends_at": "2026-05-04T12:00:00+08:00",
    "evidence": "救援单 7 号",
}


@pytest.fixture
def repaired(qd: Crew) -> Crew:
    record_sale(qd.unit.id, sale=SOLD, by=qd.clerk, at=NOW, today=NOW.date())
    repair = RepairOf(qd.branch.id, qd.unit.id, "QD-1")
    begin_repair(repair, fault_code_id=None, at=datetime(2026, 5, 1, 2, tzinfo=UTC))
    end_repair(repair, at=datetime(2026, 5, 11, 3, tzinfo=UTC))
    return qd


def test_the_api_writes_it_down_and_counts_it(repaired: Crew) -> None:
    ProductClass.objects.update(rules_class="family_car")
    clerk, path = caller_for(repaired.clerk), f"/assets/{repaired.unit.id}"
    row = clerk.post(f"{path}/left-out-times", SAID)
    assert (row.status_code, row.json()["evidence"], row.json()["reason"]) == (201, "救援单 7 号", "rescue_travel")
    counts = clerk.get(f"{path}/history").json()["counts"]
    assert (counts["repair_days"], counts["days_left_out"]) == (7, 4)
    assert clerk.post(f"{path}/left-out-times", SAID).status_code == 409
    back = clerk.post(f"/happenings/{row.json()['id']}/taking-back", {"reason": "记错"})
    assert back.status_code == 201
    assert clerk.get(f"{path}/history").json()["counts"]["repair_days"] == 11
