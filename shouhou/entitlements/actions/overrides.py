"""A verdict is advice: a person may let another pay, with a reason. Above his limit a second person has to confirm it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.approvals import ApproverNeeded, OwnRequest, limit_of, require_approval
from shouhou.access.rules import NO_AUTHORITY, Authority, Decision
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.entitlements.models import Override, OverrideRuling, Verdict
from shouhou.entitlements.queries import OverrideNotFound
from shouhou.entitlements.rules.words import WorkClass
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.money import Money
from shouhou.kernel.texts import written

RULE_ON_OVERRIDE = "entitlements.rule_on_override"
OVERRIDE = "entitlements.override_verdict"
_LONGEST = 200
_MOST = Decimal(10_000_000)


class OverrideReasonMissing(Invalid):
    code = "override_reason_missing"
    template = gettext_noop("The rules say %(verdict)s: please say why it is to be %(wanted)s.")


class AmountInvalid(Invalid):
    code = "override_amount_invalid"
    template = gettext_noop("The amount must not be negative or more than %(most)s, with two decimals at most.")


class RuledOnAlready(Conflict):
    code = "override_ruled_on"
    template = gettext_noop("Somebody has ruled on this already.")


class RefusalReasonMissing(Invalid):
    code = "override_refusal_reason_missing"
    template = gettext_noop("Please say why not.")


@dataclass(frozen=True, slots=True)
class Overridden:
    """An override, and whether it counts already or waits for a second person."""

    override: Override
    counts: bool


def override_verdict(
    verdict: Verdict, *, work_class: str, reason: str, amount: Decimal, by: Actor, at: datetime
) -> Overridden:
    """Let another pay than the verdict says. A part of the act on the order, which holds its lock and has checked the right.

    `amount` is what it is about, as far as it is known. Raises UnknownChoice, OverrideReasonMissing, TextTooLong, AmountInvalid.
    """
    check_choice("work_class", work_class, WorkClass.values)
    reason = written(reason, most=_LONGEST, field="reason")
    if not reason:
        raise OverrideReasonMissing(verdict=verdict.work_class or "?", wanted=work_class, field="reason")
    if not (amount.is_finite() and 0 <= amount < _MOST and round(amount, 2) == amount):
        raise AmountInvalid(most=_MOST, field="amount")
    authority = own_authority(by, branch_id=verdict.branch_id, at=at)
    override = Override.objects.create(
        branch_id=verdict.branch_id,
        verdict=verdict,
        work_class=work_class,
        reason=reason,
        amount=amount,
        limit=authority.most,
        made_by=by.user,
        made_at=at,
    )
    return Overridden(override, counts=not override.is_above_limit)


def rule_on_override(override_id: UUID, *, confirm: bool, reason: str, by: Actor, at: datetime) -> OverrideRuling:
    """Confirm or refuse what another person asked for; a refusal needs a reason. A part of the act on the order.

    Raises OverrideNotFound, RuledOnAlready, OwnRequest, AboveLimit, NobodyDecides, RefusalReasonMissing, ApproverNeeded,
    NotPermitted.
    """
    reason = written(reason, most=_LONGEST, field="reason")
    if not confirm and not reason:
        raise RefusalReasonMissing(field="reason")
    if by.user is None:
        raise ApproverNeeded()
    with act_transaction():
        override = Override.objects.visible_to(by).select_for_update().filter(id=override_id).first()
        if override is None:
            raise OverrideNotFound()
        by.require(RULE_ON_OVERRIDE, override.branch_id)
        if OverrideRuling.objects.filter(branch_id=override.branch_id, override=override).exists():
            raise RuledOnAlready()
        if override.made_by_id == by.user.id:
            raise OwnRequest()
        if confirm:
            require_approval(
                Money(override.amount),
                kind=Decision.OVERRIDE,
                branch_id=override.branch_id,
                asked_by=override.made_by_id,
                by=by,
                at=at,
            )
        ruling = OverrideRuling.objects.create(
            branch_id=override.branch_id,
            override=override,
            confirmed=confirm,
            reason=reason,
            ruled_by=by.user,
            ruled_at=at,
        )
        record(
            branch_id=override.branch_id,
            chain_id=override.verdict.about,
            verb="entitlements.override.confirmed" if confirm else "entitlements.override.refused",
            subject=("override", override.id),
            by=by,
            at=at,
            data={"work_class": override.work_class, "amount": str(override.amount), "reason": reason},
        )
        return ruling


def own_authority(by: Actor, *, branch_id: UUID, at: datetime) -> Authority:
    """What the actor may override alone at the branch; without the permission he can only propose it."""
    if not by.may(OVERRIDE, branch_id):
        return NO_AUTHORITY
    return limit_of(by, kind=Decision.OVERRIDE, branch_id=branch_id, at=at)
