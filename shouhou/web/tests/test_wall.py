"""Every route outside the API × every role × two branches, and another branch's id in every place for an id."""

import ast
import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache as attempts
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

import shouhou.web
from shouhou.access.actions import issue_token
from shouhou.access.actors import Actor
from shouhou.access.models import ApiToken
from shouhou.access.permissions import Role
from shouhou.forms.actions import print_voucher
from shouhou.web.actions import save_view
from shouhou.web.middleware import BRANCH_KEY
from shouhou.web.tests.routes_table import BOOK_KEEPERS, NO_IDS, ROUTES, entry_for, version_for
from tests.bookkeeping import named_in_books
from tests.cast import Cast, Crew, unchanged
from tests.walls import FIELD, LEAD, World, at_headquarters, rolled_back, written_down, yesterday

type Key = tuple[str, str]

LOGIN = reverse("account_login")
# Parameters of addresses that name nothing of a branch or a person
NAMELESS: dict[str, Any] = {
    "provider_id": "company",
    "topic": "register",
    "tour": "clerk",
    "link": "made-up",
    "pack_id": "cn-family-cars-2022",
    "rule_id": "cn-family-cars-2022.thirty-days",
}
SHARED = {"day", "slug", "subject_id", "version_id", *NAMELESS}
REDIRECTS = {302, 303}
SECOND = bool(os.environ.get("SHOUHOU_TEST_SECOND"))

table = pytest.mark.parametrize("key", ROUTES, ids=" ".join)


@cache
def parameters() -> dict[str, tuple[str, ...]]:
    """Name → parameters of its address, of every route outside the API."""
    return dict(_walk(get_resolver().url_patterns))


def _walk(
    patterns: list[URLPattern | URLResolver], before: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in patterns:
        own = (*before, *one.pattern.regex.groupindex)
        if isinstance(one, URLPattern):
            yield one.name or str(one.pattern), own
        elif str(one.pattern) != "api/":
            yield from _walk(one.url_patterns, own)


def ids_in_address(name: str) -> list[str]:
    return [one for one in parameters()[name] if one not in SHARED]


# The table is whole


def test_every_route_stands_in_the_table() -> None:
    listed = {name for name, _method in ROUTES}
    assert not parameters().keys() - listed, "not in the table"
    assert not listed - parameters().keys(), "no such route"


def test_no_route_takes_another_method(qd: Crew) -> None:
    client = signed_in(qd.supervisor)
    with unchanged():
        taken = [key for key in _unlisted() if _ask_for_anything(key, client).status_code != 405]
    assert not taken


def test_every_field_that_may_name_a_row_stands_in_the_table() -> None:
    """Each must be tried with another branch's id, or be known as one that names nothing."""
    tried = {name for route in ROUTES.values() for name in route.ids}
    assert not (_id_fields() | _read_by_hand()) - tried - NO_IDS


def test_nothing_is_posted_from_elsewhere(qd: Crew) -> None:
    """Without the token of a form of ours."""
    client = signed_in(qd.supervisor, enforce_csrf_checks=True)
    posts = [key for key in ROUTES if key[1] == "POST"]
    with unchanged():
        taken = [key for key in posts if _ask_for_anything(key, client).status_code != 403]
    assert posts
    assert not taken


# Who gets in


@table
def test_each_role_is_let_in_or_refused(key: Key, cast: Cast) -> None:
    route, worlds = ROUTES[key], {crew.branch.id: world_of(key, crew, cast) for crew in (cast.qd, cast.jn)}
    for crew, other in ((cast.qd, cast.jn), (cast.jn, cast.qd)):
        world, elsewhere = worlds[crew.branch.id], worlds[other.branch.id]
        strangers_have_to_sign_in(key, world.of(crew.clerk))
        staff = [("branch", *one) for one in crew.actors.items()]
        everybody = [*staff, *(("HQ", *one) for one in cast.headquarters.items())]
        let_in = [one for one in everybody if one[1] in route.allowed and (one[0] == "HQ" or not route.headquarters)]
        answers = {}
        # What the queries are is the same for all of them: on the second database one of each place asks.
        for place, role, actor in {one[0]: one for one in let_in}.values() if SECOND else let_in:
            client = signed_in(actor, at=crew)
            with rolled_back():
                answers[place, role] = route.status, ask(key, world.of(actor), client)
                if crew is cast.qd:
                    leads_on(answers[place, role][1], client)
        refused = [(one, signed_in(one[2], at=crew)) for one in everybody if one not in let_in]
        with unchanged():
            for (place, role, actor), client in refused:
                answers[place, role] = route.others, ask(key, world.of(actor), client)
        for (place, role), (expected, answer) in answers.items():
            assert answer.status_code == expected, (crew.branch.code, place, role)
            is_private(answer)
            assert place == "HQ" or not words_of(elsewhere, answer), (crew.branch.code, role)


def strangers_have_to_sign_in(key: Key, world: World) -> None:
    with unchanged():
        answer = ask(key, world, Client())
    expected = ROUTES[key].stranger
    assert answer.status_code in ({expected} if expected else REDIRECTS)
    assert expected or answer["Location"].startswith(LOGIN)
    assert not words_of(world, answer)


# The wall


@pytest.mark.parametrize("key", [key for key in ROUTES if ids_in_address(key[0])], ids=" ".join)
def test_another_branch_does_not_exist_for_any_role(key: Key, cast: Cast) -> None:
    for own, other in ((cast.qd, cast.jn), (cast.jn, cast.qd)):
        world = world_of(key, other, cast).of(other.clerk)
        clients = {role: signed_in(actor) for role, actor in own.actors.items()}
        with unchanged():
            answers = {role: ask(key, world, client) for role, client in clients.items()}
        assert {role: one.status_code for role, one in answers.items()} == dict.fromkeys(answers, 404)
        assert not [role for role, one in answers.items() if words_of(world, one)]


def _single_ids() -> list[tuple[Key, str]]:
    """Each place for an id that stands beside another."""
    found = []
    for key, route in ROUTES.items():
        beside = ids_in_address(key[0])
        found += [(key, name) for name in (*route.ids, *(beside if len(beside) + len(route.ids) > 1 else ()))]
    return found


@pytest.mark.parametrize(("key", "name"), _single_ids(), ids=str)
@pytest.mark.parametrize("seen_from", ["own branch", "headquarters"])
def test_one_foreign_id_among_own_ones_is_refused(key: Key, name: str, seen_from: str, cast: Cast) -> None:
    """Also for those who see both branches: nobody can bind a row of one to a row of the other."""
    role = Role.ACCOUNTANT if ROUTES[key].allowed == BOOK_KEEPERS else Role.SUPERVISOR
    actor = cast.qd.actors[role]
    own, other = world_of(key, cast.qd, cast), world_of(key, cast.jn, cast)
    if seen_from == "headquarters":
        if name == "branch" or key[1] == "GET":
            return  # he may choose the branch, and look at either
        actor = at_headquarters(cast, actor, role)
    client = signed_in(actor, at=cast.qd)
    with unchanged():
        answer = ask(key, own, client, instead={name: other.id_of(name)})
    # What is only asked about may also be passed over, if nothing of it is shown.
    assert answer.status_code in ({404, 422} if key[1] == "POST" else {404, 200})
    assert seen_from == "headquarters" or not words_of(other, answer)


@pytest.mark.parametrize("role", Role)
def test_a_branch_that_is_not_his_is_not_entered(role: Role, cast: Cast) -> None:
    client = signed_in(cast.qd.actors[role], at=cast.qd)
    for wanted in (cast.jn.branch.id, cast.hq.id, uuid4(), "", "1", "\0"):
        assert client.post(reverse("set_branch"), {"branch": wanted}).status_code == 404
        assert client.session[BRANCH_KEY] == str(cast.qd.branch.id)


@pytest.mark.parametrize("key", [key for key, route in ROUTES.items() if route.allowed == FIELD], ids=" ".join)
def test_nobody_works_in_his_colleagues_place(key: Key, cast: Cast) -> None:
    world, client = world_of(key, cast.qd, cast), signed_in(cast.qd.colleague_actor)
    with unchanged():
        assert ask(key, world, client).status_code in {403, 422}


@pytest.mark.parametrize("name", ["dispatch_order", "dispatch_class", "withdraw_visit"])
def test_a_refusal_does_not_show_the_dispatch_desk_to_others(name: str, cast: Cast) -> None:
    world = world_of((name, "POST"), cast.qd, cast)
    address = {one: world.id_of(one) for one in parameters()[name]}
    for role in set(Role) - LEAD:
        with unchanged():
            assert signed_in(cast.qd.actors[role]).post(reverse(name, kwargs=address)).status_code == 403


def ask(key: Key, world: World, client: Client, *, instead: dict[str, str] | None = None) -> Any:
    """The request of this row, as `world` means it; `instead` puts other ids into their places."""
    (name, method), route = key, ROUTES[key]
    attempts.clear()  # the sign-in pages count them, and here hundreds come from one address
    fields = route.fields(world) if route.fields else {}
    fields |= {one: value for one, value in (instead or {}).items() if one not in parameters()[name]}
    url = address_of(name, world, instead=instead)
    return client.get(url, fields) if method == "GET" else client.post(url, fields)


def address_of(name: str, world: World, *, instead: dict[str, str] | None = None) -> str:
    """Where this route is in that world."""
    address: dict[str, Any] = {one: (instead or {}).get(one) or world.id_of(one) for one in parameters()[name]}
    if "day" in address:
        address["day"] = date.fromisoformat(address["day"])
    return reverse(name, kwargs=address)


def signed_in(actor: Actor, *, at: Crew | None = None, **options: Any) -> Client:
    """Someone who has just given his password once more, and works in the branch of that crew."""
    assert actor.user
    session = SessionStore()
    session[SESSION_KEY] = session["account_authentication_methods_user"] = str(actor.user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = actor.user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    if at:
        session[BRANCH_KEY] = str(at.branch.id)
    session.create()
    assert session.session_key
    client = Client(headers={"Accept-Language": "en"}, **options)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def leads_on(answer: Any, client: Client) -> None:
    """Where an act leads, whoever was allowed to do it may also look."""
    if answer.status_code in REDIRECTS:
        following = client.get(answer["Location"])
        assert following.status_code in {200, *REDIRECTS}, (answer["Location"], following.status_code)


def is_private(answer: Any) -> None:
    """No cache, no frame, no guessing, and no script but ours."""
    kept = {word.strip() for word in answer["Cache-Control"].split(",")}
    assert {"no-store", "private"} <= kept
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert "unsafe" not in (policy.get("script-src") or policy["default-src"])
    if answer["Content-Type"].startswith("text/html"):
        assert "unsafe" not in answer["Content-Security-Policy"]


def words_of(world: World, answer: Any) -> list[str]:
    """What an answer says of a branch's customer, people and orders."""
    crew = world.crew
    said = [crew.customer.name, crew.site.address, crew.technician.name, crew.colleague.name, world.life.first.number]
    text = answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""
    return [word for word in said if word in text]


def world_of(key: Key, crew: Crew, cast: Cast) -> World:
    name = key[0]
    life = crew.order(ROUTES[key].stage, at=yesterday())
    own: dict[str, Any] = {"branch": crew.branch.id, **NAMELESS}
    own |= {one: made for one in parameters()[name] if (made := written_down(life, one))}
    own |= {"slug": "parts", "subject_id": entry_for(name, cast)} if name.startswith("catalogue_") else {}
    if "sheet_id" in parameters()[name]:
        own["sheet_id"] = print_voucher(life.voucher.id, by=crew.clerk, at=timezone.now())[0].id
    if "version_id" in parameters()[name]:
        own["version_id"] = version_for(cast)
    if "token_id" in parameters()[name]:
        own["token_id"] = _token_of(crew).id
    own |= named_in_books(crew) if name.startswith("ledger") else {}
    people = [*crew.actors.values(), *cast.headquarters.values()]
    makers: dict[str, Callable[[Actor], Any]] = {"pk": _passkey_of, "view_id": lambda one: _view_of(one, crew)}
    personal = {
        one: {actor.user_id: make(actor) for actor in people}
        for one, make in makers.items()
        if one in parameters()[name]
    }
    return World(crew, life, own, personal)


def _token_of(crew: Crew) -> ApiToken:
    assert crew.clerk.user
    ends = timezone.now() + timedelta(days=9)
    return issue_token(
        crew.clerk.user, name="交换机", expires_at=ends, branch=crew.branch, by=crew.clerk, at=timezone.now()
    )[0]


def _passkey_of(actor: Actor) -> Any:
    kind = Authenticator.Type.WEBAUTHN
    return Authenticator.objects.create(user=actor.user, type=kind, data={"name": "手机"}).pk


def _view_of(actor: Actor, crew: Crew) -> Any:
    return save_view(crew.branch, name="待办", address="state=open", by=actor, at=timezone.now()).id


def _unlisted() -> list[Key]:
    return [(name, method) for name in parameters() for method in ("GET", "POST") if (name, method) not in ROUTES]


def _ask_for_anything(key: Key, client: Client) -> Any:
    """For what is decided before anything is looked up."""
    made_up = {
        "day": date(2026, 1, 1),
        "provider_id": "company",
        "pk": 1,
        "topic": "register",
        "tour": "clerk",
        "link": "made-up",
    }
    url = reverse(key[0], kwargs={one: made_up.get(one) or uuid4() for one in parameters()[key[0]]})
    return client.get(url) if key[1] == "GET" else client.post(url)


def _id_fields() -> set[str]:
    """Of all forms the fields that take a key."""
    for module in walk_packages(shouhou.web.__path__, "shouhou.web."):
        if ".tests" not in module.name:
            import_module(module.name)
    kinds = [one for one in _heirs(forms.Form) if one.__module__.startswith("shouhou.web.")]
    assert kinds
    return {name for one in kinds for name, field in one.base_fields.items() if isinstance(field, forms.UUIDField)}


def _heirs(kind: type[forms.Form]) -> Iterator[type[forms.Form]]:
    for one in kind.__subclasses__():
        yield one
        yield from _heirs(one)


def _read_by_hand() -> set[str]:
    """The names that views read from a form or a query without a form class: `request.GET.get("…")`."""
    found = set()
    for file in Path(shouhou.web.__path__[0]).glob("*/*.py"):
        if file.parent.name == "tests":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"get", "getlist"}
                and any(word in ast.unparse(node.func.value) for word in (".GET", ".POST", "asked"))
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found
