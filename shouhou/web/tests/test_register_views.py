"""Saved views: kept, changed, shared, thrown away, opened with; each beside its refusal."""

import pytest
from django.test import Client
from django.urls import reverse

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.web import actions
from shouhou.web.models import OpeningView, SavedView
from shouhou.web.tests.conftest import SignIn
from shouhou.web.tests.test_register import numbers
from tests.cast import NOW, Cast, Crew, unchanged

REGISTER = reverse("register")


@pytest.fixture
def desk(qd: Crew, as_: SignIn) -> Client:
    return as_(qd.clerk)


def view_of(crew: Crew, role: Role = Role.CLERK, *, shared: bool = False, name: str = "加急") -> SavedView:
    return actions.save_view(crew.branch, name=name, address="urgent=1", shared=shared, by=crew.actors[role], at=NOW)


def test_a_view_keeps_what_narrows_and_the_columns(desk: Client, qd: Crew) -> None:
    qd.receive()
    urgent = qd.receive(urgent=True)
    address = f"{reverse('save_view')}?urgent=1&zone=moon&columns=serial&columns=state"
    answer = desk.post(address, {"name": " 加急 "})
    view = SavedView.objects.get()
    assert (view.name, view.address, view.shared) == ("加急", "urgent=1&columns=serial&columns=state", False)
    assert answer.status_code == 303
    page = desk.get(answer["Location"])
    assert numbers(page) == [urgent.number]
    assert [column.key for column in page.context["columns"]] == ["serial", "state"]
    assert Event.objects.filter(verb="web.view.saved", subject_id=view.id, actor_id=qd.clerk.user_id).count() == 1


@pytest.mark.parametrize(("name", "said"), [("", "Please give the view a name."), ("加急", "called “加急” already")])
def test_a_name_that_is_missing_or_taken_is_said_beside_the_field(desk: Client, qd: Crew, name: str, said: str) -> None:
    view_of(qd)
    with unchanged():
        answer = desk.post(reverse("save_view") + "?state=open", {"name": name})
    assert answer.status_code == 422
    assert said in answer.text
    assert answer.context["shown"].wanted.state == "open"


def test_hostile_names_are_shown_as_text(desk: Client) -> None:
    desk.post(reverse("save_view"), {"name": '"><script>alert(1)</script>'})
    page = desk.get(REGISTER + f"?view={SavedView.objects.get().id}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def test_only_who_leads_shares_with_the_branch(as_: SignIn, qd: Crew) -> None:
    client = as_(qd.clerk)
    with unchanged():
        assert client.post(reverse("save_view"), {"name": "x", "shared": "on"}).status_code == 403
    assert as_(qd.supervisor).post(reverse("save_view"), {"name": "x", "shared": "on"}).status_code == 303
    shared = SavedView.objects.get()
    assert client.get(REGISTER, {"view": str(shared.id)}).context["shown"].view == shared


def test_a_view_of_ones_own_is_nobody_elses(as_: SignIn, qd: Crew, jn: Crew) -> None:
    own, theirs = view_of(qd, Role.SUPERVISOR), view_of(jn, Role.SUPERVISOR, shared=True)
    client = as_(qd.clerk)
    for view in (own, theirs):
        assert client.get(REGISTER, {"view": str(view.id)}).context["shown"].view is None
        for name in ("change_view", "remove_view", "open_with_view"):
            with unchanged():
                assert client.post(reverse(name, args=[view.id]), {"name": "x"}).status_code == 404


def test_a_shared_view_is_changed_by_who_may_share_and_by_nobody_else(as_: SignIn, qd: Crew) -> None:
    view = view_of(qd, Role.MANAGER, shared=True)
    address = reverse("change_view", args=[view.id]) + "?state=open"
    client = as_(qd.clerk)
    with unchanged():
        assert client.post(address, {"name": "x", "shared": "on"}).status_code == 403
    assert as_(qd.supervisor).post(address, {"name": "未注销", "shared": "on"}).status_code == 303
    view.refresh_from_db()
    assert (view.name, view.address, view.shared) == ("未注销", "state=open", True)


def test_a_name_of_another_view_is_refused(desk: Client, qd: Crew) -> None:
    view_of(qd, name="一")
    other = view_of(qd, name="二")
    with unchanged():
        answer = desk.post(f"{reverse('change_view', args=[other.id])}?view={other.id}", {"name": "一"})
    assert answer.status_code == 422
    assert "called “一” already" in answer.text


def test_the_register_opens_with_the_view_that_was_chosen(desk: Client, qd: Crew) -> None:
    qd.receive()
    urgent = qd.receive(urgent=True)
    view = view_of(qd)
    desk.post(reverse("open_with_view", args=[view.id]))
    assert numbers(desk.get(REGISTER)) == [urgent.number]
    assert len(numbers(desk.get(REGISTER + "?state="))) == 2
    desk.post(reverse("open_with_view", args=[view.id]), {"whole": "1"})
    assert len(numbers(desk.get(REGISTER))) == 2
    verbs = Event.objects.filter(subject_id=view.id).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["web.view.saved", "web.view.chosen_to_open", "web.view.no_longer_opens"]


def test_a_view_that_is_no_longer_shared_opens_nothing_for_others(as_: SignIn, qd: Crew) -> None:
    order, view = qd.receive(), view_of(qd, Role.SUPERVISOR, shared=True)
    client = as_(qd.clerk)
    client.post(reverse("open_with_view", args=[view.id]))
    assert numbers(client.get(REGISTER)) == []
    actions.change_view(view.id, name="x", address="urgent=1", shared=False, by=qd.supervisor, at=NOW)
    assert numbers(client.get(REGISTER)) == [order.number]


def test_a_view_that_is_thrown_away_no_longer_opens_the_register(as_: SignIn, qd: Crew) -> None:
    order, view = qd.receive(), view_of(qd, Role.SUPERVISOR, shared=True)
    as_(qd.clerk).post(reverse("open_with_view", args=[view.id]))
    as_(qd.supervisor).post(reverse("remove_view", args=[view.id]))
    assert not SavedView.objects.exists()
    assert not OpeningView.objects.exists()
    assert numbers(as_(qd.clerk).get(REGISTER)) == [order.number]


def test_what_was_changed_since_is_said(desk: Client, qd: Crew) -> None:
    view = view_of(qd)
    assert not desk.get(REGISTER, {"view": str(view.id)}).context["shown"].changed
    page = desk.get(REGISTER, {"view": str(view.id), "urgent": "1", "work_class": "A"})
    assert page.context["shown"].changed
    assert page.context["shown"].view == view


def test_two_with_the_same_name_in_different_branches_do_not_meet(cast: Cast) -> None:
    assert view_of(cast.qd).branch_id != view_of(cast.jn).branch_id
