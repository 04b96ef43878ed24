"""Who decides alone up to how much (权责划分): read from the limits that were in force at the moment asked about."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise, lazystr
from django.utils.text import format_lazy

from shouhou.access.actors import Actor
from shouhou.access.models import ApprovalLimit, Branch
from shouhou.access.permissions import Role
from shouhou.access.rules import NO_AUTHORITY, UNLIMITED, Authority, Decision
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.money import Money


class OwnRequest(Conflict):
    code = "own_request"
    template = gettext_noop("Who asked for it cannot approve it.")


class AboveLimit(Conflict):
    code = "above_own_limit"
    template = gettext_noop(
        "%(amount)s %(currency)s is above your own limit of %(limit)s. It is decided by: %(roles)s."
    )


class NobodyDecides(Conflict):
    code = "nobody_decides"
    template = gettext_noop(
        "Nobody in this branch may decide about %(amount)s %(currency)s. An administrator sets the approval limits."
    )


class ApproverNeeded(Conflict):
    code = "approver_needed"
    template = gettext_noop("This is approved by a person who is signed in.")


def limit_of(by: Actor, *, kind: Decision, branch_id: UUID, at: datetime, currency: str = "CNY") -> Authority:
    """What the actor decides alone at one of his branches; the product itself decides without limit. One query.

    Of several roles the widest counts. Raises BranchNotVisible.
    """
    branch = by.branch_of(branch_id)
    if by.user is None:
        return UNLIMITED
    held = by.roles.get(branch_id, frozenset())
    found = _by_role(branch, kind=kind, currency=currency, at=at, roles=held)
    return Authority.widest(found.values())


def roles_deciding(amount: Money, *, kind: Decision, branch: Branch, at: datetime) -> list[Role]:
    """The roles whose holders decide about the amount at the branch alone. One query."""
    found = _by_role(branch, kind=kind, currency=amount.currency, at=at, roles=Role.values)
    return [role for role in Role if found.get(role, NO_AUTHORITY).covers(amount.amount)]


def require_approval(
    amount: Money, *, kind: Decision, branch_id: UUID, asked_by: UUID | None, by: Actor, at: datetime
) -> None:
    """Let somebody approve what another (`asked_by`; None: the product itself) asked for, within his own limit.

    Raises ApproverNeeded, OwnRequest, AboveLimit and NobodyDecides (which say whom to ask), BranchNotVisible.
    """
    if by.user is None:
        raise ApproverNeeded()
    if asked_by == by.user.id:
        raise OwnRequest()
    authority = limit_of(by, kind=kind, branch_id=branch_id, currency=amount.currency, at=at)
    if authority.covers(amount.amount):
        return
    roles = roles_deciding(amount, kind=kind, branch=by.branch_of(branch_id), at=at)
    if not roles:
        raise NobodyDecides(amount=amount.amount, currency=amount.currency)
    words = joined(role.label for role in roles)
    raise AboveLimit(amount=amount.amount, currency=amount.currency, limit=authority.most, roles=words)


def find_limits(*, at: datetime, place: Branch | None = None, currency: str = "CNY") -> QuerySet[ApprovalLimit]:
    """The limits that are set for a place itself, or (None) for everywhere, as they were in force at that moment."""
    return _in_force(at).filter(place=place, currency=currency)


def limits_counting(
    place: Branch | None, *, at: datetime, currency: str = "CNY"
) -> dict[Decision, dict[Role, ApprovalLimit]]:
    """What counts at a place (None: everywhere) for each kind and role, from wherever it is set. One query."""
    counting: dict[Decision, dict[Role, ApprovalLimit]] = {kind: {} for kind in Decision}
    for row in _reaching(place, at=at, currency=currency):
        counting[Decision(row.kind)][Role(row.role)] = row
    return counting


def climbing(limits: Mapping[Role, ApprovalLimit]) -> list[ApprovalLimit]:
    """From who decides least to who decides most."""
    return sorted(limits.values(), key=lambda row: Decimal("Infinity") if row.amount is None else row.amount)


def find_history(
    *, kind: Decision, place: Branch | None, role: Role | None = None, currency: str = "CNY"
) -> QuerySet[ApprovalLimit]:
    """What was ever set for one kind (and one role) at a place, the newest first."""
    rows = ApprovalLimit.objects.filter(kind=kind, place=place, currency=currency)
    return (rows.filter(role=role) if role else rows).select_related("set_by", "place").order_by("-starts_at", "-id")


def joined(words: Iterable[str | Promise]) -> Promise:
    """Words one after the other, each in the language of whoever reads them later."""
    several = list(words)
    return format_lazy(" / ".join(["{}"] * len(several)), *several) if several else lazystr("—")


def _in_force(at: datetime) -> QuerySet[ApprovalLimit]:
    return ApprovalLimit.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


def _reaching(place: Branch | None, *, at: datetime, currency: str) -> list[ApprovalLimit]:
    """What counts at a place and above it, the nearest last: it has the last word. One query."""
    codes = place.path.rstrip("/").split("/") if place else []
    rows = _in_force(at).filter(Q(place=None) | Q(place__code__in=codes), currency=currency).select_related("place")
    return sorted(rows, key=lambda row: len(row.place.path) if row.place else 0)


def _by_role(
    branch: Branch, *, kind: Decision, currency: str, at: datetime, roles: Collection[str]
) -> dict[str, Authority]:
    """What each role may decide at the branch: the limit of the nearest place above it, else the one for everywhere."""
    rows = _reaching(branch, at=at, currency=currency)
    return {row.role: Authority(row.amount) for row in rows if row.kind == kind and row.role in roles}
