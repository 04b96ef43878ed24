"""Times as one says them: short, in the reader's zone and language."""

from datetime import date, datetime

from django.utils import dateformat, timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

_DIGITS = "〇一二三四五六七八九"


def short_time(at: datetime, *, now: datetime) -> str:
    """“Today 09:58”, “Yesterday 17:40”, “20 Nov 13:33”, and the year where it is another one."""
    local, here = timezone.localtime(at), timezone.localtime(now)
    time = f"{local:%H:%M}"
    days = (local.date() - here.date()).days
    if days == 0:
        return _("Today %(time)s") % {"time": time}
    if days == -1:
        return _("Yesterday %(time)s") % {"time": time}
    if days == 1:
        return _("Tomorrow %(time)s") % {"time": time}
    if local.year == here.year:
        # Translators: a format of Django's date filter, without the year.
        return dateformat.format(local, pgettext("date format", "j M H:i"))
    # Translators: a format of Django's date filter, with the year.
    return dateformat.format(local, pgettext("date format", "j M Y H:i"))


def short_date(day: date) -> str:
    """A date of law (sale, delivery, end of warranty): always with its year."""
    # Translators: a format of Django's date filter for a date alone.
    return dateformat.format(day, pgettext("date format", "j M Y"))


def day_words(day: date, *, today: date) -> str:
    """“Today”, “Tomorrow”, otherwise the weekday with its date, for a list of the days to come."""
    if day == today:
        return pgettext("day", "Today")
    if (day - today).days == 1:
        return pgettext("day", "Tomorrow")
    # Translators: a format of Django's date filter, weekday and day without the year.
    return dateformat.format(day, pgettext("date format", "l j M"))


def book_date(day: date) -> str:
    """The date at the head of a book page: 二〇二六年十一月二十三日 · 星期一."""
    weekday = dateformat.format(day, "l")
    if not (get_language() or "").startswith("zh"):
        return f"{weekday}, {dateformat.format(day, 'j F Y')}"
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_small_number(day.month)}月{_small_number(day.day)}日 · {weekday}"


def _small_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")
