from decimal import Decimal
from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.catalog.actions import keep_part_as, list_fit, retire_entry
from shouhou.catalog.queries import EntryRetired, UnknownPart
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.ids import uuid7
from shouhou.kernel.money import Money
from shouhou.kernel.quantities import QuantityNotPositive, QuantityNotWhole, QuantityTooFine, QuantityTooLarge
from shouhou.stock import actions
from shouhou.stock.models import Movement, SerialNumber
from shouhou.stock.queries import MovementNotFound, PlaceNotFound
from shouhou.stock.rules import SerialNamedTwice, SerialsMissing, SerialsNotKept
from shouhou.stock.tests.conftest import ORDER, Store, lot
from tests.cast import NOW, STEP, Cast, refuses


def test_what_is_received_is_there_at_its_cost(store: Store) -> None:
    (row,) = store.receive(store.parts.capacitor, 3, cost="12.50")
    assert store.quantity(store.parts.capacitor, "branch") == 3
    assert store.quantity(store.parts.capacitor, "supplier") == -3
    assert store.value(store.parts.capacitor) == "37.50"
    assert store.account("parts_stock") == store.account("parts_received") == "37.50"
    event = Event.objects.get(chain_id=row.act_id)
    assert event.verb == "stock.parts.received"
    assert row.unit == "件"


def test_what_is_used_leaves_at_average_cost(store: Store) -> None:
    store.receive(store.parts.capacitor, 1, cost=10)
    store.receive(store.parts.capacitor, 2, cost=20)
    (row,) = store.issue(store.parts.capacitor, 1)
    assert str(row.value.amount) == "-16.67"
    assert store.value(store.parts.capacitor) == "33.33"
    assert store.account("parts_consumed") == "16.67"
    store.issue(store.parts.capacitor, 2)
    assert store.value(store.parts.capacitor) == store.account("parts_stock") == "0.00"
    assert store.account("parts_consumed") == "50.00"


def test_no_more_is_used_than_is_there(store: Store) -> None:
    store.receive(store.parts.capacitor, 3)
    with refuses(actions.PartNotAvailable) as caught:
        store.issue(store.parts.capacitor, 4)
    assert "Only 3 件 of CBB65-35" in str(caught.value)


def test_pipe_is_measured(store: Store) -> None:
    store.receive(store.parts.pipe, "7.5", cost="30.00")
    store.issue(store.parts.pipe, "0.125")
    assert store.quantity(store.parts.pipe, "branch") == Decimal("7.375")
    assert store.account("parts_consumed") == "3.75"
    with refuses(QuantityTooFine):
        store.issue(store.parts.pipe, "0.0001")


@pytest.mark.parametrize(
    ("quantity", "refusal"),
    [
        ("0", QuantityNotPositive),
        ("-1", QuantityNotPositive),
        ("NaN", QuantityNotPositive),
        ("Infinity", QuantityNotPositive),
        ("0.5", QuantityNotWhole),
        ("1e10", QuantityTooLarge),
    ],
)
def test_a_part_by_the_piece_is_whole_and_more_than_nothing(
    store: Store, quantity: str, refusal: type[Refusal]
) -> None:
    store.receive(store.parts.capacitor, 3)
    for act in (store.issue, store.receive):
        with refuses(refusal):
            act(store.parts.capacitor, quantity)


def test_a_serial_number_is_in_one_place(store: Store) -> None:
    store.receive(store.parts.board, 2, "A1", "A2")
    with refuses(actions.SerialElsewhere):
        store.receive(store.parts.board, 1, "A1")
    store.issue(store.parts.board, 1, "A1")
    assert SerialNumber.objects.get(number="A1").balance.place.kind == "fitted"
    with refuses(actions.SerialElsewhere):
        store.issue(store.parts.board, 1, "A1")


def test_a_serial_number_is_in_one_branch(store: Store, others: Store) -> None:
    store.receive(store.parts.board, 1, "A1")
    others.receive(store.parts.board, 1, "B1")
    with refuses(actions.SerialInOtherBranch):
        others.receive(store.parts.board, 1, "A1")
    actions.send_back_parts(store.at("branch"), [lot(store.parts.board, 1, "A1")], reason="错发", **store.told())
    others.receive(store.parts.board, 1, "A1")
    with refuses(actions.SerialInOtherBranch):
        store.receive(store.parts.board, 1, "A1")


@pytest.mark.parametrize(
    ("serials", "refusal"),
    [((), SerialsMissing), (("A1",), SerialsMissing), (("A1", ""), SerialsMissing), (("A1", "A1"), SerialNamedTwice)],
)
def test_serial_numbers_are_named(store: Store, serials: tuple[str, ...], refusal: type[Refusal]) -> None:
    store.place("branch")
    with refuses(refusal):
        store.receive(store.parts.board, 2, *serials)


def test_a_part_without_serial_numbers_has_none(store: Store) -> None:
    store.place("branch")
    with refuses(SerialsNotKept):
        store.receive(store.parts.capacitor, 1, "A1")


def test_a_serial_number_that_never_came_cannot_go(store: Store) -> None:
    store.receive(store.parts.board, 1, "A1")
    with refuses(actions.SerialUnknown):
        store.issue(store.parts.board, 1, "A9")


def test_the_same_call_again_gives_the_first(store: Store) -> None:
    first = store.receive(store.parts.board, 2, "A1", "A2", key="delivery 7")
    assert store.receive(store.parts.board, 2, "A1", "A2", key="delivery 7") == first
    issued = store.issue(store.parts.board, 2, "A1", "A2", key="job 7")
    assert store.issue(store.parts.board, 2, "A1", "A2", key="job 7") == issued
    assert Movement.objects.count() == 4


def test_another_call_under_the_key_is_refused(store: Store) -> None:
    store.receive(store.parts.capacitor, 2, key="delivery 7")
    for given in ({"quantity": 3}, {"quantity": 2, "cost": 11}, {"quantity": 2, "memo": "x"}):
        with refuses(actions.StockKeyUsed):
            store.receive(store.parts.capacitor, key="delivery 7", **given)


@pytest.mark.parametrize("key", ["", "  "])
def test_a_key_is_owed(store: Store, key: str) -> None:
    store.place("branch")
    with refuses(actions.KeyMissing):
        store.receive(store.parts.capacitor, 1, key=key)


def test_a_part_goes_into_models_that_it_is_made_for(store: Store, cast: Cast) -> None:
    store.receive(store.parts.capacitor, 2)
    here: dict[str, Any] = {"branch": cast.hq, "by": cast.root, "at": NOW}
    list_fit(cast.capacitor, product_model=cast.air_conditioner, **here)
    with refuses(actions.PartDoesNotFit):
        store.issue(cast.capacitor, 1, product_model=cast.gas_heater)
    store.issue(cast.capacitor, 1, product_model=cast.air_conditioner)


def test_what_was_not_used_comes_back_at_what_it_left_for(store: Store) -> None:
    store.receive(store.parts.capacitor, 3, cost="10.01")
    (issue,) = store.issue(store.parts.capacitor, 3)
    store.receive(store.parts.capacitor, 1, cost=99)
    for left in ("20.02", "10.01", "0.00"):
        actions.return_parts(issue.id, quantity=Decimal(1), to=store.at("branch"), **store.told())
        assert store.account("parts_consumed") == left
    with refuses(actions.MoreThanIssued):
        actions.return_parts(issue.id, quantity=Decimal(1), to=store.at("branch"), **store.told())
    assert store.value(store.parts.capacitor) == "129.03"


def test_only_an_issue_comes_back(store: Store, others: Store) -> None:
    (receipt,) = store.receive(store.parts.capacitor, 3)
    with refuses(actions.NotAnIssue):
        actions.return_parts(receipt.id, quantity=Decimal(1), to=store.at("branch"), **store.told())
    others.receive(store.parts.capacitor, 1)
    (issue,) = others.issue(store.parts.capacitor, 1)
    with refuses(MovementNotFound):
        actions.return_parts(issue.id, quantity=Decimal(1), to=store.at("branch"), **store.told())


def test_the_makers_goods_have_no_value_until_they_are_bought(store: Store) -> None:
    store.receive(store.parts.capacitor, 5, to="consignment", cost=10)
    store.place("branch")
    (used,) = store.issue(store.parts.capacitor, 1, from_="consignment")
    assert (used.value_minor, store.account("parts_stock")) == (0, "0")
    with refuses(actions.OthersGoods):
        actions.return_parts(used.id, quantity=Decimal(1), to=store.at("branch"), **store.told())
    bought = [lot(store.parts.capacitor, 2, cost=Money(Decimal(12)))]
    actions.buy_consignment(store.at("consignment"), bought, to=store.at("branch"), **store.told())
    assert store.account("parts_stock") == "24.00"
    with refuses(actions.MoveNotPossible):
        actions.block_parts(store.at("consignment"), bought, to=store.at("branch"), reason="?", **store.told())


def test_quarantine_takes_parts_out_of_use(store: Store) -> None:
    store.receive(store.parts.capacitor, 2)
    told = [lot(store.parts.capacitor, 2)]
    actions.block_parts(store.at("branch"), told, to=store.at("quarantine"), reason="进水", **store.told())
    assert store.value(store.parts.capacitor) == "20.00"
    with refuses(actions.MoveNotPossible):
        store.issue(store.parts.capacitor, 1, from_="quarantine")
    one = [lot(store.parts.capacitor, 1)]
    actions.clear_parts(store.at("quarantine"), one, to=store.at("branch"), reason="检验合格", **store.told())
    by = store.crew.supervisor
    actions.write_off_parts(store.at("quarantine"), one, reason="报废", **store.told(by=by))
    assert store.account("stock_difference") == store.account("parts_stock") == "10.00"


def test_a_technician_works_with_his_own_van_only(store: Store) -> None:
    store.receive(store.parts.capacitor, 2, to="van")
    store.receive(store.parts.capacitor, 2)
    (issue,) = store.issue(store.parts.capacitor, 1, from_="van", by=store.crew.technician_actor)
    told = store.told(by=store.crew.technician_actor)
    actions.return_parts(issue.id, quantity=Decimal(1), to=store.at("van"), **told)
    for place, who in (("branch", store.crew.technician_actor), ("van", store.crew.colleague_actor)):
        with refuses(NotPermitted):
            store.issue(store.parts.capacitor, 1, from_=place, by=who)
    with refuses(NotPermitted):
        store.receive(store.parts.capacitor, 1, to="van", by=store.crew.technician_actor)


@pytest.mark.parametrize("role", [Role.CLERK, Role.ACCOUNTANT, Role.SUPERVISOR, Role.CLAIMS_AGENT])
def test_who_keeps_no_parts_moves_none(store: Store, role: Role) -> None:
    store.receive(store.parts.capacitor, 1)
    for act in (store.issue, store.receive):
        with refuses(NotPermitted):
            act(store.parts.capacitor, 1, by=store.crew.actors[role])


def test_a_place_of_another_branch_is_not_there(store: Store, others: Store) -> None:
    others.receive(store.parts.capacitor, 1)
    with refuses(PlaceNotFound):
        others.issue(store.parts.capacitor, 1, by=store.keeper)


def test_retired_parts_still_go_but_no_new_ones_come(store: Store, cast: Cast) -> None:
    store.receive(store.parts.capacitor, 1)
    retire_entry(cast.capacitor, branch=cast.hq, by=cast.root, at=NOW)
    with refuses(EntryRetired):
        store.receive(store.parts.capacitor, 1)
    store.issue(store.parts.capacitor, 1)


def test_stock_keeps_to_how_it_was_kept(store: Store, cast: Cast) -> None:
    store.receive(store.parts.capacitor, 1)
    store.parts.capacitor = keep_part_as(
        cast.capacitor, kept_as="measured", branch=cast.hq, by=cast.root, at=NOW + STEP
    )
    with refuses(actions.KeptOtherwise):
        store.issue(store.parts.capacitor, 1)


def test_bad_lots_are_refused_by_name(store: Store) -> None:
    place = store.at("branch")
    good = lot(store.parts.capacitor, 1)
    for lots, refusal in (
        ([], actions.NoPartsNamed),
        ([good, good], actions.PartNamedTwice),
        ([lot(store.parts.capacitor, 1, cost=Money(Decimal(-1)))], actions.CostInvalid),
        ([lot(store.parts.capacitor, 1, cost=Money(Decimal(1), "USD"))], actions.CostInvalid),
        ([lot(store.parts.board, 1001, *map(str, range(1001)))], actions.TooManyParts),
    ):
        with refuses(refusal):
            actions.receive_parts(place, lots, **store.told())
    store.parts.capacitor.id = uuid7()
    with refuses(UnknownPart):
        actions.receive_parts(place, [lot(store.parts.capacitor, 1)], **store.told())


def test_an_order_is_recorded_with_what_it_was_for(store: Store) -> None:
    store.receive(store.parts.capacitor, 1)
    (row,) = store.issue(store.parts.capacitor, 1)
    assert row.about == ORDER
    assert Event.objects.get(chain_id=row.act_id).data["about"] == ["work_order", "QD-1"]
