from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from shouhou.access.permissions import Role
from shouhou.kernel.errors import NotPermitted
from shouhou.kernel.periods import Period
from shouhou.ledger import queries
from shouhou.ledger.rules import Reference
from shouhou.ledger.tests.conftest import Books, yuan
from tests.cast import NOW, Crew

DAY = timedelta(days=1)


@pytest.fixture
def busy(books: Books) -> Books:
    for number, (take, give, amount) in enumerate(
        [("bank", "seller_deposit", 100), ("seller_deposit", "compensation_payable", 30), ("bank", "seller_deposit", 5)]
    ):
        books.post(take, give, amount, at=NOW + number * DAY, memo=f"第{number}天", source=Reference("claim", "C-1"))
    return books


def statement(books: Books, start: Any, end: Any = None) -> queries.AccountStatement:
    return queries.get_statement(books.of("seller_deposit"), period=Period(start, end), by=books.accountant)


def test_a_statement_goes_from_its_opening_to_its_closing(busy: Books) -> None:
    found = statement(busy, NOW + DAY)
    assert (found.opening, found.closing) == (yuan("100.00"), yuan("75.00"))
    assert [(line.memo, str(line.growth.amount), str(line.balance.amount)) for line in found.lines] == [
        ("第1天", "-30.00", "70.00"),
        ("第2天", "5.00", "75.00"),
    ]
    assert found.closing == busy.now("seller_deposit").balance


def test_the_start_belongs_to_the_period_and_the_end_does_not(busy: Books) -> None:
    assert [line.memo for line in statement(busy, NOW, NOW + DAY).lines] == ["第0天"]
    assert [line.memo for line in statement(busy, NOW + DAY, NOW + 2 * DAY).lines] == ["第1天"]
    empty = statement(busy, NOW - 2 * DAY, NOW)
    assert (empty.lines, empty.opening, empty.closing) == ((), yuan("0.00"), yuan("0.00"))


def test_statements_of_periods_that_touch_continue_each_other(busy: Books) -> None:
    parts = [statement(busy, NOW + number * DAY, NOW + (number + 1) * DAY) for number in range(-1, 4)]
    assert all(one.closing == other.opening for one, other in pairwise(parts))
    assert sum(len(one.lines) for one in parts) == 3


def test_a_statement_needs_no_more_queries_for_more_lines(busy: Books, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        statement(busy, NOW)


def test_accounts_are_found_by_kind_and_owner(busy: Books) -> None:
    asked: dict[str, Any] = {"by": busy.accountant}
    assert len(queries.find_accounts(busy.branch, **asked)) == 3
    (bank,) = queries.find_accounts(busy.branch, kinds=["bank"], **asked)
    assert bank.id == busy.of("bank")
    assert len(queries.find_accounts(busy.branch, owner=Reference("owner", "1"), **asked)) == 3
    assert not queries.find_accounts(busy.branch, owner=Reference("owner", "2"), **asked)


def test_entries_are_found_by_what_they_come_from(busy: Books) -> None:
    found = list(queries.find_entries_from(Reference("claim", "C-1"), branch=busy.branch, by=busy.accountant))
    assert [one.memo for one in found] == ["第0天", "第1天", "第2天"]
    assert queries.get_entry(found[0].id, by=busy.accountant) == found[0]
    assert not queries.find_entries_from(Reference("claim", "C-2"), branch=busy.branch, by=busy.accountant)


def test_holds_that_have_run_out_are_found(busy: Books) -> None:
    short, long = busy.hold(1, expires_at=NOW + DAY), busy.hold(1, expires_at=NOW + 2 * DAY)
    endless = busy.hold(1)
    assert list(queries.find_holds_run_out(busy.branch, at=NOW + DAY)) == [short]
    assert list(queries.find_holds_run_out(busy.branch, at=NOW + 9 * DAY)) == [short, long]
    busy.pay_held(short)
    assert list(queries.find_holds_run_out(busy.branch, at=NOW + 9 * DAY)) == [long]
    assert list(queries.find_holds_of(busy.now("seller_deposit"), by=busy.accountant)) == [short, long, endless]


def test_the_books_are_read_by_who_may(busy: Books, others: Books, qd: Crew) -> None:
    account, entry = busy.of("bank"), busy.post("bank", "seller_deposit", 1)
    reading: list[Any] = [
        lambda by: queries.get_account(account, by=by),
        lambda by: queries.get_entry(entry.id, by=by),
        lambda by: queries.get_statement(account, period=Period(NOW), by=by),
    ]
    for read in reading:
        for role, actor in qd.actors.items():
            if role in (Role.ACCOUNTANT, Role.MANAGER, Role.HQ):
                assert read(actor)
            else:
                with pytest.raises(NotPermitted):
                    read(actor)
        with pytest.raises((queries.AccountNotFound, queries.EntryNotFound)):
            read(others.accountant)
    for list_rows in (
        lambda by: queries.find_accounts(busy.branch, by=by),
        lambda by: queries.find_entries_from(Reference("claim", "C-1"), branch=busy.branch, by=by),
        lambda by: queries.find_holds_of(busy.now("bank"), by=by),
    ):
        list_rows(busy.accountant)
        with pytest.raises(NotPermitted):
            list_rows(qd.clerk)
