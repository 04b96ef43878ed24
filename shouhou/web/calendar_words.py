"""Calendars in words: the hours of a week, what a day is, who says so, and what was changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from shouhou.access.models import User
from shouhou.audit.models import Event
from shouhou.commitments.queries.calendars import Layer, Pile
from shouhou.commitments.rules.calendars import COMPANY, PublicDays, Week, public_days, week_of
from shouhou.kernel.working_time.calendars import Hours

_MOST_TOLD = 6
WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"), pgettext_lazy("weekday", "Tue"), pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"), pgettext_lazy("weekday", "Fri"), pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)  # fmt: skip
# As the head of a column.
WEEKDAY_HEADS = (
    pgettext_lazy("weekday head", "Mo"), pgettext_lazy("weekday head", "Tu"), pgettext_lazy("weekday head", "We"),
    pgettext_lazy("weekday head", "Th"), pgettext_lazy("weekday head", "Fr"), pgettext_lazy("weekday head", "Sa"),
    pgettext_lazy("weekday head", "Su"),
)  # fmt: skip


def hours_words(hours: Iterable[Hours]) -> str:
    """“09:00–12:00, 13:00–18:00”, or that nothing is worked."""
    return _(", ").join(str(one).replace("-", "–") for one in hours) or pgettext("hours", "none")


def week_words(week: Week) -> str:
    """“Mon–Fri 09:00–18:00; Sat 09:00–12:00”: weekdays with the same hours together, those without left out."""
    runs = [
        (hours, [number for number, _hours in found])
        for hours, found in groupby(enumerate(week), key=lambda one: one[1])
    ]
    said = [f"{_weekdays(numbers)} {hours_words(hours)}" for hours, numbers in runs if hours]
    return _("; ").join(said)


def _weekdays(numbers: Sequence[int]) -> str:
    first, last = str(WEEKDAYS[numbers[0]]), str(WEEKDAYS[numbers[-1]])
    return first if len(numbers) == 1 else f"{first}–{last}"


def pile_words(pile: Pile) -> str:
    """The week that counts, and whose holidays."""
    words = week_words(week_of(pile.said))
    return words if public_days(pile.said) == PublicDays.CHINA else f"{words} · {PublicDays.NONE.label}"


def layer_name(layer: Layer) -> str:
    """Whose calendar it is."""
    if layer.branch is not None:
        return layer.branch.name
    return _("Company calendar") if layer.code == COMPANY else layer.name


def day_words(day: date) -> str:
    """“1 Oct 2026, Thursday”."""
    # Translators: a format of Django's date filter, a day with its weekday.
    return dateformat.format(day, pgettext("date format", "j M Y, l"))


def stretch_words(first: date, last: date) -> str:
    """“1 – 7 Oct”, for a list within one year."""
    # Translators: a format of Django's date filter, day and month only.
    shown = pgettext("date format", "j M")
    start, end = dateformat.format(first, shown), dateformat.format(last, shown)
    return start if first == last else f"{start} – {end}"


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a calendar's journal as it is read."""

    at: datetime
    tone: str
    words: str
    who: str


def tell_changes(events: Iterable[Event]) -> list[Change]:
    """The events in words; one query for the names of who acted."""
    told = list(events)
    names = {one.id: str(one) for one in User.objects.filter(id__in={event.actor_id for event in told})}
    return [Change(one.at, _tone(one), _change_words(one), names.get(one.actor_id or one.id, "")) for one in told]


def _tone(event: Event) -> str:
    return "blue" if event.verb.endswith("opened") else "amber" if event.verb.endswith("week_changed") else "plain"


def _change_words(event: Event) -> str:
    match event.verb.rpartition(".")[2]:
        case "days_changed":
            return _days_words(event.data["days"])
        case "week_changed":
            return _week_change_words(event.data)
        case "opened":
            return _("Opened: %(week)s") % {"week": _week_text(event.data["week"])}
    return event.verb


def _days_words(days: Mapping[str, Any]) -> str:
    """Days that follow each other and were changed in the same way are one stretch."""
    changed = sorted((date.fromisoformat(day), steps["from"], steps["to"]) for day, steps in days.items())
    said = []
    numbered = enumerate(changed)
    for _key, found in groupby(numbered, key=lambda one: (one[1][0].toordinal() - one[0], one[1][1:])):
        stretch = [one for _number, one in found]
        words = {"days": stretch_words(stretch[0][0], stretch[-1][0]), "year": stretch[0][0].year}
        words |= {"old": _own_words(stretch[0][1]), "new": _own_words(stretch[0][2])}
        said.append(_("%(days)s %(year)s: %(new)s (before: %(old)s)") % words)
    left = len(said) - _MOST_TOLD
    more = [ngettext("and %(number)s more", "and %(number)s more", left) % {"number": left}] if left > 0 else []
    return _("; ").join([*said[:_MOST_TOLD], *more])


def _own_words(own: Mapping[str, Any] | None) -> str:
    if own is None:
        return _("nothing of its own")
    hours = own["hours"]
    what = _("working day") if hours is None else _shown(hours) if hours else _("day off")
    return f"{what} {own['name']}".strip()


def _week_change_words(steps: Mapping[str, Any]) -> str:
    said = []
    if week := steps.get("week"):
        words = {"old": _week_text(week["from"]), "new": _week_text(week["to"])}
        said.append(_("Week: %(new)s (before: %(old)s)") % words)
    if public := steps.get("public_days"):
        words = {"old": _public_text(public["from"]), "new": _public_text(public["to"])}
        said.append(_("Public holidays: %(new)s (before: %(old)s)") % words)
    if zone := steps.get("zone"):
        said.append(_("Time zone: %(new)s (before: %(old)s)") % {"old": zone["from"], "new": zone["to"]})
    return _("; ").join(said)


def _week_text(week: Sequence[str] | None) -> str:
    if week is None:
        return _("as above it")
    runs = [
        (text, [number for number, _text in found]) for text, found in groupby(enumerate(week), key=lambda one: one[1])
    ]
    return _("; ").join(f"{_weekdays(numbers)} {_shown(text)}" for text, numbers in runs if text)


def _shown(hours: str) -> str:
    return hours.replace("-", "–").replace(",", _(", "))


def _public_text(public: str | None) -> str:
    return _("as above it") if public is None else str(PublicDays(public).label)
