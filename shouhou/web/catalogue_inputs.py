"""What people type into the catalogue: shape only; the acts decide. A spreadsheet is read through the same forms."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.catalog.queries import find_product_classes
from shouhou.catalog.rules import AMOUNTS, EntryNameMissing, FourPrices
from shouhou.kernel.money import CURRENCIES
from shouhou.web.days import DayField
from shouhou.web.rules_words import offered

STATES = (("", _("in use")), ("retired", _("retired")), ("all", _("all")))
_NAME_OWED = {"required": _(EntryNameMissing.template)}
_CODE_OWED = {"required": _("Please give it a code.")}
_CODE_KEPT = _("It stands on papers, so it is never changed later.")


class ListFilter(forms.Form):
    """Which entries of a list are shown."""

    q = forms.CharField(label=_("Code or name"), max_length=80, required=False)
    product_class = forms.ChoiceField(label=_("Product class"), required=False)
    state = forms.ChoiceField(label=pgettext_lazy("catalogue", "State"), choices=STATES, required=False)

    def __init__(self, *args: Any, classes: Sequence[tuple[str, str]] | None, **kwargs: Any) -> None:
        """`classes`: code and name of each, where the list has classes."""
        super().__init__(*args, **kwargs)
        if classes is None:
            del self.fields["product_class"]
        else:
            self.fields["product_class"] = forms.ChoiceField(
                label=_("Product class"), choices=[("", _("all classes")), *classes], required=False
            )
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class EntryForm(forms.Form):
    """What every entry has and what may be corrected of it."""

    name = forms.CharField(label=pgettext_lazy("catalogue", "Name"), max_length=80, error_messages=_NAME_OWED)


class _ShortForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("catalogue", "Name"), max_length=60, error_messages=_NAME_OWED)


class ClassForm(_ShortForm):
    rules_class = forms.ChoiceField(
        label=_("Goods in the rules"),
        choices=lambda: offered("classes", none=_("no rule knows them")),
        required=False,
        help_text=_("Which guarantee and which rights count for them."),
    )
    trader_installs = forms.NullBooleanField(
        label=_("Installation is sold with them"),
        required=False,
        help_text=_("Counts where the sale of a unit does not say it."),
        widget=forms.NullBooleanSelect,
    )
    bulky = forms.NullBooleanField(
        label=_("Bulky goods"),
        required=False,
        help_text=_("In some places they are repaired at the customer's, or fetched."),
        widget=forms.NullBooleanSelect,
    )


class ModelForm(EntryForm):
    guarantee_months = forms.IntegerField(label=_("Guarantee, months"), initial=12)
    brand = forms.CharField(
        label=_("Brand in the rules"),
        max_length=40,
        required=False,
        help_text=_("As rule packs write it, e.g. haifeng: promises of a brand count for its models."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )


class PartForm(EntryForm):
    unit = forms.CharField(label=_("Unit"), max_length=10, initial="件")
    rules_part = forms.ChoiceField(
        label=_("Part in the rules"),
        choices=lambda: offered("parts", none=_("not known")),
        required=False,
        help_text=_("A repair that takes it has replaced this part."),
    )


class FaultForm(EntryForm):
    performance_fault = forms.BooleanField(label=_("Performance fault"), required=False)
    severe = forms.BooleanField(label=_("Severe, a matter of safety"), required=False)
    faulty_part = forms.ChoiceField(
        label=_("Part that fails"), choices=lambda: offered("parts", none=_("not known")), required=False
    )
    main_part = forms.NullBooleanField(
        label=_("Listed as a main part on the certificate"), required=False, widget=forms.NullBooleanSelect
    )


class WorkForm(EntryForm):
    hours = forms.DecimalField(
        label=_("Standard hours"), max_digits=12, widget=forms.NumberInput({"step": "any", "inputmode": "decimal"})
    )


class BandForm(_ShortForm):
    from_km = forms.IntegerField(label=_("From how many kilometres"), help_text=_("Up to where the next band begins."))


class _Coded(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40, error_messages=_CODE_OWED, help_text=_CODE_KEPT)


class _Classed(_Coded):
    product_class = forms.ChoiceField(label=_("Product class"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.name) for one in find_product_classes()]
        self.fields["product_class"] = forms.ChoiceField(label=_("Product class"), choices=choices)
        self.order_fields(["product_class", "code", "number", "name"])


class NewClassForm(ClassForm, _Coded):
    field_order = ("code",)


class NewModelForm(ModelForm, _Classed):
    pass


class NewPartForm(PartForm):
    number = forms.CharField(label=_("Part number"), max_length=40, error_messages=_CODE_OWED, help_text=_CODE_KEPT)
    price = forms.DecimalField(
        label=_("Charged out of warranty"),
        max_digits=14,
        min_value=0,
        required=False,
        help_text=_("The other prices, and later ones, are set on the part's page."),
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
    )
    field_order = ("number", "name", "unit", "price", "rules_part")


class NewFaultForm(FaultForm, _Classed):
    pass


class NewWorkForm(WorkForm, _Classed):
    pass


class NewBandForm(BandForm, _Coded):
    field_order = ("code",)


class PriceForm(forms.Form):
    """Four prices from a day on."""

    valid_from = DayField(label=_("Valid from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    out_charged = forms.DecimalField(label=_("Out of warranty: charged"), max_digits=14, required=False)
    out_settled = forms.DecimalField(label=_("Out of warranty: settled"), max_digits=14, required=False)
    in_charged = forms.DecimalField(label=_("In warranty: charged"), max_digits=14, required=False)
    in_settled = forms.DecimalField(label=_("In warranty: settled"), max_digits=14, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(one, one) for one in CURRENCIES], initial="CNY")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in AMOUNTS:
            self.fields[name].widget.attrs |= {"step": "any", "inputmode": "decimal"}

    def four(self) -> FourPrices:
        """The amounts as a value. Needs a valid form."""
        return FourPrices(**{name: self.cleaned_data[name] for name in (*AMOUNTS, "currency")})


class PriceDayForm(forms.Form):
    """Which price is meant."""

    valid_from = DayField(widget=forms.HiddenInput)


class SheetForm(forms.Form):
    """A spreadsheet with entries."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV or Excel (XLSX). What is exported here can be changed and imported again."),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
        widget=forms.FileInput({"accept": ".csv,.xlsx,text/csv"}),
    )
