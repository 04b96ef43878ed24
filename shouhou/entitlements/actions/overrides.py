"""A verdict is advice: a person may let another pay, with a reason. Above his limit a second person has to confirm it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.entitlements.models import Override, OverrideRuling, Verdict
from shouhou.entitlements.queries import OverrideNotFound
from shouhou.entitlements.rules.words import WorkClass
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.texts import written

RULE_ON_OVERRIDE = "entitlements.rule_on_override"
# 权责划分: up to how much (CNY) whoever holds the permission may let another pay than the rules say, without a second person;
# None is without limit. Who holds none of them can only propose it.
LIMITS: dict[str, Decimal | None] = {
    "entitlements.override_small": Decimal(500),
    "entitlements.override_large": Decimal(2000),
    "entitlements.override_any": None,
}
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


class OwnOverride(Conflict):
    code = "own_override"
    template = gettext_noop("Who asked for it cannot confirm it.")


class AboveLimit(Conflict):
    code = "above_own_limit"
    template = gettext_noop("%(amount)s is above your own limit of %(limit)s, too.")


class RefusalReasonMissing(Invalid):
    code = "override_refusal_reason_missing"
    template = gettext_noop("Please say why not.")


class PersonNeeded(Conflict):
    code = "override_needs_a_person"
    template = gettext_noop("Overrides are confirmed by people who are signed in.")


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
    limit = limit_of(by, verdict.branch_id)
    override = Override.objects.create(
        branch_id=verdict.branch_id,
        verdict=verdict,
        work_class=work_class,
        reason=reason,
        amount=amount,
        limit=limit,
        made_by=by.user,
        made_at=at,
    )
    return Overridden(override, counts=not override.is_above_limit)


def rule_on_override(override_id: UUID, *, confirm: bool, reason: str, by: Actor, at: datetime) -> OverrideRuling:
    """Confirm or refuse what another person asked for; a refusal needs a reason. A part of the act on the order.

    Raises OverrideNotFound, RuledOnAlready, OwnOverride, AboveLimit, RefusalReasonMissing, PersonNeeded, NotPermitted.
    """
    reason = written(reason, most=_LONGEST, field="reason")
    if not confirm and not reason:
        raise RefusalReasonMissing(field="reason")
    if by.user is None:
        raise PersonNeeded()
    with act_transaction():
        override = Override.objects.visible_to(by).select_for_update().filter(id=override_id).first()
        if override is None:
            raise OverrideNotFound()
        by.require(RULE_ON_OVERRIDE, override.branch_id)
        if OverrideRuling.objects.filter(branch_id=override.branch_id, override=override).exists():
            raise RuledOnAlready()
        if override.made_by_id == by.user.id:
            raise OwnOverride()
        limit = limit_of(by, override.branch_id)
        if confirm and limit is not None and override.amount > limit:
            raise AboveLimit(amount=override.amount, limit=limit)
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


def limit_of(by: Actor, branch_id: UUID) -> Decimal | None:
    """Up to how much the actor may override alone at the branch, in CNY; None is without limit."""
    limits = [limit for code, limit in LIMITS.items() if by.may(code, branch_id)]
    return None if None in limits else max((one for one in limits if one is not None), default=Decimal(0))
