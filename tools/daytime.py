"""The product as a web server whose clock stands at an afternoon: what pictures are taken of at night, too.

The clock goes on from there, so sessions and "a moment ago" stay true.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = time(15, 10)  # the demonstration company's last day goes until 15:00

_real = timezone.now


def shift() -> timedelta:
    """How far back the last ten past three lies."""
    now = _real().astimezone(ZONE)
    afternoon = datetime.combine(now.date(), HOUR, tzinfo=ZONE)
    return now - (afternoon if afternoon <= now else afternoon - timedelta(days=1))


_SHIFT = shift()


def now() -> datetime:
    """The time at which the pictures are taken."""
    return _real() - _SHIFT


timezone.now = now

from shouhou.config.wsgi import application  # noqa: E402, F401 - after the clock was set
