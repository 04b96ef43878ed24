from datetime import date
from pathlib import Path

import pytest

from shouhou.cli.tests.conftest import Invoke
from shouhou.policies.tests.cast import HEAD, entry
from tests.cast import NOW, Cast, Crew, unchanged

EXAMPLES = Path(__file__).parents[2] / "entitlements" / "examples"
FRIDGE = EXAMPLES / "refrigerator.yaml"
# A year more for the whole unit than the law gives, as a seller might promise it.
LONGER = (
    HEAD
    + """\
  - id: longer
    title: {zh: 整机五年, en: Five years for the whole unit}
    text: {zh: 整机保修五年。, en: The whole unit has a guarantee of five years.}
    applies: {classes: [air_conditioner]}
    then: {kind: guarantee, segment: whole_unit, months: 60}
"""
)


@pytest.fixture
def longer(tmp_path: Path) -> Path:
    file = tmp_path / "house.yaml"
    file.write_text(LONGER, encoding="utf-8")
    return file


def test_it_says_who_pays_by_which_rule(invoke: Invoke) -> None:
    printed = invoke("entitle", FRIDGE, "--outlook")
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.startswith("C · ")
    assert "2029-03-05" in printed.out
    assert "cn-sanbao-general-1995.refrigerator.main" in printed.out


def test_json_says_the_same(invoke: Invoke) -> None:
    told = invoke("entitle", "--json", FRIDGE).json
    assert (told["answer"]["work_class"], told["answer"]["last_day"]) == ("C", "2029-03-05")
    assert told["outlook"] is None


def test_a_missing_day_is_told_with_what_each_assumption_gives(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("product_class: refrigerator\non: 2026-06-01\nhistory: []\n", encoding="utf-8")
    printed = invoke("entitle", file)
    assert printed.code == 1
    assert printed.out.count("\n    C · ") + printed.out.count("  C · ") + printed.out.count("  A · ") >= 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("prodct_class: refrigerator\n", "product_class"),
        ("product_class: sofa\n", "sofa"),
        ("on: 2026-02-30\n", "on"),
        ("history: [{what: stolen}]\n", "stolen"),
        ("- a list\n", "facts.yaml"),
    ],
)
def test_a_wrong_document_is_refused_by_name(text: str, named: str, invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(text, encoding="utf-8")
    printed = invoke("entitle", file)
    assert (printed.code, printed.out) == (1, "")
    assert named in printed.err


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("product_class: refrigeraton\nsold_on: 2026-03-01\ndelivered_on: 2026-03-01\n", "refrigeraton"),
        ("product_class: refrigerator\nsold_on: 2026-07-01\ndelivered_on: 2026-03-01\n", "sold_on"),
    ],
)
def test_a_refused_fact_is_told_with_the_verdict_for_each_way(
    text: str, named: str, invoke: Invoke, tmp_path: Path
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("on: 2026-06-01\nregion: hunan\ntrader_installs: false\n" + text, encoding="utf-8")
    printed = invoke("entitle", file)
    assert (printed.code, printed.out) == (1, "")
    assert named in printed.err
    assert " · " in printed.err


def test_packs_that_contradict_each_other_are_told_with_the_verdict_under_each(invoke: Invoke, tmp_path: Path) -> None:
    limit = "kind: limit, act: repair_goods, side: trader, amount: {}, unit: {}, since: call"
    pack = tmp_path / "house.yaml"
    rules = entry("one", limit.format(5, "working_days")) + entry("two", limit.format(6, "days"))
    pack.write_text(HEAD + rules, encoding="utf-8")
    told = invoke("entitle", FRIDGE, "--with", pack, "--json").json["answer"]
    assert (told["unclear"]["code"], told["work_class"], len(told["supposed"])) == ("packs_contradict", "C", 2)
    assert invoke("entitle", FRIDGE, "--with", pack).out.count("house.one@") >= 2


@pytest.mark.parametrize("command", ["keys", "facts"])
def test_all_keys_are_listed(command: str, invoke: Invoke) -> None:
    first = [line.split()[0] for line in invoke("entitle", command).out.splitlines()]
    assert {"product_class", "history", "certificate_ends_on", "repair_begun"} <= set(first)


def test_a_proposed_pack_is_replayed_over_past_orders(
    invoke: Invoke, longer: Path, cast: Cast, qd: Crew, jn: Crew
) -> None:
    order = qd.receive(work_class="")
    jn.receive(work_class="")
    with unchanged():
        told = invoke("policy", "replay", longer, "--branch", "QD", "--json").json
    assert told["totals"] | {"refunds": ""} == {
        "asked": 1, "changed": 1, "other_class": 0, "refunds": "", "charged": "0.00", "no_longer_charged": "0.00",
    }  # fmt: skip
    (one,) = told["orders"]
    assert one["number"] == order.number
    assert one["after"]["last_day"] > one["before"]["last_day"]
    assert invoke("policy", "replay", longer, "--json").json["totals"]["changed"] == 2
    later = date(NOW.year + 1, 1, 1).isoformat()
    assert invoke("policy", "replay", longer, "--since", later, "--json").json["totals"]["asked"] == 0
    assert order.number in invoke("policy", "replay", longer).out


def test_a_wrong_pack_is_refused_with_its_line(invoke: Invoke, longer: Path, cast: Cast) -> None:
    longer.write_text(LONGER.replace("months: 60", "mnths: 60"), encoding="utf-8")
    printed = invoke("policy", "replay", longer)
    assert printed.code == 1
    assert "house.yaml" in printed.err
    assert "mnths" in printed.err
    assert invoke("policy", "replay", longer, "--branch", "XX").code == 1
