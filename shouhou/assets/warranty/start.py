"""From which day guarantee periods run, as the rules in force say; or that nobody can say, and which day each guess gives."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from shouhou.assets.warranty.assumptions import Assumption, StartNotKnown
from shouhou.assets.warranty.happenings import SAID, Delivered, Installed, Sold
from shouhou.assets.warranty.periods import Periods
from shouhou.assets.warranty.reading import Life
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.policies.rules.rule import Rule
from shouhou.policies.rules.words import Basis, Restart

_FACTS = {Basis.SOLD: "sold_on", Basis.DELIVERED: "delivered_on", Basis.INSTALLED: "installed_on"}
_KINDS: dict[str, type[Sold | Delivered | Installed]] = {
    "sold_on": Sold,
    "delivered_on": Delivered,
    "installed_on": Installed,
}


class NoRuleForTheStart(Invalid):
    code = "no_rule_for_the_start"
    template = gettext_noop("No rule that is in force for this sale says from which day its guarantee runs.")


@dataclass(frozen=True, slots=True)
class StartDay:
    """A day from which periods run by a rule. `pending`: it is later than the delivery because the unit had to be installed."""

    day: date
    rule: Rule
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """The days that rules name, earliest first; the last one counts, the best for the customer.

    Empty where no day is known but a replacement has started the periods anyway.
    """

    days: tuple[StartDay, ...]


def dates_of(life: Life) -> dict[Basis, date | None]:
    """The days from which periods may run, as far as they are known."""
    return {
        Basis.SOLD: life.sold.on if life.sold else None,
        Basis.DELIVERED: life.delivered.on if life.delivered else None,
        Basis.INSTALLED: life.installed.on if life.installed else None,
    }


def start_of(life: Life, periods: Periods) -> Start:
    """Raises StartNotKnown with the days that it can have been, and NoRuleForTheStart."""
    dates = dates_of(life)
    bases = periods.bases()
    needs = [name for one in periods.clocks if one.then.basis is not None for name in one.needs]
    needs += [_FACTS[basis] for basis, _ in bases if dates[basis] is None]
    restarted = life.replaced_on is not None and periods.rule_of_restart(Restart.REPLACEMENT) is not None
    if needs and restarted:
        return Start(())
    if needs:
        names = tuple(dict.fromkeys(needs))
        # One thing at a time: the sale decides which rules are in force, they decide which of the days counts.
        facts = [name for name in names if name not in _KINDS]
        named = ["sold_on"] if "sold_on" in names else facts or list(names)
        raise StartNotKnown(
            needs=", ".join(names),
            field=named[0],
            assumptions=tuple(one for name in named for one in _supposed(life, name)),
        )
    days = [StartDay(day, rule) for basis, rule in bases if (day := dates[basis]) is not None]
    if not days and not restarted:
        raise NoRuleForTheStart
    days.sort(key=lambda one: (one.day, one.rule.rank))
    later = [one for place, one in enumerate(days) if place == 0 or one.day > days[place - 1].day]
    installing = next((rule for basis, rule in bases if basis is Basis.INSTALLED), None)
    delivered, installed = dates[Basis.DELIVERED], dates[Basis.INSTALLED]
    if installing is not None and delivered is not None and installed is not None and delivered < later[0].day:
        # Said in two steps, so that everybody sees that waiting for the installation cost no guarantee.
        pending = [replace(one, pending=True) if one.day == installed else one for one in later]
        later = [StartDay(delivered, installing), *pending]
    return Start(tuple(later))


def _supposed(life: Life, name: str) -> Iterator[Assumption]:
    history = life.history
    if name == "trader_installs":
        for answer, template in (
            (True, gettext_noop("the trader has to install it")),
            (False, gettext_noop("the trader does not have to install it")),
        ):
            yield Assumption(template, replace(history, trader_installs=answer))
    elif name in _KINDS:
        kind = _KINDS[name]
        known = [day for day in dates_of(life).values() if day is not None]
        latest = _first_sign(life)
        if kind is not Sold and latest in life.replaced:
            # What came on the day of the replacement is taken for the new unit.
            latest -= timedelta(days=1)
        # Nothing is installed before it is there; sale and delivery are the first that is known.
        like = (max if kind is Installed else min)(known, default=latest)
        if like != latest:
            yield Assumption(
                gettext_noop("the %(what)s was on %(day)s, like what else is known"),
                history.but(also=[kind(on=like)]),
                {"what": SAID[kind], "day": like.isoformat()},
            )
        yield Assumption(
            gettext_noop("the %(what)s was on %(day)s, the last day on which it can have been"),
            history.but(also=[kind(on=latest)]),
            {"what": SAID[kind], "day": latest.isoformat()},
        )


def _first_sign(life: Life) -> date:
    """The first day on which the customer surely had the unit; today if there is no other."""
    history = life.history
    stays, waits = (*life.earlier_stays, *life.stays), (*life.earlier_waits, *life.waits)
    moments = [*(one.begun_at for one in stays), *(one.begun_at for one in waits)]
    return min([*map(history.day_of, moments), *life.replaced, *(one.on for one in life.readings), life.on])
