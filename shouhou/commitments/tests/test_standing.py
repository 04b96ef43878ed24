"""How a commitment stands, by the clock of China with working hours 9–12 and 13–18."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.access.permissions import Role
from shouhou.commitments.queries import clock_for
from shouhou.commitments.rules.definition import Step
from shouhou.commitments.rules.standing import Mark, Standing, stand
from shouhou.commitments.rules.terms import Terms, read_terms
from shouhou.commitments.rules.words import Cause, MarkKind, State
from shouhou.kernel.working_time.china import ZONE
from shouhou.kernel.working_time.clock import Limit
from shouhou.kernel.working_time.lengths import Span

CLOCK = clock_for("")


def at(text: str) -> datetime:
    """A moment of November 2026 in China: `23 09:30` is that Monday."""
    day, hour = text.split()
    return datetime.fromisoformat(f"2026-11-{day}T{hour}").replace(tzinfo=ZONE)


def terms(amount: int, unit: Span, **more: Any) -> Terms:
    given: dict[str, Any] = {"stops_for": frozenset({Cause.CUSTOMER, Cause.OBJECTIVE}), **more}
    return Terms(limit=Limit(amount, unit), **given)


SIX = terms(
    6, Span.WORKING_HOURS, steps=(Step(at=Decimal("0.5"), tell=Role.SUPERVISOR), Step(at=Decimal(2), tell=Role.MANAGER))
)


def mark(kind: MarkKind, when: str, key: str = "hold", cause: Cause | None = None) -> Mark:
    return Mark(kind, at(when), key, cause)


BEGUN = mark(MarkKind.START, "23 09:30")


def told(*marks: Mark, now: str = "23 10:00", of: Terms = SIX) -> Standing:
    return stand(of, [BEGUN, *marks], CLOCK, at(now))


def test_six_working_hours_from_half_past_nine_are_over_at_half_past_four() -> None:
    standing = told()
    assert (standing.state, standing.due_at) == (State.RUNNING, at("23 16:30"))
    assert standing.next_at == at("23 13:30")  # half of the time is used up: the supervisor is told
    assert standing.step_moments == (at("23 13:30"), at("24 14:30"))


def test_the_very_end_is_too_late_and_the_moment_before_it_is_not() -> None:
    assert told(mark(MarkKind.STOP, "23 16:29")).state is State.MET
    late = told(mark(MarkKind.STOP, "23 16:30"), now="23 17:00")
    assert (late.state, late.breached_at, late.ended_at) == (State.BREACHED, at("23 16:30"), at("23 16:30"))
    assert told(now="23 16:30").state is State.BREACHED


def test_the_clock_stands_still_for_the_customer_and_goes_on_with_what_was_left() -> None:
    waits = mark(MarkKind.PAUSE, "23 10:30", cause=Cause.CUSTOMER)
    paused = told(waits, now="23 11:00")
    assert (paused.state, paused.due_at, paused.paused_since) == (State.PAUSED, None, at("23 10:30"))
    assert paused.next_at is None
    # Five hours were left: from three o'clock on that is until ten the next day (18:00 on Monday, then 9–11).
    gone_on = told(waits, mark(MarkKind.RELEASE, "23 15:00"), now="23 15:00")
    assert (gone_on.state, gone_on.due_at) == (State.RUNNING, at("24 11:00"))


def test_a_pause_of_our_own_making_does_not_stop_the_clock() -> None:
    standing = told(mark(MarkKind.PAUSE, "23 10:30", cause=Cause.COMPANY), now="23 11:00")
    assert (standing.state, standing.due_at) == (State.RUNNING, at("23 16:30"))


def test_pauses_inside_one_another_count_once() -> None:
    marks = (
        mark(MarkKind.PAUSE, "23 10:00", "one", Cause.CUSTOMER),
        mark(MarkKind.PAUSE, "23 10:30", "other", Cause.OBJECTIVE),
        mark(MarkKind.RELEASE, "23 11:00", "one"),
        mark(MarkKind.RELEASE, "23 11:30", "other"),
    )
    assert told(*marks).due_at == at("23 18:00")


def test_a_release_without_a_pause_changes_nothing() -> None:
    assert told(mark(MarkKind.RELEASE, "23 11:00")) == told()


def test_reopening_resumes_and_never_resets() -> None:
    kept, again = mark(MarkKind.STOP, "23 11:30"), mark(MarkKind.REOPEN, "24 09:00")
    standing = told(kept, again, now="24 09:00")
    # Two hours were used, four are left.
    assert (standing.state, standing.due_at) == (State.RUNNING, at("24 14:00"))
    assert told(kept, again, mark(MarkKind.STOP, "24 14:00"), now="24 14:00").state is State.BREACHED


def test_what_was_broken_stays_broken_when_the_call_is_cancelled_later() -> None:
    assert told(mark(MarkKind.VOID, "23 12:00")).state is State.VOID
    assert told(mark(MarkKind.VOID, "24 09:00"), now="24 09:00").state is State.BREACHED


def test_an_arrival_that_becomes_known_late_makes_it_kept() -> None:
    assert told(now="24 09:00").state is State.BREACHED
    assert told(mark(MarkKind.STOP, "23 15:00"), now="24 09:00").state is State.MET


def test_an_accepted_excuse() -> None:
    excuse = mark(MarkKind.EXCUSE, "23 17:00")
    assert told(excuse, now="23 17:00").state is State.EXCUSED
    assert told(mark(MarkKind.EXCUSE, "23 10:00"), now="23 10:00").state is State.RUNNING


def test_a_later_wish_makes_the_time_longer_and_an_earlier_one_does_not_make_it_shorter() -> None:
    later = terms(6, Span.WORKING_HOURS, not_before=at("25 16:00"))
    earlier = terms(6, Span.WORKING_HOURS, not_before=at("23 10:00"))
    assert told(of=later).due_at == at("25 16:00")
    assert told(of=earlier).due_at == at("23 16:30")


@pytest.mark.parametrize(
    ("amount", "unit", "due", "with_pause"),
    [
        (2, Span.DAYS, "26 00:00", "27 00:00"),
        (2, Span.WORKING_DAYS, "26 00:00", "27 00:00"),
        (5, Span.WORKING_DAYS, "31 00:00", "32 00:00"),
    ],
)
def test_days_move_by_the_days_of_the_pause(amount: int, unit: Span, due: str, with_pause: str) -> None:
    def day(text: str) -> datetime:
        number, hour = text.split()
        return at(f"01 {hour}") + timedelta(days=int(number) - 1)

    limit = terms(amount, unit)
    within_a_day = (mark(MarkKind.PAUSE, "23 10:00", cause=Cause.CUSTOMER), mark(MarkKind.RELEASE, "23 17:00"))
    over_night = (mark(MarkKind.PAUSE, "23 10:00", cause=Cause.CUSTOMER), mark(MarkKind.RELEASE, "24 08:00"))
    assert told(of=limit).due_at == day(due)
    assert told(*within_a_day, of=limit).due_at == day(due)
    assert told(*over_night, of=limit).due_at == day(with_pause)


def test_a_month_and_a_day_ahead_of_an_agreed_end() -> None:
    month = stand(
        terms(1, Span.MONTHS), [Mark(MarkKind.START, datetime(2026, 1, 31, 9, tzinfo=ZONE))], CLOCK, at("23 10:00")
    )
    assert month.due_at == datetime(2026, 3, 1, tzinfo=ZONE)
    notice = terms(1, Span.MONTHS, until=datetime(2027, 1, 1, tzinfo=ZONE), ahead=True)
    assert told(of=notice).due_at is not None
    assert told(of=notice).state is State.RUNNING


def test_terms_are_read_as_they_were_written() -> None:
    for one in (SIX, terms(1, Span.MONTHS, until=at("25 10:00"), ahead=True, remedy="late", assumed=("area",))):
        assert read_terms(one.as_json()) == one


_MINUTES = st.integers(0, 6 * 24 * 60)
_MARKS = st.lists(
    st.builds(
        lambda kind, minutes, key, cause: Mark(
            kind, BEGUN.at + timedelta(minutes=minutes), key, cause if kind is MarkKind.PAUSE else None
        ),
        st.sampled_from(
            [MarkKind.STOP, MarkKind.PAUSE, MarkKind.RELEASE, MarkKind.REOPEN, MarkKind.VOID, MarkKind.EXCUSE]
        ),
        _MINUTES,
        st.sampled_from(["one", "other"]),
        st.sampled_from(list(Cause)),
    ),
    max_size=8,
    unique_by=lambda one: one.at,
)
_TERMS = st.builds(
    terms, st.integers(1, 20), st.sampled_from([Span.HOURS, Span.WORKING_HOURS, Span.DAYS, Span.WORKING_DAYS])
)


@given(_TERMS, _MARKS, _MINUTES, st.randoms())
def test_the_order_in_which_things_become_known_makes_no_difference(
    of: Terms, marks: list[Mark], now: int, chance: Any
) -> None:
    moment = BEGUN.at + timedelta(minutes=now)
    shuffled = [BEGUN, *marks]
    chance.shuffle(shuffled)
    assert stand(of, shuffled, CLOCK, moment) == stand(of, [BEGUN, *marks], CLOCK, moment)


@given(_TERMS, _MARKS, _MINUTES)
def test_what_ended_or_broke_does_not_change_by_waiting(of: Terms, marks: list[Mark], now: int) -> None:
    known = [BEGUN, *marks]
    latest = max(one.at for one in known)
    moment = max(latest, BEGUN.at + timedelta(minutes=now))
    first, later = stand(of, known, CLOCK, moment), stand(of, known, CLOCK, moment + timedelta(days=40))
    assert first.due_at == later.due_at
    if first.state in (State.MET, State.VOID, State.BREACHED, State.EXCUSED):
        assert first.state == later.state
    elif first.state is State.RUNNING:
        assert first.due_at is not None
        assert moment < first.due_at
        assert later.state in (State.BREACHED, State.EXCUSED)
        assert first.next_at is not None
        assert first.next_at > moment


@given(_TERMS, _MARKS, st.sampled_from([Cause.CUSTOMER, Cause.OBJECTIVE]), _MINUTES)
def test_a_pause_never_makes_the_time_shorter(of: Terms, marks: list[Mark], cause: Cause, minutes: int) -> None:
    begins = BEGUN.at + timedelta(minutes=minutes)
    pause = [Mark(MarkKind.PAUSE, begins, "more", cause), Mark(MarkKind.RELEASE, begins + timedelta(hours=5), "more")]
    moment = BEGUN.at + timedelta(days=60)
    without, with_it = stand(of, [BEGUN, *marks], CLOCK, moment), stand(of, [BEGUN, *marks, *pause], CLOCK, moment)
    # No end at all is later than any: with more time, an open pause can fall inside it.
    if without.due_at is None:
        assert with_it.due_at is None
    elif with_it.due_at is not None:
        assert with_it.due_at >= without.due_at


@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 1000)), max_size=4))
def test_elapsed_hours_with_pauses_agree_with_a_walk_minute_by_minute(
    hours: int, pauses: list[tuple[int, int]]
) -> None:
    marks = [BEGUN]
    for number, (begins, length) in enumerate(pauses):
        marks.append(Mark(MarkKind.PAUSE, BEGUN.at + timedelta(minutes=begins), str(number), Cause.CUSTOMER))
        marks.append(Mark(MarkKind.RELEASE, BEGUN.at + timedelta(minutes=begins + length), str(number)))
    still = {minute for begins, length in pauses for minute in range(begins, begins + length)}
    minute = used = 0
    while used < hours * 60:
        used += minute not in still
        minute += 1
    standing = stand(terms(hours, Span.HOURS), marks, CLOCK, BEGUN.at)
    assert standing.due_at == (BEGUN.at + timedelta(minutes=minute)).astimezone(UTC)
