"""What people type about calendars: shape only; the acts decide."""

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.commitments.rules.calendars import OwnDay, PublicDays, Said, Week, days_from, hours_text, typed_hours
from shouhou.kernel.errors import Refusal
from shouhou.web.acting import sentence
from shouhou.web.administration_inputs import TIME_ZONES
from shouhou.web.days import DayField

USUAL, OFF, WORKED, HOURS = "usual", "off", "worked", "hours"
WEEKDAY_FIELDS = tuple(f"weekday_{number}" for number in range(7))
_DAY = {"type": "date"}
_HOURS_HELP = _("For example 09:00-12:00, 13:00-18:00; empty: not worked.")
_BELOW, _OWN = "below", "own"


class HoursField(forms.CharField):
    """Hours of a day as people type them; nothing where none are worked."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return typed_hours(text)
        except Refusal as refusal:
            raise forms.ValidationError(sentence(refusal)) from None


class DaysForm(forms.Form):
    """What a day, or each day of a stretch, is from now on."""

    first = DayField(label=_("Day"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    last = DayField(
        label=_("To, including"),
        required=False,
        widget=forms.DateInput(_DAY, format="%Y-%m-%d"),
        help_text=_("Empty: this day only."),
    )
    what = forms.ChoiceField(
        label=_("What it is"),
        widget=forms.RadioSelect,
        choices=[
            (OFF, _("Day off")),
            (WORKED, _("Worked, with the usual hours")),
            (HOURS, _("Worked, with hours of its own")),
            (USUAL, _("As usual: nothing of its own")),
        ],
    )
    hours = HoursField(label=_("Hours of its own"), max_length=120, required=False)
    name = forms.CharField(
        label=pgettext_lazy("day", "Name"),
        max_length=40,
        required=False,
        help_text=_("For example stock-taking, typhoon."),
    )

    def clean(self) -> None:
        if self.cleaned_data.get("what") == HOURS and not self.cleaned_data.get("hours") and "hours" not in self.errors:
            self.add_error("hours", _("Say the hours, like 09:00-12:00."))
        if {"first", "last"} & set(self.errors):
            return
        try:
            days_from(self.cleaned_data["first"], self.cleaned_data.get("last"))
        except Refusal as refusal:
            self.add_error(refusal.field, sentence(refusal))

    def days(self) -> list[tuple[date, OwnDay | None]]:
        """What was chosen, day by day. Needs a valid form."""
        given = self.cleaned_data
        own = {
            USUAL: None,
            OFF: OwnDay((), given["name"]),
            WORKED: OwnDay(None, given["name"]),
            HOURS: OwnDay(given["hours"] or (), given["name"]),
        }[given["what"]]
        return [(day, own) for day in days_from(given["first"], given["last"])]

    @classmethod
    def begun(cls, day: date, own: OwnDay | None) -> "DaysForm":
        """With what is said of the day now."""
        what = OFF if own is None or own.hours == () else WORKED if own.hours is None else HOURS
        hours = hours_text(own.hours) if own and own.hours else ""
        return cls(initial={"first": day, "what": what, "hours": hours, "name": own.name if own else ""})


class WeekForm(forms.Form):
    """The hours of each weekday, and whose holidays count; in the calendar of a branch, both can be left to what lies below."""

    source = forms.ChoiceField(
        label=_("The week"),
        widget=forms.RadioSelect,
        choices=[(_BELOW, _("As in the calendar above it")), (_OWN, _("Hours of its own"))],
    )
    weekday_0 = HoursField(label=WEEKDAYS[0], max_length=120, required=False)
    weekday_1 = HoursField(label=WEEKDAYS[1], max_length=120, required=False)
    weekday_2 = HoursField(label=WEEKDAYS[2], max_length=120, required=False)
    weekday_3 = HoursField(label=WEEKDAYS[3], max_length=120, required=False)
    weekday_4 = HoursField(label=WEEKDAYS[4], max_length=120, required=False)
    weekday_5 = HoursField(label=WEEKDAYS[5], max_length=120, required=False)
    weekday_6 = HoursField(label=WEEKDAYS[6], max_length=120, required=False)
    public_days = forms.ChoiceField(
        label=_("Public holidays"),
        required=False,
        choices=[("", _("As in the calendar above it")), *PublicDays.choices],
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=[("", ""), *((one, one) for one in TIME_ZONES)]
    )

    def __init__(self, *args: Any, shared: bool, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not shared:
            del self.fields["zone"]
            return
        del self.fields["source"]
        self.fields["public_days"] = forms.ChoiceField(label=_("Public holidays"), choices=PublicDays.choices)
        self.fields["zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(one, one) for one in dict.fromkeys(filter(None, [zone, *TIME_ZONES]))]
        )

    def week(self) -> Week | None:
        """The hours of each weekday; None where those below count. Needs a valid form."""
        if self.cleaned_data.get("source") == _BELOW:
            return None
        return tuple(self.cleaned_data[name] for name in WEEKDAY_FIELDS)

    def public(self) -> PublicDays | None:
        """Whose holidays; None where what is below counts. Needs a valid form."""
        chosen = self.cleaned_data["public_days"]
        return PublicDays(chosen) if chosen else None

    def weekdays(self) -> list[forms.BoundField]:
        """The seven fields, Monday first."""
        return [self[name] for name in WEEKDAY_FIELDS]

    @classmethod
    def begun(cls, said: Said, week: Week, *, shared: bool) -> "WeekForm":
        """With what is said now; `week` is the one that counts, from wherever."""
        initial: dict[str, Any] = {
            "source": _BELOW if said.week is None else _OWN,
            "public_days": said.public_days or "",
        }
        initial |= {"zone": said.zone}
        initial |= {name: hours_text(hours) for name, hours in zip(WEEKDAY_FIELDS, week, strict=True)}
        return cls(initial=initial, shared=shared, zone=said.zone)


class NewCalendarForm(forms.Form):
    """A calendar that all branches share. Its week is that of the company until it says another."""

    name = forms.CharField(
        label=pgettext_lazy("calendar", "Name"),
        max_length=60,
        error_messages={"required": _("Please give the calendar a name.")},
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        help_text=_("Small letters, digits and hyphens, e.g. hotline. It stays for good."),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).lower()
