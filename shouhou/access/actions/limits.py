"""Approval limits: set, and taken back. What was in force once stays to be read."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from shouhou.access.actors import Actor
from shouhou.access.models import ApprovalLimit, Branch
from shouhou.access.permissions import Role
from shouhou.access.rules import FIRST_LIMITS, Decision
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, gettext_noop
from shouhou.kernel.money import Money

SET_LIMIT = "access.set_limit"
_MOST = Decimal(1_000_000_000)


class LimitAmountInvalid(Invalid):
    code = "limit_amount_invalid"
    template = gettext_noop("A limit is an amount from 0 up to %(most)s, with two decimals at most.")


class LimitNotSet(NotFound):
    code = "limit_not_set"
    template = gettext_noop("No limit is set here.")


class LimitChangedMeanwhile(Conflict):
    code = "limit_changed_meanwhile"
    template = gettext_noop("Somebody else has just changed this limit. Please look at it again.")


class LimitBeginsInThePast(Conflict):
    code = "limit_begins_in_the_past"
    template = gettext_noop("A limit counts since %(since)s already; it is not changed for the time before.")


def set_limit(
    *,
    kind: str,
    role: str,
    amount: Decimal | None,
    by: Actor,
    at: datetime,
    place: Branch | None = None,
    currency: str = "CNY",
) -> ApprovalLimit:
    """From now on a holder of the role decides this kind alone up to `amount` (None: without limit), there and below.

    `place` None is everywhere, for administrators of the whole company. What was set before ends now and stays to be read.
    Raises UnknownChoice, UnknownCurrency, LimitAmountInvalid, LimitChangedMeanwhile, LimitBeginsInThePast, BranchNotVisible,
    NotPermitted.
    """
    check_choice("kind", kind, Decision.values)
    check_choice("role", role, Role.values)
    currency = Money(Decimal(0), currency).currency
    if amount is not None and not (amount.is_finite() and 0 <= amount < _MOST and round(amount, 2) == amount):
        raise LimitAmountInvalid(most=_MOST, field="amount")
    with act_transaction():
        journal = _require(place, by=by)
        standing = _standing(kind, role, place, currency)
        if standing is not None:
            if standing.amount == amount:
                return standing
            _end(standing, at=at)
        limit = ApprovalLimit(
            kind=kind, role=role, place=place, currency=currency, amount=amount, starts_at=at, set_by=by.user
        )
        try:
            with transaction.atomic():
                limit.save(force_insert=True)
        except IntegrityError:  # somebody set one in the same moment
            raise LimitChangedMeanwhile() from None
        _record("set", limit, journal, old=standing, by=by, at=at)
        return limit


def end_limit(
    *, kind: str, role: str, by: Actor, at: datetime, place: Branch | None = None, currency: str = "CNY"
) -> ApprovalLimit:
    """Take a limit back: of a place, so that the one above it counts again; of everywhere, so that the role decides nothing.

    Raises LimitNotSet, LimitBeginsInThePast, BranchNotVisible, NotPermitted.
    """
    with act_transaction():
        journal = _require(place, by=by)
        standing = _standing(kind, role, place, currency)
        if standing is None:
            raise LimitNotSet(field="role")
        _end(standing, at=at)
        _record("ended", standing, journal, old=standing, by=by, at=at)
        return standing


def begin_limits(company: Branch, *, by: Actor, at: datetime) -> None:
    """Give a new company the limits to begin with. A part of opening its first branch."""
    rows = [
        ApprovalLimit(kind=kind, role=role, currency="CNY", amount=amount, starts_at=at, set_by=by.user)
        for kind, limits in FIRST_LIMITS.items()
        for role, amount in limits.items()
    ]
    ApprovalLimit.objects.bulk_create(rows)
    record(
        branch_id=company.id,
        chain_id=company.id,
        verb="access.limits.begun",
        subject=("branch", company.id),
        by=by,
        at=at,
        data={"limits": [[row.kind, row.role, row.currency, _said(row.amount)] for row in rows]},
    )


def may_set(place: Branch | None, *, by: Actor) -> bool:
    """Whether the actor sets limits there. For everywhere one has to have the right at the top of the company."""
    return all(one.id in by.branch_ids and by.may(SET_LIMIT, one.id) for one in _tops(place))


def _require(place: Branch | None, *, by: Actor) -> Branch:
    """The branch in whose journal it stands."""
    if place is not None and by.user:
        by.require(SET_LIMIT, place.id)
    if by.user and not may_set(place, by=by):
        raise NotPermitted(permission=SET_LIMIT)
    return _tops(place)[0]


def _tops(place: Branch | None) -> list[Branch]:
    return [place] if place is not None else list(Branch.objects.filter(parent=None).order_by("path"))


def _standing(kind: str, role: str, place: Branch | None, currency: str) -> ApprovalLimit | None:
    rows = ApprovalLimit.objects.filter(kind=kind, role=role, place=place, currency=currency, ends_at=None)
    return rows.select_for_update(of=("self",)).first()


def _end(limit: ApprovalLimit, *, at: datetime) -> None:
    if at < limit.starts_at:
        raise LimitBeginsInThePast(since=limit.starts_at.isoformat())
    limit.ends_at = at
    limit.save(update_fields=["ends_at"])


def _record(
    what: str, limit: ApprovalLimit, journal: Branch, *, old: ApprovalLimit | None, by: Actor, at: datetime
) -> None:
    before = _said(old.amount) if old else ""
    record(
        branch_id=journal.id,
        chain_id=journal.id,
        verb=f"access.limit.{what}",
        subject=("approval_limit", limit.id),
        by=by,
        at=at,
        data={
            "kind": limit.kind,
            "role": limit.role,
            "place": limit.place.code if limit.place else "",
            "currency": limit.currency,
            "amount": [before, _said(limit.amount) if what == "set" else ""],
        },
    )


def _said(amount: Decimal | None) -> str:
    return "unlimited" if amount is None else str(amount)
