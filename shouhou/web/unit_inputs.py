"""What people type about the sale and the life of a unit: shape only; the acts decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouhou.assets.actions import Sale
from shouhou.assets.models import Asset
from shouhou.assets.rules import Channel, ProofKind
from shouhou.policies.rules.words import Uncounted
from shouhou.policies.wording import word
from shouhou.web.days import DayField, MomentField
from shouhou.web.rules_words import offered

_DAY = {"type": "date"}
_MOMENT_FORM = "%Y-%m-%dT%H:%M"
SALE_FIELDS = (
    "sale_date",
    "sale_proof",
    "delivered_date",
    "delivery_proof",
    "installed_date",
    "trader_installs",
    "price",
    "channel",
    "platform",
    "promises",
)


def _day(label: Any, **more: Any) -> DayField:
    return DayField(label=label, required=False, widget=forms.DateInput(_DAY, format="%Y-%m-%d"), **more)


def _moment(label: Any) -> MomentField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT_FORM)
    return MomentField(label=label, widget=widget, input_formats=[_MOMENT_FORM, "%Y-%m-%d %H:%M", "%Y-%m-%d"])


class _ActForm(forms.Form):
    """A form beside others on the page of a unit: the ids of its fields begin with its own word."""

    word = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{self.word}_%s"} | kwargs)


class SaleForm(_ActForm):
    """All that is known of the sale of a unit. What is left empty is not known."""

    word = "sale"

    sale_date = _day(_("Sold on"), help_text=_("As on the invoice."))
    sale_proof = forms.ChoiceField(label=_("Proof of the sale"), choices=ProofKind, initial=ProofKind.NONE)
    delivered_date = _day(_("Delivered on"), help_text=_("The day on which the customer signed for it."))
    delivery_proof = forms.ChoiceField(label=_("Proof of the delivery"), choices=ProofKind, initial=ProofKind.NONE)
    installed_date = _day(_("Installed on"))
    trader_installs = forms.NullBooleanField(
        label=_("Installation was sold with it"), required=False, widget=forms.NullBooleanSelect
    )
    price = forms.DecimalField(
        label=_("Invoice price, ¥"),
        required=False,
        max_digits=14,
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
    )
    channel = forms.ChoiceField(label=_("Bought"), choices=[("", _("not known")), *Channel.choices], required=False)
    platform = forms.ChoiceField(label=_("Marketplace"), required=False)
    promises = forms.MultipleChoiceField(
        label=_("Promised with the sale"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, unit: Asset, **kwargs: Any) -> None:
        """`unit`: a word that is written down of it already may stay, even one that the vocabulary does not have."""
        super().__init__(*args, **{"initial": _known(unit)} | kwargs)
        platforms = offered("platforms", none=_("not known"))
        promises = offered("promises", none="")[1:]
        self.fields["platform"].choices = platforms + _unlisted([unit.platform], platforms)  # type: ignore[attr-defined]
        self.fields["promises"].choices = promises + _unlisted(unit.promises, promises)  # type: ignore[attr-defined]

    def sale(self) -> Sale:
        """What was typed as a value. Needs a valid form."""
        typed = {name: self.cleaned_data[name] for name in SALE_FIELDS}
        return Sale(**typed | {"promises": tuple(typed["promises"])})


def _known(unit: Asset) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in SALE_FIELDS}


def _unlisted(words: list[str], listed: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    known = {word for word, _name in listed}
    return [(word, word) for word in words if word not in known]


class MeterForm(_ActForm):
    """What the meter showed, and when."""

    word = "meter"

    km = forms.IntegerField(label=_("Kilometres on the meter"), widget=forms.NumberInput({"inputmode": "numeric"}))
    at = _moment(_("Read at"))


class ReplacementForm(_ActForm):
    """The customer got another unit for this one."""

    word = "replacement"

    at = _moment(_("Replaced at"))
    reason = forms.CharField(label=_("Why"), required=False, max_length=200, widget=forms.Textarea({"rows": 2}))


class LeftOutForm(_ActForm):
    """Part of a repair that need not count as days in repair. `repairs`: those of the unit, the newest first."""

    word = "left_out"

    repair = forms.ChoiceField(label=_("Repair"))
    reason = forms.ChoiceField(label=_("Why it need not count"))
    starts_at = _moment(_("From"))
    ends_at = _moment(_("Until"))
    evidence = forms.CharField(
        label=_("What shows it"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, repairs: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["repair"].choices = [(one, one) for one in repairs]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [(str(one), word("uncounted", one)) for one in Uncounted]  # type: ignore[attr-defined]


class TakeBackForm(forms.Form):
    """Why a line of the life does not hold."""

    reason = forms.CharField(label=_("Why"), max_length=200, required=False, widget=forms.Textarea({"rows": 2}))
