"""The books under any sequence of acts, beside a plain model of what stands on each account and what is held.

The seed is printed with a failure; SHOUHOU_TEST_SEED repeats it, SHOUHOU_TEST_EXAMPLES makes the walk longer.
"""

import os
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shouhou.kernel.errors import Refusal
from shouhou.kernel.money import Money
from shouhou.ledger import actions
from shouhou.ledger.models import Hold, JournalEntry, LedgerAccount
from shouhou.ledger.rules import Line
from shouhou.ledger.tests.conftest import Books, books_of
from shouhou.ledger.verifying import find_ledger_faults
from tests.cast import NOW, Crew

# Kind of account → +1 where it grows on the debit side, and whether it may be below zero: written down anew, not read.
KINDS = {
    "bank": (1, True),
    "cash_in_hand": (1, False),
    "seller_deposit": (-1, False),
    "compensation_payable": (-1, False),
}
NAMES = sorted(KINDS)
amounts = st.integers(1, 400)
kinds = st.sampled_from(NAMES)
MINIMUM_STEPS = 2000


@dataclass
class PlainHold:
    kind: str
    amount: int
    ends: datetime | None
    open: bool = True


class Bookkeeping(RuleBasedStateMachine):
    """Model: balance and held amount of each account, every entry as a list of moves, every hold."""

    crew: Crew
    steps = 0

    @initialize()
    def empty_books(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.books: Books = books_of(self.crew)
        self.ids = {kind: self.books.of(kind) for kind in NAMES}
        self.balance = dict.fromkeys(NAMES, 0)
        self.held = dict.fromkeys(NAMES, 0)
        self.entries: list[tuple[JournalEntry, list[tuple[str, int]]]] = []
        self.reversed: set[int] = set()
        self.reversals: set[int] = set()
        self.holds: list[tuple[Hold, PlainHold]] = []
        self.now = NOW

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            connection.check_constraints()
            assert not list(find_ledger_faults(self.crew.branch))
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @rule(moves=st.lists(st.tuples(kinds, st.integers(-300, 300)), min_size=1, max_size=4), last=kinds)
    def post(self, moves: list[tuple[str, int]], last: str) -> None:
        moves = [*moves, (last, -sum(amount for _kind, amount in moves))]
        allowed = all(amount for _kind, amount in moves) and self._fits(moves)
        entry = self._try(
            allowed,
            lambda key: actions.post_entry(
                [Line(self.ids[kind], Money.of_minor_units(amount)) for kind, amount in moves], key=key, **self._told()
            ),
        )
        if entry:
            self._book(entry, moves)

    @rule(amount=amounts)
    def a_seller_pays_in(self, amount: int) -> None:
        self.post([("bank", amount)], "seller_deposit")

    @rule(which=st.integers(0, 30), amount=amounts)
    @precondition(lambda self: bool(self.posted()))
    def repeat_an_entry(self, which: int, amount: int) -> None:
        """Nothing comes of it; with another body under the key it is refused."""
        posted = self.posted()
        self._count()
        entry, moves = posted[which % len(posted)]
        lines = [Line(self.ids[kind], Money.of_minor_units(one)) for kind, one in moves]
        assert actions.post_entry(lines, key=entry.key, **self._told()) == entry
        with pytest.raises(actions.KeyUsedOtherwise):
            actions.post_entry(lines, key=entry.key, memo=f"{amount}", **self._told())

    @rule(which=st.integers(0, 30))
    @precondition(lambda self: bool(self.entries))
    def reverse(self, which: int) -> None:
        which %= len(self.entries)
        entry, moves = self.entries[which]
        back = [(kind, -amount) for kind, amount in moves]
        allowed = which not in self.reversed and which not in self.reversals and self._fits(back)
        reversal = self._try(
            allowed, lambda key: actions.reverse_entry(entry.id, key=key, reason="申诉成立", **self._told())
        )
        if reversal:
            self.reversed.add(which)
            self.reversals.add(len(self.entries))
            self._book(reversal, back)

    @rule(kind=kinds, amount=amounts, days=st.integers(0, 5))
    def place(self, kind: str, amount: int, days: int) -> None:
        ends = self.now + timedelta(days=days) if days else None
        allowed = KINDS[kind][1] or self.balance[kind] - self.held[kind] >= amount
        hold = self._try(
            allowed,
            lambda key: actions.place_hold(
                self.ids[kind], amount=Money.of_minor_units(amount), key=key, expires_at=ends, **self._told()
            ),
        )
        if hold:
            self.held[kind] += amount
            self.holds.append((hold, PlainHold(kind, amount, ends)))

    @rule(which=st.integers(0, 15), share=st.integers(1, 450), to=kinds)
    @precondition(lambda self: bool(self.holds))
    def post_held(self, which: int, share: int, to: str) -> None:
        hold, plain = self._some_hold(which)
        sign = KINDS[plain.kind][0]
        moves = [(plain.kind, -sign * share), (to, sign * share)]
        in_time = plain.open and (plain.ends is None or self.now < plain.ends)
        free = {plain.kind: plain.amount}
        allowed = in_time and share <= plain.amount and self._fits(moves, freed=free)
        entry = self._try(
            allowed,
            lambda key: actions.post_hold(
                hold.id, to=self.ids[to], amount=Money.of_minor_units(share), key=key, **self._told()
            ),
        )
        if entry:
            self._end(plain)
            self._book(entry, moves)

    @rule(which=st.integers(0, 15))
    @precondition(lambda self: bool(self.holds))
    def void(self, which: int) -> None:
        hold, plain = self._some_hold(which)
        if self._try(plain.open, lambda _key: actions.void_hold(hold.id, reason="撤诉", **self._told())):
            self._end(plain)

    @rule(which=st.integers(0, 15))
    @precondition(lambda self: bool(self.holds))
    def time_out(self, which: int) -> None:
        hold, plain = self._some_hold(which)
        over = plain.ends is not None and plain.ends <= self.now
        if self._try(plain.open and over, lambda _key: actions.time_out_hold(hold.id, **self._told())):
            self._end(plain)

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        self._count()
        self.now += timedelta(hours=hours)

    def posted(self) -> list[tuple[JournalEntry, list[tuple[str, int]]]]:
        """Entries that were posted for their own sake."""
        return [one for place, one in enumerate(self.entries) if place not in self.reversals and not one[0].hold_id]

    def _some_hold(self, which: int) -> tuple[Hold, PlainHold]:
        """Mostly one that is pending, so that walks get somewhere."""
        pending = [one for one in self.holds if one[1].open]
        some = pending if pending and which % 4 else self.holds
        return some[which % len(some)]

    def _told(self) -> dict[str, Any]:
        return {"by": self.books.accountant, "at": self.now}

    def _count(self) -> None:
        type(self).steps += 1

    def _try(self, allowed: bool, act: Any) -> Any:
        """The act does what the model says it may, and nothing else."""
        self._count()
        made = refused = None
        try:
            made = act(f"key {next(self.books.keys)}")
        except Refusal as refusal:
            refused = refusal.code
        assert allowed == (refused is None), f"refused as {refused}" if refused else "it was not refused"
        return made

    def _fits(self, moves: list[tuple[str, int]], *, freed: dict[str, int] | None = None) -> bool:
        """Whether no account that shrinks falls below what is held on it."""
        for kind in {kind for kind, _amount in moves}:
            sign, may_be_negative = KINDS[kind]
            grown = sum(sign * amount for name, amount in moves if name == kind)
            available = self.balance[kind] - self.held[kind] + (freed or {}).get(kind, 0)
            if grown < 0 and not may_be_negative and available + grown < 0:
                return False
        return True

    def _book(self, entry: JournalEntry, moves: list[tuple[str, int]]) -> None:
        for kind, amount in moves:
            self.balance[kind] += KINDS[kind][0] * amount
        self.entries.append((entry, moves))

    def _end(self, plain: PlainHold) -> None:
        plain.open = False
        self.held[plain.kind] -= plain.amount

    @invariant()
    def the_accounts_say_what_the_model_says(self) -> None:
        if not hasattr(self, "ids"):
            return
        rows = LedgerAccount.objects.filter(id__in=self.ids.values())
        found = {one.kind: (one.balance_minor, one.held_minor) for one in rows}
        assert found == {kind: (self.balance[kind], self.held[kind]) for kind in NAMES}

    @invariant()
    def all_accounts_together_are_nothing(self) -> None:
        if hasattr(self, "ids"):
            assert sum(KINDS[kind][0] * self.balance[kind] for kind in NAMES) == 0


def test_the_books_under_any_sequence_of_acts(qd: Crew) -> None:
    start = int(os.environ.get("SHOUHOU_TEST_SEED") or random.randrange(2**32))
    print(f"SHOUHOU_TEST_SEED={start}")  # noqa: T201 - pytest shows it with a failure
    machine: type[Bookkeeping] = type("Machine", (Bookkeeping,), {"crew": qd, "steps": 0})
    walks = settings(
        max_examples=int(os.environ.get("SHOUHOU_TEST_EXAMPLES") or 6),
        stateful_step_count=100,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    # A walk may be short, so there are as many rounds of them as it takes.
    for number in count(start):
        run_state_machine_as_test(seed(number)(machine), settings=walks)
        if machine.steps >= MINIMUM_STEPS:
            break
    print(f"{machine.steps} steps")  # noqa: T201
