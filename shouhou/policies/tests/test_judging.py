"""The engine: which rule wins and why, what is undecided, and what no rule of a lower layer can take away."""

from datetime import date
from typing import Any

import pytest

from shouhou.policies.rules.judging import judge
from shouhou.policies.rules.plain import plain_verdict
from shouhou.policies.rules.verdict import Fate, Granted
from shouhou.policies.schema.facts import read_facts
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.tests.cast import FRIDGE, HEAD, book_with, candidate, entry, verdict_on

GENERAL = "cn-sanbao-general-1995"


def test_the_trace_says_what_became_of_every_rule() -> None:
    verdict = verdict_on(failed_repairs=2, same_model_available=True)
    assert candidate(verdict, f"{GENERAL}.two-repairs").fate is Fate.WON
    failed = candidate(verdict, f"{GENERAL}.repairer-delay")
    assert (failed.fate, failed.condition and failed.condition.expects) == (Fate.FAILED, "> 30")
    assert [one.topic for one in verdict.candidates if one.fate is Fate.UNDECIDED] == []
    assert verdict.missing == ()


def test_the_loser_names_who_beat_it() -> None:
    verdict = verdict_on(on="2023-03-05", failed_repairs=2, same_model_available=True)
    lost = candidate(verdict, f"{GENERAL}.refund-instead-of-replacement")
    assert lost.fate is Fate.LOST
    assert lost.beaten_by is not None
    assert lost.beaten_by.id == f"{GENERAL}.days-1-7"


@pytest.mark.parametrize(
    ("sold", "clock"), [("2024-06-30", f"{GENERAL}.clock"), ("2024-07-01", "cn-consumer-rules-2024.clock-delivery")]
)
def test_a_sale_is_judged_by_the_rules_of_its_own_date(sold: str, clock: str) -> None:
    verdict = verdict_on(on="2024-12-01", sold_on=sold, delivered_on="2024-07-10", trader_installs=False)
    assert verdict.rights["clock"].winner.rule.id == clock
    assert verdict.start == date.fromisoformat("2024-07-10" if sold == "2024-07-01" else sold)
    old = {rule.id for rule in verdict.dormant}
    assert ("cn-consumer-rules-2024.clock-delivery" in old) is (sold == "2024-06-30")


def test_what_a_later_norm_replaced_is_marked() -> None:
    verdict = verdict_on(on="2024-12-01", sold_on="2024-07-01", delivered_on="2024-07-10", trader_installs=False)
    old = candidate(verdict, f"{GENERAL}.clock")
    assert (old.fate, old.beaten_by and old.beaten_by.id) == (
        Fate.SUPERSEDED,
        # Both of its successors are in force; the one that comes last by name is cited.
        "cn-consumer-rules-2024.clock-installation",
    )


def test_without_the_date_of_sale_nothing_that_hangs_on_it_is_said() -> None:
    verdict = verdict_on(sold_on=None)
    assert verdict.has("remedy.repair") is None
    assert "sold_on" in verdict.missing
    assert verdict.start is None


def test_an_unknown_region_leaves_the_rules_of_regions_open() -> None:
    assert verdict_on(failed_repairs=2, same_model_available=False).has("remedy.loan") is False
    verdict = verdict_on(region=None, current_repair_days=6)
    assert candidate(verdict, "cn-zhejiang-2017.loan").needs == ("region",)
    assert verdict.has("remedy.loan") is None


def test_a_brand_that_no_rule_knows_is_like_any_other() -> None:
    one, other = (verdict_on(brand=brand) for brand in ("haier", "midea"))
    assert plain_verdict(one)["rights"] == plain_verdict(other)["rights"]


def test_misuse_takes_the_rights_of_defects_and_says_by_which_rule() -> None:
    verdict = verdict_on(failed_repairs=2, exclusions=["misuse"])
    assert not verdict.remedies() & {"repair", "replace", "refund"}
    excluded = candidate(verdict, f"{GENERAL}.two-repairs")
    assert excluded.fate is Fate.EXCLUDED
    assert excluded.beaten_by is not None
    assert excluded.beaten_by.id == f"{GENERAL}.exclusions"
    # What a missing fact could have decided is no longer open.
    assert verdict_on(exclusions=["misuse"], performance_fault=None, on="2023-03-05").has("remedy.refund") is False


def test_an_exclusion_does_not_touch_what_is_no_right_of_defects() -> None:
    facts: dict[str, Any] = {
        "matter": "no_reason",
        "channel": "online",
        "intact": True,
        "return_bar": "none",
        "confirmed_bar": "none",
    }
    verdict = verdict_on(on="2023-03-05", exclusions=["misuse"], **facts)
    assert verdict.has("remedy.no_reason_return") is True


def test_a_finding_that_may_be_barred_leaves_the_rights_open() -> None:
    notebook: dict[str, Any] = {"product_class": "notebook", "exclusions": ["no_certificate"]}
    assert verdict_on(**notebook, date_provable=True).has("remedy.repair") is True
    assert verdict_on(**notebook, date_provable=False).has("remedy.repair") is False
    open_one = verdict_on(**notebook)
    assert open_one.has("remedy.repair") is None
    assert "date_provable" in open_one.missing
    # Misuse is found too: what may be barred no longer matters.
    both = verdict_on(**notebook | {"exclusions": ["misuse", "no_certificate"]})
    assert both.has("remedy.repair") is False


def test_a_finding_about_goods_of_an_unknown_class_leaves_the_rights_open() -> None:
    facts: dict[str, Any] = {
        "region": "shandong",
        "current_repair_days": 31,
        "delay_justified": False,
        "exclusions": ["misuse"],
    }
    assert verdict_on(**facts).has("remedy.refund") is False
    assert verdict_on(**facts | {"product_class": None}).has("remedy.refund") is None


def test_a_period_that_no_rule_starts_is_neither_open_nor_closed() -> None:
    facts: dict[str, Any] = {
        "product_class": "other",
        "region": "shanghai",
        "sold_on": "2022-01-01",
        "delivered_on": "2022-01-02",
    }
    verdict = verdict_on(**facts, on="2022-02-01", low_value_consumable=False, defect=False)
    assert verdict.start is None
    assert verdict.has("remedy.repair") is None


def test_no_promise_of_the_house_can_take_away_what_the_law_gives() -> None:
    shorter = book_with(entry("short", "kind: guarantee, segment: whole_unit, days: 10"))
    verdict = verdict_on(shorter)
    assert verdict.rights["guarantee.whole_unit"].winner.rule.id == f"{GENERAL}.refrigerator.whole"
    assert candidate(verdict, "house.short").fate is Fate.LOST


def test_a_better_promise_of_the_house_wins() -> None:
    longer = book_with(
        entry("long", "kind: guarantee, segment: whole_unit, months: 60"),
        entry("repair", "kind: remedy, options: [repair]", "when: {in_guarantee: [whole_unit]}"),
    )
    verdict = verdict_on(longer, on="2025-06-01", failed_repairs=2)
    assert verdict.rights["remedy.repair"].winner.rule.id == "house.repair"
    # The right to a replacement is the law's and stays within the law's period.
    assert verdict.has("remedy.replace") is False


def test_an_order_of_the_platform_cannot_put_its_amount_before_the_law() -> None:
    platform = HEAD.replace("layer: seller", "layer: platform")
    book = book_with(
        entry("first", "kind: precedence, over: [money.fraud_damages], rule: platform_amount"),
        entry("little", "kind: money, what: fraud_damages, of: platform_amount"),
        head=platform,
    )
    verdict = verdict_on(book, fraud=True, platform_amount="1")
    assert verdict.rights["money.fraud_damages"].winner.rule.id == "cn-consumer-law-2013.fraud"


@pytest.mark.parametrize(
    ("platform", "promised", "winner", "beaten"),
    [
        ("taobao", "30", "seller-promises.promised-penalty", Fate.LOST),
        ("taobao", "10", "taobao-disputes-2025.platform-penalty", Fate.LOST),
        ("jd", "30", "jd-disputes-2025.platform-penalty", Fate.GOVERNED),
        ("jd", "10", "jd-disputes-2025.platform-penalty", Fate.GOVERNED),
    ],
)
def test_platforms_order_promise_and_rule_each_in_its_own_way(
    platform: str, promised: str, winner: str, beaten: Fate
) -> None:
    facts = {"matter": "dispute", "on": "2025-09-10", "sold_on": "2025-09-01", "platform": platform, "price": "200"}
    amounts = {"promised_amount": promised, "platform_amount": "20"}
    verdict = judge(shipped_book(), read_facts(facts | amounts))
    right = verdict.rights["money.penalty"]
    assert right.winner.rule.id == winner
    assert [one.fate for one in right.losers] == [beaten]
    assert right.decided_by is not None
    assert right.decided_by.source.article == {"taobao": "15", "jd": "47"}[platform]


def test_an_agreement_comes_before_the_platforms_rule_where_the_platform_says_so() -> None:
    facts = {"matter": "dispute", "on": "2025-09-10", "sold_on": "2025-09-01", "platform": "taobao", "price": "200"}
    amounts = {"promised_amount": "30", "platform_amount": "20", "agreed_amount": "5"}
    right = judge(shipped_book(), read_facts(facts | amounts)).rights["money.penalty"]
    assert right.winner.rule.id == "agreements.agreed-amount"
    assert {one.fate for one in right.losers} == {Fate.GOVERNED}
    assert right.decided_by is not None
    assert right.decided_by.source.article == "7"


def test_without_an_amount_of_the_platform_its_order_has_nothing_to_say() -> None:
    facts = {"matter": "dispute", "on": "2025-09-10", "sold_on": "2025-09-01", "platform": "jd", "price": "200"}
    right = judge(shipped_book(), read_facts(facts | {"promised_amount": "30", "agreed_amount": "5"})).rights[
        "money.penalty"
    ]
    assert right.winner.rule.id == "seller-promises.promised-penalty"
    assert right.decided_by is None


def test_two_limits_of_one_authority_run_side_by_side() -> None:
    right = judge(shipped_book(), read_facts({"matter": "complaint", "on": "2025-03-14", "region": "hunan"})).rights[
        "limit.regulator_mediate"
    ]
    assert [one.rule.id for one in right.winners] == [
        "cn-12315-2022.mediate",
        "cn-consumer-rules-2024.mediation-60-days",
    ]
    assert right.losers == []


def test_a_refund_is_never_less_than_nothing() -> None:
    verdict = verdict_on(
        on="2026-02-01", faulty_part="compressor", failed_repairs=2, same_model_available=True, price="0.01"
    )
    outcome = verdict.rights["remedy.refund"].winner.outcome
    assert isinstance(outcome, Granted)
    assert outcome.refund_least == 0


def test_the_plain_form_cites_every_rule_of_the_trace() -> None:
    told = plain_verdict(verdict_on(failed_repairs=2, same_model_available=True))
    versions = {line["rule"] for line in told["trace"]}
    assert versions == told["rules"].keys()
    assert told["rights"]["remedy.refund"]["outcome"]["refund_least"] == "1725.00"
    assert told["facts"]["sold_on"] == FRIDGE["sold_on"]
    cited = told["rules"][told["rights"]["remedy.replace"]["rules"][0]]
    assert (cited["rule"], cited["verified"], cited["source"]["mark"]) == (
        f"{GENERAL}.two-repairs",
        "secondary",
        "F:S15",
    )
