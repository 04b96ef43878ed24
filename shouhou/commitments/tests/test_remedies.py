"""What breaches owe: the formulas by example, what holds for all of them, and the files that are refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhou.commitments.rules.formulas import FACTS, Fixed, PerDay, ShareOf, Tier, Tiers
from shouhou.commitments.rules.remedies import (
    FactImpossible,
    FactsMissing,
    Means,
    Owed,
    Part,
    Payee,
    Payer,
    Remedy,
    Words,
    compute,
    delay_facts,
    read_remedy,
    split,
)
from shouhou.commitments.rules.remedy_reading import (
    RemedyWithoutPayer,
    UnknownRemedy,
    get_remedy,
    read_remedies,
    shipped_remedies,
)
from shouhou.kernel.money import Money
from shouhou.policies.rules.words import Standing
from shouhou.policies.schema.marked import PackRefused

HEAD = "set: house\nsource: {zh: 内部规定, en: House rules}\nremedies:\n"
ONE = """  - id: one
    title: {zh: 一, en: One}
    formula: {kind: fixed, amount: "20"}
    payer: company
    payee: customer
    mark: Seed
    verified: verified
"""
DUE = datetime(2026, 11, 23, 16, tzinfo=UTC)


def remedy(formula: Any, **told: Any) -> Remedy:
    usual: dict[str, Any] = {"id": "one", "title": Words(zh="一", en="One"), "payer": Payer.COMPANY}
    usual |= {"payee": Payee.CUSTOMER, "mark": "Seed", "verified": Standing.VERIFIED}
    return Remedy(formula=formula, **usual | told)


def amount_of(name: str, **facts: str) -> str:
    return str(compute(get_remedy(name), {fact: Decimal(value) for fact, value in facts.items()}).amount.amount)


@pytest.mark.parametrize(
    ("name", "facts", "owed"),
    [
        ("late-delivery", {"days_late": "0"}, "0.00"),
        ("late-delivery", {"days_late": "3"}, "30.00"),
        ("late-delivery", {"days_late": "31"}, "300.00"),
        ("late-shipment", {"paid_amount": "60"}, "5.00"),
        ("late-shipment", {"paid_amount": "333.30"}, "16.67"),
        ("late-shipment", {"paid_amount": "2000"}, "50.00"),
        ("late-arrival", {"days_late": "0"}, "0.00"),
        ("late-arrival", {"days_late": "1"}, "5.00"),
        ("late-arrival", {"days_late": "2"}, "10.00"),
        ("late-arrival", {"days_late": "7"}, "20.00"),
        ("late-arrival", {"days_late": "8"}, "30.00"),
        ("late-arrival-voucher", {"hours_late": "2.01"}, "20.00"),
        ("unclear-page", {"paid_amount": "2599"}, "200.00"),
        ("late-complaint-answer", {}, "50.00"),
    ],
)
def test_the_shipped_remedies_by_example(name: str, facts: dict[str, str], owed: str) -> None:
    assert amount_of(name, **facts) == owed


def test_points_are_whole_and_have_a_worth() -> None:
    owed = compute(get_remedy("late-shipment-points"), {"paid_amount": Decimal("33.35")})
    assert (owed.points, owed.amount, owed.bound) == (1001, Money(Decimal("10.01")), "")
    owed = compute(get_remedy("late-shipment-points"), {"paid_amount": Decimal(5000)})
    assert (owed.points, owed.amount, owed.bound) == (50_000, Money(Decimal("500.00")), "cap")


def test_several_payers_bear_it_together() -> None:
    owed = compute(get_remedy("late-delivery-by-carrier"), {"days_late": 3})
    assert owed.parts == ((Payer.CARRIER, Money(Decimal("21.00"))), (Payer.COMPANY, Money(Decimal("9.00"))))


def test_free_days_and_shares_per_day() -> None:
    late = remedy(PerDay(kind="per_day", share=Decimal("0.0025"), of="paid_amount", free_days=2), floor=Decimal(5))
    assert compute(late, {"days_late": 2, "paid_amount": 1000}).is_nothing
    assert compute(late, {"days_late": 3, "paid_amount": 1000}).amount.amount == 5
    assert compute(late, {"days_late": 6, "paid_amount": 1000}).amount.amount == 10


def test_what_is_not_known_is_named_and_not_guessed() -> None:
    late = remedy(PerDay(kind="per_day", share=Decimal("0.01"), of="paid_amount"))
    with pytest.raises(FactsMissing) as caught:
        compute(late, {"days_late": None, "freight": 1})
    assert caught.value.params["facts"] == "days_late, paid_amount"
    for value in (Decimal(-1), Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(FactImpossible):
            compute(late, {"days_late": 1, "paid_amount": value})


@pytest.mark.parametrize(("late", "days"), [(-60, 0), (0, 0), (1, 1), (24 * 60, 1), (24 * 60 + 1, 2), (48 * 60 + 1, 3)])
def test_begun_days_count_as_whole_ones(late: int, days: int) -> None:
    facts = delay_facts(DUE, DUE + timedelta(minutes=late))
    assert facts["days_late"] == days
    assert facts["hours_late"] == max(Decimal(late), Decimal(0)) / 60


def test_a_remedy_is_kept_and_read_back_as_it_was() -> None:
    for one in shipped_remedies().values():
        assert read_remedy(one.as_json()) == one
        assert read_remedy(one.as_json()).version == one.version
    assert get_remedy("late-delivery").version != remedy(Fixed(kind="fixed", amount=Decimal(1))).version


def test_an_unknown_remedy_is_refused() -> None:
    with pytest.raises(UnknownRemedy):
        get_remedy("gift")


def test_a_remedy_without_payer_is_refused_by_name() -> None:
    for was in ("    payer: company\n", "company"):
        text = HEAD + ONE + ONE.replace("one", "two").replace(was, "" if was != "company" else "null")
        with pytest.raises(RemedyWithoutPayer) as caught:
            read_remedies(text, file="house.yaml")
        assert (caught.value.params["remedy"], caught.value.params["line"]) == ("two", 11)


@pytest.mark.parametrize(
    ("was", "now", "line", "reason"),
    [
        ("payer: company", "payer: santa", 7, "payer"),
        ("fixed", "fixd", 6, "expected tags"),
        ('amount: "20"', 'amount: "-20"', 6, "greater than 0"),
        ('amount: "20"', "amount: twenty", 6, "decimal"),
        ('amount: "20"', 'amount: "20", each: day', 6, "“each” is not known here"),
        ('kind: fixed, amount: "20"', "kind: per_day", 4, "either an amount or a share"),
        ('kind: fixed, amount: "20"', 'kind: per_day, share: "0.1"', 4, "a share is of something"),
        ('kind: fixed, amount: "20"', 'kind: share, share: "0.1", of: mood', 6, "paid_amount"),
        ('kind: fixed, amount: "20"', "kind: tiers, by: days_late, steps: []", 6, "at least 1"),
        (
            'kind: fixed, amount: "20"',
            'kind: tiers, by: days_late, steps: [{up_to: "2", amount: "5"}]',
            4,
            "has no end",
        ),
        (
            'kind: fixed, amount: "20"',
            'kind: tiers, by: days_late, steps: [{up_to: "2", amount: "5"}, {up_to: "2", amount: "6"}, {amount: "7"}]',
            4,
            "do not go up",
        ),
        (
            'kind: fixed, amount: "20"',
            'kind: tiers, by: days_late, steps: [{up_to: "2", amount: "5"}, {amount: "4"}]',
            4,
            "a longer delay would owe less",
        ),
        ("payee: customer", 'payee: customer\n    floor: "9"\n    cap: "8"', 4, "the cap lies below the floor"),
        ("payee: customer", "payee: company", 4, "nobody pays himself"),
        ("company\n    payee: customer", "carrier\n    payee: company\n    means: credit_note", 4, "takes money only"),
        ("payee: customer", "payee: customer\n    currency: XXX", 4, "“XXX” is not known"),
        ("payee: customer", "payee: customer\n    means: points", 4, "what one of them is worth"),
        (
            "payer: company",
            'payer: [{who: company, share: "0.5"}, {who: carrier, share: "0.4"}]',
            4,
            "not 1 together",
        ),
        (
            "payer: company",
            'payer: [{who: company, share: "0.5"}, {who: company, share: "0.5"}]',
            4,
            "a payer stands twice",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(was: str, now: str, line: int, reason: str) -> None:
    assert was in ONE
    with pytest.raises(PackRefused) as caught:
        read_remedies(HEAD + ONE.replace(was, now), file="house.yaml")
    assert reason in caught.value.params["reason"]
    assert caught.value.params["line"] == line


sums = st.decimals(min_value=Decimal("0.01"), max_value=100_000, places=2)
shares = st.decimals(min_value=Decimal("0.001"), max_value=2, places=3)
delays = st.integers(min_value=0, max_value=400)
formulas = st.one_of(
    st.builds(lambda a: Fixed(kind="fixed", amount=a), sums),
    st.builds(lambda a, free: PerDay(kind="per_day", amount=a, free_days=free), sums, st.integers(0, 5)),
    st.builds(lambda s: PerDay(kind="per_day", share=s, of="paid_amount"), shares),
    st.builds(lambda s: ShareOf(kind="share", share=s, of="paid_amount"), shares),
    st.builds(
        lambda ends, amounts: Tiers(
            kind="tiers",
            by="days_late",
            steps=(
                *(Tier(up_to=Decimal(end), amount=a) for end, a in zip(sorted(ends), sorted(amounts)[:2], strict=True)),
                Tier(amount=max(amounts)),
            ),
        ),
        st.sets(st.integers(1, 60), min_size=2, max_size=2),
        st.lists(sums, min_size=3, max_size=3),
    ),
)
bounds = st.tuples(sums, sums).map(sorted)
payers = st.sets(st.integers(1, 99), max_size=3).map(
    lambda cuts: tuple(
        Part(who=who, share=Decimal(end - begin) / 100)
        for who, (begin, end) in zip(Payer, pairwise([0, *sorted(cuts), 100]), strict=False)
    )
)


@given(formula=formulas, between=bounds, days=delays, paid=sums)
def test_it_stays_between_floor_and_cap(formula: Any, between: list[Decimal], days: int, paid: Decimal) -> None:
    low, high = between
    owed = compute(remedy(formula, floor=low, cap=high), {"days_late": days, "paid_amount": paid})
    assert owed.is_nothing or low <= owed.amount.amount <= high
    assert owed.is_nothing == (owed.exact == 0)


@given(formula=formulas, between=bounds, days=delays, more=st.integers(0, 100), paid=sums)
def test_a_longer_delay_never_owes_less(
    formula: Any, between: list[Decimal], days: int, more: int, paid: Decimal
) -> None:
    late = remedy(formula, floor=between[0], cap=between[1])
    sooner, later = (compute(late, {"days_late": one, "paid_amount": paid}) for one in (days, days + more))
    assert not later.amount < sooner.amount


@given(whole=st.integers(0, 10**9), parts=payers, currency=st.sampled_from(["CNY", "JPY"]))
def test_the_parts_of_the_payers_are_the_whole(whole: int, parts: tuple[Part, ...], currency: str) -> None:
    amount = Money.of_minor_units(whole, currency)
    found = split(amount, parts)
    assert sum(one.minor_units() for _, one in found) == whole
    for who, one in found:
        share = next(part.share for part in parts if part.who == who)
        assert abs(one.minor_units() - whole * share) < 1


@given(formula=formulas, days=delays, paid=sums)
def test_it_is_exact_to_half_a_fen(formula: Any, days: int, paid: Decimal) -> None:
    owed: Owed = compute(remedy(formula), {"days_late": days, "paid_amount": paid})
    assert abs(owed.amount.amount - owed.exact) <= Decimal("0.005")
    assert owed.amount == Money(owed.exact).rounded()


def test_every_fact_that_a_formula_can_name_is_known() -> None:
    assert {name for one in shipped_remedies().values() for name in one.needs} <= set(FACTS)
    assert {one.means for one in shipped_remedies().values()} == set(Means)
