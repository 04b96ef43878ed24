"""What people type about approval limits: shape only; the acts decide."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouhou.access.permissions import Role
from shouhou.access.rules import Decision

UP_TO, UNLIMITED = "up_to", "unlimited"


class LimitForm(forms.Form):
    """Up to what a role decides one kind alone."""

    kind = forms.ChoiceField(choices=Decision.choices, widget=forms.HiddenInput)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    how = forms.ChoiceField(
        label=_("Decides alone"),
        widget=forms.RadioSelect,
        choices=[(UP_TO, _("up to an amount")), (UNLIMITED, _("without limit"))],
        initial=UP_TO,
    )
    amount = forms.DecimalField(
        label=_("Up to, in yuan"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal"}),
        help_text=_("0: every case goes to somebody above."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("how") == UP_TO and given.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Please give the amount."))
        return given

    def most(self) -> Decimal | None:
        """The amount; None without limit."""
        return self.cleaned_data["amount"] if self.cleaned_data["how"] == UP_TO else None


class LimitBackForm(forms.Form):
    """The limit of a role that is taken back."""

    kind = forms.ChoiceField(choices=Decision.choices)
    role = forms.ChoiceField(choices=Role.choices)
