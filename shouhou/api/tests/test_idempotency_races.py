"""Repeats that come at the same time as the first: with threads and real transactions, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from shouhou.api.models import StoredAnswer
from shouhou.api.tests.conftest import Caller
from shouhou.customers.models import Customer
from tests.cast import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"branch": "QD", "name": "周敏", "phone": PHONE}
CALLS = 8


def _at_once(caller: Caller, bodies: list[dict[str, Any]]) -> list[Any]:
    start = Barrier(len(bodies))

    def call(body: dict[str, Any]) -> Any:
        start.wait()
        try:
            return caller.post("/customers", body, key="k")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(call, bodies))


def test_of_repeats_at_once_one_happens_and_all_get_its_answer(clerk: Caller) -> None:
    answers = _at_once(clerk, [NEW] * CALLS)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replay" in answer for answer in answers) == CALLS - 1
    assert Customer.objects.filter(name="周敏").count() == 1


def test_of_different_calls_at_once_one_happens(clerk: Caller) -> None:
    answers = _at_once(clerk, [NEW | {"name": f"周敏{number}"} for number in range(CALLS)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CALLS - 1}
    assert Customer.objects.filter(name__startswith="周敏").count() == 1


def test_refused_calls_at_once_leave_nothing(clerk: Caller) -> None:
    answers = _at_once(clerk, [NEW | {"phone": ""}] * CALLS)
    assert {answer.status_code for answer in answers} == {422}
    assert not StoredAnswer.objects.exists()
