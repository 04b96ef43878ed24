import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.customers.actions import add_contact, change_customer, register_customer
from shouhou.customers.queries import find_customers
from shouhou.customers.rules import fold, keys_of
from tests.cast import NOW, Crew

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(names, st.data())
def test_any_part_of_a_name_begins_one_of_its_keys(name: str, draw: st.DataObject) -> None:
    folded = fold(name)
    keys = keys_of(name=name, phones=[])
    assert all(key and len(key) <= 40 for key in keys)
    if folded:
        start = draw.draw(st.integers(0, len(folded) - 1))
        assert any(key.startswith(folded[start : start + 4]) for key in keys)


def test_of_a_phone_the_whole_its_last_eight_and_last_four() -> None:
    assert keys_of(name="", phones=["+8653283886610"]) == {"053283886610", "83886610", "6610"}


@pytest.mark.parametrize(
    "text",
    ["王建华", "建华", "华", "138", "1381234", "13812342071", "+86 138 1234 2071", "12342071", "2071", " 王 建 "],
)
def test_a_customer_is_found_by_part_of_the_name_or_phone(text: str, qd: Crew) -> None:
    assert find_customers(text, branch=qd.branch) == [qd.customer]


@pytest.mark.parametrize("text", ["", "  ", "刘芳", "3812", "王华", "%", "_", "'", "\U0010ffff"])
def test_and_not_by_anything_else_nor_from_another_branch(text: str, qd: Crew) -> None:
    assert find_customers(text, branch=qd.branch) == []


def test_latin_names_are_found_in_any_case(qd: Crew) -> None:
    haier = register_customer(branch=qd.branch, name="Haifeng ＡＢ Trading", phone="13900000004", by=qd.clerk, at=NOW)
    assert find_customers("TRADING", branch=qd.branch) == [haier]
    assert find_customers("haifengａｂ", branch=qd.branch) == [haier]


def test_a_contacts_phone_finds_the_customer_also_after_a_correction(qd: Crew) -> None:
    add_contact(qd.customer.id, name="王太太", phone="13900000002", by=qd.clerk, at=NOW)
    usual = {"kind": "person", "note": "", "by": qd.clerk, "at": NOW}
    change_customer(qd.customer.id, name="王大华", phone="13700000007", **usual)  # type: ignore[arg-type]
    for text, found in (("13900000002", 1), ("大华", 1), ("13700000007", 1), ("建华", 0), ("13812342071", 0)):
        assert len(find_customers(text, branch=qd.branch)) == found


def test_the_list_is_short_and_names_nobody_twice(qd: Crew) -> None:
    for number in range(12):
        register_customer(branch=qd.branch, name="王王王", phone=f"139000000{number:02}", by=qd.clerk, at=NOW)
    found = find_customers("王", branch=qd.branch, limit=8)
    assert len(found) == len(set(found)) == 8
