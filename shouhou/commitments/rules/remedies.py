"""What a missed promise owes: by which formula, in what, from whom, to whom. Computed once, with every figure that was used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass as plain_dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Annotated, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass

from shouhou.commitments.rules.formulas import Amount, Formula
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.kernel.money import Money
from shouhou.policies.rules.words import Standing

_STRICT = ConfigDict(extra="forbid")
_DAY = timedelta(days=1)
_HOUR = Decimal(3600)

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Payer(TextChoices):
    """Out of whose pocket it comes."""

    COMPANY = "company", _("The company")
    SELLER_DEPOSIT = "seller_deposit", _("The seller's deposit")
    CARRIER = "carrier", _("The carrier")
    TECHNICIAN = "technician", _("The technician")


class Payee(TextChoices):
    """Who gets it."""

    CUSTOMER = "customer", _("The customer")
    SELLER = "seller", _("The seller")
    COMPANY = "company", _("The company")


class Means(TextChoices):
    """In what it is given."""

    CASH = "cash", _("Money")
    CREDIT_NOTE = "credit_note", _("Credit note")
    POINTS = "points", _("Points")


class FactsMissing(Invalid):
    code = "remedy_facts_missing"
    template = gettext_noop("What “%(remedy)s” owes cannot be computed: it is not known: %(facts)s.")


class FactImpossible(Invalid):
    code = "remedy_fact_impossible"
    template = gettext_noop("%(fact)s cannot be %(value)s.")


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Words:
    """The same in both languages."""

    zh: Text
    en: Text


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Part:
    """Which share of the whole one of several payers bears."""

    who: Payer
    share: Annotated[Decimal, Field(gt=0, le=1)]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Remedy:
    """One remedy as a row of policy data.

    `floor` and `cap` bound what is owed at all, in `currency`; points are counted by what one of them is worth (`point_value`).
    `top_up_days`: within how many days a seller fills his deposit up again when it did not reach.
    `mark` and `verified`: where the figures are from, in the words of the policy packs.
    """

    id: Code
    title: Words
    formula: Formula
    payer: Payer | Annotated[tuple[Part, ...], Field(min_length=2)]
    payee: Payee
    means: Means = Means.CASH
    currency: str = "CNY"
    floor: Amount | None = None
    cap: Amount | None = None
    point_value: Amount | None = None
    top_up_days: Annotated[int, Field(gt=0)] = 15
    article: str = ""
    mark: str
    verified: Standing

    @cached_property
    def version(self) -> str:
        """Names the remedy and changes with whatever it says."""
        return f"{self.id}#{digest(self.as_json()).hex()[:10]}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The payers with their shares, which are one together."""
        return self.payer if isinstance(self.payer, tuple) else (Part(who=self.payer, share=Decimal(1)),)

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts without which nothing can be computed."""
        return self.formula.needs

    def as_json(self) -> dict[str, Any]:
        """For the table: `read_remedy` reads it back."""
        written: dict[str, Any] = _SHAPE.dump_python(self, mode="json")
        return written


_SHAPE = TypeAdapter(Remedy)


def read_remedy(stored: Mapping[str, Any]) -> Remedy:
    """A remedy as `as_json` wrote it. Raises pydantic's ValidationError for what it never wrote."""
    return _SHAPE.validate_python(stored)


@plain_dataclass(frozen=True, slots=True)
class Owed:
    """What a breach owes. `exact` is what the formula said, before floor, cap and rounding; `bound` which of them counted.

    Points are given beside the amount that they are worth. `parts` are the payers' amounts, which add up to `amount`.
    """

    amount: Money
    exact: Decimal
    bound: str
    points: int | None
    parts: tuple[tuple[Payer, Money], ...]

    @property
    def is_nothing(self) -> bool:
        return not self.amount.amount


def compute(remedy: Remedy, facts: Mapping[str, Decimal | int | None]) -> Owed:
    """What the remedy owes by these facts. Nothing is guessed. Raises FactsMissing (with their names), FactImpossible."""
    known = {name: Decimal(value) for name in remedy.needs if (value := facts.get(name)) is not None}
    if missing := [name for name in remedy.needs if name not in known]:
        raise FactsMissing(remedy=remedy.id, facts=", ".join(missing), field=missing[0])
    for name, value in known.items():
        if not value.is_finite() or value < 0:
            raise FactImpossible(fact=name, value=value, field=name)
    exact = remedy.formula.owed(known)
    bounded, bound = _bounded(exact, remedy)
    amount, points = _rounded(bounded, remedy)
    return Owed(amount, exact, bound, points, split(amount, remedy.parts))


def split(amount: Money, parts: Sequence[Part]) -> tuple[tuple[Payer, Money], ...]:
    """The amount among the payers, to the minor unit; what rounding leaves over goes to those who lose most by it, in order."""
    whole = amount.minor_units()
    exact = [whole * one.share for one in parts]
    units = [int(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda place: units[place] - exact[place])
    for place in order[: whole - sum(units)]:
        units[place] += 1
    shares = zip(parts, units, strict=True)
    return tuple((one.who, Money.of_minor_units(share, amount.currency)) for one, share in shares if share)


def delay_facts(due_at: datetime, kept_at: datetime) -> dict[str, Decimal]:
    """How late it was: hours as they are, days as begun ones (24 hours and one minute are two days). Never below zero."""
    late = max(kept_at - due_at, timedelta())
    return {"days_late": Decimal(-(-late // _DAY)), "hours_late": Decimal(late // timedelta(seconds=1)) / _HOUR}


def _bounded(exact: Decimal, remedy: Remedy) -> tuple[Decimal, str]:
    # Who owes nothing owes no floor either: one free day is one free day.
    if exact and remedy.floor is not None and exact < remedy.floor:
        return remedy.floor, "floor"
    if remedy.cap is not None and exact > remedy.cap:
        return remedy.cap, "cap"
    return exact, ""


def _rounded(exact: Decimal, remedy: Remedy) -> tuple[Money, int | None]:
    """The one place where a remedy is rounded: half up, to the minor unit or to whole points."""
    if remedy.means != Means.POINTS or remedy.point_value is None:
        return Money(exact, remedy.currency).rounded(), None
    points = int((exact / remedy.point_value).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Money(points * remedy.point_value, remedy.currency).rounded(), points


def party_of(who: Payer) -> str:
    """The name under which an award keeps who that payer is."""
    return "seller" if who == Payer.SELLER_DEPOSIT else str(who)
