"""The lists of the catalogue as the screens know them: one description for each, read by all pages and by the spreadsheets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouhou.catalog import actions
from shouhou.catalog.models import CatalogueEntry, FaultCode, Part, ProductClass, ProductModel, TravelBand, WorkCode
from shouhou.catalog.queries import get_product_class, has_class
from shouhou.web import catalogue_inputs as inputs

type Words = str | Promise


@dataclass(frozen=True)
class CatalogueList:
    """One list: its entries, its words, its forms and its acts."""

    slug: str
    url_name: str
    kind: type[CatalogueEntry]
    title: Words
    note: Words
    add_label: Words
    nothing: Words
    icon: str
    new_form: type[forms.Form]
    form: type[forms.Form]
    add: Callable[..., CatalogueEntry]
    change: Callable[..., CatalogueEntry]

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    @property
    def priced(self) -> bool:
        """Whether its entries stand in the price list."""
        return self.kind in (Part, WorkCode, TravelBand)

    @property
    def classed(self) -> bool:
        """Whether its entries belong to a class of products."""
        return has_class(self.kind)

    @property
    def changeable(self) -> tuple[str, ...]:
        """The fields that may be corrected."""
        return tuple(self.form.base_fields)

    def values(self, entry: CatalogueEntry) -> dict[str, Any]:
        """What the form for correcting it begins with."""
        return {name: getattr(entry, name) for name in self.changeable}

    def given(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """What the adding act wants, from a valid form: the class itself instead of its code. Raises UnknownProductClass."""
        if "product_class" not in cleaned:
            return dict(cleaned)
        return {**cleaned, "product_class": get_product_class(cleaned["product_class"])}


LISTS = {
    one.slug: one
    for one in (
        CatalogueList(
            "classes",
            "catalogue_classes",
            ProductClass,
            _("Product classes"),
            _("Models, fault codes and work codes belong to a class; so do the rules on guarantee and qualification."),
            _("Add a class"),
            _("The first class is needed before any model."),
            "asset",
            inputs.NewClassForm,
            inputs.ClassForm,
            actions.add_product_class,
            actions.change_product_class,
        ),
        CatalogueList(
            "products",
            "catalogue_products",
            ProductModel,
            _("Product models"),
            _("What the company sold. Retired models are no longer offered when a call is taken."),
            _("Add a model"),
            _("Add the models that customers call about, or import them from a spreadsheet."),
            "asset",
            inputs.NewModelForm,
            inputs.ModelForm,
            actions.add_product_model,
            actions.change_product_model,
        ),
        CatalogueList(
            "faults",
            "catalogue_faults",
            FaultCode,
            _("Fault codes"),
            _("Whether a fault is one of performance, and severe, decides the customer's rights under some rules."),
            _("Add a fault code"),
            _("Add the codes that the units show, and the faults that have a name."),
            "warning",
            inputs.NewFaultForm,
            inputs.FaultForm,
            actions.add_fault_code,
            actions.change_fault_code,
        ),
        CatalogueList(
            "parts",
            "catalogue_parts",
            Part,
            _("Parts"),
            _("Spare parts that technicians write down. What they cost stands in the price list."),
            _("Add a part"),
            _("Add the parts that technicians use, or import them from a spreadsheet."),
            "parts",
            inputs.NewPartForm,
            inputs.PartForm,
            actions.add_part,
            actions.change_part,
        ),
        CatalogueList(
            "work-codes",
            "catalogue_work_codes",
            WorkCode,
            _("Work codes"),
            _("Pieces of work with the standard hours that they take on a class of products."),
            _("Add a work code"),
            _("Add the work that is charged or settled by a fixed measure."),
            "workshop",
            inputs.NewWorkForm,
            inputs.WorkForm,
            actions.add_work_code,
            actions.change_work_code,
        ),
        CatalogueList(
            "travel-bands",
            "catalogue_travel_bands",
            TravelBand,
            _("Travel bands"),
            _("A distance that has one price. Each band reaches to where the next one begins."),
            _("Add a travel band"),
            _("Without bands no travel is priced."),
            "depart",
            inputs.NewBandForm,
            inputs.BandForm,
            actions.add_travel_band,
            actions.change_travel_band,
        ),
    )
}
PRICED = {slug: one for slug, one in LISTS.items() if one.priced}


def list_named(slug: str) -> CatalogueList:
    """The list with this name in its address, else a 404."""
    try:
        return LISTS[slug]
    except KeyError:
        raise Http404 from None
