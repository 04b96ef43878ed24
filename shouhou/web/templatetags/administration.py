"""The places of the section “Administration”, as its navigation lists them."""

from dataclasses import dataclass
from typing import Any

from django.template import Context, Library
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.access.permissions import SEE_PEOPLE, SEE_REGISTER

register = Library()


@dataclass(frozen=True)
class Place:
    url: str
    label: str | Promise
    current: bool


# Address name, label, and the permission without which there is nothing to see.
PLACES: tuple[tuple[str, str | Promise, str], ...] = (
    ("administration", pgettext_lazy("administration", "Overview"), SEE_PEOPLE),
    ("branches", _("Branches"), SEE_PEOPLE),
    ("users", _("Users and roles"), SEE_PEOPLE),
    ("technicians", _("Technicians"), SEE_PEOPLE),
    ("tokens", _("API tokens"), "access.issue_token"),
    ("number_series", _("Number series"), SEE_PEOPLE),
    ("limits", _("Approval limits"), SEE_PEOPLE),
    ("calendars", _("Working calendars"), SEE_REGISTER),
    ("catalogue_products", _("Product classes and models"), SEE_PEOPLE),
    ("catalogue_faults", _("Fault codes"), SEE_PEOPLE),
    ("catalogue_parts", _("Parts"), SEE_PEOPLE),
    ("catalogue_work_codes", _("Work codes"), SEE_PEOPLE),
    ("catalogue_prices", _("Price list"), SEE_PEOPLE),
    ("policies", _("Rules and promises"), SEE_REGISTER),
)


@register.simple_tag(takes_context=True)
def administration_places(context: Context) -> list[Place]:
    """What the reader may open of the section; an entry whose screen is not there is left out."""
    request: Any = context["request"]
    shown = [(url, label) for name, label, code in PLACES if (url := _url(name)) and request.actor.may(code)]
    here = max((url for url, _label in shown if request.path.startswith(url)), key=len, default="")
    return [Place(url, label, url == here) for url, label in shown]


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:  # a screen that this installation does not have
        return ""
