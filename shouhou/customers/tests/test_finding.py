import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.access.fanout import first_of_each
from shouhou.customers.actions import add_contact, change_customer, register_customer
from shouhou.customers.models import Customer, CustomerKey
from shouhou.customers.queries import find_customers, search_customers
from shouhou.customers.rules import LONGEST_KEY, fold, keys_of, prefix_of
from tests.cast import NOW, PHONE, Cast, Crew

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(names, st.data())
def test_any_part_of_a_name_begins_one_of_its_keys(name: str, draw: st.DataObject) -> None:
    folded = fold(name)
    keys = keys_of(name=name, phones=[])
    assert all(key and len(key) <= 40 for key in keys)
    if folded:
        start = draw.draw(st.integers(0, len(folded) - 1))
        assert any(key.startswith(folded[start : start + 4]) for key in keys)


@given(st.text(st.sampled_from("王单曾乐长重欧阳娜刚minü 12"), min_size=1, max_size=50))
def test_every_key_leads_back_to_itself(name: str) -> None:
    """What is stored is what is looked for when it is typed: else there would be keys that nobody can use."""
    for key in keys_of(name=name, phones=["+8613812342071", "+8653283886610"]):
        assert key.startswith(prefix_of(key))


def test_the_keys_of_a_name_in_pinyin_are_few() -> None:
    assert keys_of(name="王小刚", phones=[]) == {"王小刚", "小刚", "刚", "wxg", "wangxiaogang", "xiaogang"}
    assert keys_of(name="王刚", phones=[]) == {"王刚", "刚", "wg", "wanggang"}
    assert len(keys_of(name="重庆长安长虹电器有限公司", phones=[])) < 60


def test_of_a_phone_the_whole_its_last_eight_and_last_four() -> None:
    assert keys_of(name="", phones=["+8653283886610"]) == {"053283886610", "83886610", "6610"}


@pytest.mark.parametrize(
    "text",
    [
        "王建华",
        "建华",
        "华",
        "138",
        "1381234",
        "13812342071",
        "+86 138 1234 2071",
        "12342071",
        "2071",
        " 王 建 ",
        "wjh",
        "WJ",
        "wangjian",
        "Wang Jianhua",
        "jianhua",
    ],
)
def test_a_customer_is_found_by_part_of_the_name_or_phone(text: str, qd: Crew) -> None:
    assert find_customers(text, branch=qd.branch) == [qd.customer]


@pytest.mark.parametrize("text", ["", "  ", "刘芳", "3812", "王华", "wh", "lf", "%", "_", "'", "\U0010ffff"])
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
    for text, found in (
        ("13900000002", 1), ("大华", 1), ("wdh", 1), ("dahua", 1), ("13700000007", 1),
        ("建华", 0), ("wjh", 0), ("wangjian", 0), ("13812342071", 0),
    ):  # fmt: skip
        assert len(find_customers(text, branch=qd.branch)) == found


def test_the_list_is_short_and_names_nobody_twice(qd: Crew) -> None:
    for number in range(12):
        register_customer(branch=qd.branch, name="王王王", phone=f"139000000{number:02}", by=qd.clerk, at=NOW)
    found = find_customers("王", branch=qd.branch, limit=8)
    assert len(found) == len(set(found)) == 8


@pytest.mark.parametrize("name", ["单雄信", "王小刚", "欧阳娜娜", "海风电器有限公司", "Müller 王", "长" * 80])
def test_a_customer_is_found_by_each_of_his_keys(name: str, qd: Crew) -> None:
    customer = register_customer(branch=qd.branch, name=name, phone="13900000004", by=qd.clerk, at=NOW)
    keys = list(CustomerKey.objects.filter(customer=customer).values_list("key", flat=True))
    assert len(keys) > len(fold(name)[:LONGEST_KEY]) / 2
    for key in keys:
        assert customer in find_customers(key, branch=qd.branch), key
    assert customer in find_customers(name, branch=qd.branch)


def test_several_branches_are_searched_only_where_one_says_so(qd: Crew, jn: Crew) -> None:
    both = search_customers("2071", branches=[qd.branch, jn.branch], limit=8)
    assert set(both) == {qd.customer, jn.customer}
    assert search_customers("2071", branches=[jn.branch], limit=8) == [jn.customer]
    assert search_customers(PHONE, branches=[], limit=8) == []
    assert len(search_customers("2071", branches=[qd.branch, jn.branch], limit=1)) == 1


def test_of_each_part_only_the_first_rows(cast: Cast) -> None:
    for crew in (cast.qd, cast.jn):
        for number in range(3):
            register_customer(branch=crew.branch, name="陈", phone=f"1390000000{number}", by=crew.clerk, at=NOW)
    parts = [Customer.objects.at(crew.branch).order_by("-id") for crew in (cast.qd, cast.jn)]
    found = first_of_each(parts, limit=2)
    assert sorted(one.branch_id for one in found) == sorted([cast.qd.branch.id, cast.jn.branch.id] * 2)
    assert {one.phone[-1] for one in found} == {"1", "2"}
    assert first_of_each(parts[:1], limit=2) == list(parts[0][:2])
    assert first_of_each([], limit=2) == []
