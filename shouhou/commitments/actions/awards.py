"""Awards: what a breach owes is proposed, then approved or refused. Approved, it is in the books in the same act."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from shouhou.access.actors import Actor
from shouhou.access.approvals import limit_of, require_approval
from shouhou.access.models import Branch
from shouhou.access.queries import lock_open_branch
from shouhou.access.rules import Decision
from shouhou.audit.atomicity import act_transaction
from shouhou.commitments.actions._award import check_state, given_reason, lock_award, note_step, record_of_award
from shouhou.commitments.actions._award_books import AwardBooks
from shouhou.commitments.models import Award, TopUp
from shouhou.commitments.rules.award_words import AwardState, StepKind
from shouhou.commitments.rules.remedies import Owed, Payee, Payer, Remedy, compute, party_of
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.hashing import digest
from shouhou.kernel.texts import written
from shouhou.ledger.actions import KeyUsedOtherwise
from shouhou.ledger.rules import Reference, written_key

PROPOSE_AWARD = "commitments.propose_award"
APPROVE_AWARD = "commitments.approve_award"

type Parties = Mapping[str, Reference]


class NothingOwed(Conflict):
    code = "nothing_owed"
    template = gettext_noop("By “%(remedy)s” nothing is owed here.")


class PartyMissing(Invalid):
    code = "award_party_missing"
    template = gettext_noop("It is not said who is meant by: %(party)s.")


def propose_award(
    branch: Branch,
    *,
    remedy: Remedy,
    facts: Mapping[str, Decimal | int | None],
    parties: Parties,
    about: Reference,
    key: str,
    by: Actor,
    at: datetime,
    label: str = "",
    rule: str = "",
    permission: str = PROPOSE_AWARD,
) -> Award:
    """Write down what is owed for a breach, with remedy and figures as they are now. The same call again gives the same award.

    `parties` says who customer, seller, carrier and technician are, as far as they pay or are paid; `rule` is the version of the
    rule that was broken. Whoever asks for no more than he decides alone has approved it; else, and when the product itself
    asks, it waits for somebody who may.
    Raises FactsMissing, FactImpossible, NothingOwed, PartyMissing, KeyMissing, KeyUsedOtherwise, WordMalformed, TextTooLong,
    BranchClosed, BranchNotVisible, NotPermitted, and what posting an entry raises.
    """
    by.require(permission, branch.id)
    owed = compute(remedy, facts)
    if owed.is_nothing:
        raise NothingOwed(remedy=remedy.id)
    award = _drafted(branch, remedy, facts, owed, parties=parties, about=about, key=key, label=label, rule=rule)
    award.proposed_by, award.proposed_at = by.user, at
    with act_transaction():
        if known := _under_key(award):
            return known
        lock_open_branch(branch.id)
        try:
            with transaction.atomic():
                award.save(force_insert=True)
        except IntegrityError:  # the same call, in the same moment
            if known := _under_key(award):
                return known
            raise
        record_of_award(
            "proposed", award, {"remedy": award.remedy_version, "label": award.label}, by=by, at=at, opens=True
        )
        if _decides_alone(award, by=by, at=at):
            _approve(award, permission=permission, by=by, at=at)
        return award


def approve_award(award_id: UUID, *, by: Actor, at: datetime) -> Award:
    """Approve what another proposed: every payer is charged, and it is owed to the payee from now on.

    What a seller's deposit does not reach for he has to fill up; until he has, only the rest can be settled.
    Raises AwardNotFound, AwardInOtherState, OwnRequest, AboveLimit, NobodyDecides, ApproverNeeded, NotPermitted.
    """
    with act_transaction():
        award = lock_award(award_id, permission=APPROVE_AWARD, by=by)
        check_state(award, AwardState.PROPOSED)
        require_approval(
            award.amount,
            kind=Decision(award.decision),
            branch_id=award.branch_id,
            asked_by=award.proposed_by_id,
            by=by,
            at=at,
        )
        _approve(award, permission=APPROVE_AWARD, by=by, at=at)
        return award


def refuse_award(award_id: UUID, *, reason: str, by: Actor, at: datetime) -> Award:
    """Say why it is not owed. Raises AwardNotFound, AwardInOtherState, AwardReasonMissing, TextTooLong, NotPermitted."""
    reason = given_reason(reason)
    with act_transaction():
        award = lock_award(award_id, permission=APPROVE_AWARD, by=by)
        check_state(award, AwardState.PROPOSED)
        award.state = AwardState.REFUSED
        award.save(update_fields=["state"])
        record_of_award("refused", award, {"reason": reason}, by=by, at=at)
        note_step(award, StepKind.REFUSED, reason=reason, by=by, at=at)
        return award


def _drafted(
    branch: Branch,
    remedy: Remedy,
    facts: Mapping[str, Decimal | int | None],
    owed: Owed,
    *,
    parties: Parties,
    about: Reference,
    key: str,
    label: str,
    rule: str,
) -> Award:
    about = about.checked("about")
    parts = [[str(who), amount.minor_units()] for who, amount in owed.parts]
    penalty = remedy.payee == Payee.COMPANY
    award = Award(
        branch=branch,
        key=written_key(key),
        about_kind=about.kind,
        about_id=about.id,
        label=written(label, most=80, field="label"),
        decision=Decision.PENALTY if penalty else Decision.COMPENSATION,
        remedy=remedy.as_json(),
        remedy_version=remedy.version,
        rule=written(rule, most=200, field="rule"),
        facts={name: str(facts[name]) for name in remedy.needs},
        exact=str(owed.exact),
        bound=owed.bound,
        parts=parts,
        parties=_parties(remedy, owed, parties),
        payee=remedy.payee,
        means=remedy.means,
        currency=owed.amount.currency,
        amount_minor=owed.amount.minor_units(),
        points=owed.points,
        state=AwardState.PROPOSED,
    )
    said = [award.about_kind, award.about_id, award.remedy_version, award.facts, award.parties, award.rule]
    award.fingerprint = digest(said)
    return award


def _parties(remedy: Remedy, owed: Owed, parties: Parties) -> dict[str, list[str]]:
    """Who those are that pay and are paid. The company is the branch itself. Raises PartyMissing."""
    named = [party_of(who) for who, _ in owed.parts if who != Payer.COMPANY]
    named += [str(remedy.payee)] if remedy.payee != Payee.COMPANY else []
    found = {name: parties[name].checked("parties") for name in named if name in parties}
    for name in named:
        if name not in found or not (found[name].kind and found[name].id):
            raise PartyMissing(party=name, field="parties")
    return {name: [one.kind, one.id] for name, one in found.items()}


def _under_key(award: Award) -> Award | None:
    known = Award.objects.filter(branch_id=award.branch_id, key=award.key).first()
    if known is not None and bytes(known.fingerprint) != award.fingerprint:
        raise KeyUsedOtherwise(key=award.key, field="key")
    return known


def _decides_alone(award: Award, *, by: Actor, at: datetime) -> bool:
    if by.user is None or not by.may(APPROVE_AWARD, award.branch_id):
        return False
    kind = Decision(award.decision)
    authority = limit_of(by, kind=kind, branch_id=award.branch_id, currency=award.currency, at=at)
    return authority.covers(award.amount.amount)


def _approve(award: Award, *, permission: str, by: Actor, at: datetime) -> None:
    event = record_of_award("approved", award, {"parts": award.parts}, by=by, at=at)
    entry_id, short = AwardBooks(award, permission=permission, event_id=event.id, by=by, at=at).approve()
    if award.payee == Payee.COMPANY:
        # Nothing goes out: it is collected from whoever was charged.
        award.state, award.settled_minor = AwardState.SETTLED, award.amount_minor
    else:
        award.state = AwardState.APPROVED
    award.save(update_fields=["state", "settled_minor"])
    note_step(award, StepKind.APPROVED, amount_minor=award.amount_minor, entry_id=entry_id, by=by, at=at)
    if short.amount:
        owner = award.party(Payee.SELLER)
        TopUp.objects.create(
            branch_id=award.branch_id,
            award=award,
            owner_kind=owner.kind,
            owner_id=owner.id,
            currency=award.currency,
            amount_minor=short.minor_units(),
            open_minor=short.minor_units(),
            asked_at=at,
            due_at=at + timedelta(days=award.formula.top_up_days),
        )
