from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from shouhou.audit.models import Event
from shouhou.catalog.actions import CodeTaken, add_fault_code, add_part, add_product_class, add_product_model
from shouhou.catalog.queries import (
    UnknownFaultCode,
    UnknownPart,
    UnknownProduct,
    find_parts,
    find_product_models,
    get_fault_code,
    get_part,
    get_product_model,
)
from shouhou.kernel.errors import NotPermitted
from tests.cast import NOW, Cast, refuses

type Add = Callable[..., Any]


def add_one(kind: str, cast: Cast, **given: Any) -> Any:
    product_class = cast.air_conditioner.product_class
    adds: dict[str, tuple[Add, dict[str, Any]]] = {
        "product_class": (add_product_class, {"code": "tv", "name": "电视"}),
        "product_model": (add_product_model, {"code": "KFR-50", "name": "KFR-50", "product_class": product_class}),
        "part": (add_part, {"number": "P-1", "name": "遥控器", "unit": "件", "price": Decimal("25.00")}),
        "fault_code": (
            add_fault_code,
            {"code": "E9", "name": "漏氟", "product_class": product_class, "performance_fault": True, "severe": True},
        ),
    }
    add, usual = adds[kind]
    return add(**usual | {"branch": cast.qd.branch, "by": cast.qd.administrator, "at": NOW} | given)


KINDS = pytest.mark.parametrize("kind", ["product_class", "product_model", "part", "fault_code"])


@KINDS
def test_it_is_added_with_its_event(kind: str, cast: Cast) -> None:
    added = add_one(kind, cast)
    event = Event.objects.get(chain_id=added.id)
    assert (event.verb, event.branch_id) == (f"catalog.{kind}.added", cast.qd.branch.id)


@KINDS
def test_it_refuses_a_code_that_is_taken(kind: str, cast: Cast) -> None:
    add_one(kind, cast)
    with refuses(CodeTaken):
        add_one(kind, cast)


@KINDS
def test_only_administrators_change_the_catalogue(kind: str, cast: Cast) -> None:
    for actor in (cast.qd.clerk, cast.qd.supervisor):
        with refuses(NotPermitted):
            add_one(kind, cast, by=actor)


def test_the_same_fault_code_may_be_of_two_classes(cast: Cast) -> None:
    assert add_one("fault_code", cast, code="E4", product_class=cast.gas_heater.product_class).code == "E4"


def test_it_is_found_by_code(cast: Cast) -> None:
    assert get_product_model("KFR-35GW") == cast.air_conditioner
    assert get_part("CBB65-35") == cast.capacitor
    assert get_fault_code("E4", product_model=cast.air_conditioner) == cast.fault_code
    assert list(find_parts()) == [cast.capacitor]
    assert set(find_product_models()) == {cast.air_conditioner, cast.gas_heater}


def test_what_is_not_in_the_catalogue_is_refused_by_name(cast: Cast) -> None:
    with refuses(UnknownProduct):
        get_product_model("kfr")
    with refuses(UnknownPart):
        get_part("")
    with refuses(UnknownFaultCode):
        get_fault_code("E4", product_model=cast.gas_heater)
