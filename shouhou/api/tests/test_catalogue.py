"""The catalogue with its price list: read by all, written by few."""

from typing import Any
from uuid import uuid4

import pytest

from shouhou.api.tests.conftest import Caller, assert_problem
from tests.cast import Cast, unchanged

CATALOGUE: list[tuple[str, dict[str, Any], str]] = [
    ("/product-classes", {"code": "tv", "name": "电视机"}, "catalogue_code_taken"),
    ("/product-models", {"code": "KFR-72", "name": "海风 KFR-72", "product_class": "ac"}, "catalogue_code_taken"),
    ("/parts", {"number": "P-1", "name": "风扇", "price": "12.50"}, "catalogue_code_taken"),
    ("/fault-codes", {"code": "E9", "name": "缺氟", "product_class": "ac", "severe": True}, "catalogue_code_taken"),
    (
        "/work-codes",
        {"code": "W1", "name": "加氟", "product_class": "ac", "hours": "1.50"},
        "catalogue_code_taken",
    ),
    ("/travel-bands", {"code": "T1", "name": "市区", "from_km": 0}, "catalogue_code_taken"),
    ("/qualifications", {"code": "hv", "name": "高压电工证"}, "qualification_known_already"),
]


@pytest.mark.parametrize(("path", "body", "taken"), CATALOGUE, ids=[path for path, _, _ in CATALOGUE])
def test_the_catalogue_is_read_by_all_and_added_to_by_few(
    path: str, body: dict[str, Any], taken: str, administrator: Caller, clerk: Caller
) -> None:
    body = {"branch": "QD"} | body
    with unchanged():
        assert_problem(clerk.post(path, body), 403, "not_permitted")
    made = administrator.post(path, body)
    assert made.status_code == 201, made.content
    assert made.json() in clerk.get(path).json()["rows"]
    with unchanged():
        assert_problem(administrator.post(path, body), 409, taken)


def test_it_refuses_what_hangs_in_the_air(administrator: Caller) -> None:
    body = {"branch": "QD", "code": "X", "name": "X", "product_class": "none"}
    with unchanged():
        assert_problem(administrator.post("/product-models", body), 422, "unknown_product_class")
        assert_problem(administrator.post("/fault-codes", body), 422, "unknown_product_class")
        price = {"branch": "QD", "number": "P", "name": "P", "price": "-1"}
        assert_problem(administrator.post("/parts", price), 422, "invalid_input")


def test_fault_codes_are_narrowed_to_a_class(clerk: Caller, cast: Cast) -> None:
    assert [row["code"] for row in clerk.get("/fault-codes", product_class="ac").json()["rows"]] == ["E4"]
    assert clerk.get("/fault-codes", product_class="gas").json()["rows"] == []


def test_a_price_counts_from_its_day(administrator: Caller, clerk: Caller) -> None:
    wanted = {"branch": "QD", "list": "parts", "code": "CBB65-35", "out_charged": "42.00"}
    with unchanged():
        assert_problem(clerk.post("/prices", wanted | {"valid_from": "2199-01-01"}), 403, "not_permitted")
        assert_problem(
            administrator.post("/prices", wanted | {"valid_from": "2001-01-01"}), 422, "list_price_in_the_past"
        )
        assert_problem(
            administrator.post("/prices", wanted | {"valid_from": "2199-01-01", "code": "none"}),
            422,
            "unknown_catalogue_entry",
        )
    made = administrator.post("/prices", wanted | {"valid_from": "2199-01-01"})
    assert made.status_code == 201, made.content
    ((row,),) = [clerk.get("/prices", list="parts").json()["rows"]]
    assert [(one["valid_from"], one["valid_until"], one["out_charged"]) for one in row["prices"]] == [
        ("1970-01-01", "2198-12-31", "38.50"),
        ("2199-01-01", None, "42.00"),
    ]
    assert clerk.get("/parts").json()["rows"][0]["price"] == "38.50"


def test_what_is_retired_is_listed_and_not_used(administrator: Caller, clerk: Caller) -> None:
    body = {"branch": "QD", "list": "fault-codes", "code": "E4", "product_class": "ac"}
    with unchanged():
        assert_problem(clerk.post("/catalogue-retirements", body), 403, "not_permitted")
    assert administrator.post("/catalogue-retirements", body).json()["retired"] is True
    assert [row["retired"] for row in clerk.get("/fault-codes").json()["rows"]] == [True]
    with unchanged():
        assert_problem(administrator.post("/catalogue-retirements", body), 409, "catalogue_entry_retired")


CHANGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "/product-classes",
        {"code": "tv", "name": "电视机"},
        {"name": "电视", "rules_class": "colour_tv", "trader_installs": False, "bulky": True},
    ),
    (
        "/product-models",
        {"code": "KFR-72", "name": "海风 KFR-72", "product_class": "ac"},
        {"name": "海风 72", "guarantee_months": 36, "brand": "haifeng"},
    ),
    (
        "/parts",
        {"number": "P-1", "name": "风扇", "price": "12.50"},
        {"name": "风机", "unit": "台", "rules_part": "motor"},
    ),
    (
        "/fault-codes",
        {"code": "E9", "name": "缺氟", "product_class": "ac"},
        {
            "name": "缺少制冷剂",
            "performance_fault": True,
            "severe": True,
            "faulty_part": "compressor",
            "main_part": True,
        },
    ),
    (
        "/work-codes",
        {"code": "W1", "name": "加氟", "product_class": "ac", "hours": "1.50"},
        {"name": "充氟", "hours": "2.25"},
    ),
    ("/travel-bands", {"code": "T1", "name": "市区", "from_km": 0}, {"name": "近郊", "from_km": 15}),
]


@pytest.mark.parametrize(("path", "entry", "change"), CHANGES, ids=[path for path, _, _ in CHANGES])
def test_an_entry_is_corrected_as_a_whole(
    path: str, entry: dict[str, Any], change: dict[str, Any], administrator: Caller, clerk: Caller
) -> None:
    made = administrator.post(path, {"branch": "QD"} | entry).json()
    one, change = f"{path}/{made['id']}", {"branch": "QD"} | change
    with unchanged():
        assert_problem(clerk.put(one, change), 403, "not_permitted")
        assert_problem(administrator.put(one, change | {"name": " "}), 422, "catalogue_name_missing")
        assert_problem(administrator.put(one, change | {"code": "X"}), 422, "invalid_input")
        assert_problem(administrator.put(one, {"branch": "QD"}), 422, "invalid_input")
        assert_problem(administrator.put(f"{path}/{uuid4()}", change), 404, "catalogue_entry_not_found")
    changed = administrator.put(one, change).json()
    assert changed.items() >= (change.items() - {("branch", "QD")})
    assert changed in clerk.get(path).json()["rows"]


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/product-classes", {"code": "tv", "name": "电视机", "rules_class": "television"}),
        ("/product-classes", {"code": "tv", "name": "电视机", "bulky": "large"}),
        ("/parts", {"number": "P-1", "name": "风扇", "rules_part": "fan"}),
        ("/product-models", {"code": "T-1", "name": "电视", "product_class": "ac", "brand": "海风"}),
        ("/fault-codes", {"code": "E9", "name": "缺氟", "product_class": "ac", "faulty_part": "Compressor"}),
        ("/fault-codes", {"code": "E9", "name": "缺氟", "product_class": "ac", "main_part": "yes"}),
    ],
)
def test_it_refuses_words_that_the_rules_do_not_know(path: str, entry: dict[str, Any], administrator: Caller) -> None:
    with unchanged():
        problem = assert_problem(administrator.post(path, {"branch": "QD"} | entry), 422, "invalid_input")
    assert problem["field"] == list(entry)[-1]


def test_two_travel_bands_do_not_begin_together(administrator: Caller) -> None:
    first, second = (
        administrator.post("/travel-bands", {"branch": "QD", "code": f"T{km}", "name": "带", "from_km": km}).json()
        for km in (0, 15)
    )
    with unchanged():
        meets = {"branch": "QD", "name": "带", "from_km": first["from_km"]}
        assert_problem(administrator.put(f"/travel-bands/{second['id']}", meets), 409, "travel_band_taken")


def test_what_is_retired_is_taken_up_again(administrator: Caller, clerk: Caller) -> None:
    body = {"branch": "QD", "list": "parts", "code": "CBB65-35"}
    with unchanged():
        assert_problem(administrator.post("/catalogue-reinstatements", body), 409, "catalogue_entry_not_retired")
    administrator.post("/catalogue-retirements", body)
    with unchanged():
        assert_problem(clerk.post("/catalogue-reinstatements", body), 403, "not_permitted")
        unknown = administrator.post("/catalogue-reinstatements", body | {"code": "none"})
        assert_problem(unknown, 422, "unknown_catalogue_entry")
    assert administrator.post("/catalogue-reinstatements", body).json()["retired"] is False


def test_a_class_in_use_is_not_retired(administrator: Caller) -> None:
    body = {"branch": "QD", "list": "product-classes", "code": "ac"}
    with unchanged():
        assert_problem(administrator.post("/catalogue-retirements", body), 409, "product_class_still_used")


def test_a_price_that_has_not_begun_is_taken_back(administrator: Caller, clerk: Caller) -> None:
    thing = {"branch": "QD", "list": "parts", "code": "CBB65-35"}
    administrator.post("/prices", thing | {"valid_from": "2199-01-01", "out_charged": "42.00"})
    with unchanged():
        to_come = thing | {"valid_from": "2199-01-01"}
        assert_problem(clerk.post("/price-withdrawals", to_come), 403, "not_permitted")
        begun = administrator.post("/price-withdrawals", thing | {"valid_from": "1970-01-01"})
        assert_problem(begun, 422, "invalid_input")  # no day of ours
        assert_problem(
            administrator.post("/price-withdrawals", thing | {"valid_from": "2198-01-01"}), 404, "list_price_not_found"
        )
    left = administrator.post("/price-withdrawals", to_come).json()["prices"]
    assert [(one["out_charged"], one["valid_until"]) for one in left] == [("38.50", None)]
    with unchanged():
        assert_problem(administrator.post("/price-withdrawals", to_come), 404, "list_price_not_found")


def test_a_price_that_counts_today_stays(administrator: Caller) -> None:
    thing = {"branch": "QD", "list": "parts", "code": "P-2", "valid_from": "2020-01-01"}
    administrator.post("/parts", {"branch": "QD", "number": "P-2", "name": "风扇"})
    assert administrator.post("/prices", thing | {"out_charged": "5.00"}).status_code == 201
    with unchanged():
        assert_problem(administrator.post("/price-withdrawals", thing), 409, "list_price_has_begun")
