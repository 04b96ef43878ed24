"""What the page of a unit shows: who pays for a repair of it, its guarantee drawn, its sale and life, the work on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from shouhou.assets.actions import RECORD_HISTORY
from shouhou.assets.models import Asset, UnitHappening
from shouhou.assets.queries import find_happenings, installs_of
from shouhou.catalog.models import ProductClass
from shouhou.entitlements.queries import find_findings, question_about
from shouhou.entitlements.rules.coverage import entitle
from shouhou.entitlements.rules.verdict import Coverage
from shouhou.forms.queries import find_sheets
from shouhou.policies.queries import rules_in_force
from shouhou.policies.rules.book import RuleBook
from shouhou.policies.rules.divided import DividedBook
from shouhou.policies.wording import fact_value, joined
from shouhou.web.book import book_lines, read_page
from shouhou.web.desk_inputs import error_lines
from shouhou.web.requests import ActorRequest
from shouhou.web.timeline import read_timeline
from shouhou.web.unit_inputs import LeftOutForm, MeterForm, ReplacementForm, SaleForm, TakeBackForm
from shouhou.web.unit_life import fault_names, found_lines, life_lines, repairs_in
from shouhou.web.unit_rights import UnitRights, rights_of
from shouhou.web.verdict_words import VerdictWords, words_of
from shouhou.web.warranty_words import WarrantyWords, warranty_words
from shouhou.workorders.queries import find_orders_of_asset, find_voucher_of_asset

SHOWN = 20
_MOST_WAYS = 6


@dataclass(frozen=True, slots=True)
class UnitWay:
    """What the guarantee would be under one way to read an unclear history."""

    assumption: str
    words: VerdictWords
    warranty: WarrantyWords | None


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """Who would pay for a repair today, the guarantee behind it, and what the customer may ask for.

    Without a `warranty` the history is unclear; then `ways` holds each way to read it. `more_ways`: those left out.
    """

    words: VerdictWords
    warranty: WarrantyWords | None
    rights: UnitRights | None
    ways: list[UnitWay]
    more_ways: int = 0


def unit_coverage(book: RuleBook | DividedBook, coverage: Coverage, unit: Asset, *, names: Any) -> UnitCoverage:
    """A coverage for the page. `names`: what the fault codes in the life of the unit mean."""
    words = words_of(coverage)
    ways = [
        UnitWay(said.assumption, words_of(one.coverage), warranty_words(one.coverage, unit=unit))
        for said, one in zip(words.ways, coverage.supposed[:_MOST_WAYS], strict=False)
    ]
    return UnitCoverage(
        words=words,
        warranty=warranty_words(coverage, unit=unit),
        rights=rights_of(book, coverage.guarantee, fault_names=names)
        if coverage.guarantee and isinstance(book, RuleBook)
        else None,
        ways=ways,
        more_ways=max(len(coverage.supposed) - _MOST_WAYS, 0),
    )


def unit_context(
    request: ActorRequest, unit: Asset, *, asked: str = "", refused: forms.Form | None = None
) -> dict[str, Any]:
    """All that the page shows. `asked` is the act that was `refused`: its form comes back with what was typed."""
    now, may = timezone.now(), request.actor.may
    happenings = find_happenings(unit)
    book = rules_in_force()
    coverage = entitle(book, question_about(unit, branch=unit.branch, at=now))
    voucher = find_voucher_of_asset(unit)
    turn = read_page(
        find_orders_of_asset(unit.id, by=request.actor),
        older=request.GET.get("older", ""),
        newer=request.GET.get("newer", ""),
        size=SHOWN,
    )
    today = now.astimezone(ZoneInfo(unit.branch.time_zone)).date()
    lines = book_lines(turn.orders, today=today)
    return {
        "asset": unit,
        "coverage": unit_coverage(book, coverage, unit, names=fault_names(happenings)),
        "sale": _sale_words(unit),
        "life": life_lines(
            happenings, orders=turn.orders, counts=coverage.guarantee.counts if coverage.guarantee else None
        ),
        "findings": found_lines(list(find_findings(unit)))[::-1],
        "forms": _forms(unit, happenings, now) | ({asked: refused} if refused else {}),
        "take_back": refused if asked.startswith("back-") else TakeBackForm(),
        "asked": asked,
        "refusals": error_lines(refused, shown=True) if refused else [],
        "voucher": voucher,
        "happened": read_timeline(turn.orders),
        "sheets": find_sheets(voucher.id, by=request.actor) if voucher else [],
        "lines": lines,
        "repeat": next((one for one in lines if one.repair > 1 and not one.struck), None),
        "open_lines": [one for one in lines if not one.struck],
        "turn": turn,
        "today": today,
        "certificate_holds": unit.guarantee_until is not None and today < unit.guarantee_until,
        "may_record": may(RECORD_HISTORY, unit.branch_id),
        "may_print": may("forms.print_form", unit.branch_id),
        "may_void": may("forms.void_form", unit.branch_id),
        "may_receive": may("workorders.receive_call", unit.branch_id),
        "section": "customers",
    }


def _forms(unit: Asset, happenings: Sequence[UnitHappening], now: datetime) -> dict[str, forms.Form]:
    repairs = repairs_in(happenings)
    left_out = {"left_out": LeftOutForm(repairs=repairs, initial={"ends_at": now})} if repairs else {}
    return {
        **left_out,
        "sale": SaleForm(unit=unit),
        "meter": MeterForm(initial={"at": now}),
        "replacement": ReplacementForm(initial={"at": now}),
    }


def _sale_words(unit: Asset) -> dict[str, Any]:
    """What of the sale has to be said in words."""
    kind: ProductClass = unit.product_model.product_class
    return {
        "installs": installs_of(unit),
        "installs_by_class": unit.trader_installs is None and kind.trader_installs is not None,
        "platform": fact_value("platform", unit.platform) if unit.platform else "",
        "promises": joined(fact_value("promises", one) for one in unit.promises),
    }
