"""Approval limits on the screen: what counts where, set and taken back; what is refused stands beside its field."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouhou.access.approvals import limits_counting
from shouhou.access.permissions import Role
from shouhou.access.rules import Decision
from shouhou.web.tests.conftest import SignIn
from tests.cast import Cast, Crew, unchanged

pytestmark = pytest.mark.one_database
EXCUSE = {"kind": "excuse", "role": "supervisor"}
UP_TO_800 = EXCUSE | {"how": "up_to", "amount": "800"}


@pytest.fixture
def chief(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.administrator)


def send(client: Client, route: str, crew: Crew, fields: dict[str, str], *, status: int = 303) -> Any:
    answer = client.post(reverse(route, args=[crew.branch.id]), fields)
    assert answer.status_code == status, answer.text
    return answer


def most(crew: Crew) -> Decimal | None:
    return limits_counting(crew.branch, at=timezone.now())[Decision.EXCUSE][Role.SUPERVISOR].amount


def test_a_branch_says_otherwise_and_takes_it_back(chief: Client, qd: Crew) -> None:
    before = most(qd)
    send(chief, "branch_limit_set", qd, UP_TO_800)
    assert most(qd) == 800
    page = chief.get(reverse("branch_limits", args=[qd.branch.id]), {"kind": "excuse"})
    assert [row.amount for _role, row in page.context["own"]] == [800]
    assert "¥800.00" in page.text
    send(chief, "branch_limit_set", qd, EXCUSE | {"how": "unlimited", "amount": ""})
    assert most(qd) is None
    send(chief, "branch_limit_end", qd, EXCUSE)
    assert most(qd) == before
    page = chief.get(reverse("branch_limits", args=[qd.branch.id]), {"kind": "excuse"})
    assert [row.amount for row in page.context["history"]] == [None, 800]
    assert not page.context["own"]


def test_the_ladder_climbs_from_who_decides_least(chief: Client) -> None:
    page = chief.get(reverse("limits"))
    for _kind, limits in page.context["kinds"]:
        amounts = [Decimal("Infinity") if one.amount is None else one.amount for one in limits]
        assert amounts == sorted(amounts)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (EXCUSE | {"how": "up_to", "amount": ""}, "amount"),
        (EXCUSE | {"how": "up_to", "amount": "-1"}, "amount"),
        (EXCUSE | {"how": "up_to", "amount": "0.001"}, "amount"),
        (EXCUSE | {"how": "up_to", "amount": "much"}, "amount"),
        (UP_TO_800 | {"role": "king"}, "role"),
    ],
)
def test_what_makes_no_limit_is_said_beside_its_field(
    chief: Client, qd: Crew, fields: dict[str, str], field: str
) -> None:
    with unchanged():
        answer = send(chief, "branch_limit_set", qd, fields, status=422)
    assert field in answer.context["form"].errors


def test_everywhere_is_for_the_administrators_of_the_company(chief: Client, cast: Cast, as_: SignIn) -> None:
    with unchanged():
        assert chief.post(reverse("limit_set"), UP_TO_800).status_code == 403
    boss = as_(cast.headquarters[Role.ADMINISTRATOR])
    assert boss.post(reverse("limit_set"), UP_TO_800).status_code == 303
    assert limits_counting(None, at=timezone.now())[Decision.EXCUSE][Role.SUPERVISOR].amount == 800
