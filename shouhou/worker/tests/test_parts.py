"""What the worker does for stock: parts set aside for too long are free again, other branches hear of what is coming."""

from decimal import Decimal
from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.kernel.money import Money
from shouhou.ledger.rules import Reference
from shouhou.stock import actions
from shouhou.stock.queries import find_arrivals, find_open_reservations
from shouhou.stock.rules import Lot
from shouhou.worker import schedule
from tests.cast import NOW, STEP, Cast


@pytest.fixture
def kept(cast: Cast) -> Cast:
    """A part set aside for ten minutes, another one on its way to 济南."""
    told: dict[str, Any] = {"by": cast.qd.actors[Role.PARTS_KEEPER], "at": NOW}
    store = actions.open_store(cast.qd.branch, kind="branch", code="BR", name="分公司库", **told)
    lots = [Lot(cast.capacitor.id, Decimal(4), cost=Money(Decimal(9)))]
    actions.receive_parts(store.id, lots, key="in", **told)
    told_of = {"about": Reference("work_order", "1"), "expires_at": NOW + STEP, **told}
    actions.reserve_part(store.id, cast.capacitor, quantity=Decimal(1), key="aside", **told_of)
    some = [Lot(cast.capacitor.id, Decimal(2))]
    actions.send_to_branch(store.id, some, to_branch=cast.jn.branch, key="out", **told)
    return cast


def test_parts_are_free_again_when_their_time_is_over(kept: Cast) -> None:
    keeper = kept.qd.actors[Role.PARTS_KEEPER]
    assert schedule.time_out_reservations(NOW) == 0
    assert schedule.time_out_reservations(NOW + STEP) == 1
    assert schedule.time_out_reservations(NOW + STEP) == 0
    assert not find_open_reservations(kept.qd.branch, by=keeper)


def test_the_other_branch_hears_of_what_is_coming(kept: Cast) -> None:
    keeper = kept.jn.actors[Role.PARTS_KEEPER]
    assert not find_arrivals(kept.jn.branch, by=keeper)
    assert schedule.announce_transfers(NOW + STEP) == 1
    assert schedule.announce_transfers(NOW + STEP) == 0
    assert [one.number for one in find_arrivals(kept.jn.branch, by=keeper)] == ["DB-QD261123-0001"]


@pytest.mark.parametrize(
    ("name", "piece"),
    [("time_out_reservation", schedule.time_out_reservations), ("announce_transfer", schedule.announce_transfers)],
)
def test_what_fails_is_said_and_tried_again(kept: Cast, monkeypatch: pytest.MonkeyPatch, name: str, piece: Any) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(schedule, name, _breaks)
        with pytest.raises(schedule.PiecesLeft):
            piece(NOW + STEP)
    assert piece(NOW + STEP) == 1


def _breaks(*_: Any, **__: Any) -> None:
    raise OSError("no network")
