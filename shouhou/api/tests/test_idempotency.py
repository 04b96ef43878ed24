"""A call that is repeated under its key happens once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shouhou.api.models import StoredAnswer
from shouhou.api.tests.conftest import Caller, assert_problem
from shouhou.customers.models import Customer
from tests.cast import PHONE, Life, Stage, unchanged

NEW = {"branch": "QD", "name": "周敏", "phone": PHONE}


def test_a_repeat_gets_the_stored_answer(clerk: Caller) -> None:
    first = clerk.post("/customers", NEW, key="k")
    with unchanged():
        again = clerk.post("/customers", NEW, key="k")
    assert (first.status_code, "Idempotent-Replay" in first) == (201, False)
    assert (again.status_code, again["Idempotent-Replay"]) == (201, "true")
    assert again.content == first.content
    assert Customer.objects.filter(name="周敏").count() == 1


def test_it_works_without_a_key(clerk: Caller) -> None:
    for _ in range(2):
        assert clerk.post("/customers", NEW).status_code == 201
    assert not StoredAnswer.objects.exists()
    assert Customer.objects.filter(name="周敏").count() == 2


def test_it_refuses_a_key_for_another_body(clerk: Caller) -> None:
    clerk.post("/customers", NEW, key="k")
    with unchanged():
        assert_problem(clerk.post("/customers", NEW | {"name": "周"}, key="k"), 409, "idempotency_key_reused")


def test_it_refuses_a_key_for_another_path_or_method(clerk: Caller, life: Callable[[Stage], Life]) -> None:
    order = life("received")
    clerk.post(f"/work-orders/{order.id}/hold", {"reason": "等配件"}, key="k")
    with unchanged():
        repeat = clerk.post(f"/work-orders/{order.id}/cancellation", {"reason": "等配件"}, key="k")
        assert_problem(repeat, 409, "idempotency_key_reused")
        assert_problem(clerk.delete(f"/work-orders/{order.id}/hold", key="k"), 409, "idempotency_key_reused")


def test_keys_of_two_users_have_nothing_to_do_with_each_other(clerk: Caller, supervisor: Caller) -> None:
    assert clerk.post("/customers", NEW, key="k").status_code == 201
    response = supervisor.post("/customers", NEW, key="k")
    assert response.status_code == 201
    assert "Idempotent-Replay" not in response


def test_a_refusal_is_not_stored(clerk: Caller) -> None:
    with unchanged():
        assert_problem(clerk.post("/customers", NEW | {"phone": ""}, key="k"), 422, "phone_missing")
    assert clerk.post("/customers", NEW, key="k").status_code == 201


@pytest.mark.parametrize("key", ["x" * 81, "a b", "钥", "\t"])
def test_it_refuses_a_key_that_is_none(key: str, clerk: Caller) -> None:
    with unchanged():
        response = clerk.send("POST", "/customers", "{}", headers={"Idempotency-Key": key})
        assert response.status_code == 422
        response = clerk.call("POST", "/customers", NEW, key=key)
        assert_problem(response, 422, "idempotency_key_invalid")


def test_an_act_without_a_body_is_repeated_as_well(technician: Caller, life: Callable[[Stage], Life]) -> None:
    order = life("dispatched")
    path = f"/visits/{order.visit.id}/acceptance"
    first, again = technician.post(path, key="k"), technician.post(path, key="k")
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    assert_problem(technician.post(path, key="other"), 409, "visit_in_wrong_state")
    assert order.verbs.count("visit.accepted") == 1


def test_an_upload_is_known_by_its_content(
    clerk: Caller, life: Callable[[Stage], Life], picture: Callable[[str], bytes]
) -> None:
    path = f"/work-orders/{life('received').id}/photos"

    def send(colour: str) -> Any:
        return clerk.upload(path, {"photo": SimpleUploadedFile("a.jpg", picture(colour))}, key="k")

    assert send("red").status_code == 201
    assert send("red")["Idempotent-Replay"] == "true"
    assert_problem(send("blue"), 409, "idempotency_key_reused")


def test_a_key_costs_a_claim_and_an_answer_more(clerk: Caller, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(200) as without:
        clerk.post("/customers", NEW)
    # Besides, the action's own transaction becomes a savepoint inside that of the call: two statements, no work.
    with django_assert_max_num_queries(len(without) + 4):
        clerk.post("/customers", NEW, key="k")
