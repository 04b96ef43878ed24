"""What people type about service packages: shape only; adviser and act decide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.entitlements.actions.packages import PackageReasonMissing
from shouhou.entitlements.rules.figures import RANGES, Complexity, Figures
from shouhou.entitlements.rules.scope import LONGEST_EXTRA, MEASURES, MOST, ScopeItem, ScopeLine, Strategy, Terms
from shouhou.web.days import DayField

_NOT_KNOWN = _("not known")
_YES_OR_NO = (("unknown", _NOT_KNOWN), ("true", _("yes")), ("false", _("no")))


def _figure(label: Any, name: str, *, unit: Any = "", places: int = 2) -> forms.DecimalField:
    least, most = RANGES[name]
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        decimal_places=places,
        max_digits=12,
        help_text=unit,
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
    )


class FiguresForm(forms.Form):
    """What the adviser asks. Nothing of it is owed: what is not known is left empty."""

    price = _figure(_("Price of a unit"), "price", unit=_("yuan"))
    life_years = _figure(_("Life expectancy"), "life_years", unit=_("years until it is replaced"), places=1)
    complexity = forms.ChoiceField(
        label=_("Complexity"), choices=[("", _NOT_KNOWN), *Complexity.choices], required=False
    )
    peak_share = _figure(
        _("Work of the busiest three months"), "peak_share", unit=_("percent of the year; even work: 25"), places=1
    )
    patented = forms.NullBooleanField(label=pgettext_lazy("goods", "Patented"), required=False)
    units_a_year = forms.IntegerField(
        label=_("Units sold a year"),
        required=False,
        min_value=0,
        max_value=int(RANGES["units_a_year"][1]),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    repairs_a_year = _figure(_("Repairs of a unit a year"), "repairs_a_year", unit=_("e.g. 0.15"))
    repair_cost = _figure(_("Cost of a repair"), "repair_cost", unit=_("yuan: labour, parts and travel"))
    free_months = forms.IntegerField(
        label=_("Guarantee, months"),
        required=False,
        min_value=0,
        max_value=int(RANGES["free_months"][1]),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["patented"].widget.choices = _YES_OR_NO

    def figures(self) -> Figures:
        """Needs a valid form."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        if "complexity" in given:
            given["complexity"] = Complexity(given["complexity"])
        return Figures(**given)

    def label_of(self, name: str) -> str:
        """What a figure is called."""
        return str(self.fields[name].label)

    def asked(self) -> dict[str, Any]:
        """What was typed, as the form for deciding carries it on."""
        return {name: self[name].value() for name in self.fields if self[name].value() not in (None, "")}


@dataclass(frozen=True, slots=True)
class ItemFields:
    """The fields of one kind of work."""

    item: ScopeItem
    terms: BoundField
    extra: BoundField
    number: BoundField | None


class PackageForm(forms.Form):
    """A strategy, and what each of the six kinds of work is offered on."""

    strategy = forms.ChoiceField(label=_("Strategy"), choices=Strategy, widget=forms.RadioSelect)
    valid_from = DayField(label=_("Valid from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        error_messages={"required": _(PackageReasonMissing.template)},
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ScopeItem:
            # 三包 is owed by law: there is nothing to choose.
            terms = [Terms.FREE] if item == ScopeItem.SANBAO else list(Terms)
            self.fields[f"{item}_terms"] = forms.ChoiceField(
                label=pgettext_lazy("package", "Terms"), choices=[(one.value, one.label) for one in terms]
            )
            if measure := MEASURES.get(item):
                self.fields[f"{item}_number"] = forms.IntegerField(
                    label=measure.label,
                    required=False,
                    min_value=1,
                    max_value=MOST[measure],
                    widget=forms.NumberInput({"inputmode": "numeric"}),
                )
            self.fields[f"{item}_extra"] = forms.CharField(
                label=pgettext_lazy("package", "Extra"), max_length=LONGEST_EXTRA, required=False
            )

    def items(self) -> Iterator[ItemFields]:
        """The six kinds of work with their fields."""
        for item in ScopeItem:
            number = self[f"{item}_number"] if item in MEASURES else None
            yield ItemFields(item, self[f"{item}_terms"], self[f"{item}_extra"], number)

    def lines(self) -> list[ScopeLine]:
        """Needs a valid form."""
        given = self.cleaned_data
        return [
            ScopeLine(
                item=item,
                terms=Terms(given[f"{item}_terms"]),
                number=given.get(f"{item}_number"),
                extra=given[f"{item}_extra"],
            )
            for item in ScopeItem
        ]


def begun_with(strategy: str, lines: tuple[ScopeLine, ...]) -> Mapping[str, Any]:
    """With what the form for deciding begins."""
    begun: dict[str, Any] = {"strategy": strategy}
    for line in lines:
        begun |= {
            f"{line.item}_terms": line.terms,
            f"{line.item}_number": line.number,
            f"{line.item}_extra": line.extra,
        }
    return begun


def whole_years(years: Decimal | None) -> int | None:
    """Years of life as whole years for which parts are kept."""
    return None if years is None else int(years.to_integral_value())
