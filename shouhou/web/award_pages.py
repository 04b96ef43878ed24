"""What the pages of awards show: what is owed for a breach, how it was computed, who bears it, and what was done to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shouhou.access.actors import Actor
from shouhou.access.approvals import limit_of, roles_deciding
from shouhou.access.models import Branch
from shouhou.access.rules import Decision
from shouhou.commitments.models import Award, AwardStep, TopUp
from shouhou.commitments.queries.awards import steps_of, top_ups_of
from shouhou.commitments.rules.award_words import WAYS, AwardState, StepKind
from shouhou.commitments.rules.remedies import Payer, party_of
from shouhou.kernel.money import Money
from shouhou.ledger.rules import Reference
from shouhou.policies.wording import is_chinese, word
from shouhou.web.owner_names import Named, name_all

APPROVE, WITHDRAW, SETTLE = (f"commitments.{act}_award" for act in ("approve", "withdraw", "settle"))
TONES = {
    AwardState.PROPOSED: "amber",
    AwardState.APPROVED: "blue",
    AwardState.SETTLED: "green",
    AwardState.REFUSED: "plain",
    AwardState.WITHDRAWN: "plain",
    AwardState.REVERSED: "red",
}
# The figures that the formulas ask for.
_FACTS = {
    "days_late": gettext_lazy("days late"),
    "hours_late": gettext_lazy("hours late"),
    "paid_amount": gettext_lazy("paid by the customer"),
}
_STEP_TONES = {StepKind.APPROVED: "blue", StepKind.SETTLED: "green", StepKind.REVERSED: "red"}


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One row of the list."""

    award: Award
    payee: Named

    @property
    def title(self) -> str:
        return title_of(self.award)

    @property
    def tone(self) -> str:
        return TONES[AwardState(self.award.state)]


@dataclass(frozen=True, slots=True)
class Borne:
    """What one payer bears."""

    role: str
    who: Named | None
    amount: Money


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that was done to the award."""

    at: datetime
    words: str
    tone: str
    by: str
    entry_id: UUID | None


@dataclass(frozen=True, slots=True)
class AwardPage:
    """All that the page shows. `waits_for`: who may approve it where the reader may not."""

    award: Award
    title: str
    tone: str
    payee: Named
    about_url: str
    borne: list[Borne]
    facts: list[tuple[str, str]]
    bound: str
    verified: str
    is_placeholder: bool
    history: list[StepLine]
    top_ups: list[TopUp]
    ways: list[tuple[str, str]]
    offers: set[str]
    own: bool
    waits_for: str


def title_of(award: Award) -> str:
    """What the remedy is called."""
    title = award.formula.title
    return title.zh if is_chinese() else title.en


def award_lines(awards: Sequence[Award], *, branch: Branch) -> list[AwardLine]:
    """The awards of one branch for the list; a query for each kind of payee, however many there are."""
    names = name_all((one.party(one.payee) for one in awards), branch=branch)
    return [AwardLine(one, names[one.party(one.payee)]) for one in awards]


def read_award(award: Award, *, by: Actor, at: datetime) -> AwardPage:
    """All of it. Whoever found the award has checked branch and permission."""
    payers = [(who, _party(award, who), amount) for who, amount in award.borne_by]
    wanted = [award.party(award.payee), *(party for _who, party, _amount in payers if party)]
    names = name_all(wanted, branch=award.branch)
    own = award.proposed_by_id is not None and award.proposed_by_id == by.user_id
    kind = Decision(award.decision)
    authority = limit_of(by, kind=kind, branch_id=award.branch_id, currency=award.currency, at=at)
    covers = authority.covers(award.amount.amount)
    deciders = roles_deciding(award.amount, kind=kind, branch=award.branch, at=at)
    remedy = award.formula
    return AwardPage(
        award=award,
        title=title_of(award),
        tone=TONES[AwardState(award.state)],
        payee=names[award.party(award.payee)],
        about_url=_url_of(award),
        borne=[Borne(str(who.label), names[party] if party else None, amount) for who, party, amount in payers],
        facts=[(str(_FACTS.get(name, name)), str(value)) for name, value in sorted(award.facts.items())],
        bound={"floor": _("at least so much"), "cap": _("at most so much")}.get(award.bound, ""),
        verified=word("verified", str(remedy.verified)),
        is_placeholder=remedy.mark.endswith("?"),
        history=[_step(one, award) for one in reversed(steps_of(award))],
        top_ups=list(top_ups_of(award)),
        ways=[(way.value, str(way.label)) for way in WAYS[award.means]],
        offers=set(_offers(award, own=own, covers=covers, by=by)),
        own=own,
        waits_for=" / ".join(str(role.label) for role in deciders) if award.state == AwardState.PROPOSED else "",
    )


def _offers(award: Award, *, own: bool, covers: bool, by: Actor) -> Iterator[str]:
    def may(code: str) -> bool:
        return by.may(code, award.branch_id)

    if award.state == AwardState.PROPOSED and may(APPROVE):
        yield "refuse"
        if covers and not own:
            yield "approve"
    if award.state == AwardState.APPROVED and may(SETTLE):
        yield "settle"
    if award.state in (AwardState.PROPOSED, AwardState.APPROVED, AwardState.SETTLED) and may(WITHDRAW):
        yield "withdraw"


def _party(award: Award, who: Payer) -> Reference | None:
    """Who a payer is; the company itself has no name here."""
    return None if who == Payer.COMPANY else award.party(party_of(who))


def _url_of(award: Award) -> str:
    pages = {"commitment": "promise", "work_order": "order"}
    page = pages.get(award.about_kind)
    return reverse(page, args=[award.about_id]) if page else ""


def _step(step: AwardStep, award: Award) -> StepLine:
    kind = StepKind(step.kind)
    words = str(kind.label)
    if kind is StepKind.SETTLED:
        amount: Decimal = step.amount_in(award.currency).amount
        words = pgettext("award step", "%(how)s: %(amount)s") % {"how": step.get_how_display(), "amount": amount}
    elif step.reason:
        words = _("%(what)s: %(reason)s") % {"what": words, "reason": step.reason}
    return StepLine(step.at, words, _STEP_TONES.get(kind, "plain"), str(step.by or ""), step.entry_id)
