"""What is posted from the register list: marked lines and what is to happen to them, a sheet, a saved view. Shape only."""

from uuid import UUID

from django import forms
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.access.models import Branch
from shouhou.web.actions import LONGEST_NAME, ViewNameMissing
from shouhou.web.bulk import ACTS
from shouhou.workforce.queries import find_technicians

FILES = (("xlsx", _("Excel (XLSX)")), ("csv", _("CSV")))


class ActForm(forms.Form):
    """What is to happen to the marked lines, and who is sent where that is it."""

    act = forms.ChoiceField(
        choices=[(one.key, one.label) for one in ACTS.values()],
        error_messages={"required": _("Choose what is to be done."), "invalid_choice": _("Choose what is to be done.")},
    )
    technician = forms.ChoiceField(
        label=_("Technician"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the technicians of this branch.")},
    )

    def __init__(self, given: QueryDict, *, branch: Branch) -> None:
        super().__init__(given)
        people = [(str(one.id), one.name) for one in find_technicians(branch)]
        self.fields["technician"].choices = people  # type: ignore[attr-defined]  # it is a choice field

    def clean(self) -> None:
        if self.cleaned_data.get("act") == "dispatch" and not self.data.get("technician"):
            self.add_error("technician", _("Choose who is to go."))


class ExportForm(forms.Form):
    """In which kind of file."""

    file = forms.ChoiceField(label=_("Kind of file"), choices=FILES, initial="xlsx", widget=forms.RadioSelect)


class ViewForm(forms.Form):
    """How a view is called, and whether the whole branch has it."""

    name = forms.CharField(
        label=pgettext_lazy("view", "Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": _(ViewNameMissing.template)},
    )
    shared = forms.BooleanField(label=_("For everybody of the branch"), required=False)


def marked(given: QueryDict) -> list[UUID]:
    """The keys of the marked lines, each once. What is no key does not exist."""
    try:
        return [UUID(key) for key in dict.fromkeys(given.getlist("order"))]
    except ValueError:
        raise Http404 from None
