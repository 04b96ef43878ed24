"""Moments as whole microseconds, in which all working time is counted: exact, and the same for one moment and a million."""

from datetime import UTC, datetime, timedelta

from shouhou.kernel.errors import Invalid, gettext_noop

FIRST_YEAR, LAST_YEAR = 1900, 2200

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NOTHING = timedelta(0)

DAY = 86_400_000_000


class MomentWithoutZone(Invalid):
    code = "moment_without_zone"
    template = gettext_noop("%(moment)s does not say in which time zone it is.")


class MomentOutOfRange(Invalid):
    code = "moment_out_of_range"
    template = gettext_noop("Working time is known from the year %(first)s to the year %(last)s only.")

    def __init__(self) -> None:
        super().__init__(first=FIRST_YEAR, last=LAST_YEAR)


class EndBeforeStart(Invalid):
    code = "end_before_start"
    template = gettext_noop("The end (%(end)s) is before the start (%(start)s).")


class AmountTooSmall(Invalid):
    code = "amount_too_small"
    template = gettext_noop("The amount (%(amount)s) must be at least %(least)s.")


def year_starts(year: int) -> int:
    """The first microsecond of the year in UTC, counted from 1970."""
    return (datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND


def microseconds(moment: datetime) -> int:
    """Counted from 1970. Raises MomentWithoutZone."""
    try:
        return (moment - EPOCH) // MICROSECOND
    except TypeError:
        raise MomentWithoutZone(moment=moment.isoformat()) from None


def moment_of(counted: int) -> datetime:
    """The moment in UTC."""
    return EPOCH + timedelta(microseconds=counted)


def refuse_years_outside(year: int) -> None:
    """Raises MomentOutOfRange."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise MomentOutOfRange()
