"""The catalogue: its lists, each entry with its prices, the price list, spreadsheets."""

from django.urls import path

from shouhou.web.catalogue_lists import LISTS
from shouhou.web.views.catalogue import entries, listings, packages, prices, spreadsheets

_ROOT = "administration/catalogue/"
_ENTRY = f"{_ROOT}<slug:slug>/<uuid:subject_id>/"
_PACKAGE = f"{_ROOT}products/<uuid:subject_id>/package/"

urlpatterns = [
    path(f"{_ROOT}prices/", prices.prices, name="catalogue_prices"),
    *(path(f"{_ROOT}{slug}/", listings.listing, {"slug": slug}, name=one.url_name) for slug, one in LISTS.items()),
    path(_PACKAGE, packages.package, name="catalogue_package"),
    path(f"{_PACKAGE}decisions/", packages.package_decide, name="catalogue_package_decide"),
    path(_ENTRY, entries.entry, name="catalogue_entry"),
    path(f"{_ENTRY}change/", entries.entry_change, name="catalogue_change"),
    path(f"{_ENTRY}retirement/", entries.entry_retire, name="catalogue_retire"),
    path(f"{_ENTRY}reinstatement/", entries.entry_reinstate, name="catalogue_reinstate"),
    path(f"{_ENTRY}prices/", entries.price_set, name="catalogue_price"),
    path(f"{_ENTRY}prices/withdrawal/", entries.price_withdraw, name="catalogue_price_back"),
    path(f"{_ROOT}<slug:slug>/export/", spreadsheets.export, name="catalogue_export"),
    path(f"{_ROOT}<slug:slug>/import/", spreadsheets.sheet_import, name="catalogue_import"),
    path(f"{_ROOT}<slug:slug>/import/taking-over/", spreadsheets.take_over, name="catalogue_take_over"),
]
