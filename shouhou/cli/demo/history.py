"""The demonstration company's history: all lives of all orders, act by act in the order of time."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from random import Random

from django.db import transaction

from shouhou.access.actors import product_itself
from shouhou.access.models import Branch, User
from shouhou.audit.models import Event
from shouhou.cli.demo.books import book_story
from shouhou.cli.demo.breaches import breach_story
from shouhou.cli.demo.diary import CLOSES, OPENS
from shouhou.cli.demo.founding import CHANNEL, ZONE, Company, Founder, Login
from shouhou.cli.demo.lives import WEIGHTS, Life, Turn, whole_life
from shouhou.cli.demo.today import todays_lives
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.workorders.actions import close_register_page
from shouhou.workorders.queries import find_unclosed_pages


class DatabaseNotEmpty(Conflict):
    code = "database_not_empty"
    template = gettext_noop("The demonstration company is loaded into an empty database only; this one has data in it.")


class EndInFuture(Invalid):
    code = "end_in_future"
    template = gettext_noop("The history cannot end in the future (%(end)s).")


@dataclass(frozen=True, slots=True)
class Size:
    """How large the company is."""

    places: int
    technicians: int
    orders: int
    days: int


SIZES = {
    "s": Size(places=3, technicians=4, orders=60, days=45),
    "m": Size(places=6, technicians=5, orders=1_000, days=120),
    "l": Size(places=12, technicians=6, orders=10_000, days=365),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded."""

    orders: int
    events: int
    logins: list[Login]


def is_empty() -> bool:
    """Whether nothing has been entered into this database yet."""
    return not Branch.objects.exists() and not User.objects.exists()


def load_company(
    *, size: str, seed: int, end_date: date | None, now: datetime, password: str, progress: Callable[[int], None]
) -> Loaded:
    """Load the demonstration company; either the whole of it or nothing.

    The same size, seed and end date give the same company, numbers included. Without an end date the history runs up to
    `now`; with one it stops at three in the afternoon of that day. Raises DatabaseNotEmpty, EndInFuture.
    """
    moment = datetime.combine(end_date, time(15), ZONE) if end_date else now.replace(second=0, microsecond=0)
    if moment > now:
        raise EndInFuture(end=moment.isoformat())
    shape = SIZES[size]
    rng = Random(f"{size}/{seed}")  # noqa: S311 - a story, not a secret
    start = datetime.combine(moment.astimezone(ZONE).date() - timedelta(days=shape.days), OPENS, ZONE)
    with transaction.atomic():
        if not is_empty():
            raise DatabaseNotEmpty()
        founder = Founder(
            places=shape.places, technicians=shape.technicians, at=start - timedelta(days=1), end=moment, password=password,
            rng=rng,
        )  # fmt: skip
        company = founder.found()
        lives = _lives(company, shape, start=start, moment=moment, rng=rng)
        _play([*lives, *_books(company, moment), _nights(company, start)], until=moment, progress=progress)
        return Loaded(len(lives), Event.objects.count(), company.logins)


def _lives(company: Company, shape: Size, *, start: datetime, moment: datetime, rng: Random) -> list[Life]:
    today = todays_lives(company.desks[0], moment=moment, rng=rng)
    turns, weights = list(WEIGHTS), list(WEIGHTS.values())
    past = [
        whole_life(
            rng.choice(company.desks),
            received_at=_office_moment(start, moment, rng),
            turn=rng.choices(turns, weights=weights)[0],
            rng=Random(rng.random()),  # noqa: S311 - of its own, so that one life does not change another
        )
        for _ in range(shape.orders - len(today) - len(Turn) + 1)
    ]
    # In a small company chance could leave a turn out.
    certain = [
        whole_life(
            rng.choice(company.desks), received_at=_office_moment(start, moment - timedelta(days=20), rng), turn=turn,
            rng=Random(rng.random()),  # noqa: S311 - as above
        )
        for turn in turns[1:]
    ]  # fmt: skip
    return [*past, *certain, *today]


def _office_moment(start: datetime, end: datetime, rng: Random) -> datetime:
    """A minute between opening and closing time of some day."""
    while True:
        day = start.date() + timedelta(days=rng.randint(0, (end.astimezone(ZONE).date() - start.date()).days))
        minute = rng.randint(OPENS.hour * 60, CLOSES.hour * 60 - 1)
        moment = datetime.combine(day, time(minute // 60, minute % 60), ZONE)
        if moment <= end:
            return moment


def _books(company: Company, moment: datetime) -> list[Life]:
    """What the accountants book, each branch sending money to the next; and what broken promises owe."""
    others = [*company.desks[1:], company.desks[0]]
    books = [book_story(desk, other, moment=moment) for desk, other in zip(company.desks, others, strict=True)]
    return [*books, *(breach_story(desk, moment=moment) for desk in company.desks)]


def _nights(company: Company, start: datetime) -> Generator[datetime, None, None]:
    """Close the register pages of every day that is over."""
    by, day = product_itself(channel=CHANNEL), start.date()
    while True:
        day += timedelta(days=1)
        now = datetime.combine(day, time(0, 5), ZONE)
        yield now
        for page in find_unclosed_pages(by=by, before_day=day):
            close_register_page(page.id, by=by, at=now)
        for desk in company.desks:
            for hand in desk.hands:
                hand.diary.forget_before(now)


def _play(lives: list[Life], *, until: datetime, progress: Callable[[int], None]) -> None:
    """Let every life perform its next act when its time has come; at the end all stay where they are."""
    queue: list[tuple[datetime, int, Life]] = []

    def advance(life: Life, number: int) -> None:
        moment = next(life, None)
        if moment is None:
            progress(1)
        elif moment <= until:
            heappush(queue, (moment, number, life))
        else:
            life.close()
            progress(1)

    for number, life in enumerate(lives):
        advance(life, number)
    while queue:
        _moment, number, life = heappop(queue)
        advance(life, number)
