"""What is done for the units of a model after the sale: six kinds of work, on what terms each is offered, by which strategy."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.texts import written

DECIDE_PACKAGE = "entitlements.decide_package"
LONGEST_EXTRA = 120


class Strategy(TextChoices):
    """How much is done: all of it; a choice with something that others do not have; only what is needed."""

    FULL = "full", pgettext_lazy("package", "Full")
    SPECIAL = "special", pgettext_lazy("package", "Special")
    ADEQUATE = "adequate", pgettext_lazy("package", "Adequate")


class ScopeItem(TextChoices):
    """The six kinds of work that after-sales consists of. Whoever sees only 三包 takes the narrow view."""

    INSTALLATION = "installation", _("Installation and commissioning")
    GUIDANCE = "guidance", _("Guidance on use")
    PARTS = "parts", _("Supply of spare parts")
    REPAIR = "repair", pgettext_lazy("package", "Repair")
    SANBAO = "sanbao", _("Repair, replacement, refund (三包)")
    ENQUIRIES = "enquiries", _("Letters, visits, enquiries, opinions")


class Terms(TextChoices):
    """Who pays for a kind of work that is offered."""

    FREE = "free", pgettext_lazy("package", "free")
    CHARGED = "charged", pgettext_lazy("package", "charged")
    NONE = "none", pgettext_lazy("package", "not offered")


class Measure(TextChoices):
    """What the number of a line counts."""

    HOURS = "hours", _("answered within hours")
    VISITS = "visits", _("visits a year")
    YEARS = "years", _("years after the sale")


MEASURES = {
    ScopeItem.INSTALLATION: Measure.HOURS,
    ScopeItem.GUIDANCE: Measure.VISITS,
    ScopeItem.PARTS: Measure.YEARS,
    ScopeItem.REPAIR: Measure.HOURS,
    ScopeItem.ENQUIRIES: Measure.HOURS,
}
MOST = {Measure.HOURS: 720, Measure.VISITS: 52, Measure.YEARS: 30}


class ItemsIncomplete(Invalid):
    code = "package_items_incomplete"
    template = gettext_noop("A package says of each of the six kinds of work, once, whether it is offered.")


class NumberNotOfItem(Invalid):
    code = "package_number_not_of_item"
    template = gettext_noop("What is not offered, and 三包, whose periods the rules give, has no number.")


class NumberOutOfRange(Invalid):
    code = "package_number_out_of_range"
    template = gettext_noop("The number must lie between 1 and %(most)s.")


class SanbaoOwed(Invalid):
    code = "package_sanbao_owed"
    template = gettext_noop("The law gives 三包 to whoever bought the goods, free of charge. No package leaves it out.")


class LeavesSomethingOut(Invalid):
    code = "package_leaves_something_out"
    template = gettext_noop("A full package offers all six kinds of work.")


class ExtraMissing(Invalid):
    code = "package_extra_missing"
    template = gettext_noop(
        "A special package says what is special about it: write down an extra beside what is offered."
    )


class NothingLeftOut(Invalid):
    code = "package_nothing_left_out"
    template = gettext_noop(
        "An adequate package offers only a choice. What offers all six kinds of work is full or special."
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ScopeLine:
    """One kind of work of a package. `number` counts what MEASURES says of the item; None: not promised."""

    item: ScopeItem
    terms: Terms
    number: int | None = None
    extra: str = ""

    @property
    def offered(self) -> bool:
        return self.terms != Terms.NONE

    @property
    def measure(self) -> Measure | None:
        """What its number counts; None where it has none."""
        return MEASURES.get(self.item)


def checked_lines(strategy: Strategy, lines: Iterable[ScopeLine]) -> tuple[ScopeLine, ...]:
    """The lines of a package in the order of the six kinds of work, as they are kept.

    Raises ItemsIncomplete, SanbaoOwed, LeavesSomethingOut, ExtraMissing, NothingLeftOut, NumberNotOfItem, NumberOutOfRange,
    TextTooLong, TextUnreadable, UnknownChoice. A refusal's field is the item, an underscore, and what of it is wrong.
    """
    check_choice("strategy", strategy, Strategy.values)
    given = list(lines)
    for line in given:
        check_choice("item", line.item, ScopeItem.values)
        check_choice(f"{line.item}_terms", line.terms, Terms.values)
    by_item = {line.item: line for line in given}
    if len(given) != len(by_item) or set(by_item) != set(ScopeItem):
        raise ItemsIncomplete()
    kept = tuple(_checked(by_item[item]) for item in ScopeItem)
    if by_item[ScopeItem.SANBAO].terms != Terms.FREE:
        raise SanbaoOwed(field=f"{ScopeItem.SANBAO}_terms")
    _fits(strategy, kept)
    return kept


def _checked(line: ScopeLine) -> ScopeLine:
    extra = written(line.extra, most=LONGEST_EXTRA, field=f"{line.item}_extra")
    if line.number is not None:
        if line.measure is None or not line.offered:
            raise NumberNotOfItem(field=f"{line.item}_number")
        if not 1 <= line.number <= MOST[line.measure]:
            raise NumberOutOfRange(most=MOST[line.measure], field=f"{line.item}_number")
    return ScopeLine(item=line.item, terms=line.terms, number=line.number, extra=extra)


def _fits(strategy: Strategy, lines: tuple[ScopeLine, ...]) -> None:
    left_out = [line for line in lines if not line.offered]
    match strategy:
        case Strategy.FULL if left_out:
            raise LeavesSomethingOut(field=f"{left_out[0].item}_terms")
        case Strategy.SPECIAL if not any(line.extra for line in lines if line.offered):
            raise ExtraMissing(field="strategy")
        case Strategy.ADEQUATE if not left_out:
            raise NothingLeftOut(field="strategy")


def usual_lines(strategy: Strategy, *, life_years: int | None = None) -> tuple[ScopeLine, ...]:
    """With what a decision begins. A question is answered within four hours, as the company's standards want it;
    parts are kept for the life of the goods where it is known. The extra of a special package is for people to find.
    """
    adequate = strategy == Strategy.ADEQUATE
    visits = 1 if strategy == Strategy.FULL else None
    years = None if life_years is None else min(max(life_years, 1), MOST[Measure.YEARS])
    work = Terms.NONE if adequate else Terms.FREE
    return (
        ScopeLine(item=ScopeItem.INSTALLATION, terms=work, number=None if adequate else 48),
        ScopeLine(item=ScopeItem.GUIDANCE, terms=work, number=visits),
        ScopeLine(item=ScopeItem.PARTS, terms=Terms.CHARGED, number=years),
        ScopeLine(item=ScopeItem.REPAIR, terms=Terms.CHARGED, number=None if adequate else 24),
        ScopeLine(item=ScopeItem.SANBAO, terms=Terms.FREE),
        ScopeLine(item=ScopeItem.ENQUIRIES, terms=Terms.FREE, number=4),
    )
