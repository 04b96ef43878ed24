"""Calendars made by chance, and a reckoning so simple that it can be trusted: minute by minute, by the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from shouhou.kernel.working_time.calendars import Calendar, Hours, SpecialDay
from shouhou.kernel.working_time.timeline import Timeline

MINUTE = timedelta(minutes=1)
ZONES = [
    ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
]
# Clocks go forward and back within it, in both hemispheres.
FIRST, LAST = date(2026, 2, 1), date(2026, 12, 1)
BEGIN, MINUTES = datetime(2026, 2, 1, tzinfo=UTC), 400 * 1440


def random_hours(random: Random, most: int) -> tuple[Hours, ...]:
    """Up to so many stretches in a day, on whole minutes; some days have none."""
    edges = sorted(random.sample(range(1440), 2 * random.randint(0, most)))
    return tuple(Hours(_clock(one), _clock(other)) for one, other in zip(edges[::2], edges[1::2], strict=True))


def random_calendar(random: Random) -> Calendar:
    """Up to three stretches a day; days of its own, among them those on which clocks are changed; never quite empty."""
    week = [random_hours(random, 3) for _ in range(7)]
    week[random.randrange(7)] = (Hours(time(1), time(4)),)
    days = [FIRST + timedelta(days=random.randrange((LAST - FIRST).days)) for _ in range(30)]
    changes = [date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 25), date(2026, 11, 1)]
    special = {day: SpecialDay(random_hours(random, 3)) for day in days + changes}
    return Calendar(random.choice(ZONES), tuple(week), special)


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


class Oracle:
    """Asks of each minute of a year and more whether its clock on the wall shows worked hours, and walks along them."""

    def __init__(self, calendar: Calendar) -> None:
        self.is_worked = bytes(_is_worked(calendar, BEGIN + MINUTE * number) for number in range(MINUTES))

    def due(self, at: int, minutes: int) -> int:
        """The minute after so many worked ones; without any, the first worked minute."""
        if not minutes:
            while not self.is_worked[at]:
                at += 1
        while minutes:
            minutes -= self.is_worked[at]
            at += 1
        return at

    def worked(self, start: int, end: int) -> int:
        """Worked minutes from the start until before the end."""
        return sum(self.is_worked[start:end])


def _is_worked(calendar: Calendar, at: datetime) -> bool:
    here = at.astimezone(calendar.zone)
    clock = here.time()
    return any(
        hours.opens <= clock and (clock < hours.closes or hours.closes == time.min)
        for hours in calendar.hours_on(here.date())
    )


def differences(timeline: Timeline, oracle: Oracle, random: Random, cases: int) -> int:
    """In how many of so many random cases timeline and oracle disagree about an end or about a measure."""
    wrong = 0
    for _ in range(cases):
        at, minutes = (
            random.randrange(1440, 300 * 1440),
            random.choice([0, random.randrange(60), random.randrange(1200)]),
        )
        later = at + random.randrange(3 * 1440)
        start = BEGIN + MINUTE * at
        wrong += (
            timeline.add(start, MINUTE * minutes) != BEGIN + MINUTE * oracle.due(at, minutes)
            or timeline.measure(start, BEGIN + MINUTE * later) != MINUTE * oracle.worked(at, later)
        )  # fmt: skip
    return wrong
