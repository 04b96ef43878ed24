"""A wrong pack is refused with file, line and reason."""

import pytest
from django.utils.translation import gettext, override

from shouhou.kernel.errors import Wording
from shouhou.policies.rules.words import Layer
from shouhou.policies.schema.loading import read_pack
from shouhou.policies.schema.marked import PackRefused, read_marked
from shouhou.policies.tests.cast import HEAD, RULE


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(PackRefused) as caught:
        read_pack(text, file="house.yaml")
    assert caught.value.params["file"] == "house.yaml"
    return caught.value.params["line"], caught.value.params["reason"]


def test_it_reads_a_pack() -> None:
    pack = read_pack(HEAD + RULE, file="house.yaml")
    (rule,) = pack.rules
    assert (rule.id, rule.layer, rule.since) == ("house.one", Layer.SELLER, None)
    assert rule.version.startswith("house.one@always#")


@pytest.mark.parametrize(
    ("was", "now", "line", "reason"),
    [
        ("layer: seller", "layer: sellers", 3, "should be 'statute'"),
        ("since: null", "since: yesterday", 6, "date"),
        ("matters: [defect]", "matters: [defect]\ncolour: red", 6, "“colour” is not known here"),
        ("    text: {zh: 一。, en: One.}\n", "", 10, "“text” is missing"),
        ("{zh: 一。, en: One.}", "{zh: 一。}", 12, "“en” is missing"),
        ("amount: 3", "amount: three", 13, "valid integer"),
        ("amount: 3", 'amount: "3"', 13, "valid integer"),
        ("amount: 3", "amount: 3, amonut: 4", 13, "“amonut” is not known here"),
        ("kind: limit", "kind: limits", 13, "expected tags"),
        ("unit: days", "unit: moons", 13, "working_days"),
        ("mark: Seed", "mark: hearsay", 7, "“hearsay” is not a mark"),
        ("mark: Seed", 'mark: "K?"', 7, "cannot be “verified”"),
        ("mark: Seed", "mark: F:S15", 7, "cannot be “verified”"),
        ("mark: Seed", "mark: F:S99", 7, "the source “S99” is not in the vocabulary"),
        ("refs: [Seed]", "refs: [S99]", 10, "the source “S99”"),
        ("mark: Seed\n", "", 9, "neither rule nor pack has “mark”"),
        (
            "    then:",
            "    when: {failed_repairs: true}\n    then:",
            13,
            "“true” is no condition for the fact “failed_repairs”",
        ),
        ("    then:", "    when: {failed_repair: {at_least: 2}}\n    then:", 13, "There is no fact “failed_repair”"),
        ("    then:", "    when: {region: zhejiang}\n    then:", 13, "There is no fact “region”"),
        ("    then:", "    when: {failed_repairs: {at_leest: 2}}\n    then:", 13, "“at_leest” is not known here"),
        ("    then:", "    when: {sold_on: {at_least: 2}}\n    then:", 13, "no condition for the fact “sold_on”"),
        ("    then:", "    when: {day: 7}\n    then:", 13, "“rules.0.when.day”"),
        ("    then:", "    when: {day: {}}\n    then:", 13, "no condition for the fact “day”"),
        ("    then:", "    when: {assembly: gearboks}\n    then:", 13, "no condition for the fact “assembly”"),
        ("    then:", "    when: {in_guarantee: [whole]}\n    then:", 13, "no condition for the fact “in_guarantee”"),
        (
            "    then:",
            "    applies: {regions: [atlantis]}\n    then:",
            13,
            "the region “atlantis” is not in the vocabulary",
        ),
        ("    then:", "    applies: {classes: [sofa]}\n    then:", 13, "the class “sofa” is not in the vocabulary"),
        ("    then:", "    applies: {groups: [heavy]}\n    then:", 13, "no class belongs to the group “heavy”"),
        ("    then:", '    since: "2025-01-01"\n    until: "2025-01-01"\n    then:', 14, "ends before it begins"),
    ],
)
def test_it_refuses(was: str, now: str, line: int, reason: str) -> None:
    text = HEAD + RULE
    assert was in text
    found_line, found_reason = refusal(text.replace(was, now, 1))
    assert (found_line, reason in found_reason) == (line, True), found_reason


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ("kind: guarantee, segment: whole_unit", "either days or months"),
        ("kind: guarantee, segment: whole_unit, days: 1, months: 1", "either days or months"),
        ("kind: guarantee, segment: main_parts, months: 1, parts: [soul]", "the part “soul”"),
        ('kind: deduction, of: depreciation, rate: "0.002", rate_to: "0.001"', "the range ends before it begins"),
        ("kind: money, what: x, of: prize", "there is no fact “prize”"),
        ("kind: money, what: x", "an amount needs a fact or points"),
        ("kind: money, what: x, of: price, points: 3", "an amount needs a fact or points"),
        ("kind: money, what: x, of: price, by: spoilt_share", "bands need a fact to go by"),
        ("kind: money, what: x, of: price, by: region, bands: [{up_to: 1, share: 1}]", "“region” is no number"),
        (
            "kind: money, what: x, of: price, by: km, bands: [{up_to: 2, share: 1}, {up_to: 2, share: 1}]",
            "do not go up",
        ),
        ("kind: duty, what: x, at_least: 3", "a duty has both amount and unit"),
    ],
)
def test_it_refuses_a_right_that_makes_no_sense(then: str, reason: str) -> None:
    text = HEAD + RULE.replace("kind: limit, act: repair, side: trader, amount: 3, unit: days, since: hand_in", then)
    line, found = refusal(text)
    assert reason in found
    assert line == 13


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("of: sofa, whole_months: 12", "the class “sofa”"),
        ("of: shoes, whole_months: 12, main_months: 24, main_parts: [soul]", "the part “soul”"),
        ('of: shoes, whole_months: 12, daily_rate: "0.002", daily_rate_to: "0.001"', "the range ends before it begins"),
        ("of: shoes, whole_months: one", "valid integer"),
    ],
)
def test_it_refuses_a_line_of_a_product_list(row: str, reason: str) -> None:
    line, found = refusal(HEAD.replace("rules:", "products:") + f"  - {{{row}, mark: Seed, verified: verified}}\n")
    assert (line, reason in found) == (10, True), found


def test_a_key_stands_once() -> None:
    assert refusal(HEAD.replace("since: null", "since: null\nsince: null") + RULE) == (7, "“since” stands twice")


def test_what_is_no_yaml_is_refused_with_its_line() -> None:
    assert refusal("pack: house\n  title: [")[0] == 2
    assert refusal("") == (1, "the file is empty")
    assert "tag" in refusal("pack: !!python/name:os.system x")[1]


def test_what_could_grow_without_end_is_refused() -> None:
    assert refusal("a: &x [1, 2]\nb: [*x, *x]\n") == (2, "the alias *x is not allowed")
    assert refusal("[" * 2000 + "]" * 2000)[1]
    assert refusal("a: " + "[" * 30 + "]" * 30)[1] == "it is nested too deeply"


def test_yaml_has_no_traps() -> None:
    text = "a: no\nb: 09:00\nc: 2024-07-01\nd: 0.0005\ne: 0x10\nf: true\ng: null\nh: -3\non: yes\n"
    assert read_marked(text, file="x").content == {
        "a": "no",
        "b": "09:00",
        "c": "2024-07-01",
        "d": "0.0005",
        "e": "0x10",
        "f": True,
        "g": None,
        "h": -3,
        "on": "yes",
    }


def test_a_rule_takes_from_the_pack_what_it_leaves_out() -> None:
    head = HEAD.replace(
        "since: null", 'since: "2025-01-01"\nuntil: "2026-01-01"\napplies: {classes: [shoes], regions: [hunan]}'
    )
    own = RULE.replace("    then:", "    since: 2024\n    applies: {groups: [durable]}\n    then:")
    taken, changed = (read_pack(head + text, file="x").rules[0] for text in (RULE, own))
    assert taken.keys == {"product_class": frozenset({"shoes"}), "region": frozenset({"hunan"})}
    assert (taken.in_force_since, str(taken.until)) == ("2025-01-01", "2026-01-01")
    assert "shoes" not in changed.keys["product_class"]
    assert "family_car" in changed.keys["product_class"]
    assert (changed.in_force_since, changed.since_year_only) == ("2024", True)


@pytest.mark.parametrize(
    ("was", "now", "is_new"),
    [
        ("amount: 3", "amount: 4", True),
        ("since: null", "since: 2020", True),
        ("layer: seller", "layer: brand", True),
        ("    then:", "    when: {defect: true}\n    then:", True),
        ("title: {zh: 一, en: One}", "title: {zh: 二, en: Two}", False),
    ],
)
def test_a_version_is_named_for_all_that_decides(was: str, now: str, is_new: bool) -> None:
    before, after = (
        read_pack(text, file="x").rules[0].version for text in (HEAD + RULE, (HEAD + RULE).replace(was, now, 1))
    )
    assert (before != after) is is_new


@pytest.mark.parametrize("text", ["water", "- one\n- two\n", "42"])
def test_what_is_no_mapping_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(PackRefused, match=r"line 1: .*no list of “name: value”"):
        read_pack(text, file="house.yaml")


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("    then:", "    applies: {classes: [sofa]}\n    then:", "词表中没有商品类别“sofa”"),
        ("    then:", "    colour: red\n    then:", "此处没有名为“colour”的项"),
        ("side: trader", "side: nobody", "应为"),
    ],
)
def test_the_reason_of_a_refusal_is_said_in_chinese_too(was: str, now: str, told: str) -> None:
    with pytest.raises(PackRefused) as caught:
        read_pack((HEAD + RULE).replace(was, now, 1), file="house.yaml")
    reason = caught.value.params["reason"]
    assert isinstance(reason, Wording)
    with override("zh-hans"):
        assert told in reason.told(gettext)
