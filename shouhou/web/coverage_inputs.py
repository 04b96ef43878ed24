"""What people say about who pays: shape only; the acts decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouhou.policies.rules.words import Exclusion
from shouhou.policies.wording import word


class RulingForm(forms.Form):
    """Confirmed, or refused with a reason."""

    ruling = forms.ChoiceField(choices=[("confirm", _("Confirm")), ("refuse", _("Refuse"))])
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class FindingForm(forms.Form):
    """What was found, and how one knows."""

    exclusion = forms.ChoiceField(label=_("What was found"), widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("Evidence: what was seen, and where"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    photos = forms.MultipleChoiceField(label=_("Photos that show it"), required=False)

    def __init__(self, *args: Any, photos: list[str], **kwargs: Any) -> None:
        """`photos`: the keys of the order's photos."""
        super().__init__(*args, **kwargs)
        self.fields["exclusion"].choices = [(str(one), word("exclusion", one)) for one in Exclusion]  # type: ignore[attr-defined]
        self.fields["photos"].choices = [(key, key) for key in photos]  # type: ignore[attr-defined]
