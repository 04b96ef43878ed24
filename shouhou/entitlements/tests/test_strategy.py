"""The adviser, without a database."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shouhou.entitlements.rules.figures import RANGES, Complexity, FigureInvalid, Figures, costs_of
from shouhou.entitlements.rules.scope import Strategy
from shouhou.entitlements.rules.strategy import NEEDS, WEIGHTS, WORDS, advise

# A cabinet air conditioner: dear, long-lived, complex; and a table fan, which is none of it.
DEAR = Figures(
    price=Decimal(6999),
    life_years=Decimal(10),
    complexity=Complexity.COMPLEX,
    peak_share=Decimal(60),
    patented=False,
    units_a_year=8000,
    repairs_a_year=Decimal("0.15"),
    repair_cost=Decimal(220),
    free_months=72,
)
CHEAP = Figures(
    price=Decimal(99),
    life_years=Decimal(2),
    complexity=Complexity.SIMPLE,
    peak_share=Decimal(30),
    patented=False,
    units_a_year=300,
    repairs_a_year=Decimal("0.1"),
    repair_cost=Decimal(60),
    free_months=12,
)
SEASONAL = replace(
    DEAR, price=Decimal(1899), life_years=Decimal(6), complexity=Complexity.MEDIUM, patented=True, units_a_year=900
)


def decimals(name: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    least, most = RANGES[name]
    return st.decimals(min_value=least, max_value=most, places=places)


def counts(name: str) -> st.SearchStrategy[int]:
    least, most = RANGES[name]
    return st.integers(min_value=int(least), max_value=int(most))


KNOWN: dict[str, st.SearchStrategy[Any]] = {
    "price": decimals("price"),
    "life_years": decimals("life_years", 1),
    "complexity": st.sampled_from(Complexity),
    "peak_share": decimals("peak_share", 1),
    "patented": st.booleans(),
    "units_a_year": counts("units_a_year"),
    "repairs_a_year": decimals("repairs_a_year"),
    "repair_cost": decimals("repair_cost"),
    "free_months": counts("free_months"),
}
all_known = st.builds(Figures, **KNOWN)
some_known = st.builds(Figures, **{name: st.none() | values for name, values in KNOWN.items()})


@pytest.mark.parametrize(
    ("figures", "proposed"),
    [(DEAR, Strategy.FULL), (SEASONAL, Strategy.SPECIAL), (CHEAP, Strategy.ADEQUATE)],
)
def test_the_three_cases_of_the_trade(figures: Figures, proposed: Strategy) -> None:
    advice = advise(figures)
    assert advice.proposed == proposed
    assert not advice.missing
    assert {one.factor for one in advice.reasons} == set(WEIGHTS)
    assert max(advice.totals) == advice.totals[[*Strategy].index(proposed)]


@given(all_known)
def test_whoever_knows_everything_gets_one_answer(figures: Figures) -> None:
    assert advise(figures).proposed in set(Strategy)


@given(some_known, decimals("price"))
def test_a_higher_price_never_leads_away_from_full(figures: Figures, price: Decimal) -> None:
    if figures.price is None or advise(figures).proposed != Strategy.FULL:
        return
    assert advise(replace(figures, price=max(price, figures.price))).proposed == Strategy.FULL


@given(all_known, st.sampled_from(["life_years", "complexity", "units_a_year"]), st.data())
def test_nor_do_a_longer_life_more_complexity_or_more_units(figures: Figures, name: str, data: st.DataObject) -> None:
    if advise(figures).proposed != Strategy.FULL:
        return
    order = [*Complexity].index if name == "complexity" else lambda value: value
    more = max(getattr(figures, name), data.draw(KNOWN[name]), key=order)
    assert advise(replace(figures, **{name: more})).proposed == Strategy.FULL


@given(some_known, st.data())
def test_what_is_learned_later_stays_within_what_was_possible(figures: Figures, data: st.DataObject) -> None:
    unknown = [name for name in KNOWN if getattr(figures, name) is None]
    learned = replace(figures, **{name: data.draw(KNOWN[name]) for name in unknown})
    before, after = advise(figures), advise(learned)
    assert after.proposed in before.possible
    assert set(before.missing) == set(unknown)


def test_what_is_not_known_is_asked_for_and_not_guessed() -> None:
    nothing = advise(Figures())
    assert nothing.proposed is None
    assert nothing.possible == set(Strategy)
    assert set(nothing.missing) == {name for names in NEEDS.values() for name in names}
    assert nothing.reasons == ()
    assert nothing.costs.a_year is None
    # Where nothing that is missing could change it, it is proposed all the same.
    enough = advise(replace(DEAR, peak_share=Decimal(30), patented=False, units_a_year=None))
    assert (enough.proposed, enough.missing) == (Strategy.FULL, ("units_a_year",))


def test_of_two_that_are_even_the_better_one_for_the_buyer_is_proposed() -> None:
    even = advise(replace(DEAR, price=Decimal(2599), units_a_year=4000, repair_cost=Decimal(500)))
    assert even.totals[0] == even.totals[1]
    assert (even.proposed, even.is_even) == (Strategy.FULL, True)
    assert not advise(DEAR).is_even


def test_what_it_costs_is_reckoned_from_the_figures() -> None:
    costs = costs_of(DEAR)
    assert costs.a_year == Decimal("33.00")
    assert costs.in_guarantee == Decimal("198.00")
    assert costs.over_life == Decimal("330.00")
    assert costs.share == Decimal("2.8")
    assert costs.of_a_years_sales == Decimal("1584000.00")
    missing = costs_of(replace(DEAR, free_months=None))
    assert (missing.a_year, missing.in_guarantee, missing.share) == (Decimal("33.00"), None, None)
    assert costs_of(replace(DEAR, repairs_a_year=Decimal(0))).share == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price", Decimal(0)),
        ("price", Decimal("NaN")),
        ("life_years", Decimal("0.4")),
        ("peak_share", Decimal("24.9")),
        ("peak_share", Decimal("100.1")),
        ("units_a_year", -1),
        ("repair_cost", Decimal("-0.01")),
        ("free_months", 601),
    ],
)
def test_it_refuses_figures_that_cannot_be(name: str, value: Any) -> None:
    with pytest.raises(FigureInvalid) as caught:
        advise(replace(DEAR, **{name: value}))
    assert caught.value.field == name
    assert str(caught.value)


@given(all_known)
def test_every_reason_is_a_sentence_in_both_languages(figures: Figures) -> None:
    for reason in advise(figures).reasons:
        said = []
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said.append(str(reason))
        english, chinese = said
        assert english != chinese
        assert "%(" not in english + chinese


def test_each_level_has_its_words() -> None:
    assert {factor: len(levels) for factor, levels in WEIGHTS.items()} == {
        factor: len(levels) for factor, levels in WORDS.items()
    }
