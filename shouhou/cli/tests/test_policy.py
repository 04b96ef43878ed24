from pathlib import Path

import pytest
from django.utils.translation import override

from shouhou.cli.terminal import explained
from shouhou.cli.tests.conftest import Invoke
from shouhou.policies.queries import book_in_force
from shouhou.policies.schema.loading import PACKS, read_pack
from shouhou.policies.schema.marked import PackRefused
from shouhou.policies.tests.cast import HEAD, RULE
from shouhou.policies.wording import topic_words
from tests.cast import Cast

FACTS = """\
matter: defect
on: 2023-12-01
product_class: refrigerator
region: hunan
platform: none
sold_on: 2023-03-01
delivered_on: 2023-03-01
price: "2000"
performance_fault: true
failed_repairs: 2
repair_days: 0
parts_wait_days: 0
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "facts.yaml"
    file.write_text(FACTS, encoding="utf-8")
    return file


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    file = tmp_path / "house.yaml"
    file.write_text(HEAD + RULE, encoding="utf-8")
    return file


def test_all_worked_examples_of_the_product_come_out(invoke: Invoke) -> None:
    printed = invoke("policy", "test")
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.count("\n") == 1


def test_an_example_of_a_company_that_comes_out_otherwise_is_told(invoke: Invoke, pack: Path) -> None:
    given = '{on: "2025-01-01", matter: defect}'
    example = f'    examples: [{{given: {given}, expect: {{"limit.repair:limit": 4 days}}}}]\n'
    pack.write_text(HEAD + RULE + example, encoding="utf-8")
    printed = invoke("policy", "test", pack)
    assert printed.code == 1
    assert "house.yaml:14 house.one" in printed.out
    assert "3 days" in printed.out
    pack.write_text(HEAD + RULE + example.replace("4 days", "3 days"), encoding="utf-8")
    assert invoke("policy", "test", pack).code == 0


def test_a_wrong_pack_is_refused_with_its_line(invoke: Invoke, pack: Path) -> None:
    pack.write_text(HEAD + RULE.replace("amount: 3", "amuont: 3"), encoding="utf-8")
    printed = invoke("policy", "test", pack)
    assert printed.code == 1
    assert "house.yaml" in printed.err
    assert "13" in printed.err
    assert "amuont" in printed.err


def test_rules_are_listed_by_pack(invoke: Invoke) -> None:
    printed = invoke("policy", "list", "--pack", "cn-12315-2022")
    lines = printed.out.splitlines()
    assert len(lines) == 8
    assert all(line.startswith("cn-12315-2022.") for line in lines)
    assert invoke("policy", "list", "--pack", "cn-12315-2022", "--unverified").out == ""
    assert "cn-home-av-2002.days-8-15" in invoke("policy", "list", "--unverified").out
    assert invoke("policy", "list", "--pack", "none-such").code == 1


def test_a_rule_is_shown_with_source_and_mark(invoke: Invoke) -> None:
    printed = invoke("policy", "show", "jd-goods-2026.page-unclear")
    assert "2026-06-15" in printed.out
    assert "F:S11" in printed.out
    (version,) = invoke("policy", "show", "jd-goods-2026.page-unclear", "--json").json
    assert version["source"]["article"] == "11"
    assert version["when"] == {"page_unclear": "true"}
    assert version["then"]["cap"] == "200"
    assert invoke("policy", "show", "jd-goods-2026.none-such").code == 1


def test_a_rule_and_a_comparison_speak_the_readers_language(invoke: Invoke, pack: Path) -> None:
    with override("zh-hans"):
        shown = invoke("policy", "show", "cn-family-cars-2022.thirty-days").out
        different = invoke("policy", "diff", pack).out
    assert "国家法律法规" in shown
    assert "家用汽车" in shown
    assert "statute" not in shown
    assert "remedy" not in shown
    assert "limit." not in different


def test_facts_are_listed(invoke: Invoke) -> None:
    assert "failed_repairs" in invoke("policy", "facts").out


def test_a_verdict_is_printed_with_what_would_change_it(invoke: Invoke, facts: Path) -> None:
    printed = invoke("policy", "judge", facts)
    assert printed.code == 0
    assert "cn-sanbao-general-1995.two-repairs" in printed.out
    assert "misuse" in printed.out
    told = invoke("policy", "judge", facts, "--json").json
    assert told["rights"]["remedy.replace"]["rules"][0].startswith("cn-sanbao-general-1995.two-repairs@1995#")
    assert "same_model_available" in told["missing"]


def test_a_sale_in_the_year_of_force_is_marked(invoke: Invoke, facts: Path) -> None:
    facts.write_text(FACTS.replace("2023-", "1995-"), encoding="utf-8")
    told = invoke("policy", "judge", facts, "--json").json
    assert any(version.startswith("cn-sanbao-general-1995.two-repairs") for version in told["unsure"])
    assert "cn-sanbao-general-1995.two-repairs" in invoke("policy", "judge", facts).out


@pytest.mark.parametrize("content", ["- a\n- b\n", "failed_repair: 2\n", "a: [\n", "matter: defect\n"])
def test_facts_that_are_none_are_refused(invoke: Invoke, facts: Path, content: str) -> None:
    facts.write_text(content, encoding="utf-8")
    printed = invoke("policy", "judge", facts)
    assert printed.code == 1
    assert printed.err


def test_a_change_of_a_pack_tells_what_it_would_change(invoke: Invoke, tmp_path: Path) -> None:
    shipped = (PACKS / "cn-family-cars-2022.yaml").read_text(encoding="utf-8")
    same, other = tmp_path / "same.yaml", tmp_path / "other.yaml"
    same.write_text(shipped, encoding="utf-8")
    other.write_text(shipped.replace("repair_days: {more_than: 30}", "repair_days: {more_than: 40}"), encoding="utf-8")
    unchanged, changed = (invoke("policy", "diff", file) for file in (same, other))
    assert len(unchanged.out.splitlines()) == 1
    lines = changed.out.splitlines()
    assert [line[0] for line in lines[:2]] == ["+", "-"]
    assert "cn-family-cars-2022.thirty-days@2022-01-01#" in lines[0]
    assert any(topic_words("remedy.refund less usage_fee") in line for line in lines[2:])


def test_an_added_pack_tells_what_it_would_change(invoke: Invoke, pack: Path) -> None:
    printed = invoke("policy", "diff", pack)
    assert printed.out.startswith("+ house.one@always#")
    assert f"~ {topic_words('limit.repair')}" in printed.out


@pytest.mark.django_db
def test_a_company_pack_is_brought_in_by_one_and_approved_by_another(
    cast: Cast, invoke: Invoke, pack: Path, facts: Path
) -> None:
    how = ("--reason", "活动")
    brought = invoke("policy", "import", pack, "--by", "hq.hq", *how)
    assert (brought.code, brought.out) == (0, "house 1\n")
    waiting = invoke("policy", "versions").out
    own = invoke("policy", "approve", "house", "--by", "hq.hq")
    assert own.code == 1
    assert invoke("policy", "approve", "house", "--by", "manager.hq").code == 0
    assert "house.one" in {rule.id for rule in book_in_force().rules}
    told = [invoke("policy", "judge", facts, "--json", *more).json for more in ((), ("--company",))]
    assert ["limit.repair" in one["rights"] for one in told] == [False, True]
    assert invoke("policy", "export", "house").out.strip() == pack.read_text(encoding="utf-8").strip()
    (line,) = invoke("policy", "versions").out.splitlines()
    assert line not in waiting
    assert line.startswith("house  1  ")
    assert line.endswith("活动")


@pytest.mark.django_db
def test_a_company_pack_is_refused_with_a_reason(cast: Cast, invoke: Invoke, pack: Path) -> None:
    invoke("policy", "import", pack, "--by", "hq.hq", "--reason", "活动")
    assert invoke("policy", "refuse", "house", "--by", "manager.hq", "--reason", "太贵").code == 0
    assert "house.one" not in {rule.id for rule in book_in_force().rules}
    assert invoke("policy", "export", "house", "--version", "2").code == 1


@pytest.mark.django_db
def test_nobody_without_the_right_brings_packs_in(cast: Cast, invoke: Invoke, pack: Path) -> None:
    refused = invoke("policy", "import", pack, "--by", "clerk.qd", "--reason", "活动")
    assert refused.code == 1
    assert invoke("policy", "versions").out == ""
    assert invoke("policy", "approve", "house", "--by", "manager.hq").code == 1


@pytest.mark.django_db
def test_without_headquarters_there_are_no_company_packs(invoke: Invoke, pack: Path) -> None:
    assert invoke("policy", "import", pack, "--by", "x", "--reason", "y").code == 1


def test_why_a_pack_is_refused_is_said_in_chinese() -> None:
    with pytest.raises(PackRefused) as caught:
        read_pack("pack: house\npack: house\n", file="house.yaml")
    with override("zh-hans"):
        assert "“pack”出现了两次" in explained(caught.value)
