from datetime import timedelta
from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.money import FinerThanMinorUnit
from shouhou.kernel.texts import TextTooLong
from shouhou.ledger import actions
from shouhou.ledger.models import Hold, HoldMove
from shouhou.ledger.queries import AccountNotFound, HoldNotFound
from shouhou.ledger.rules import AmountNotPositive, KeyMissing, Reference
from shouhou.ledger.tests.conftest import Books, yuan
from tests.cast import NOW, STEP, Crew, refuses

LATER = NOW + timedelta(days=3)


@pytest.fixture
def funded(books: Books) -> Books:
    books.deposit(100)
    return books


def figures(books: Books) -> list[str]:
    """Balance, held, available."""
    account = books.now("seller_deposit")
    return [str(one.amount) for one in (account.balance, account.held, account.available)]


def moves(hold: Hold) -> list[tuple[str, int]]:
    return list(HoldMove.objects.filter(hold=hold).order_by("id").values_list("kind", "change_minor"))


def test_what_is_held_is_no_longer_available(funded: Books) -> None:
    hold = funded.hold(30, source=Reference("claim", "7"), memo="指定快递")
    assert figures(funded) == ["100.00", "30.00", "70.00"]
    assert (Hold.objects.get(id=hold.id).status, hold.source) == ("pending", Reference("claim", "7"))
    assert moves(hold) == [("placed", 3000)]
    with refuses(actions.BalanceTooLow):
        funded.pay_out("70.01")
    funded.pay_out(70)


def test_no_more_can_be_held_than_is_available(funded: Books) -> None:
    funded.hold(60)
    with refuses(actions.BalanceTooLow):
        funded.hold("40.01")
    funded.hold(40)
    assert figures(funded) == ["100.00", "100.00", "0.00"]


def test_a_repeat_gives_the_first_hold(funded: Books) -> None:
    first = funded.hold(100, key="h", expires_at=LATER)
    assert funded.hold(100, key="h", expires_at=LATER, at=NOW + STEP) == first
    assert figures(funded) == ["100.00", "100.00", "0.00"]
    others: list[dict[str, Any]] = [
        {"amount": 99},
        {"memo": "x"},
        {"expires_at": None},
        {"source": Reference("claim", "1")},
    ]
    for other in others:
        with refuses(actions.KeyUsedOtherwise):
            funded.hold(**{"amount": 100, "key": "h", "expires_at": LATER, **other})


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"amount": yuan(0)}, AmountNotPositive),
        ({"amount": yuan(-1)}, AmountNotPositive),
        ({"amount": yuan("0.005")}, FinerThanMinorUnit),
        ({"amount": yuan(1, "USD")}, actions.AccountInOtherCurrency),
        ({"key": " "}, KeyMissing),
        ({"memo": "m" * 201}, TextTooLong),
        ({"expires_at": NOW}, actions.HoldEndsBeforeItBegins),
    ],
)
def test_it_refuses_what_is_no_hold(funded: Books, told: dict[str, Any], error: type[Refusal]) -> None:
    with refuses(error):
        funded.hold(**{"amount": 1, **told})
    funded.hold(1)


def test_a_hold_is_posted_whole(funded: Books) -> None:
    hold = funded.hold(30, source=Reference("claim", "7"), memo="指定快递")
    entry = funded.pay_held(hold, rule="jd.courier@1")
    assert figures(funded) == ["70.00", "0.00", "70.00"]
    assert funded.now("compensation_payable").balance == yuan("30.00")
    assert (entry.hold_id, entry.source, entry.memo) == (hold.id, Reference("claim", "7"), "指定快递")
    assert moves(hold) == [("placed", 3000), ("posted", -3000)]
    verbs = Event.objects.filter(chain_id=hold.id).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["ledger.hold.placed", "ledger.hold.posted"]


def test_of_a_hold_posted_in_part_the_rest_is_free_again(funded: Books) -> None:
    hold = funded.hold(100)
    funded.pay_held(hold, amount=yuan("30.50"))
    assert figures(funded) == ["69.50", "0.00", "69.50"]
    assert Hold.objects.get(id=hold.id).status == "posted"


def test_no_more_is_posted_than_was_held(funded: Books) -> None:
    hold = funded.hold(30)
    with refuses(actions.MoreThanHeld):
        funded.pay_held(hold, amount=yuan("30.01"))
    with refuses(AmountNotPositive):
        funded.pay_held(hold, amount=yuan(0))
    funded.pay_held(hold, amount=yuan(30))


def test_posting_it_again_under_the_same_key_gives_the_first_entry(funded: Books) -> None:
    hold = funded.hold(30)
    entry = funded.pay_held(hold, key="p")
    assert funded.pay_held(hold, key="p") == entry
    with refuses(actions.KeyUsedOtherwise):
        funded.pay_held(hold, key="p", amount=yuan(29))
    with refuses(actions.HoldEnded):
        funded.pay_held(hold, key="another")
    assert figures(funded) == ["70.00", "0.00", "70.00"]


def test_a_voided_hold_is_free_again(funded: Books) -> None:
    hold = funded.hold(100)
    assert actions.void_hold(hold.id, reason="撤诉", by=funded.accountant, at=NOW).status == "voided"
    assert figures(funded) == ["100.00", "0.00", "100.00"]
    assert HoldMove.objects.get(hold=hold, kind="voided").reason == "撤诉"


def test_voiding_needs_a_reason(funded: Books) -> None:
    hold = funded.hold(1)
    with refuses(actions.ReasonOwed):
        actions.void_hold(hold.id, reason=" ", by=funded.accountant, at=NOW)
    actions.void_hold(hold.id, reason="撤诉", by=funded.accountant, at=NOW)


def test_a_hold_times_out_when_its_time_is_over_and_not_before(funded: Books) -> None:
    hold = funded.hold(100, expires_at=LATER)
    with refuses(actions.HoldNotRunOut):
        actions.time_out_hold(hold.id, by=funded.accountant, at=LATER - timedelta(microseconds=1))
    assert actions.time_out_hold(hold.id, by=funded.accountant, at=LATER).status == "timed_out"
    assert figures(funded) == ["100.00", "0.00", "100.00"]


def test_a_hold_without_an_end_does_not_time_out(funded: Books) -> None:
    hold = funded.hold(1)
    with refuses(actions.HoldNotRunOut):
        actions.time_out_hold(hold.id, by=funded.accountant, at=NOW + timedelta(days=9999))


def test_whose_time_is_over_is_not_posted_any_more(funded: Books) -> None:
    early, late = (funded.hold(10, expires_at=LATER) for _ in range(2))
    funded.pay_held(early, at=LATER - timedelta(microseconds=1))
    with refuses(actions.HoldRunOut):
        funded.pay_held(late, at=LATER)


def end(books: Books, hold: Hold, how: str) -> Any:
    match how:
        case "post":
            return books.pay_held(hold)
        case "void":
            return actions.void_hold(hold.id, reason="撤诉", by=books.accountant, at=NOW)
        case _:
            return actions.time_out_hold(hold.id, by=books.accountant, at=LATER)


@pytest.mark.parametrize("second", ["post", "void", "time_out"])
@pytest.mark.parametrize("first", ["post", "void", "time_out"])
def test_a_hold_ends_once(funded: Books, first: str, second: str) -> None:
    hold = funded.hold(30, expires_at=LATER)
    end(funded, hold, first)
    with refuses(actions.HoldEnded):
        end(funded, hold, second)


def test_ending_a_hold_is_the_right_of_who_keeps_the_books(funded: Books, others: Books, qd: Crew) -> None:
    hold = funded.hold(30, expires_at=LATER)
    told: dict[str, Any] = {"at": LATER}
    for act in (
        lambda by: funded.pay_held(hold, by=by),
        lambda by: actions.void_hold(hold.id, reason="撤诉", by=by, **told),
        lambda by: actions.time_out_hold(hold.id, by=by, **told),
    ):
        for role, actor in qd.actors.items():
            if role not in (Role.ACCOUNTANT, Role.MANAGER):
                with refuses(NotPermitted):
                    act(actor)
        with refuses(HoldNotFound):
            act(others.accountant)
    actions.time_out_hold(hold.id, by=qd.actors[Role.MANAGER], **told)


def test_placing_a_hold_is_the_right_of_who_keeps_the_books(funded: Books, others: Books, qd: Crew) -> None:
    with refuses(NotPermitted):
        funded.hold(1, by=qd.clerk)
    with refuses(AccountNotFound):
        funded.hold(1, by=others.accountant)
    funded.hold(1, by=qd.clerk, permission="workorders.receive_call")


def test_a_hold_on_what_may_fall_below_zero_is_not_limited(books: Books) -> None:
    hold = actions.place_hold(books.of("bank"), amount=yuan(5), key="h", by=books.accountant, at=NOW)
    entry = actions.post_hold(hold.id, to=books.of("cash_in_hand"), key="p", by=books.accountant, at=NOW)
    assert entry.hold_id == hold.id
    assert (str(books.now("bank").balance.amount), books.now("bank").held_minor) == ("-5.00", 0)
    assert books.now("cash_in_hand").balance == yuan("5.00")
