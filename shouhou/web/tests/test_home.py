"""What each role is shown first, and in which branch it works."""

import pytest
from django.urls import reverse

from shouhou.access.permissions import Role
from shouhou.web.tests.conftest import SignIn
from tests.cast import Cast, Crew


@pytest.mark.parametrize(
    ("role", "goes_to"),
    [
        (Role.CLERK, ""),
        (Role.SUPERVISOR, ""),
        (Role.TECHNICIAN, "technician_day"),
        (Role.ACCOUNTANT, "register"),
        (Role.PARTS_KEEPER, "register"),
    ],
)
def test_each_role_starts_where_its_work_is(as_: SignIn, qd: Crew, role: Role, goes_to: str) -> None:
    client = as_(qd.actors[role])
    response = client.get("/")
    if goes_to:
        assert response.headers["Location"] == reverse(goes_to)
    else:
        assert response.status_code == 200


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
