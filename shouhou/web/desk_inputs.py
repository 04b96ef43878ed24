"""What people type at the desk: shape only; the acts decide."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.commitments.rules.words import Cause
from shouhou.customers.actions import AddressMissing, NameMissing, PhoneMissing
from shouhou.customers.models import Customer, Site
from shouhou.web.days import DayField
from shouhou.web.inputs import ReasonForm
from shouhou.workorders.rules import WorkClass

LONGEST_FAULT = 2000
# What is missing is said in the words of the act.
_NAME_OWED = {"required": _(NameMissing.template)}
_PHONE_OWED = {"required": _(PhoneMissing.template)}
_ADDRESS_OWED = {"required": _(AddressMissing.template)}


class EmptyForm(forms.Form):
    """An act that needs nothing said. It still carries the refusal."""


class HoldForm(ReasonForm):
    """A pause: its reason, and who or what causes it."""

    cause = forms.ChoiceField(label=_("Who or what keeps it waiting"), choices=Cause.choices, initial=Cause.COMPANY)


def class_reason_field() -> forms.CharField:
    """Why somebody else pays than the rules say."""
    return forms.CharField(label=_("Why another than the rules say"), max_length=200, required=False)


def class_amount_field() -> forms.DecimalField:
    """How much hangs on it, in CNY."""
    return forms.DecimalField(
        label=_("What it is about"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput({"step": "0.01", "inputmode": "decimal"}),
    )


class ClassForm(forms.Form):
    """Who pays; where the rules say otherwise, why, and what it is about."""

    work_class = forms.ChoiceField(label=_("Work class"), choices=WorkClass, widget=forms.RadioSelect)
    reason = class_reason_field()
    amount = class_amount_field()


class IssueForm(forms.Form):
    """To whom the voucher is handed."""

    technician = forms.UUIDField(label=_("Technician"))


class PhotoForm(forms.Form):
    """Photos come beside the form, as files; a refusal of one is said here."""

    photo = forms.CharField(required=False)
    caption = forms.CharField(label=_("Caption"), max_length=100, required=False)


class CustomerForm(forms.Form):
    """What the folder says of the customer."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=80, error_messages=_NAME_OWED)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    kind = forms.ChoiceField(label=_("Kind of customer"), choices=Customer.Kind)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2}))


class ContactForm(forms.Form):
    """Another person to speak to."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=80, error_messages=_NAME_OWED)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, error_messages=_PHONE_OWED, widget=forms.TextInput({"inputmode": "tel"})
    )
    position = forms.CharField(label=_("Position"), max_length=60, required=False)


class SiteForm(forms.Form):
    """Another place where units stand."""

    address = forms.CharField(label=_("Address"), max_length=200, error_messages=_ADDRESS_OWED)
    zone = forms.ChoiceField(label=_("Zone"), choices=Site.Zone)


class UnitForm(forms.Form):
    """A sold unit that is taken into care."""

    product_model = forms.CharField(label=_("Model"), max_length=80, required=False)
    serial = forms.CharField(
        label=_("Serial number"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "data-scan": True}),
    )
    sale_date = DayField(
        label=_("Sold on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    installed_date = DayField(
        label=_("Installed on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    contract_number = forms.CharField(label=_("Contract no."), max_length=60, required=False)


def error_lines(form: forms.Form, *, shown: bool) -> list[str]:
    """What is to be said at the head of the page: what belongs to no field, and all of it where the form is not there."""
    said: Mapping[str, Any] = form.errors
    fields = said if not shown else {"__all__": form.non_field_errors()}
    return [str(error) for errors in fields.values() for error in errors]
