"""The frame: who sees which places, what is remembered, and that it stands for someone who is not signed in."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from shouhou.access.permissions import Role
from shouhou.web.context import console
from tests.cast import Cast, Crew


def shell(user: Any = None, actor: Any = None, path: str = "/", **cookies: str) -> dict[str, Any]:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.user = user or AnonymousUser()
    if actor:
        request.actor = actor  # type: ignore[attr-defined]
    return console(request)


def places(crew: Crew, role: Role) -> list[str]:
    actor = crew.actors[role]
    return [entry.key for entry in shell(actor.user, actor)["rail"]]


def test_a_stranger_gets_an_empty_frame() -> None:
    context = shell()
    assert context["rail"] == []
    assert context["branch"] is None


def test_a_request_without_user_gets_one_too() -> None:
    assert console(RequestFactory().get("/"))["rail"] == []


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        (Role.CLERK, {"dispatch", "visits"}),
        (Role.SUPERVISOR, {"visits"}),
        (Role.TECHNICIAN, {"dispatch"}),
        (Role.ACCOUNTANT, {"dispatch", "visits"}),
    ],
)
def test_the_rail_shows_what_the_role_may_use(qd: Crew, role: Role, hidden: set[str]) -> None:
    assert not hidden & set(places(qd, role))


def test_only_who_receives_calls_has_the_button(qd: Crew) -> None:
    technician = qd.technician_actor
    assert not shell(technician.user, technician)["intake_url"]


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("system", ""), ('"><b>', "")])
def test_the_theme_is_remembered_and_nothing_else(cookie: str, theme: str) -> None:
    assert shell(theme=cookie)["theme"] == theme


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/no/such/page"])
def test_a_stranger_can_change_language_and_theme(client: Client, path: str) -> None:
    client.cookies["theme"] = "dark"
    page = client.get(path).content.decode()
    assert 'data-theme="dark"' in page
    assert 'lang="zh-hans"' in page
    client.post("/language/", {"language": "en", "next": path})
    assert 'lang="en"' in client.get(path).content.decode()


def test_every_page_keeps_the_policy(client: Client, cast: Cast) -> None:
    """No inline script, no inline style, no attribute that holds a script: the strict policy would refuse them."""
    user = cast.qd.administrator.user
    assert user
    client.force_login(user)
    for path in ("/styleguide/", "/accounts/2fa/", "/accounts/password/change/", "/no/such/page"):
        response = client.get(path, follow=True)
        page = response.content.decode()
        assert "style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert "unsafe" not in response.headers["Content-Security-Policy"]
