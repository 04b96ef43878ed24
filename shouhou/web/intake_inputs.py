"""What the clerk types while the customer is on the telephone. Names of fields are those that the acts complain about."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shouhou.catalog.queries import find_product_models
from shouhou.customers.actions import NameMissing, PhoneMissing
from shouhou.customers.models import Customer, Site
from shouhou.web.acting import sentence
from shouhou.web.components.leaves import WORK_CLASSES
from shouhou.web.days import DayField, MomentField
from shouhou.web.desk_inputs import class_amount_field, class_reason_field
from shouhou.web.intake_desk import key_of
from shouhou.web.slots import quick_period
from shouhou.workorders.actions import NewAsset, NewCustomer
from shouhou.workorders.actions.calls import FaultMissing
from shouhou.workorders.rules import TYPED_IN, CallChannel, WorkType

BY_SERIAL, NEW = "serial", "new"
_OWED = {"name": NameMissing, "phone": PhoneMissing, "fault": FaultMissing}
_MOMENT = "%Y-%m-%dT%H:%M"


class PresetField(forms.ChoiceField):
    """A choice that stands at its first value: not sent at all (its part of the form was not open) means that one."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value or self.initial))


class WishField(forms.Field):
    """A quick slot of a day, as the screen offers it: `2026-11-24|9-11`. Its value is the period, or None."""

    def to_python(self, value: Any) -> tuple[datetime, datetime] | None:
        if not value:
            return None
        day, _bar, hours = str(value).partition("|")
        try:
            start, end = (int(hour) for hour in hours.split("-"))
            return quick_period(date.fromisoformat(day), (start, end))
        except ValueError:
            raise forms.ValidationError(gettext("Choose one of the times offered.")) from None


class IntakeForm(forms.Form):
    """One call. Without a chosen `customer` name and phone open a new folder; with one they are who to call back."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    customer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=80, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    kind = PresetField(label=_("Kind of customer"), choices=Customer.Kind, initial=Customer.Kind.PERSON)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    zone = PresetField(label=_("Zone"), choices=Site.Zone, initial=Site.Zone.CITY)
    asset = forms.CharField(label=pgettext_lazy("asset", "Unit"), max_length=40, required=False)
    serial = forms.CharField(
        label=_("Serial number"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "data-scan": True}),
    )
    product_model = forms.CharField(
        label=_("Model"), max_length=80, required=False, widget=forms.TextInput({"list": "models"})
    )
    sale_date = DayField(
        label=_("Sold on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    installed_date = DayField(
        label=_("Installed on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    fault = forms.CharField(label=_("Fault reported"), widget=forms.Textarea({"rows": 2}))
    fault_code = forms.CharField(label=_("Fault code"), max_length=30, required=False)
    work_type = forms.ChoiceField(
        label=_("Kind of work"), choices=WorkType, required=False, widget=forms.RadioSelect, initial=WorkType.REPAIR
    )
    channel = forms.ChoiceField(
        label=_("How it came in"),
        choices=CallChannel,
        required=False,
        widget=forms.RadioSelect,
        initial=CallChannel.PHONE,
    )
    work_class = forms.ChoiceField(
        label=_("Work class"), choices=[(one, one) for one in WORK_CLASSES], required=False, widget=forms.RadioSelect
    )
    class_reason = class_reason_field()
    class_amount = class_amount_field()
    wish = WishField(label=_("When would suit the customer?"), required=False)
    anew = forms.BooleanField(label=_("Open a new folder all the same"), required=False)
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    received_at = MomentField(
        label=_("Called at"),
        required=False,
        input_formats=[_MOMENT],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
    )

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        """`is_new`: there is no folder yet, so name and phone are owed."""
        super().__init__(*args, **kwargs)
        for name, missing in _OWED.items():
            self.fields[name].required = is_new or name == "fault"
            # What is missing is said in the words of the act, but all at once.
            self.fields[name].error_messages["required"] = sentence(missing())

    def clean(self) -> None:
        """A unit is chosen, found by its number, or described."""
        given = self.cleaned_data
        match given.get("asset"):
            case None | "":
                self.add_error("asset", gettext("Choose the unit, or add it."))
            case "new" if not given.get("product_model"):
                self.add_error("product_model", gettext("Which model is it? Choose it from the catalogue."))
            case "serial" if not given.get("serial"):
                self.add_error("serial", gettext("Type the serial number, or add the unit as a new one."))
            case str(text) if text not in (BY_SERIAL, NEW) and not key_of(text):
                self.add_error("asset", gettext("Choose the unit, or add it."))

    def new_customer(self) -> NewCustomer:
        """The caller as a new folder. Needs a valid form."""
        given = self.cleaned_data
        return NewCustomer(
            name=given["name"],
            phone=given["phone"],
            address=given["address"],
            kind=given["kind"],
            zone=given["zone"],
        )

    def new_asset(self) -> NewAsset:
        """The unit as a new one; the model by its code or its whole name. Needs a valid form."""
        given = self.cleaned_data
        named = find_product_models().filter(Q(code=given["product_model"]) | Q(name=given["product_model"])).first()
        return NewAsset(
            product_model=named.code if named else given["product_model"],
            serial=given["serial"],
            sale_date=given["sale_date"],
            installed_date=given["installed_date"],
        )

    def call(self) -> dict[str, Any]:
        """What is said of the call itself. Needs a valid form."""
        given = self.cleaned_data
        chosen = bool(given["customer"])
        return {
            "fault": given["fault"],
            "received_at": given["received_at"],
            "channel": given["channel"] or CallChannel.PHONE,
            "work_type": given["work_type"] or WorkType.REPAIR,
            "work_class": given["work_class"],
            "class_reason": given["class_reason"],
            "class_amount": given["class_amount"],
            "fault_code": given["fault_code"],
            "contact_name": given["name"] if chosen else "",
            "phone": given["phone"] if chosen else "",
            "address": given["address"] if chosen else "",
            "urgent": given["urgent"],
            "wished_start": given["wish"][0] if given["wish"] else None,
            "wished_end": given["wish"][1] if given["wish"] else None,
            "source": f"{TYPED_IN}{given['key']}",
        }
