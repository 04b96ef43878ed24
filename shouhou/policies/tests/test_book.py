"""All rules together: versions do not overlap, packs do not contradict each other unseen."""

import pytest

from shouhou.policies.rules.book import OverlappingVersions, PacksContradict, RuleBook, UnknownRule
from shouhou.policies.schema.loading import shipped_book
from shouhou.policies.tests.cast import HEAD, book_with, entry, house, verdict_on

LIMIT = "kind: limit, act: greet, side: trader, amount: {}, unit: {}, since: call"


def book(*rules: str) -> RuleBook:
    return RuleBook(house(*rules))


def test_versions_of_one_rule_follow_each_other() -> None:
    old = entry("one", LIMIT.format(3, "days"), 'since: "2020-01-01"', 'until: "2025-01-01"')
    new = entry("one", LIMIT.format(2, "days"), 'since: "2025-01-01"')
    both = book_with(new, old)
    assert [rule.in_force_since for rule in both.get("house.one")] == ["2020-01-01", "2025-01-01"]
    for sold, amount in (("2024-12-31", 3), ("2025-01-01", 2)):
        then = verdict_on(both, on="2026-01-01", sold_on=sold).rights["limit.greet"].winner.rule.then
        assert getattr(then, "amount", None) == amount


def test_before_the_first_version_there_is_no_right() -> None:
    both = book_with(entry("one", LIMIT.format(3, "days"), 'since: "2020-01-01"'))
    verdict = verdict_on(both, sold_on="2019-12-31")
    assert verdict.has("limit.greet") is False
    assert "house.one" in {rule.id for rule in verdict.dormant}


@pytest.mark.parametrize(("until", "since"), [("2025-01-02", "2025-01-01"), ("2030-01-01", "2025-01-01")])
def test_overlapping_versions_are_refused(until: str, since: str) -> None:
    old = entry("one", LIMIT.format(3, "days"), f'until: "{until}"')
    new = entry("one", LIMIT.format(2, "days"), f'since: "{since}"')
    with pytest.raises(OverlappingVersions, match=r"house\.one"):
        book(old, new)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LIMIT.format(3, "days"), LIMIT.format(2, "days")),
        (LIMIT.format(3, "working_days"), LIMIT.format(2, "working_days")),
        (LIMIT.format(48, "hours"), LIMIT.format(2, "days")),
        (LIMIT.format(1, "months"), LIMIT.format(31, "days")),
        # Five working days take five days at least.
        (LIMIT.format(5, "working_days"), LIMIT.format(5, "days")),
        ("kind: bearer, of: freight, bearer: trader", "kind: bearer, of: freight, bearer: customer"),
    ],
)
def test_what_is_plainly_better_or_worse_may_stand_side_by_side(one: str, other: str) -> None:
    assert len(book(entry("one", one), entry("two", other)).rules) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LIMIT.format(5, "working_days"), LIMIT.format(6, "days")),
        (LIMIT.format(1, "months"), LIMIT.format(30, "days")),
        (LIMIT.format(3, "days"), LIMIT.format(3, "days").replace("since: call", "since: visit")),
        (LIMIT.format(3, "days"), LIMIT.format(3, "days").replace("side: trader", "side: customer")),
        ("kind: rhythm, of: visits, every: 1, unit: months", "kind: rhythm, of: visits, every: 2, unit: months"),
        ("kind: ladder, of: x, steps: [warning]", "kind: ladder, of: x, steps: [dismissal]"),
        ("kind: money, what: x, of: price", "kind: money, what: x, points: 500"),
        (
            "kind: precedence, over: [money.x], rule: higher_amount",
            "kind: precedence, over: [money.x], rule: platform_amount",
        ),
    ],
)
def test_a_contradiction_is_refused_with_both_names(one: str, other: str) -> None:
    with pytest.raises(PacksContradict) as caught:
        book(entry("one", one), entry("two", other))
    assert caught.value.params["first"].startswith("house.one@")
    assert caught.value.params["second"].startswith("house.two@")


def test_a_rule_of_precedence_settles_a_contradiction() -> None:
    rules = [entry("one", LIMIT.format(5, "working_days")), entry("two", LIMIT.format(6, "days"))]
    order = entry("order", "kind: precedence, over: [limit.greet], rule: whichever_first")
    assert len(book(*rules, order).rules) == 3


@pytest.mark.parametrize(
    "apart",
    [
        ("applies: {regions: [hunan]}", "applies: {regions: [hubei]}"),
        ("applies: {classes: [shoes]}", "applies: {groups: [sanbao]}"),
        ('until: "2025-01-01"', 'since: "2025-01-01"'),
        ("matters: [defect]", "matters: [care]"),
        ("when: {rank: senior}", "when: {rank: ordinary}"),
        ("when: {defect: true}", "when: {defect: false}"),
    ],
)
def test_rules_that_never_meet_do_not_contradict(apart: tuple[str, str]) -> None:
    one, other = (
        entry(name, f"kind: rhythm, of: visits, every: {every}, unit: months", limit)
        for (name, every), limit in zip((("one", 1), ("two", 2)), apart, strict=True)
    )
    assert len(book(one, other).rules) == 2


@pytest.mark.parametrize(
    "together",
    [
        ("applies: {regions: [hunan]}", "applies: {regions: [hubei, hunan]}"),
        ("when: {failed_repairs: {at_least: 2}}", "when: {failed_repairs: {at_least: 3}}"),
        ("when: {in_guarantee: [whole_unit]}", "when: {in_guarantee: [main_parts]}"),
        ("when: {rank: senior}", "when: {defect: true}"),
        ("applies: {promises: [arrival]}", "applies: {promises: [named_courier]}"),
    ],
)
def test_rules_that_can_meet_do(together: tuple[str, str]) -> None:
    one, other = (
        entry(name, f"kind: rhythm, of: visits, every: {every}, unit: months", limit)
        for (name, every), limit in zip((("one", 1), ("two", 2)), together, strict=True)
    )
    with pytest.raises(PacksContradict):
        book(one, other)


def test_a_successor_does_not_contradict_what_it_takes_the_place_of() -> None:
    old = entry("one", "kind: rhythm, of: visits, every: 1, unit: months")
    new = entry("two", "kind: rhythm, of: visits, every: 2, unit: months", "supersedes: [house.one]")
    both = book(old, new)
    assert verdict_on(both).rights["rhythm.visits"].winner.rule.id == "house.two"


def test_rules_that_say_the_same_stand_side_by_side() -> None:
    same = "kind: rhythm, of: visits, every: 1, unit: months"
    right = verdict_on(book(entry("two", same), entry("one", same))).rights["rhythm.visits"]
    assert [one.rule.id for one in (*right.winners, *right.losers)] == ["house.one", "house.two"]


def test_what_is_superseded_must_exist() -> None:
    with pytest.raises(UnknownRule, match=r"house\.ghost"):
        book(entry("one", LIMIT.format(3, "days"), "supersedes: [house.ghost]"))
    with pytest.raises(UnknownRule):
        shipped_book().get("house.one")


def test_the_fingerprint_tells_books_apart() -> None:
    shipped = shipped_book()
    assert RuleBook(reversed(shipped.rules)).fingerprint == shipped.fingerprint
    assert book_with(entry("one", LIMIT.format(3, "days"))).fingerprint != shipped.fingerprint


def test_many_combinations_of_keys_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    small = RuleBook(house(entry("one", LIMIT.format(3, "days"), "applies: {brands: [gree]}"), head=HEAD))
    for brand in ("a", "b", "c", "gree"):
        verdict_on(small, brand=brand)
    assert len(small._selections) == 2
    monkeypatch.setattr("shouhou.policies.rules.book._CACHED", 2)
    verdict_on(small, brand="a", region="hubei")
    assert len(small._selections) == 1
