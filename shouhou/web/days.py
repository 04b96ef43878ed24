"""Days and moments that people type: a slip of the finger, 0026 or 9999, is said beside the field."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_YEARS = range(1970, 2200)
_OUT_OF_RANGE = _("The year must lie between 1970 and 2199.")


class DayField(forms.DateField):
    """A day of our time."""

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day and day.year not in _YEARS:
            raise forms.ValidationError(_OUT_OF_RANGE)
        return day


class MomentField(forms.DateTimeField):
    """A moment of our time, on the clock of the branch."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(value)
        except OverflowError:  # the last hours of the calendar lie beyond its end elsewhere
            raise forms.ValidationError(_OUT_OF_RANGE) from None
        if moment and moment.year not in _YEARS:
            raise forms.ValidationError(_OUT_OF_RANGE)
        return moment
