"""The time agreed with the customer for a visit: how it is chosen and how it is said."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shouhou.web.times import short_time
from shouhou.workorders.models import Visit

QUICK_SLOTS = ((9, 11), (11, 13), (13, 15), (15, 17), (17, 19))
OPEN, OTHER = "", "other"


class SlotForm(forms.Form):
    """Day and hours of a visit, both optional. A quick slot, or any other hours; the technician is who is sent."""

    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
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
        zone = timezone.get_current_timezone()
        day = self.cleaned_data.get("day") or timezone.localdate()
        return datetime.combine(day, start, zone), datetime.combine(day, end, zone)

    def clean(self) -> None:
        if self.cleaned_data.get("slot") == OTHER:
            given = [self.cleaned_data.get(name) for name in ("planned_start", "planned_end")]
            if not all(given) and not {"planned_start", "planned_end"} & set(self.errors):
                missing = "planned_end" if given[0] else "planned_start"
                self.add_error(missing, gettext("Give the hour, or choose “No time agreed”."))


def slot_words(visit: Visit) -> str:
    """“15:00–17:00” today, with its day otherwise; words where no time was agreed."""
    if not (visit.planned_start and visit.planned_end):
        return gettext("No time agreed")
    start, end = timezone.localtime(visit.planned_start), timezone.localtime(visit.planned_end)
    if start.date() == timezone.localdate():
        return f"{start:%H:%M}–{end:%H:%M}"
    return f"{short_time(start, now=timezone.now())}–{end:%H:%M}"
