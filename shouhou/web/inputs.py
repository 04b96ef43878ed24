"""What people type into the screens of the field: shape only; the acts decide."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.catalog.models import FaultCode
from shouhou.web.acting import sentence
from shouhou.workorders.rules import CHECKLISTS, LineKind, SignatureMalformed

CHECK_LABELS = (("ok", _("OK")), ("not_ok", _("Not OK")), ("not_applicable", pgettext_lazy("check", "n/a")))


class ReasonForm(forms.Form):
    """Why. Each act that owes a reason asks for it in the same words."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Please give the reason.")},
    )


class UnfinishedForm(ReasonForm):
    """Why it cannot be finished, and what was found and done as far as it went."""

    fault_found = forms.CharField(label=_("Fault found"), required=False, widget=forms.Textarea({"rows": 2}))
    work_done = forms.CharField(label=_("Work done"), required=False, widget=forms.Textarea({"rows": 2}))
    waits_for_part = forms.BooleanField(label=_("Waiting for a part (the days do not count)"), required=False)


class LineForm(forms.Form):
    """A line: labour, a part from the catalogue, travel, something else."""

    kind = forms.ChoiceField(label=_("Kind"), choices=LineKind, widget=forms.RadioSelect)
    q = forms.CharField(label=_("Part"), required=False, max_length=80)
    part = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    description = forms.CharField(label=_("What for"), required=False, max_length=200)
    quantity = forms.DecimalField(label=_("Quantity"), max_digits=12, widget=forms.NumberInput({"step": "any"}))
    unit = forms.CharField(label=_("Unit"), required=False, max_length=10)
    unit_price = forms.DecimalField(
        label=_("Price each"), required=False, max_digits=14, widget=forms.NumberInput({"step": "any"})
    )


class CompletionForm(forms.Form):
    """The visit's line on the voucher. The points of the checklist are fields of their own."""

    fault_found = forms.CharField(label=_("Fault found"), widget=forms.Textarea({"rows": 2}))
    fault_code = forms.ChoiceField(
        label=_("The fault that it was"),
        required=False,
        help_text=_("Repairs of the same fault are counted by it."),
    )
    work_done = forms.CharField(label=_("Work done"), widget=forms.Textarea({"rows": 3}))
    labour_minutes = forms.IntegerField(label=_("Labour, minutes"), required=False)
    travel_minutes = forms.IntegerField(label=_("Travel, minutes"), required=False)

    def __init__(self, *args: Any, work_type: str, codes: Iterable[FaultCode], **kwargs: Any) -> None:
        """`codes`: the faults that units of this kind have; none where it is not a repair."""
        super().__init__(*args, **kwargs)
        named = [(one.code, f"{one.code} {one.name}") for one in codes]
        if named:
            self.fields["fault_code"].choices = [("", _("as reported")), *named]  # type: ignore[attr-defined]
        else:
            del self.fields["fault_code"]
        for name in ("labour_minutes", "travel_minutes"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        self.points = [f"check-{point.code}" for point in CHECKLISTS[work_type]]
        for point in CHECKLISTS[work_type]:
            self.fields[f"check-{point.code}"] = forms.ChoiceField(
                label=_(point.label),
                choices=CHECK_LABELS,
                required=point.required,
                widget=forms.RadioSelect,
                error_messages={"required": _("Still to be answered.")},
            )

    def checkpoints(self) -> list[forms.BoundField]:
        """The fields of the checklist, in its order."""
        return [self[name] for name in self.points]

    def answers(self) -> dict[str, str]:
        """Point → answer, without those left open. Needs a valid form."""
        given = {name.removeprefix("check-"): self.cleaned_data.get(name, "") for name in self.points}
        return {code: answer for code, answer in given.items() if answer}


class SignatureForm(forms.Form):
    """Who signs, and the strokes as the pad posts them."""

    signer_name = forms.CharField(
        label=_("Name of the person who signs"),
        max_length=80,
        error_messages={"required": _("Please write the name of the person who signs.")},
    )
    strokes = forms.CharField(required=False, strip=False)

    def clean_strokes(self) -> Any:
        text = self.cleaned_data["strokes"]
        try:
            return json.loads(text) if text else []
        except (ValueError, RecursionError):
            raise forms.ValidationError(sentence(SignatureMalformed())) from None
