"""A caller of the API: a token in the hand, JSON out and in. And the cast's orders, placed in the caller's own time."""

import json
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shouhou.access.actions import token_hash
from shouhou.access.actors import Actor
from shouhou.access.models import ApiToken
from tests import walls
from tests.cast import Crew, Life, Stage

type Json = dict[str, Any]


class Caller:
    """Calls `/api/v1` with a token; `.post(…, key="k")` sends an idempotency key."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Json | None = None, **options: Any) -> Any:
        return self.call("POST", path, body, **options)

    def put(self, path: str, body: Json | None = None, **options: Any) -> Any:
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.call("DELETE", path, None, **options)

    def call(self, method: str, path: str, body: Json | None, *, key: str = "", language: str = "en") -> Any:
        headers = {"Accept-Language": language} | ({"Idempotency-Key": key} if key else {})
        content = "" if body is None else json.dumps(body)
        return self.send(method, path, content, headers=headers)

    def send(self, method: str, path: str, content: str | bytes, **options: Any) -> Any:
        """Exactly these bytes."""
        kind = options.pop("content_type", "application/json")
        return self._client.generic(method, f"/api/v1{path}", content, content_type=kind, **options)

    def upload(self, path: str, form: Json, *, key: str = "") -> Any:
        return self._client.post(f"/api/v1{path}", form, headers={"Idempotency-Key": key} if key else {})


def caller_for(actor: Actor, *, scopes: Collection[str] = (), **fields: Any) -> Caller:
    """A caller with a new token of the actor's user, used a moment ago: so a call writes nothing but its act."""
    assert actor.user
    now = timezone.now()
    token = {
        "user": actor.user,
        "name": "test",
        "scopes": sorted(scopes),
        "created_at": now,
        "expires_at": now + timedelta(hours=1),
        "last_used_at": now,
    } | fields
    secret = f"sh_{ApiToken.objects.count()}"
    ApiToken.objects.create(hash=token_hash(secret), **token)
    return Caller(secret)


@pytest.fixture
def clerk(qd: Crew) -> Caller:
    return caller_for(qd.clerk)


@pytest.fixture
def supervisor(qd: Crew) -> Caller:
    return caller_for(qd.supervisor)


@pytest.fixture
def technician(qd: Crew) -> Caller:
    return caller_for(qd.technician_actor)


@pytest.fixture
def administrator(qd: Crew) -> Caller:
    return caller_for(qd.administrator)


@pytest.fixture
def life(qd: Crew) -> Callable[[Stage], Life]:
    """`life("on_site")`: an order of 青岛 at that stage, as of now (the cast's own time may lie ahead of the clock)."""
    return lambda stage: qd.order(stage, at=walls.yesterday())


def assert_problem(response: Any, status: int, code: str) -> Json:
    """The answer is a problem document with this status and code; returns it."""
    assert response["Content-Type"] == "application/problem+json", response.content
    problem: Json = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert problem["type"] == f"urn:shouhou:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.fixture
def picture() -> Callable[[str], bytes]:
    """A small JPEG of one colour."""
    return walls.picture
