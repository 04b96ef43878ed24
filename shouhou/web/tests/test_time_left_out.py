"""Time in repair that need not count, on the page of a unit: written down, what the rules make of it, taken back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouhou.access.permissions import Role
from shouhou.assets.actions import RepairOf, Sale, begin_repair, end_repair, record_sale
from shouhou.assets.models import UnitHappening
from shouhou.catalog.models import ProductClass
from shouhou.web.tests.conftest import SignIn
from tests.cast import NOW, Crew, unchanged

SOLD = Sale(sale_date=date(2026, 3, 1), delivered_date=date(2026, 3, 1), trader_installs=False)
# Ten days and an hour in the shop, of which three days and two hours on the way of the rescue.
SAID = {
    "repair": "QD-1",
    "reason": "rescue_travel",
    "starts_at": "2026-05-01T10:00",
    "ends_at": "2026-05-04T12:00",
    "evidence": "救援单 7 号",
}


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


@pytest.fixture
def repaired(qd: Crew) -> Crew:
    record_sale(qd.unit.id, sale=SOLD, by=qd.clerk, at=NOW, today=NOW.date())
    repair = RepairOf(qd.branch.id, qd.unit.id, "QD-1")
    begin_repair(repair, fault_code_id=None, at=datetime(2026, 5, 1, 2, tzinfo=UTC))
    end_repair(repair, at=datetime(2026, 5, 11, 3, tzinfo=UTC))
    return qd


def page(client: Client, crew: Crew) -> str:
    answer = client.get(reverse("asset", args=[crew.unit.id]))
    assert answer.status_code == 200
    return answer.text


def leave_out(client: Client, crew: Crew, **otherwise: Any) -> Any:
    return client.post(reverse("asset_left_out", args=[crew.unit.id]), SAID | otherwise)


def test_a_rule_takes_it_out_of_the_days_in_repair(desk: Client, repaired: Crew) -> None:
    ProductClass.objects.update(rules_class="family_car")
    assert "days in repair left out" not in page(desk, repaired)
    assert leave_out(desk, repaired).status_code == 303
    text = page(desk, repaired)
    assert "救援单 7 号" in text
    assert "A rule takes it out: 7 days in repair count instead of 11." in text
    assert "4 days in repair left out" in text
    row = UnitHappening.objects.get(kind="left_out")
    back = reverse("asset_line_back", args=[repaired.unit.id, row.id])
    assert desk.post(back, {"reason": "路程记错"}).status_code == 303
    assert "days in repair left out" not in page(desk, repaired)


def test_what_no_rule_names_counts_all_the_same(desk: Client, repaired: Crew) -> None:
    leave_out(desk, repaired, reason="waiting_for_customer")
    assert "No rule in force takes it out: it counts all the same." in page(desk, repaired)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"evidence": " "}, "evidence"),
        ({"reason": "lunch"}, "reason"),
        ({"repair": "QD-2"}, "repair"),
        ({"ends_at": "2026-05-01T10:00"}, "ends_at"),
        ({"ends_at": "2026-05-12T10:00"}, "ends_at"),
        ({"starts_at": "2026-04-30T10:00"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    wrong: dict[str, str], field: str, desk: Client, repaired: Crew
) -> None:
    with unchanged():
        answer = leave_out(desk, repaired, **wrong)
    assert answer.status_code == 422
    form = answer.context["forms"]["left_out"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in SAID} == SAID | wrong


def test_only_the_desk_of_the_branch_writes_it_down(repaired: Crew, jn: Crew, as_: SignIn) -> None:
    abroad, technician = as_(jn.clerk), as_(repaired.technician_actor)
    with unchanged():
        assert leave_out(abroad, repaired).status_code == 404
        assert leave_out(technician, repaired).status_code == 403
    assert reverse("asset_left_out", args=[repaired.unit.id]) not in page(as_(repaired.actors[Role.MANAGER]), repaired)


def test_a_unit_that_was_never_repaired_has_nothing_to_leave_out(desk: Client, qd: Crew) -> None:
    assert reverse("asset_left_out", args=[qd.unit.id]) not in page(desk, qd)
    with unchanged():
        assert leave_out(desk, qd).status_code == 422
