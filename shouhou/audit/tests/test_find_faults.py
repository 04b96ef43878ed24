"""The verifier against a journal that somebody with access to the database has worked on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from shouhou.audit.append_only import install, remove
from shouhou.audit.models import Chain, Event
from shouhou.audit.queries import find_faults
from shouhou.audit.rules import seal
from shouhou.kernel.hashing import GENESIS
from shouhou.kernel.ids import uuid7
from tests.cast import Crew, Life


@contextmanager
def guards_off() -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in remove(connection.vendor, "audit_event"):
            cursor.execute(statement)
        yield
        for statement in install(connection.vendor, "audit_event"):
            cursor.execute(statement)


def faults(life: Life) -> list[tuple[str, int]]:
    found = list(find_faults())
    assert all(fault.chain_id == life.id for fault in found), "only the chain that was worked on"
    return [(fault.kind, fault.sequence) for fault in found]


@pytest.fixture
def life(qd: Crew, jn: Crew) -> Life:
    """Seven events, with whole chains before and after it."""
    qd.receive()
    life = qd.order("on_site")
    jn.receive()
    assert not list(find_faults())
    return life


def change(life: Life, sequence: int, **fields: object) -> None:
    with guards_off():
        Event.objects.filter(chain_id=life.id, sequence=sequence).update(**fields)


@pytest.mark.parametrize(
    "tampering",
    [
        {"verb": "workorders.visit.refused"},
        {"actor_id": None},
        {"actor_id": uuid7()},
        {"channel": "api"},
        {"data": {"from": "x"}},
        {"subject_kind": "voucher"},
        {"subject_id": uuid7()},
        {"at": "2026-11-23T01:30:00.000001Z"},
        {"hash": b"0" * 32},
    ],
)
def test_it_finds_a_tampered_event(tampering: dict[str, object], life: Life) -> None:
    change(life, 3, **tampering)
    assert ("altered", 3) in faults(life)


def test_it_finds_a_removed_event(life: Life) -> None:
    with guards_off():
        Event.objects.filter(chain_id=life.id, sequence__in=[2, 4]).delete()
    assert faults(life) == [("removed", 2), ("removed", 4)]


def test_it_finds_a_removed_first_and_last_event(life: Life) -> None:
    last = len(life.events)
    with guards_off():
        Event.objects.filter(chain_id=life.id, sequence__in=[1, last]).delete()
    assert faults(life) == [("removed", 1), ("truncated", last)]


def test_it_finds_a_removed_event_when_the_rest_was_moved_up(life: Life) -> None:
    with guards_off():
        Event.objects.filter(chain_id=life.id, sequence=2).delete()
        Event.objects.filter(chain_id=life.id, sequence=3).update(sequence=2)
    assert ("removed", 3) in faults(life)


def test_it_finds_two_events_that_changed_places(life: Life) -> None:
    with guards_off():
        for old, new in ((2, 99), (3, 2), (99, 3)):
            Event.objects.filter(chain_id=life.id, sequence=old).update(sequence=new)
    found = faults(life)
    assert ("reordered", 3) in found
    assert {sequence for _, sequence in found} >= {2, 3}


def test_it_finds_a_journal_that_vanished(life: Life) -> None:
    with guards_off():
        Event.objects.filter(chain_id=life.id).delete()
    assert [kind for kind, _ in faults(life)] == ["truncated"]


def test_it_finds_events_without_their_head(life: Life) -> None:
    Chain.objects.filter(id=life.id).delete()
    assert faults(life) == [("headless", 0)]


def test_it_finds_a_journal_that_was_written_anew_but_for_its_head(life: Life) -> None:
    with guards_off():
        previous = GENESIS
        for event in life.events:
            event.channel = "api"
            event.hash = seal(previous, event)
            Event.objects.filter(id=event.id).update(channel="api", hash=event.hash)
            previous = event.hash
    assert [kind for kind, _ in faults(life)] == ["altered"]


def test_it_reads_the_whole_journal_with_two_queries(
    life: Life, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert not list(find_faults())
