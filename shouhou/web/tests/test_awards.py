"""Awards on the screen: the list, one award with who bears it, approving, giving, refusing, taking back."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouhou.access.actions.limits import set_limit
from shouhou.access.permissions import Role
from shouhou.commitments.models import Award
from shouhou.commitments.rules.award_words import AwardState
from shouhou.ledger.rules import Reference
from shouhou.web.tests.conftest import SignIn
from tests.award_acts import small_award
from tests.cast import NOW, Cast, Crew, unchanged

pytestmark = pytest.mark.one_database


@pytest.fixture
def award(qd: Crew) -> Award:
    return small_award(qd, Reference("work_order", str(qd.order("received").id)))


@pytest.fixture
def lead(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.supervisor)


@pytest.fixture
def accountant(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.actors[Role.ACCOUNTANT])


def send(client: Client, act: str, award: Award, **fields: Any) -> Any:
    return client.post(reverse(f"award_{act}", args=[award.id]), fields)


def state_of(award: Award) -> str:
    award.refresh_from_db()
    return award.state


def test_the_list_is_narrowed_by_state(lead: Client, award: Award) -> None:
    assert [one.award.id for one in lead.get(reverse("awards")).context["lines"]] == [award.id]
    assert lead.get(reverse("awards"), {"state": "proposed"}).context["lines"]
    assert not lead.get(reverse("awards"), {"state": "settled"}).context["lines"]
    assert lead.get(reverse("awards"), {"state": "<i>", "page": "x"}).context["lines"]
    assert reverse("awards") in lead.get(reverse("promises")).text


def test_the_page_tells_the_formula_and_who_bears_it(lead: Client, award: Award) -> None:
    page = lead.get(reverse("award", args=[award.id]))
    assert [(one.role, one.amount.amount) for one in page.context["page"].borne] == [
        ("The seller's deposit", Decimal("10.00"))
    ]
    assert "paid by the customer 200" in page.text
    assert reverse("order", args=[award.about_id]) in page.text
    assert page.context["page"].offers == {"approve", "refuse", "withdraw"}


def test_it_is_approved_given_once_and_taken_back(lead: Client, accountant: Client, award: Award) -> None:
    assert send(lead, "approve", award).status_code == 303
    page = accountant.get(reverse("award", args=[award.id]))
    assert page.context["page"].offers == {"settle"}
    key = page.context["settle_form"].initial["key"]
    for _ in range(2):
        send(accountant, "settle", award, how="bank", key=key)
    assert (state_of(award), award.settled.amount) == (AwardState.SETTLED, Decimal("10.00"))
    assert award.steps.filter(kind="settled").count() == 1
    assert send(lead, "withdraw", award, reason="申诉<b>成立").status_code == 303
    text = lead.get(reverse("award", args=[award.id])).text
    assert state_of(award) == AwardState.REVERSED
    assert "申诉&lt;b&gt;成立" in text


def test_above_the_limit_it_says_who_may(lead: Client, award: Award, cast: Cast) -> None:
    set_limit(kind="compensation", role=Role.SUPERVISOR, amount=Decimal(9), by=cast.root, at=NOW)
    page = lead.get(reverse("award", args=[award.id]))
    assert "approve" not in page.context["page"].offers
    assert "It can be approved by:" in page.text
    with unchanged():
        answer = send(lead, "approve", award)
    assert answer.status_code == 422
    assert answer.context["refusals"]


@pytest.mark.parametrize(
    ("act", "fields", "said"),
    [
        ("refuse", {"reason": " "}, "Please give the reason."),
        ("withdraw", {"reason": ""}, "Please give the reason."),
        ("settle", {"how": "points", "key": ""}, "points"),
        ("settle", {"how": "bank", "key": "x"}, ""),
    ],
)
def test_what_is_refused_stays_on_the_page(
    act: str, fields: dict[str, str], said: str, lead: Client, accountant: Client, award: Award
) -> None:
    with unchanged():
        answer = send(accountant if act == "settle" else lead, act, award, **fields)
    assert answer.status_code == 422
    assert said in answer.text


def test_another_branch_does_not_find_it(jn: Crew, as_: SignIn, award: Award) -> None:
    stranger = as_(jn.supervisor)
    assert stranger.get(reverse("award", args=[award.id])).status_code == 404
    with unchanged():
        assert send(stranger, "approve", award).status_code == 404
