"""Every route × every role × two branches, and another branch's id in every id field."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shouhou.access.actors import Actor
from shouhou.access.models import User
from shouhou.access.permissions import Role
from shouhou.api.tests import setups
from shouhou.api.tests.conftest import Caller, caller_for
from shouhou.api.tests.routes_table import ROUTES, Route
from shouhou.api.urls import openapi_document
from tests.cast import Cast, Crew, unchanged
from tests.walls import World, at_headquarters, picture, rolled_back, written_down, yesterday

type Key = tuple[str, str]

table = pytest.mark.parametrize("key", ROUTES, ids=" ".join)


def test_every_route_stands_in_the_table() -> None:
    routes = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in openapi_document()["paths"].items()
        for method in operations
    }
    assert routes == ROUTES.keys()


def test_every_id_field_stands_in_the_table() -> None:
    """A field that is named like an id, or `branch`, in a body or a query must be tried with another branch's."""
    document = openapi_document()
    missing = [
        (method, path, name)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for name in _id_fields(document, operation)
        if name not in ROUTES[method.upper(), path.removeprefix("/api/v1")].ids
    ]
    assert not missing


@table
def test_each_role_is_let_in_or_refused(key: Key, cast: Cast) -> None:
    for crew in (cast.qd, cast.jn):
        world = _world(key, crew)
        for role, actor in crew.actors.items():
            with rolled_back():
                status = _call(key, world.of(actor), caller_for(actor)).status_code
            expected = {200, 201} if role in ROUTES[key].allowed else {403}
            assert status in expected, (crew.branch.code, role, status)


@table
def test_another_branch_does_not_exist_for_any_role(key: Key, cast: Cast) -> None:
    if ROUTES[key].mine and "{" not in key[1]:
        return  # names nothing that belongs to a branch or a person
    for own, other in ((cast.qd, cast.jn), (cast.jn, cast.qd)):
        world = _world(key, other).of(other.clerk)
        callers = {role: caller_for(actor) for role, actor in own.actors.items()}
        with unchanged():
            answers = {role: _call(key, world, caller).status_code for role, caller in callers.items()}
        assert set(answers.values()) == {404}, answers


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, route in ROUTES.items() for name in route.ids], ids=str)
@pytest.mark.parametrize("seen_from", ["own branch", "headquarters"])
def test_one_foreign_id_among_own_ones_is_refused(key: Key, name: str, seen_from: str, cast: Cast) -> None:
    """Also for those who see both branches: nobody can bind a row of one to a row of the other."""
    role = next(role for role in (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.ACCOUNTANT) if role in ROUTES[key].allowed)
    actor = cast.qd.actors[role]
    if seen_from == "headquarters":
        if name in ("branch", "parent") or ROUTES[key].mine:
            return  # he may choose the branch; then the ids beside it are the foreign ones, if there are any
        actor = at_headquarters(cast, actor, role)
    own, other = _world(key, cast.qd), _world(key, cast.jn)
    caller = caller_for(actor)
    with unchanged():
        response = _call(key, own, caller, foreign={name: other.id_of(name)})
    assert response.status_code == 404, response.content


def _world(key: Key, crew: Crew) -> World:
    route = ROUTES[key]
    life = crew.order(route.stage, at=yesterday())
    world = World(crew, life)
    names = {*_parameters(key), *route.ids}
    own = {name: made for name in names if (made := written_down(life, name) or setups.id_of(world, name))}
    personal = {}
    if "token_id" in names and "user_id" in names:
        own["token_id"] = setups.token_of(_user_of(crew.colleague_actor), crew.branch)
    elif "token_id" in names:
        tokens = {one.user_id: setups.token_of(_user_of(one), crew.branch) for one in crew.actors.values()}
        personal["token_id"] = tokens
    if route.before:
        route.before(world)
    return World(crew, life, own, personal)


def _parameters(key: Key) -> list[str]:
    return re.findall(r"{(\w+)}", key[1])


def _user_of(actor: Actor) -> User:
    assert actor.user
    return actor.user


def _call(
    key: Key,
    world: World,
    caller: Caller,
    *,
    foreign: dict[str, str] | None = None,
) -> Any:
    method, path = key
    route: Route = ROUTES[key]
    path = path.format(**{name: world.id_of(name) for name in _parameters(key)})
    if key == ("POST", "/work-orders/{order_id}/photos"):
        return caller.upload(path, {"photo": SimpleUploadedFile("x.jpg", picture()), "caption": "铭牌"})
    if key == ("POST", "/promises/{commitment_id}/excuses"):
        proof = SimpleUploadedFile("x.jpg", picture())
        return caller.upload(path, {"kind": "weather", "account": "台风", "evidence": proof})
    body = route.body(world) | (foreign or {}) if route.body else None
    if method == "GET":
        query = (route.query(world) if route.query else {}) | (foreign or {})
        return caller.get(f"{path}?{urlencode(query)}")
    return caller.call(method, path, body)


def _id_fields(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "query" and _is_id(parameter["name"], parameter["schema"]):
            yield parameter["name"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        if reference := schema.get("$ref"):
            schema = document["components"]["schemas"][reference.rsplit("/", 1)[-1]]
        yield from (name for name, field in schema.get("properties", {}).items() if _is_id(name, field))


def _is_id(name: str, field: dict[str, Any]) -> bool:
    choices = [field, *field.get("anyOf", [])]
    return name == "branch" or any(choice.get("format") == "uuid" for choice in choices)
