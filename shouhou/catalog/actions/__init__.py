"""Every write of the catalogue and its price list."""

from shouhou.catalog.actions._entries import BandTaken, CodeTaken
from shouhou.catalog.actions.adding import (
    add_fault_code,
    add_part,
    add_product_class,
    add_product_model,
    add_travel_band,
    add_work_code,
)
from shouhou.catalog.actions.changing import (
    ClassStillUsed,
    NotRetired,
    change_fault_code,
    change_part,
    change_product_class,
    change_product_model,
    change_travel_band,
    change_work_code,
    reinstate_entry,
    retire_entry,
)
from shouhou.catalog.actions.fitting import (
    FitUnknown,
    SubstituteOfItself,
    SubstituteUnknown,
    keep_part_as,
    list_fit,
    list_substitute,
    withdraw_fit,
    withdraw_substitute,
)
from shouhou.catalog.actions.pricing import PriceHasBegun, PriceInThePast, PriceNotFound, set_price, withdraw_price

__all__ = [
    "BandTaken",
    "ClassStillUsed",
    "CodeTaken",
    "FitUnknown",
    "NotRetired",
    "PriceHasBegun",
    "PriceInThePast",
    "PriceNotFound",
    "SubstituteOfItself",
    "SubstituteUnknown",
    "add_fault_code",
    "add_part",
    "add_product_class",
    "add_product_model",
    "add_travel_band",
    "add_work_code",
    "change_fault_code",
    "change_part",
    "change_product_class",
    "change_product_model",
    "change_travel_band",
    "change_work_code",
    "keep_part_as",
    "list_fit",
    "list_substitute",
    "reinstate_entry",
    "retire_entry",
    "set_price",
    "withdraw_fit",
    "withdraw_price",
    "withdraw_substitute",
]
