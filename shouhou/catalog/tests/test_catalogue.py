from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from shouhou.audit.models import Event
from shouhou.audit.queries import find_faults
from shouhou.catalog import actions as acts
from shouhou.catalog.actions import BandTaken, ClassStillUsed, CodeTaken, NotRetired
from shouhou.catalog.models import CatalogueEntry, FaultCode, Part, ProductClass, ProductModel, TravelBand, WorkCode
from shouhou.catalog.queries import (
    EntryRetired,
    UnknownEntry,
    UnknownFaultCode,
    UnknownPart,
    UnknownProduct,
    UnknownProductClass,
    find_entries,
    find_fault_codes,
    find_parts,
    find_product_classes,
    find_product_models,
    find_travel_band,
    get_entry_named,
    get_fault_code,
    get_part,
    get_product_class,
    get_product_model,
    search_parts,
)
from shouhou.catalog.rules import (
    CodeInvalid,
    DistanceInvalid,
    EntryNameMissing,
    HoursInvalid,
    MonthsInvalid,
)
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.texts import TextTooLong, TextUnreadable, WordMalformed
from tests.cast import NOW, Cast, refuses

type Add = Callable[..., Any]


def add_one(kind: str, cast: Cast, **given: Any) -> Any:
    product_class = cast.air_conditioner.product_class
    adds: dict[str, tuple[Add, dict[str, Any]]] = {
        "product_class": (acts.add_product_class, {"code": "tv", "name": "电视"}),
        "product_model": (acts.add_product_model, {"code": "KFR-50", "name": "KFR-50", "product_class": product_class}),
        "part": (acts.add_part, {"number": "P-1", "name": "遥控器", "unit": "件"}),
        "fault_code": (
            acts.add_fault_code,
            {"code": "E9", "name": "漏氟", "product_class": product_class, "performance_fault": True, "severe": True},
        ),
        "work_code": (
            acts.add_work_code,
            {"code": "GAS", "name": "加氟", "product_class": product_class, "hours": Decimal("1.50")},
        ),
        "travel_band": (acts.add_travel_band, {"code": "T1", "name": "市区", "from_km": 0}),
    }
    add, usual = adds[kind]
    return add(**usual | _here(cast) | given)


def change_one(kind: str, cast: Cast, entry: Any, **given: Any) -> Any:
    changes: dict[str, tuple[Add, dict[str, Any]]] = {
        "product_class": (
            acts.change_product_class,
            {"rules_class": "colour_tv", "trader_installs": False, "bulky": True},
        ),
        "product_model": (acts.change_product_model, {"guarantee_months": 36, "brand": "haifeng"}),
        "part": (acts.change_part, {"unit": "只", "rules_part": "motor"}),
        "fault_code": (
            acts.change_fault_code,
            {"performance_fault": False, "severe": False, "faulty_part": "compressor", "main_part": True},
        ),
        "work_code": (acts.change_work_code, {"hours": Decimal("2.25")}),
        "travel_band": (acts.change_travel_band, {"from_km": 5}),
    }
    change, usual = changes[kind]
    return change(entry, **{"name": "新名称"} | usual | _here(cast) | given)


def _here(cast: Cast) -> dict[str, Any]:
    return {"branch": cast.qd.branch, "by": cast.qd.administrator, "at": NOW}


def verbs(entry: CatalogueEntry) -> list[str]:
    return [event.verb for event in Event.objects.filter(chain_id=entry.id).order_by("sequence")]


KINDS = pytest.mark.parametrize(
    "kind", ["product_class", "product_model", "part", "fault_code", "work_code", "travel_band"]
)


@KINDS
def test_it_is_added_with_its_event(kind: str, cast: Cast) -> None:
    added = add_one(kind, cast)
    event = Event.objects.get(chain_id=added.id)
    assert (event.verb, event.branch_id) == (f"catalog.{kind}.added", cast.qd.branch.id)
    assert event.data["name"] == added.name


@KINDS
def test_it_refuses_a_code_that_is_taken(kind: str, cast: Cast) -> None:
    first = add_one(kind, cast)
    with refuses(CodeTaken) as caught:
        add_one(kind, cast)
    assert caught.value.params == {"taken": first.key}
    assert caught.value.field == first.code_field


@KINDS
def test_it_is_changed_field_by_field(kind: str, cast: Cast) -> None:
    entry = add_one(kind, cast)
    changed = change_one(kind, cast, entry)
    assert changed.name == "新名称"
    assert type(entry)._default_manager.get(id=entry.id).name == "新名称"
    event = Event.objects.filter(chain_id=entry.id).latest("sequence")
    assert event.verb == f"catalog.{kind}.changed"
    assert event.data["name"] == {"from": entry.name, "to": "新名称"}


@KINDS
def test_what_stays_as_it_was_leaves_no_event(kind: str, cast: Cast) -> None:
    entry = change_one(kind, cast, add_one(kind, cast))
    before = verbs(entry)
    change_one(kind, cast, entry)
    assert verbs(entry) == before


@KINDS
def test_it_is_retired_and_taken_up_again(kind: str, cast: Cast) -> None:
    entry = acts.retire_entry(add_one(kind, cast), **_here(cast))
    assert entry.retired
    with refuses(EntryRetired):
        acts.retire_entry(entry, **_here(cast))
    assert not acts.reinstate_entry(entry, **_here(cast)).retired
    with refuses(NotRetired):
        acts.reinstate_entry(entry, **_here(cast))
    assert verbs(entry) == [f"catalog.{kind}.{verb}" for verb in ("added", "retired", "reinstated")]
    assert not list(find_faults())


@KINDS
def test_only_administrators_change_the_catalogue(kind: str, cast: Cast) -> None:
    entry, retired = add_one(kind, cast), acts.retire_entry(add_one(kind, cast, **OTHERS[kind]), **_here(cast))
    for actor in (cast.qd.clerk, cast.qd.supervisor, cast.qd.technician_actor):
        here = _here(cast) | {"by": actor}
        with refuses(NotPermitted):
            add_one(kind, cast, **here)
        with refuses(NotPermitted):
            change_one(kind, cast, entry, **here)
        with refuses(NotPermitted):
            acts.retire_entry(entry, **here)
        with refuses(NotPermitted):
            acts.reinstate_entry(retired, **here)


OTHERS: dict[str, dict[str, Any]] = {
    "product_class": {"code": "C2"},
    "product_model": {"code": "C2"},
    "part": {"number": "P-2"},
    "fault_code": {"code": "C2"},
    "work_code": {"code": "C2"},
    "travel_band": {"code": "T2", "from_km": 50},
}


@pytest.mark.parametrize(
    ("kind", "given", "refusal"),
    [
        ("product_class", {"code": ""}, CodeInvalid),
        ("product_class", {"code": "  "}, CodeInvalid),
        ("product_model", {"code": "KFR\n50"}, CodeInvalid),
        ("product_class", {"code": "x" * 31}, TextTooLong),
        ("product_class", {"name": "  "}, EntryNameMissing),
        ("product_class", {"name": "长" * 61}, TextTooLong),
        ("part", {"name": "\ud800"}, TextUnreadable),
        ("part", {"number": "x" * 41}, TextTooLong),
        ("part", {"unit": "十个字以上的计量单位名"}, TextTooLong),
        ("product_model", {"guarantee_months": -1}, MonthsInvalid),
        ("product_model", {"guarantee_months": 601}, MonthsInvalid),
        ("work_code", {"hours": Decimal(0)}, HoursInvalid),
        ("work_code", {"hours": Decimal("NaN")}, HoursInvalid),
        ("work_code", {"hours": Decimal("0.125")}, HoursInvalid),
        ("product_class", {"rules_class": "Air conditioner"}, WordMalformed),
        ("product_model", {"brand": "海风"}, WordMalformed),
        ("part", {"rules_part": "电机"}, WordMalformed),
        ("fault_code", {"faulty_part": "x" * 41}, TextTooLong),
        ("travel_band", {"from_km": -1}, DistanceInvalid),
        ("travel_band", {"from_km": 5001}, DistanceInvalid),
    ],
)
def test_it_refuses_what_the_list_cannot_hold(
    kind: str, given: dict[str, Any], refusal: type[Refusal], cast: Cast
) -> None:
    with refuses(refusal):
        add_one(kind, cast, **given)


def test_the_same_code_may_be_of_two_classes(cast: Cast) -> None:
    for kind in ("fault_code", "work_code"):
        add_one(kind, cast, code="X1")
        assert add_one(kind, cast, code="X1", product_class=cast.gas_heater.product_class).code == "X1"


def test_of_the_bands_in_use_one_begins_at_a_kilometre(cast: Cast) -> None:
    first, far = add_one("travel_band", cast), add_one("travel_band", cast, code="T2", from_km=15)
    assert [find_travel_band(distance) for distance in (0, 14, 15, 400)] == [first, first, far, far]
    with refuses(BandTaken):
        add_one("travel_band", cast, code="T3", from_km=15)
    with refuses(BandTaken):
        change_one("travel_band", cast, far, from_km=0)
    acts.retire_entry(far, **_here(cast))
    assert find_travel_band(15) == first
    add_one("travel_band", cast, code="T3", from_km=15)
    with refuses(BandTaken):
        acts.reinstate_entry(far, **_here(cast))


def test_a_class_is_retired_after_its_models(cast: Cast) -> None:
    product_class = cast.air_conditioner.product_class
    with refuses(ClassStillUsed):
        acts.retire_entry(product_class, **_here(cast))
    model = acts.retire_entry(cast.air_conditioner, **_here(cast))
    acts.retire_entry(product_class, **_here(cast))
    with refuses(EntryRetired):
        add_one("product_model", cast)
    with refuses(EntryRetired):
        acts.reinstate_entry(model, **_here(cast))


def test_it_is_found_by_code(cast: Cast) -> None:
    assert get_product_class("ac") == cast.air_conditioner.product_class
    assert get_product_model("KFR-35GW") == cast.air_conditioner
    assert get_part("CBB65-35") == cast.capacitor
    assert get_fault_code("E4", product_model=cast.air_conditioner) == cast.fault_code
    assert list(find_parts()) == [cast.capacitor]
    assert set(find_product_models()) == {cast.air_conditioner, cast.gas_heater}


def test_what_is_retired_is_listed_but_not_offered(cast: Cast) -> None:
    offered: list[tuple[type[CatalogueEntry], CatalogueEntry, Callable[[], Any]]] = [
        (ProductModel, cast.air_conditioner, lambda: [*find_product_models()]),
        (Part, cast.capacitor, lambda: [*find_parts(), *search_parts("电容")]),
        (FaultCode, cast.fault_code, lambda: [*find_fault_codes()]),
        (ProductClass, cast.air_conditioner.product_class, lambda: [*find_product_classes()]),
    ]
    for kind, entry, find in offered:
        assert entry in find()
        acts.retire_entry(entry, **_here(cast))
        assert entry not in find()
        assert entry in find_entries(kind)
        assert get_entry_named(kind, entry.key, product_class="ac") == entry
    with refuses(EntryRetired):
        get_product_model("KFR-35GW")
    with refuses(EntryRetired):
        get_part("CBB65-35")
    with refuses(EntryRetired):
        get_fault_code("E4", product_model=cast.air_conditioner)


def test_old_orders_still_show_what_was_retired(cast: Cast) -> None:
    order = cast.qd.order("received", fault_code="E4").order
    acts.retire_entry(cast.fault_code, **_here(cast))
    acts.retire_entry(cast.air_conditioner, **_here(cast))
    order.refresh_from_db()
    assert order.fault_code == cast.fault_code
    assert order.asset.product_model == cast.air_conditioner
    assert cast.qd.receive(unit=cast.qd.unit, at=NOW).asset == cast.qd.unit
    with refuses(EntryRetired):
        cast.qd.receive(unit=cast.qd.unit, at=NOW, fault_code="E4")


def test_a_list_is_searched_by_code_name_and_class(cast: Cast) -> None:
    work = add_one("work_code", cast)
    assert list(find_entries(WorkCode, text="ga")) == [work]
    assert list(find_entries(WorkCode, text="氟", product_class="ac")) == [work]
    assert not find_entries(WorkCode, product_class="gas").exists()
    assert not find_entries(TravelBand, text="GAS").exists()


def test_what_is_not_in_the_catalogue_is_refused_by_name(cast: Cast) -> None:
    with refuses(UnknownProductClass):
        get_product_class("x")
    with refuses(UnknownProduct):
        get_product_model("kfr")
    with refuses(UnknownPart):
        get_part("")
    with refuses(UnknownFaultCode):
        get_fault_code("E4", product_model=cast.gas_heater)
    with refuses(UnknownEntry):
        get_entry_named(FaultCode, "E4", product_class="gas")
