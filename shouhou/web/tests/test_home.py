"""What each role is shown first, and in which branch it works."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shouhou.access.actions import register_user
from shouhou.access.permissions import Role
from shouhou.web.tests.conftest import SignIn
from shouhou.workforce.actions import grant_qualification
from shouhou.workorders.actions import NewAsset, add_line
from tests.cast import PASSWORD, Cast, Crew, Stage

PARTS = {
    Role.CLERK: {"counts"},
    Role.SUPERVISOR: {"counts", "team"},
    Role.TECHNICIAN: {"technician"},
    Role.ACCOUNTANT: {"takings"},
    Role.PARTS_KEEPER: {"parts", "held"},
    Role.CLAIMS_AGENT: {"claims"},
    Role.HQ: {"compared"},
    Role.MANAGER: {"compared", "counts", "team"},
    Role.ADMINISTRATOR: {"people"},
}
EVERY_PART = frozenset().union(*PARTS.values())


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_a_start_page_of_its_own(as_: SignIn, cast: Cast, role: Role) -> None:
    response = as_(cast.headquarters.get(role, cast.qd.actors[role])).get("/")
    assert response.status_code == 200
    shown = {part for part in EVERY_PART if response.context.get(part) is not None}
    assert shown == PARTS[role]


def test_a_page_costs_the_same_for_one_order_and_for_ten(as_: SignIn, cast: Cast) -> None:
    def cost(role: Role) -> int:
        client = as_(cast.headquarters.get(role, cast.qd.actors[role]))
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    def fill() -> None:
        stages: tuple[Stage, ...] = ("received", "dispatched", "on_hold", "completed", "signed", "handed_in")
        for stage in stages:
            cast.qd.order(stage, asset=NewAsset(product_model="KFR-35GW"), work_class="A")

    fill()
    few = {role: cost(role) for role in Role}
    for _ in range(3):
        fill()
    assert {role: cost(role) for role in Role} == few


def test_the_accountant_sees_what_is_signed_for_money_by_technician(as_: SignIn, qd: Crew, jn: Crew) -> None:
    life = qd.order("on_site", work_class="A")
    add_line(
        life.visit.id, kind="labour", description="检修", quantity=Decimal(1), unit_price=Decimal(120),
        by=life.worker, at=life.next(),
    )  # fmt: skip
    life.to("signed")
    qd.order("signed", unit=qd.gas_unit)
    jn.order("signed", work_class="A")
    page = as_(qd.actors[Role.ACCOUNTANT]).get("/")
    assert [(one.technician, one.total) for one in page.context["takings"]] == [(qd.technician, Decimal(120))]
    assert page.context["taken"] == Decimal(120)
    life.to("struck_off")
    assert as_(qd.actors[Role.ACCOUNTANT]).get("/").context["takings"] == []


def test_headquarters_sees_the_branches_side_by_side(as_: SignIn, cast: Cast) -> None:
    now = timezone.now()
    cast.qd.receive(at=now - timedelta(days=2))
    cast.jn.receive(at=now)
    cast.jn.order("on_hold", at=now)
    rows = {one.branch.code: one for one in as_(cast.headquarters[Role.HQ]).get("/").context["compared"]}
    assert set(rows) == {"QD", "JN"}
    assert (rows["QD"].waiting, rows["QD"].carried_over, rows["QD"].today) == (1, 1, 0)
    assert (rows["JN"].waiting, rows["JN"].carried_over, rows["JN"].on_hold, rows["JN"].today) == (1, 0, 1, 2)
    assert rows["QD"].oldest == now - timedelta(days=2)


def test_a_branchs_own_manager_is_not_shown_other_branches(as_: SignIn, cast: Cast) -> None:
    page = as_(cast.qd.actors[Role.MANAGER]).get("/")
    assert "compared" not in page.context
    assert cast.jn.branch.name not in page.text


def test_the_technician_sees_what_is_next_and_what_he_still_has(as_: SignIn, qd: Crew) -> None:
    signed = qd.order("signed", unit=qd.gas_unit)
    coming = qd.order("accepted", fault="<i>漏水</i>")
    qd.order("accepted", technician=qd.colleague)
    context = (page := as_(qd.technician_actor).get("/")).context
    assert context["next"].visit == coming.visit
    assert [paper.order.id for paper in context["papers"]] == [signed.id]
    assert "<i>漏水" not in page.text


def test_the_administrator_sees_who_has_no_role_and_what_has_run_out(as_: SignIn, cast: Cast) -> None:
    qd, now = cast.qd, timezone.now()
    register_user(username="new", display_name="新人", password=PASSWORD, branch=qd.branch, by=cast.root, at=now)
    day = timezone.localdate()
    grant_qualification(
        qd.colleague.id, qualification=cast.gas_certificate, starts_on=day - timedelta(days=400),
        ends_on=day - timedelta(days=1), by=qd.supervisor, at=now,
    )  # fmt: skip
    people = as_(cast.headquarters[Role.ADMINISTRATOR]).get("/").context["people"]
    assert [one.username for one in people.without_role] == ["new"]
    assert [one.technician for one in people.certificates] == [qd.colleague]
    grant_qualification(
        qd.colleague.id, qualification=cast.gas_certificate, starts_on=day, ends_on=day + timedelta(days=400),
        by=qd.supervisor, at=now,
    )  # fmt: skip
    assert not as_(cast.headquarters[Role.ADMINISTRATOR]).get("/").context["people"].certificates


def test_it_counts_what_lies_on_the_desk(as_: SignIn, qd: Crew) -> None:
    qd.order("signed")
    qd.order("handed_in", unit=qd.gas_unit)
    client = as_(qd.clerk)
    page = client.get("/")
    assert {pile.key: pile.count for pile in page.context["stats"]} == {
        "carried_over": 0,
        "to_sign": 0,
        "to_hand_in": 1,
        "to_file": 1,
        "to_strike_off": 0,
    }
    for pile in page.context["piles"]:
        assert len(client.get(pile.url).context["lines"]) == pile.count


def test_another_branch_counts_for_itself(as_: SignIn, qd: Crew, jn: Crew) -> None:
    jn.order("signed")
    client = as_(qd.clerk)
    assert not client.get("/").context["piles"]


def test_who_sees_several_branches_changes_between_them(as_: SignIn, cast: Cast) -> None:
    client = as_(cast.headquarters[Role.MANAGER])
    back = reverse("register") + "?state=open"
    response = client.post(reverse("set_branch"), {"branch": cast.jn.branch.id, "next": back})
    assert (response.status_code, response.headers["Location"]) == (303, back)
    assert cast.jn.branch.name in client.get(back).text


def test_he_is_not_sent_out_of_the_house(as_: SignIn, qd: Crew) -> None:
    client = as_(qd.clerk)
    response = client.post(reverse("set_branch"), {"branch": qd.branch.id, "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("branch", ["jn", "nothing", ""])
def test_a_branch_that_is_not_his_is_not_found(as_: SignIn, cast: Cast, branch: str) -> None:
    client = as_(cast.qd.clerk)
    wanted = cast.jn.branch.id if branch == "jn" else branch
    assert client.post(reverse("set_branch"), {"branch": wanted}).status_code == 404
    assert "branch" not in client.session


def test_a_link_does_not_change_the_branch(as_: SignIn, qd: Crew) -> None:
    client = as_(qd.clerk)
    assert client.get(reverse("set_branch")).status_code == 405
