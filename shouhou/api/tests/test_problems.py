"""Errors: one form, stable codes, in the caller's language, and nothing half written."""

import logging
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError

from shouhou.api.tests.conftest import Caller, assert_problem
from tests.cast import PHONE, unchanged

NEW = {"branch": "QD", "name": "周敏", "phone": PHONE}


def test_it_refuses_what_is_not_json(clerk: Caller) -> None:
    for content in ("", "{", "[1,]", b"\xff\xfe", '{"name": "\\ud800"}'):
        with unchanged():
            assert_problem(clerk.send("POST", "/customers", content), 400, "malformed_json")


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"color": "red"}, "#/color", "extra_forbidden"),
        ({"name": "周\x00敏"}, "#/name", "string_pattern_mismatch"),
        ({"name": "敏" * 81}, "#/name", "string_too_long"),
        ({"name": 7}, "#/name", "string_type"),
        ({"kind": "robot"}, "#/kind", "enum"),
        ({"phone": None}, "#/phone", "string_type"),
    ],
)
def test_it_says_what_is_wrong_and_where(wrong: Any, pointer: str, code: str, clerk: Caller) -> None:
    with unchanged():
        problem = assert_problem(clerk.post("/customers", NEW | wrong), 422, "invalid_input")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("moment", ["2026-11-23T09:30:00", "2026-11-23", "now", 0, "00", "0001-01-01T00:00:00+14:00"])
def test_it_refuses_a_time_without_zone_or_sense(moment: Any, clerk: Caller) -> None:
    body = {"branch": "QD", "customer": str(uuid4()), "asset": str(uuid4()), "fault": "E4", "received_at": moment}
    with unchanged():
        problem = assert_problem(clerk.post("/work-orders", body), 422, "invalid_input")
    assert problem["errors"][0]["pointer"] == "#/received_at"


@pytest.mark.parametrize("wrong", ["true", 1, None])
def test_it_takes_nothing_for_true_but_true(wrong: Any, clerk: Caller) -> None:
    body = {"branch": "QD", "customer": str(uuid4()), "asset": str(uuid4()), "fault": "E4", "urgent": wrong}
    problem = assert_problem(clerk.post("/work-orders", body), 422, "invalid_input")
    assert problem["errors"][0]["code"] == "bool_type"


def test_it_refuses_an_unknown_parameter(clerk: Caller) -> None:
    problem = assert_problem(clerk.get("/customers", page="2"), 422, "invalid_input")
    assert problem["field"] == "page"
    with unchanged():
        assert_problem(clerk.post("/customers?branch=QD", NEW), 422, "invalid_input")


def test_it_speaks_chinese_unless_asked_otherwise(clerk: Caller) -> None:
    english = clerk.post("/customers", NEW | {"phone": ""}, language="en").json()
    assert english["detail"] == "The telephone number is missing: without it nobody can call back."
    answer = clerk.post("/customers", NEW | {"phone": ""}, language="fr")
    assert answer["Content-Language"] == "zh-hans"
    assert answer.json()["code"] == english["code"] == "phone_missing"


@pytest.mark.parametrize("path", ["/nothing", "/customers/7", "/customers/", "/register-pages/today"])
def test_it_knows_no_other_address(path: str, clerk: Caller) -> None:
    assert clerk.get(path)["Content-Type"] == "application/problem+json"
    assert clerk.get(path).status_code == 404


def test_it_has_no_page_at_the_root(client: Any) -> None:
    assert_problem(client.get("/api/"), 404, "unknown_route")
    assert_problem(client.get("/api/v1/"), 404, "unknown_route")
    assert_problem(client.post("/api/v2/work-orders"), 404, "unknown_route")


def test_it_says_which_methods_there_are(clerk: Caller) -> None:
    response = clerk.delete("/customers")
    assert_problem(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, POST"


def test_it_refuses_a_body_that_is_too_large(clerk: Caller) -> None:
    with unchanged():
        assert_problem(clerk.send("POST", "/customers", b" " * 5_000_000), 413, "body_too_large")


def test_it_hides_what_broke_and_logs_it(
    clerk: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _break(monkeypatch, RuntimeError("the secret of the house"))
    with caplog.at_level(logging.ERROR), unchanged():
        response = clerk.post("/customers", NEW, key="k")
    assert_problem(response, 500, "internal_error")
    assert b"secret" not in response.content
    assert "the secret of the house" in caplog.text


def test_a_busy_database_is_worth_another_try(clerk: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, OperationalError("database is locked"))
    response = clerk.post("/customers", NEW)
    assert_problem(response, 503, "busy")
    assert response["Retry-After"] == "1"


def test_a_lost_race_is_a_conflict(clerk: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, IntegrityError("UNIQUE constraint failed"))
    assert_problem(clerk.post("/customers", NEW), 409, "conflict")


def test_answers_are_for_no_cache(clerk: Caller) -> None:
    assert "no-store" in clerk.get("/customers")["Cache-Control"]
    assert "no-store" in Caller("").get("/customers")["Cache-Control"]


def _break(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(**_: Any) -> None:
        raise error

    monkeypatch.setattr("shouhou.customers.actions.register_customer", broken)
