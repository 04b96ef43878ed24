from uuid import UUID

import pytest
from django.db import transaction

from shouhou.audit.actions import record
from shouhou.audit.models import Chain, Event
from shouhou.audit.queries import find_events, find_faults
from shouhou.audit.rules import seal
from shouhou.kernel.hashing import GENESIS
from shouhou.kernel.ids import uuid7
from tests.cast import NOW, Cast, Crew


def write(cast: Cast, chain_id: UUID, number: int = 1, *, branch_id: UUID | None = None) -> Event:
    branch = branch_id or cast.qd.branch.id
    data = {"number": number, "text": "注销"}
    return record(
        branch_id=branch,
        chain_id=chain_id,
        verb="test.case.seen",
        subject=("case", chain_id),
        by=cast.root,
        at=NOW,
        data=data,
    )


def test_each_event_covers_the_one_before(cast: Cast) -> None:
    chain_id = uuid7()
    first, second = write(cast, chain_id), write(cast, chain_id, 2)
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.hash == seal(GENESIS, first)
    assert second.hash == seal(bytes(first.hash), second)
    chain = Chain.objects.get(id=chain_id)
    assert (chain.length, bytes(chain.head)) == (2, second.hash)


def test_what_is_read_back_has_the_same_seal(cast: Cast) -> None:
    chain_id = uuid7()
    write(cast, chain_id)
    (event,) = find_events(branch_id=cast.qd.branch.id, chain_id=chain_id)
    assert seal(GENESIS, event) == bytes(event.hash)


def test_it_stands_or_falls_with_its_act(cast: Cast) -> None:
    chain_id = uuid7()
    with transaction.atomic():
        write(cast, chain_id)
        transaction.set_rollback(True)
    assert not Event.objects.filter(chain_id=chain_id).exists()
    assert not Chain.objects.filter(id=chain_id).exists()


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_be_written_outside_a_transaction(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        write(cast, uuid7())


def test_it_refuses_a_float(cast: Cast) -> None:
    with pytest.raises(TypeError):
        write(cast, uuid7(), 1.5)  # type: ignore[arg-type]


def test_a_case_stays_in_the_branch_where_it_began(cast: Cast, jn: Crew) -> None:
    chain_id = uuid7()
    write(cast, chain_id)
    assert write(cast, chain_id, branch_id=jn.branch.id).branch_id == cast.qd.branch.id
    assert not list(find_faults())
