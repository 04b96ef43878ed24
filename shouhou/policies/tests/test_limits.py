from datetime import date

import pytest

from shouhou.kernel.errors import Invalid
from shouhou.kernel.working_time.clock import Limit
from shouhou.kernel.working_time.lengths import CountFrom, Span
from shouhou.policies.rules.book import UnknownRule
from shouhou.policies.rules.limits import RuleNotInForce, RuleSetsNoLimit, limit_of, rule_with_limit
from shouhou.policies.rules.rights import SetsLimit
from shouhou.policies.rules.words import Span as SpanOfRules
from shouhou.policies.schema.loading import book_of, read_pack, shipped_book
from shouhou.policies.tests.cast import HEAD, RULE


def test_rules_and_kernel_have_one_list_of_units() -> None:
    assert SpanOfRules is Span


def test_every_limit_that_is_shipped_can_be_counted() -> None:
    rules = [rule for rule in shipped_book().rules if isinstance(rule.then, SetsLimit)]
    assert len(rules) > 50
    for rule in rules:
        assert isinstance(rule.then, SetsLimit)
        limit = limit_of(rule.then, count=rule.count_days_from)
        assert (limit.amount, limit.unit, limit.count) == (rule.then.amount, rule.then.unit, CountFrom.DAY_AFTER)


def test_a_pack_says_which_day_is_the_first() -> None:
    text = HEAD.replace("matters:", "count_days_from: same_day\nmatters:") + RULE
    rule, then = rule_with_limit(book_of([read_pack(text, file="house.yaml")]), "house.one", on=date(2026, 1, 1))
    assert limit_of(then, count=rule.count_days_from) == Limit(3, Span.DAYS, count=CountFrom.SAME_DAY)


@pytest.mark.parametrize(
    ("rule_id", "on", "refusal"),
    [
        ("jd-disputes-2025.evidence", date(2025, 7, 3), RuleNotInForce),
        ("jd-disputes-2025.platform-amount", date(2026, 1, 1), RuleSetsNoLimit),
        ("jd-disputes-2025.none-such", date(2026, 1, 1), UnknownRule),
    ],
)
def test_what_sets_no_limit_on_the_day_is_refused(rule_id: str, on: date, refusal: type[Invalid]) -> None:
    rule, _ = rule_with_limit(shipped_book(), "jd-disputes-2025.evidence", on=date(2025, 7, 4))
    assert rule.id == "jd-disputes-2025.evidence"
    with pytest.raises(refusal):
        rule_with_limit(shipped_book(), rule_id, on=on)


@pytest.mark.parametrize(
    "wrong",
    [
        "amount: -3",
        'amount: 3, window: "09:00-18:00"',
        'amount: 3, unit: hours, window: "9-18"',
        'amount: 3, unit: hours, window: "18:00-09:00"',
    ],
)
def test_a_limit_that_cannot_be_counted_is_refused_with_its_pack(wrong: str) -> None:
    rule = RULE.replace("amount: 3", wrong)
    rule = rule.replace("unit: days, ", "") if "unit: hours" in wrong else rule
    assert rule != RULE
    with pytest.raises(Invalid) as caught:
        read_pack(HEAD + rule, file="house.yaml")
    assert "house.yaml" in str(caught.value)
    assert len(read_pack(HEAD + RULE, file="house.yaml").rules) == 1
