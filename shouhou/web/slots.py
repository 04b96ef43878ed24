"""The time agreed with the customer for a visit: how it is chosen and how it is said."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shouhou.web.days import DayField
from shouhou.web.times import short_time
from shouhou.workorders.models import Visit

QUICK_SLOTS = ((9, 11), (11, 13), (13, 15), (15, 17), (17, 19))
OPEN, OTHER = "", "other"
_A_YEAR = timedelta(days=366)


def quick_period(day: date, hours: tuple[int, int]) -> tuple[datetime, datetime]:
    """A quick slot of a day, on the branch's clock."""
    zone = timezone.get_current_timezone()
    start, end = (datetime.combine(day, time(hour), zone) for hour in hours)
    return start, end


def quick_slots_ahead(now: datetime, *, days: int) -> list[tuple[datetime, datetime]]:
    """The quick slots of today and the days after it, those that are over or have begun left out."""
    today = timezone.localtime(now).date()
    spans = [quick_period(today + timedelta(days=ahead), hours) for ahead in range(days) for hours in QUICK_SLOTS]
    return [span for span in spans if span[0] > now]


class SlotForm(forms.Form):
    """Day and hours of a visit, both optional. A quick slot, or any other hours; the technician is who is sent.

    `pick` is a field of the load board, technician and quick slot in one: `<key>|9-11`, or `<key>|` for no time agreed.
    Other hours that are typed win over the slot that was picked with the technician.
    """

    pick = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    day = DayField(label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    slot = forms.ChoiceField(
        label=_("Time agreed"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (OPEN, _("No time agreed")),
            *((f"{start}-{end}", f"{start}–{end}") for start, end in QUICK_SLOTS),
            (OTHER, _("Other hours")),
        ],
    )
    planned_start = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    planned_end = forms.TimeField(
        label=pgettext_lazy("hours", "To"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    technician = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def period(self) -> tuple[datetime, datetime] | tuple[None, None]:
        """What was chosen, in the branch's zone; both None where no time was agreed. Needs a valid form."""
        chosen = self.cleaned_data.get("slot") or OPEN
        if chosen == OPEN:
            return None, None
        if chosen == OTHER:
            start, end = self.cleaned_data["planned_start"], self.cleaned_data["planned_end"]
        else:
            start, end = (time(int(hour)) for hour in chosen.split("-"))
        zone, day = timezone.get_current_timezone(), self.chosen_day
        return datetime.combine(day, start, zone), datetime.combine(day, end, zone)

    @property
    def chosen_day(self) -> date:
        """The day that was chosen, or today. Needs a form that was checked."""
        chosen: date | None = self.cleaned_data.get("day")
        return chosen or timezone.localdate()

    def clean_day(self) -> date | None:
        """Nobody plans a visit further away than a year; beyond it lies what was mistyped."""
        day: date | None = self.cleaned_data["day"]
        if day and abs(day - timezone.localdate()) > _A_YEAR:
            raise forms.ValidationError(gettext("Choose a day within a year."))
        return day

    def clean(self) -> None:
        if pick := self.cleaned_data.get("pick"):
            self._take(pick)
        if self.cleaned_data.get("slot") == OTHER:
            given = [self.cleaned_data.get(name) for name in ("planned_start", "planned_end")]
            if not all(given) and not {"planned_start", "planned_end"} & set(self.errors):
                missing = "planned_end" if given[0] else "planned_start"
                self.add_error(missing, gettext("Give the hour, or choose “No time agreed”."))

    def _take(self, pick: str) -> None:
        key, _bar, slot = pick.partition("|")
        typed = any(self.data.get(name) for name in ("planned_start", "planned_end"))
        try:
            self.cleaned_data["technician"] = UUID(key)
        except ValueError:
            return  # nobody is picked, and that is what the desk says
        known = {value for value, _label in self.fields["slot"].choices}  # type: ignore[attr-defined]
        self.cleaned_data["slot"] = OTHER if typed else slot if slot in known else OPEN


def slot_words(visit: Visit) -> str:
    """“15:00–17:00” today, with its day otherwise; words where no time was agreed."""
    if not (visit.planned_start and visit.planned_end):
        return gettext("No time agreed")
    start, end = timezone.localtime(visit.planned_start), timezone.localtime(visit.planned_end)
    if start.date() == timezone.localdate():
        return f"{start:%H:%M}–{end:%H:%M}"
    return f"{short_time(start, now=timezone.now())}–{end:%H:%M}"
