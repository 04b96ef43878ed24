"""The register is narrowed by the same things on the screen and through the API."""

from typing import Any

import pytest
from django.http import QueryDict

from shouhou.api.urls import openapi_document
from shouhou.web.register_filter import FilterForm
from tests.cast import Cast

# What the screen calls otherwise, because its choice is by the id.
_NAMES = {"technician": "technician_id"}


def _choices(schema: dict[str, Any]) -> set[str]:
    found = set(schema.get("enum", []))
    if reference := schema.get("$ref"):
        found |= _choices(openapi_document()["components"]["schemas"][reference.rsplit("/", 1)[-1]])
    for one in (*schema.get("anyOf", []), *schema.get("allOf", [])):
        found |= _choices(one)
    return found


@pytest.fixture
def parameters() -> dict[str, Any]:
    described = openapi_document()["paths"]["/api/v1/work-orders"]["get"]["parameters"]
    return {one["name"]: one["schema"] for one in described}


def test_whatever_narrows_the_screen_narrows_the_api(cast: Cast, parameters: dict[str, Any]) -> None:
    form = FilterForm(QueryDict(), branch=cast.qd.branch)
    assert {_NAMES.get(name, name) for name in form.fields} <= parameters.keys()


@pytest.mark.parametrize("name", ["state", "work_class", "work_type", "zone"])
def test_both_know_the_same_choices(name: str, cast: Cast, parameters: dict[str, Any]) -> None:
    field: Any = FilterForm(QueryDict(), branch=cast.qd.branch).fields[name]
    assert _choices(parameters[name]) == {value for value, _label in field.choices if value}
