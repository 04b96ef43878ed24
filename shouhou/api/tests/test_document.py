"""The OpenAPI document is complete, and the API keeps to it: also when it is fed whatever the document allows."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.test.client import ClientHandler
from django.utils import timezone
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shouhou.access.actions import assign_role
from shouhou.access.actors import actor_for
from shouhou.access.permissions import Role
from shouhou.api.fields import Answer, Input
from shouhou.api.tests import setups
from shouhou.api.tests.conftest import caller_for
from shouhou.api.urls import openapi_document
from tests.cast import Cast, Crew
from tests.walls import World, rolled_back, yesterday

# More examples find more: SHOUHOU_TEST_API_EXAMPLES=500 before a release.
EXAMPLES = int(os.environ.get("SHOUHOU_TEST_API_EXAMPLES", "8"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


def _operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, operations in openapi_document()["paths"].items()
        for method, operation in operations.items()
    ]


def test_it_is_served_to_everybody(client: Any) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response.json() == openapi_document()
    assert client.post("/api/v1/openapi.json").status_code == 405


def test_every_operation_has_a_name_of_its_own_and_a_description() -> None:
    names = [operation["operationId"] for _method, _path, operation in _operations()]
    assert len(names) == len(set(names))
    assert all(operation["summary"] and operation["description"] for _, _, operation in _operations())


def test_every_operation_needs_the_token_and_says_what_can_go_wrong() -> None:
    for method, path, operation in _operations():
        assert operation["security"] == [{"Token": []}], path
        expected = {"401", "403", "404", "422"} | ({"400", "409", "413"} if method != "get" else set())
        assert expected <= operation["responses"].keys(), path
        named = {parameter.get("$ref") for parameter in operation["parameters"]}
        assert ("#/components/parameters/IdempotencyKey" in named) == (method != "get"), path


def test_no_input_takes_unknown_fields() -> None:
    schemas = openapi_document()["components"]["schemas"]
    inputs = [schema for name, schema in schemas.items() if name.endswith(("Input", "Change"))]
    assert inputs
    assert all(schema["additionalProperties"] is False for schema in inputs)


def test_no_two_shapes_share_a_name() -> None:
    """The document knows a shape by its name alone: of two that share one it would describe neither."""
    shapes = [*_below(Answer), *_below(Input)]
    twice = [name for name, count in Counter(one.__name__ for one in shapes).items() if count > 1]
    assert not twice


def _below(shape: type[Any]) -> Iterator[type[Any]]:
    for one in shape.__subclasses__():
        yield one
        yield from _below(one)


@pytest.fixture
def world(qd: Crew) -> World:
    return World(qd, qd.order("on_site", at=yesterday()))


@pytest.fixture
def secret(cast: Cast, world: World) -> str:
    """The token of someone who may do everything in one branch."""
    user = world.crew.supervisor.user
    assert user
    for role in Role:
        assign_role(user, role=role, branch=world.crew.branch, by=cast.root, at=timezone.now())
    return caller_for(actor_for(user, channel="api")).secret


def _application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """The product as a WSGI application that leaves the test's database connection open."""
    response = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [b"".join(response)]


schema = schemathesis.openapi.from_dict(openapi_document())
schema.app = _application
# Every edge of every field is tried only in the long run; it takes a minute.
schema.config.phases.coverage.enabled = EXAMPLES >= 50


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 50,
    suppress_health_check=list(HealthCheck),
)
def test_it_keeps_to_its_document(case: Any, world: World, secret: str) -> None:
    for name in case.path_parameters or {}:
        if name in {
            "order_id",
            "visit_id",
            "voucher_id",
            "customer_id",
            "asset_id",
            "technician_id",
            "day",
            "branch_id",
        }:
            case.path_parameters[name] = world.id_of(name)
        elif made := setups.id_of(world, name):
            case.path_parameters[name] = made
    if isinstance(case.body, dict) and "branch" in case.body:
        case.body["branch"] = world.branch
    with rolled_back():
        # What lies between them is not undone where there is no wire: nothing is compressed.
        headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
        case.call_and_validate(checks=CHECKS, headers=headers)
