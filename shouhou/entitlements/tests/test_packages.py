"""Service packages: what one says, who decides it, from when it counts."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouhou.access.actors import BranchNotVisible
from shouhou.access.permissions import Role
from shouhou.audit.models import Event
from shouhou.catalog.actions import retire_entry
from shouhou.catalog.queries import EntryRetired
from shouhou.entitlements.actions import decide_package
from shouhou.entitlements.actions.packages import (
    PackageInThePast,
    PackageReasonMissing,
    PackageTooLate,
    PackageUnchanged,
)
from shouhou.entitlements.models import PackageLine, ServicePackage
from shouhou.entitlements.package_queries import package_course, package_on
from shouhou.entitlements.rules.figures import FigureInvalid, Figures
from shouhou.entitlements.rules.scope import (
    ExtraMissing,
    ItemsIncomplete,
    LeavesSomethingOut,
    NothingLeftOut,
    NumberNotOfItem,
    NumberOutOfRange,
    SanbaoOwed,
    ScopeItem,
    ScopeLine,
    Strategy,
    Terms,
    checked_lines,
    usual_lines,
)
from shouhou.kernel.choices import UnknownChoice
from shouhou.kernel.errors import NotPermitted, Refusal
from shouhou.kernel.texts import TextTooLong
from tests.cast import NOW, Cast, refuses

TODAY = NOW.date()
FULL = usual_lines(Strategy.FULL)


def with_line(lines: tuple[ScopeLine, ...], item: ScopeItem, **given: Any) -> tuple[ScopeLine, ...]:
    """The lines with one of them otherwise."""
    return tuple(replace(line, **given) if line.item == item else line for line in lines)


SPECIAL = with_line(usual_lines(Strategy.SPECIAL), ScopeItem.GUIDANCE, extra="每季上门清洗一次")
ADEQUATE = usual_lines(Strategy.ADEQUATE)


def decide(cast: Cast, **given: Any) -> ServicePackage:
    usual: dict[str, Any] = {
        "strategy": Strategy.FULL,
        "lines": FULL,
        "reason": "高价耐用，安装复杂",
        "valid_from": TODAY,
        "branch": cast.hq,
        "by": cast.headquarters[Role.HQ],
        "at": NOW,
    }
    return decide_package(cast.air_conditioner, **usual | given)


# What a package says


@pytest.mark.parametrize(
    ("strategy", "lines"),
    [(Strategy.FULL, FULL), (Strategy.SPECIAL, SPECIAL), (Strategy.ADEQUATE, ADEQUATE)],
)
def test_each_strategy_has_its_usual_lines(strategy: Strategy, lines: tuple[ScopeLine, ...]) -> None:
    kept = checked_lines(strategy, reversed(lines))
    assert [line.item for line in kept] == list(ScopeItem)
    assert set(kept) == set(lines)


@pytest.mark.parametrize(
    ("strategy", "lines", "refusal", "field"),
    [
        (Strategy.FULL, FULL[:-1], ItemsIncomplete, ""),
        (Strategy.FULL, (*FULL, FULL[0]), ItemsIncomplete, ""),
        (Strategy.FULL, with_line(FULL, ScopeItem.GUIDANCE, terms=Terms.NONE, number=None), LeavesSomethingOut, "guidance_terms"),
        (Strategy.SPECIAL, usual_lines(Strategy.SPECIAL), ExtraMissing, "strategy"),
        (Strategy.ADEQUATE, FULL, NothingLeftOut, "strategy"),
        (Strategy.FULL, with_line(FULL, ScopeItem.SANBAO, terms=Terms.CHARGED), SanbaoOwed, "sanbao_terms"),
        (Strategy.ADEQUATE, with_line(ADEQUATE, ScopeItem.SANBAO, terms=Terms.NONE), SanbaoOwed, "sanbao_terms"),
        (Strategy.FULL, with_line(FULL, ScopeItem.SANBAO, number=3), NumberNotOfItem, "sanbao_number"),
        (Strategy.ADEQUATE, with_line(ADEQUATE, ScopeItem.GUIDANCE, number=1), NumberNotOfItem, "guidance_number"),
        (Strategy.FULL, with_line(FULL, ScopeItem.REPAIR, number=0), NumberOutOfRange, "repair_number"),
        (Strategy.FULL, with_line(FULL, ScopeItem.REPAIR, number=721), NumberOutOfRange, "repair_number"),
        (Strategy.FULL, with_line(FULL, ScopeItem.PARTS, number=31), NumberOutOfRange, "parts_number"),
        (Strategy.FULL, with_line(FULL, ScopeItem.PARTS, extra="长" * 121), TextTooLong, "parts_extra"),
        (Strategy.FULL, with_line(FULL, ScopeItem.PARTS, terms="maybe"), UnknownChoice, "parts_terms"),
        ("generous", FULL, UnknownChoice, "strategy"),
    ],
)  # fmt: skip
def test_it_refuses_what_no_package_can_say(
    strategy: Strategy, lines: tuple[ScopeLine, ...], refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as caught:
        checked_lines(strategy, lines)
    assert caught.value.field == field
    assert str(caught.value)


one_line = st.builds(
    ScopeLine,
    item=st.sampled_from(ScopeItem),
    terms=st.sampled_from(Terms),
    number=st.none() | st.integers(-1, 800),
    extra=st.text(max_size=130),
)


six_lines = st.tuples(
    *[
        st.builds(ScopeLine, item=st.just(item), terms=st.sampled_from(Terms), extra=st.sampled_from(["", "送货上门"]))
        for item in ScopeItem
    ]
)


@given(st.sampled_from(Strategy), st.lists(one_line, max_size=8) | six_lines)
def test_no_package_leaves_out_what_the_law_gives(strategy: Strategy, lines: list[ScopeLine]) -> None:
    try:
        kept = checked_lines(strategy, lines)
    except Refusal:
        return
    assert {line.item: line.terms for line in kept}[ScopeItem.SANBAO] == Terms.FREE
    assert [line.item for line in kept] == list(ScopeItem)


@given(st.sampled_from(Strategy), st.none() | st.integers(-5, 100))
def test_what_is_proposed_keeps_the_law_and_can_be_decided(strategy: Strategy, life: int | None) -> None:
    lines = usual_lines(strategy, life_years=life)
    assert {line.item: line.terms for line in lines}[ScopeItem.SANBAO] == Terms.FREE
    if strategy == Strategy.SPECIAL:
        lines = with_line(lines, ScopeItem.REPAIR, extra="上门取送")
    assert checked_lines(strategy, lines) == lines


# Who decides it, and from when it counts


def test_it_is_decided_with_its_lines_and_its_event(cast: Cast) -> None:
    figures = Figures(price=Decimal("2599.00"), free_months=72)
    package = decide(cast, figures=figures)
    stored = package_on(cast.air_conditioner, day=TODAY)
    assert stored == package
    assert stored is not None
    assert stored.scope == FULL
    assert stored.decided_by == cast.headquarters[Role.HQ].user
    assert stored.advice["figures"] == {"price": "2599.00", "free_months": 72}
    assert stored.advice["proposed"] == ""
    event = Event.objects.get(verb="entitlements.service_package.decided")
    assert (event.branch_id, event.data["strategy"], event.data["before"]) == (cast.hq.id, "full", "")
    assert event.data["lines"]["enquiries"] == ["free", 4, ""]


def test_the_last_that_has_begun_counts(cast: Cast) -> None:
    model, later = cast.air_conditioner, TODAY + timedelta(days=30)
    first = decide(cast)
    to_come = decide(cast, valid_from=later, strategy=Strategy.ADEQUATE, lines=ADEQUATE)
    instead = decide(cast, valid_from=later, strategy=Strategy.SPECIAL, lines=SPECIAL, at=NOW + timedelta(hours=1))
    assert package_on(model, day=TODAY - timedelta(days=1)) is None
    assert package_on(model, day=later - timedelta(days=1)) == first
    assert package_on(model, day=later) == instead
    today, then = package_course(model, day=TODAY), package_course(model, day=later)
    assert (today.now, today.future, today.past) == (first, [instead], [to_come])
    assert (then.now, then.future, then.past) == (instead, [], [to_come, first])
    assert package_on(cast.gas_heater, day=later) is None


def test_only_the_headquarters_decides(cast: Cast) -> None:
    decided = decide(cast), decide(cast, by=cast.headquarters[Role.MANAGER], strategy=Strategy.ADEQUATE, lines=ADEQUATE)
    assert [one.decided_by for one in decided] == [cast.headquarters[role].user for role in (Role.HQ, Role.MANAGER)]
    with refuses(NotPermitted):
        decide(cast, by=cast.headquarters[Role.ADMINISTRATOR])
    for actor in cast.qd.actors.values():
        with refuses(BranchNotVisible):
            decide(cast, by=actor)
        with refuses(NotPermitted):
            decide(cast, by=actor, branch=cast.qd.branch)
    # Who may do it at the headquarters still does it there, not at a branch.
    with refuses(NotPermitted):
        decide(cast, by=cast.headquarters[Role.HQ], branch=cast.qd.branch)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"reason": "  "}, PackageReasonMissing),
        ({"reason": "长" * 301}, TextTooLong),
        ({"valid_from": TODAY - timedelta(days=1)}, PackageInThePast),
        ({"valid_from": date(2200, 1, 1)}, PackageTooLate),
        ({"strategy": Strategy.ADEQUATE}, NothingLeftOut),
        ({"figures": Figures(price=Decimal(0))}, FigureInvalid),
    ],
)
def test_it_refuses_bad_input(given: dict[str, Any], refusal: type[Refusal], cast: Cast) -> None:
    with refuses(refusal):
        decide(cast, **given)


def test_the_same_again_is_refused_and_another_is_not(cast: Cast) -> None:
    decide(cast)
    with refuses(PackageUnchanged):
        decide(cast, valid_from=TODAY + timedelta(days=5))
    assert decide(cast, lines=with_line(FULL, ScopeItem.REPAIR, number=12)).scope != FULL


def test_the_day_is_that_of_the_headquarters(cast: Cast) -> None:
    evening = NOW.replace(hour=17)  # past midnight in China
    with refuses(PackageInThePast):
        decide(cast, at=evening)
    tomorrow = TODAY + timedelta(days=1)
    assert decide(cast, at=evening, valid_from=tomorrow).valid_from == tomorrow


def test_a_retired_model_gets_no_new_package(cast: Cast) -> None:
    retire_entry(cast.air_conditioner, branch=cast.qd.branch, by=cast.qd.administrator, at=NOW)
    with refuses(EntryRetired):
        decide(cast)


def test_what_was_decided_is_never_changed(cast: Cast) -> None:
    decide(cast)
    for rows, change in ((ServicePackage.objects, {"reason": "别的"}), (PackageLine.objects, {"extra": "别的"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.all()._raw_delete(rows.db)


def test_a_long_history_costs_no_more_queries(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            course = package_course(cast.air_conditioner, day=TODAY)
            assert [one.scope for one in [*course.future, *course.past, *([course.now] if course.now else [])]]
        return len(queries)

    decide(cast)
    before = cost()
    for hours in range(1, 6):
        decide(cast, lines=with_line(FULL, ScopeItem.REPAIR, number=hours), at=NOW + timedelta(minutes=hours))
    assert cost() == before == 2
