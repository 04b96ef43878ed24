from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, models

from shouhou.audit.append_only import install, remove
from shouhou.audit.models import Chain, Event
from shouhou.cli.tests.conftest import Invoke
from shouhou.commitments.models import Commitment, CommitmentMark
from shouhou.workorders.actions.vouchers import seal_of
from shouhou.workorders.models import Voucher, VoucherEntry, VoucherMove, WorkOrder
from tests.cast import NOW, STEP, Crew, Life


@contextmanager
def unguarded(model: type[models.Model]) -> Iterator[None]:
    """As someone with the database administrator's password would do it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in remove(connection.vendor, model._meta.db_table):
            cursor.execute(statement)
        yield
        for statement in install(connection.vendor, model._meta.db_table):
            cursor.execute(statement)


@pytest.fixture
def life(qd: Crew) -> Life:
    return qd.order("struck_off")


def faults(invoke: Invoke) -> Any:
    printed = invoke("verify", "--json")
    assert printed.code == (1 if printed.json["faults"] else 0)
    return printed.json["faults"]


def event(life: Life, sequence: int) -> Any:
    return Event.objects.filter(chain_id=life.id, sequence=sequence)


def test_sound_books_hold(life: Life, invoke: Invoke) -> None:
    assert faults(invoke) == {}
    assert invoke("verify").code == 0


def test_a_tampered_event(life: Life, invoke: Invoke) -> None:
    with unguarded(Event):
        event(life, 3).update(data={"technician": "someone else"})
    assert faults(invoke) == {"altered": 1}
    assert "altered" in invoke("verify").out


def test_a_removed_event(life: Life, invoke: Invoke) -> None:
    with unguarded(Event):
        event(life, 3).delete()
    assert faults(invoke) == {"removed": 1}


def test_two_events_that_changed_places(life: Life, invoke: Invoke) -> None:
    with unguarded(Event):
        event(life, 3).update(sequence=99)
        event(life, 4).update(sequence=3)
        event(life, 99).update(sequence=4)
    assert "reordered" in faults(invoke)


def test_a_cut_off_end(life: Life, invoke: Invoke) -> None:
    with unguarded(Event):
        event(life, len(life.events)).delete()
    assert faults(invoke) == {"truncated": 1}


def test_a_journal_without_its_head(life: Life, invoke: Invoke) -> None:
    Chain.objects.filter(id=life.id).delete()
    assert faults(invoke) == {"headless": 1}


def test_an_order_that_no_act_brought_in(life: Life, invoke: Invoke) -> None:
    order = life.order
    order.id, order.number, order.source = uuid4(), "QD261123-9999", ""
    order.save(force_insert=True)
    assert faults(invoke) == {"order_without_journal": 1}


def test_an_order_that_was_taken_out(qd: Crew, invoke: Invoke) -> None:
    WorkOrder.objects.filter(id=qd.order("received").id).delete()
    assert faults(invoke) == {"order_removed": 1}


@pytest.mark.parametrize(
    "changed", [{"work_done": "更换压缩机"}, {"charge": 980}, {"strokes": []}, {"signature_image": b"other"}]
)
def test_a_signed_entry_that_was_changed(life: Life, invoke: Invoke, changed: dict[str, Any]) -> None:
    VoucherEntry.objects.filter(work_order_id=life.id).update(**changed)
    assert faults(invoke) == {"seal_broken": 1}


def test_a_seal_that_was_made_anew(life: Life, invoke: Invoke) -> None:
    entry = life.entry
    entry.work_done = "更换压缩机"
    VoucherEntry.objects.filter(id=entry.id).update(work_done=entry.work_done, seal=seal_of(entry))
    assert faults(invoke) == {"seal_not_in_journal": 1}


def test_a_voucher_that_is_elsewhere_than_its_last_move(life: Life, invoke: Invoke, qd: Crew) -> None:
    Voucher.objects.filter(id=life.voucher.id).update(state="with_technician", holder=qd.technician)
    assert faults(invoke) == {"custody_differs": 1}


def test_a_voucher_that_never_moved_and_is_out(life: Life, invoke: Invoke) -> None:
    Voucher.objects.create(
        branch=life.crew.branch, asset=life.crew.gas_unit, number="QD-999999", state="filed", since=NOW
    )
    assert faults(invoke) == {"custody_differs": 1}


def test_a_move_that_was_taken_out(life: Life, invoke: Invoke) -> None:
    with unguarded(VoucherMove):
        VoucherMove.objects.filter(voucher_id=life.voucher.id, to_state="signed").delete()
    assert faults(invoke) == {"custody_gap": 1}


@pytest.mark.django_db(transaction=True)
def test_it_reads_one_moment_of_a_database_that_is_at_work(invoke: Invoke) -> None:
    assert faults(invoke) == {}
    assert not connection.in_atomic_block


@pytest.mark.parametrize(
    ("given", "field"),
    [({"due_at": NOW}, "due_at"), ({"state": "void"}, "state"), ({"started_at": NOW - STEP}, "started_at")],
)
def test_a_promise_that_stands_otherwise_than_its_marks_say(
    given: dict[str, Any], field: str, life: Life, invoke: Invoke
) -> None:
    Commitment.objects.filter(subject_id=life.id).update(**given)
    assert faults(invoke) == {"promise_misjudged": 1}
    assert field in invoke("verify").out


def test_a_mark_that_was_taken_away(life: Life, invoke: Invoke) -> None:
    with unguarded(CommitmentMark):
        CommitmentMark.objects.filter(commitment__subject_id=life.id, kind="stop").delete()
    assert faults(invoke) == {"promise_misjudged": 1}
