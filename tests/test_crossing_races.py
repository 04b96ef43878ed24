"""Money between branches when several workers carry it, and when one is killed half way."""

import os
import signal
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from shouhou.access.actors import product_itself
from shouhou.ledger import actions
from shouhou.ledger.models import Crossing, JournalEntry, LedgerAccount
from shouhou.ledger.rules import Reference, credit
from shouhou.ledger.tests.conftest import Books, books_of, yuan
from shouhou.ledger.verifying import find_ledger_faults
from shouhou.worker.schedule import carry_across
from tests.cast import NOW, Cast
from tests.test_races import WAVE, at_once, refused, won

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def both(cast: Cast) -> tuple[Books, Books]:
    return books_of(cast.qd), books_of(cast.jn)


def send(books: Books, others: Books, *, key: str, kind: str = "bank") -> Crossing:
    told: dict[str, Any] = {"into_kind": kind, "into_owner": Reference("owner", "1")}
    out = credit(books.of("bank"), yuan(10))
    return actions.send_across(out, to=others.branch, key=key, by=books.accountant, at=NOW, **told)


def sound(*all_books: Books) -> None:
    for books in all_books:
        assert not list(find_ledger_faults(books.branch))


def test_several_workers_carry_everything_over_once(both: tuple[Books, Books]) -> None:
    here, there = both
    for number in range(3):
        send(here, there, key=f"out {number}")
        send(there, here, key=f"back {number}")
    send(here, there, key="too much", kind="compensation_payable")  # arrives as not yet explained
    answers = at_once(*[lambda: carry_across(LATER)] * 4)
    assert all(isinstance(one, int) for one in answers), answers
    carry_across(LATER + timedelta(hours=1))  # what one put off because the other held its locks
    assert not Crossing.objects.filter(arrived_at=None).exists()
    assert JournalEntry.objects.count() == 7 * 3
    assert (here.now("bank").balance, there.now("bank").balance) == (yuan(-10), yuan(0))
    assert LedgerAccount.objects.get(kind="suspense").balance == yuan(10)
    sound(here, there)


def test_the_same_key_in_the_same_moment_is_sent_once(both: tuple[Books, Books]) -> None:
    here, there = both
    answers = at_once(*[lambda: send(here, there, key="one")] * WAVE)
    assert len({one.id for one in won(answers)}) == 1
    assert refused(answers) == {}
    assert here.now("bank").balance == yuan(-10)
    sound(here, there)


# The child only asks the database something and dies; no lock of a thread of ours is wanted there.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.parametrize("done", ["nothing", "received", "confirmed"])
def test_of_a_worker_that_is_killed_another_finishes_the_work(both: tuple[Books, Books], done: str) -> None:
    here, there = both
    crossing = send(here, there, key="one")
    connections.close_all()  # so that the child does not end ours with its own
    child = os.fork()
    if not child:
        try:
            worker = product_itself(channel="worker")
            if done != "nothing":
                actions.receive_crossing(crossing, by=worker, at=LATER)
            if done == "confirmed":
                actions.confirm_crossing(crossing, by=worker, at=LATER)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    received = JournalEntry.objects.filter(branch=there.branch).count()
    assert received == (0 if done == "nothing" else 1)
    sound(here, there)
    assert carry_across(LATER) == (0 if done == "confirmed" else 1)
    assert carry_across(LATER) == 0
    assert (here.now("bank").balance, there.now("bank").balance) == (yuan(-10), yuan(10))
    assert JournalEntry.objects.count() == 3
    sound(here, there)
