"""What would be if: complete on both sides of every limit, and never a guess presented as a fact."""

from typing import Any

import pytest

from shouhou.policies.rules.alternatives import Alternative, alternatives, assumptions, changes
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.tests.cast import fridge

BOOK = shipped_book()
REPAIR, REPLACE, REFUND = "remedy.repair", "remedy.replace", "remedy.refund"


def told(found: tuple[Alternative, ...], *topics: str) -> list[tuple[Any, Any, set[str]]]:
    return [(str(one.value), str(one.to), set(topics) & one.rights) for one in found]


def test_a_missing_yes_or_no_is_answered_both_ways() -> None:
    found = assumptions(BOOK, fridge(on="2023-03-05", performance_fault=None))
    assert told(found["performance_fault"], REPAIR, REFUND) == [
        ("True", "True", {REPAIR, REFUND}),
        ("False", "False", {REPAIR}),
    ]


def test_a_missing_number_is_told_on_both_sides_of_its_limit() -> None:
    found = assumptions(BOOK, fridge(failed_repairs=None))
    assert told(found["failed_repairs"], REPLACE) == [("0", "1", set()), ("2", "2", {REPLACE})]


def test_a_missing_day_of_sale_is_told_by_the_windows_it_may_lie_in() -> None:
    found = assumptions(BOOK, fridge(on="2023-12-01", sold_on=None, delivered_on=None, same_model_available=False))
    rows = [row for row in told(found["sold_on"], REPAIR, REPLACE, REFUND) if row[0] >= "2022"]
    assert rows == [
        ("2022-12-02", "2023-11-15", {REPAIR}),
        ("2023-11-16", "2023-12-01", {REPAIR, REPLACE, REFUND}),
    ]


def test_a_missing_count_of_days_tells_how_many_would_keep_it_open() -> None:
    found = assumptions(BOOK, fridge(on="2024-03-10", repair_days=None))
    assert told(found["repair_days"], REPAIR) == [("0", "9", set()), ("10", "36", {REPAIR})]


def test_a_missing_region_names_the_regions_that_differ() -> None:
    found = assumptions(BOOK, fridge(region=None, current_repair_days=6))
    assert {str(one.value) for one in found["region"] if "remedy.loan" in one.rights} == {"zhejiang"}


def test_nothing_missing_nothing_assumed() -> None:
    assert assumptions(BOOK, fridge(same_model_available=True)) == {}


def test_it_says_what_would_change_the_answer() -> None:
    found = changes(BOOK, fridge())
    assert told(found["failed_repairs"], REPLACE) == [("2", "2", {REPLACE})]
    assert {one.value for one in found["exclusions"]} >= {"misuse", "foreign_repair"}
    assert all(REPAIR not in one.rights for one in found["exclusions"])


@pytest.mark.parametrize("fact", ["price", "on"])
def test_what_changes_no_right_is_not_told(fact: str) -> None:
    assert fact not in changes(BOOK, fridge())


def test_impossible_days_are_no_alternative() -> None:
    found = alternatives(BOOK, fridge(replaced_on="2023-11-25"), "delivered_on")
    assert found
    assert all(str(one.to) <= "2023-11-25" for one in found)


def test_a_found_exclusion_is_not_supposed_again() -> None:
    assert "misuse" not in {one.value for one in changes(BOOK, fridge(exclusions=["misuse"])).get("exclusions", ())}


def test_a_missing_distance_is_told_on_both_sides_of_the_limits_of_cars() -> None:
    car = fridge(product_class="family_car", trader_installs=False, on="2023-05-20", km=None)
    found = assumptions(BOOK, car.but(safety_failure="none", assembly="none"))
    assert told(found["km"], REPAIR) == [("0", "60000", {REPAIR}), ("60001", "60001", set())]


def test_a_promise_without_an_end_is_told_on_both_sides_of_today() -> None:
    parcel = {
        "matter": "ordered",
        "promises": ["damage_resend"],
        "damaged_on_the_way": True,
        "signed_for": True,
        "resends": 0,
    }
    found = alternatives(BOOK, fridge(**parcel), "promise_ends_on")
    assert told(found, "remedy.resend") == [
        ("2023-11-30", "2023-11-30", set()),
        ("2023-12-01", "2023-12-02", {"remedy.resend"}),
    ]
