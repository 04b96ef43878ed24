"""What people type about a promise: shape only; the acts decide."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.access.permissions import Role
from shouhou.commitments.models import Excuse
from shouhou.commitments.rules.words import Cause
from shouhou.web.inputs import ReasonForm
from shouhou.web.promise_words import definition_name

_ANY = ("", pgettext_lazy("filter", "Any"))
STANDS = (
    _ANY,
    ("overdue", pgettext_lazy("promise", "Overdue")),
    ("soon", pgettext_lazy("promise", "Urgent")),
    ("paused", pgettext_lazy("promise", "Standing still")),
)


class QueueForm(forms.Form):
    """What narrows the queue. What is no choice narrows nothing."""

    stand = forms.ChoiceField(label=pgettext_lazy("promise", "Standing"), choices=STANDS, required=False)
    owner = forms.ChoiceField(
        label=pgettext_lazy("promise", "To be kept by"), choices=[_ANY, *Role.choices], required=False
    )
    definition = forms.ChoiceField(label=pgettext_lazy("promise", "Promise"), required=False)

    def __init__(self, asked: QueryDict, *, definitions: list[str]) -> None:
        super().__init__(asked, auto_id="filter-%s")
        offered = sorted((definition_name(one), one) for one in definitions)
        self.fields["definition"].choices = [_ANY, *((one, name) for name, one in offered)]  # type: ignore[attr-defined]
        for bound in self:
            bound.field.widget.attrs["class"] = "input"

    def given(self) -> dict[str, str]:
        """The valid fields that narrow, as they stand in the address."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PauseForm(ReasonForm):
    """The clock is stopped by hand: why, and whose doing it is."""

    cause = forms.ChoiceField(label=_("Who or what keeps it waiting"), choices=Cause.choices, initial=Cause.CUSTOMER)


class ExcuseForm(forms.Form):
    """What kept us from it. The files come beside the form; a refusal of one is said at `evidence`."""

    kind = forms.ChoiceField(label=_("What kept us from it"), choices=Excuse.Kind.choices)
    account = forms.CharField(
        label=_("What happened"), max_length=1000, strip=True, widget=forms.Textarea({"rows": 3}), required=False
    )
    evidence = forms.FileField(label=_("Evidence"), required=False)


class RulingForm(forms.Form):
    """Accepted or not, and why."""

    accepted = forms.ChoiceField(
        label=_("Ruling"),
        choices=[("yes", pgettext_lazy("ruling", "Accept it")), ("no", pgettext_lazy("ruling", "Reject it"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
