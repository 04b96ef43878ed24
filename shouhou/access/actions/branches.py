"""Branches are opened, changed, closed and opened again."""

from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from shouhou.access.actions._scope import lock_branch, record_of_branch
from shouhou.access.actions.limits import begin_limits
from shouhou.access.actors import Actor
from shouhou.access.models import ApprovalLimit, Branch, NumberPrefix
from shouhou.access.queries import BranchClosed
from shouhou.access.rules import PREFIXED, is_prefix
from shouhou.audit.atomicity import act_transaction
from shouhou.kernel.errors import Conflict, Invalid, NotPermitted, gettext_noop
from shouhou.kernel.texts import written, written_word


class BranchCodeTaken(Conflict):
    code = "branch_code_taken"
    template = gettext_noop("There is a branch with the code %(branch)s already.")


class BranchCodeInvalid(Invalid):
    code = "branch_code_invalid"
    template = gettext_noop("A branch code is one to eight capital letters and digits: it begins every number.")


class BranchNameMissing(Invalid):
    code = "branch_name_missing"
    template = gettext_noop("Please give the branch a name.")


class UnknownTimeZone(Invalid):
    code = "unknown_time_zone"
    template = gettext_noop("There is no time zone “%(zone)s”.")


class BranchTooDeep(Invalid):
    code = "branch_too_deep"
    template = gettext_noop("No branch can be opened below %(parent)s.")


class BranchesBelowOpen(Conflict):
    code = "branches_below_open"
    template = gettext_noop("%(branch)s still has open branches below it (%(below)s). Close those first.")


class BranchNotClosed(Conflict):
    code = "branch_not_closed"
    template = gettext_noop("%(branch)s is open.")


def open_branch(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Branch | None,
    by: Actor,
    at: datetime,
    time_zone: str = "Asia/Shanghai",
    phone: str = "",
    address: str = "",
    region: str = "",
) -> Branch:
    """Add a branch below `parent`; only the product itself makes one at the top. Its code begins its numbers.

    With the first one a company begins, and with it the approval limits to begin with. `region` is the word of the rule packs
    for where its customers are. Raises BranchCodeInvalid, BranchCodeTaken, BranchTooDeep, BranchClosed, UnknownTimeZone,
    BranchNameMissing, WordMalformed, NotPermitted.
    """
    if not is_prefix(code):
        raise BranchCodeInvalid(field="code")
    if parent is not None and (kind == Branch.Kind.HQ or parent.kind == Branch.Kind.BRANCH):
        raise BranchTooDeep(parent=parent.name, field="kind" if kind == Branch.Kind.HQ else "parent")
    written_down = _checked(name=name, time_zone=time_zone, phone=phone, address=address, region=region)
    with act_transaction():
        if by.user:
            _require_above(parent, by=by)
        if parent is not None and Branch.objects.select_for_update(no_key=True).get(id=parent.id).closed_at:
            raise BranchClosed(branch=parent.name, field="parent")
        if Branch.objects.filter(code=code).exists() or NumberPrefix.objects.filter(prefix=code).exists():
            raise BranchCodeTaken(branch=code, field="code")
        try:
            with transaction.atomic():
                branch = Branch.objects.create(
                    code=code,
                    kind=kind,
                    parent=parent,
                    path=f"{parent.path if parent else ''}{code}/",
                    **written_down,
                )
                NumberPrefix.objects.bulk_create(
                    NumberPrefix(owner=branch, kind=one, prefix=code, since=at) for one in PREFIXED
                )
        except IntegrityError:  # somebody took it in the same moment
            raise BranchCodeTaken(branch=code, field="code") from None
        parent_id = str(parent.id) if parent else None
        founds = parent is None and not ApprovalLimit.objects.exists()
        data: dict[str, object] = {"code": code, "name": branch.name, "kind": kind, "parent": parent_id}
        record_of_branch("opened", branch, data, by=by, at=at)
        if founds:
            begin_limits(branch, by=by, at=at)
        return branch


def change_branch(
    branch_id: UUID, *, name: str, time_zone: str, phone: str, address: str, region: str, by: Actor, at: datetime
) -> Branch:
    """Correct what is written of a branch. Code and place in the tree stay: they stand in numbers and in rights.

    Raises BranchNotVisible, BranchNameMissing, UnknownTimeZone, TextTooLong, WordMalformed, NotPermitted.
    """
    written_down = _checked(name=name, time_zone=time_zone, phone=phone, address=address, region=region)
    with act_transaction():
        branch = lock_branch(branch_id, by=by)
        changes: dict[str, object] = {
            field: [getattr(branch, field), value]
            for field, value in written_down.items()
            if getattr(branch, field) != value
        }
        if changes:
            for field in changes:
                setattr(branch, field, written_down[field])
            branch.save(update_fields=list(changes))
            record_of_branch("changed", branch, changes, by=by, at=at)
        return branch


def close_branch(branch_id: UUID, *, reason: str, by: Actor, at: datetime) -> Branch:
    """End its work; it stays to be read. That no order is open there is seen to by `workorders.close_branch`, which calls this.

    Raises BranchNotVisible, BranchClosed, BranchesBelowOpen, NotPermitted.
    """
    with act_transaction():
        branch = lock_branch(branch_id, by=by)
        if branch.closed_at:
            raise BranchClosed(branch=branch.name)
        below = Branch.objects.filter(parent=branch, closed_at=None).order_by("path").first()
        if below:
            raise BranchesBelowOpen(branch=branch.name, below=below.name)
        branch.closed_at = at
        branch.save(update_fields=["closed_at"])
        record_of_branch("closed", branch, {"reason": reason}, by=by, at=at)
        return branch


def reopen_branch(branch_id: UUID, *, by: Actor, at: datetime) -> Branch:
    """Let a closed branch work again. Raises BranchNotVisible, BranchNotClosed, BranchClosed (the one above), NotPermitted."""
    with act_transaction():
        branch = lock_branch(branch_id, by=by)
        if branch.closed_at is None:
            raise BranchNotClosed(branch=branch.name)
        if branch.parent and branch.parent.closed_at:
            raise BranchClosed(branch=branch.parent.name)
        branch.closed_at = None
        branch.save(update_fields=["closed_at"])
        record_of_branch("reopened", branch, {}, by=by, at=at)
        return branch


def _checked(*, name: str, time_zone: str, phone: str, address: str, region: str) -> dict[str, str]:
    name = written(name, most=80, field="name")
    if not name:
        raise BranchNameMissing(field="name")
    if time_zone not in available_timezones():
        raise UnknownTimeZone(zone=time_zone, field="time_zone")
    return {
        "name": name,
        "time_zone": time_zone,
        "phone": written(phone, most=20, field="phone"),
        "address": written(address, most=200, field="address"),
        "region": written_word(region, most=40, field="region"),
    }


def _require_above(parent: Branch | None, *, by: Actor) -> None:
    if parent is None:
        raise NotPermitted(permission="access.change_branch")
    by.require("access.change_branch", parent.id)
