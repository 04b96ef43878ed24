"""Numbers of documents: given out one after the other, begun anew only further on."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from shouhou.access.actions._scope import lock_branch, record_of_branch
from shouhou.access.actors import Actor
from shouhou.access.models import NumberPrefix, NumberSeries
from shouhou.access.rules import PREFIXED, document_number, is_prefix, period_of
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.statements import Statement
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.ids import uuid7

CHANGE = "access.change_branch"
_MOST = 999_999_999


class PrefixInvalid(Invalid):
    code = "prefix_invalid"
    template = gettext_noop("A prefix is one to eight capital letters and digits.")


class PrefixTaken(Conflict):
    code = "prefix_taken"
    template = gettext_noop("%(prefix)s begins, or once began, the numbers of %(branch)s: numbers must never meet.")


class NotPrefixed(Invalid):
    code = "not_prefixed"
    template = gettext_noop("These numbers have no prefix.")


class NumberGoesBack(Conflict):
    code = "number_goes_back"
    template = gettext_noop("The next number is %(next)s; it can only be raised, never given a second time.")


def take_number(branch_id: UUID, *, kind: str, period: str) -> int:
    """The next number of a series; its row stays locked until the transaction ends, so none is lost or given twice.

    Must be called inside the transaction of the act that uses the number.
    """
    ((counter,),) = _TAKE.rows(uuid7(), branch_id, kind, period)
    return int(counter)


def take_document_number(branch_id: UUID, *, kind: str, day: date) -> str:
    """The same as it is printed: with the prefix that the branch has now. `day` is the document's day at the branch."""
    counter, prefix = _TAKE_WITH_PREFIX.rows(uuid7(), branch_id, kind, period_of(kind, day))[0]
    return document_number(kind, prefix=prefix, day=day, counter=counter)


def change_prefix(branch_id: UUID, *, kind: str, prefix: str, by: Actor, at: datetime) -> NumberPrefix:
    """From the next number on this prefix is used. A prefix belongs to one branch for good; one's own may come back.

    Raises PrefixInvalid, PrefixTaken, NotPrefixed, BranchNotVisible, NotPermitted.
    """
    if kind not in PREFIXED:
        raise NotPrefixed(field="kind")
    if not is_prefix(prefix):
        raise PrefixInvalid(field="prefix")
    with act_transaction():
        branch = lock_branch(branch_id, by=by)
        old = NumberPrefix.objects.filter(owner=branch, kind=kind).latest("since", "id").prefix
        taken = NumberPrefix.objects.filter(prefix=prefix).exclude(owner=branch).select_related("owner").first()
        if taken:
            raise PrefixTaken(prefix=prefix, branch=taken.owner.name, field="prefix")
        try:
            with transaction.atomic():
                now, created = NumberPrefix.objects.get_or_create(
                    kind=kind, prefix=prefix, owner=branch, defaults={"since": at}
                )
        except IntegrityError:  # another branch took it in the same moment
            raise PrefixTaken(prefix=prefix, branch="—", field="prefix") from None
        if not created:
            now.since = at
            now.save(update_fields=["since"])
        if prefix != old:
            record_of_branch("prefix_changed", branch, {"kind": kind, "prefix": [old, prefix]}, by=by, at=at)
        return now


def raise_next_number(branch_id: UUID, *, kind: str, next_number: int, by: Actor, at: datetime) -> int:
    """Skip numbers: the next one given out is this. Work orders: of today; tomorrow begins at 1 as ever.

    Raises NumberGoesBack, BranchNotVisible, NotPermitted.
    """
    with act_transaction():
        branch = lock_branch(branch_id, by=by)
        period = period_of(kind, at.astimezone(ZoneInfo(branch.time_zone)).date())
        # Taking one makes the row, where there is none, and locks it; a refusal gives the number back.
        due = take_number(branch_id, kind=kind, period=period)
        if not due <= next_number <= _MOST:
            raise NumberGoesBack(next=due, field="next_number")
        NumberSeries.objects.filter(branch=branch, kind=kind, period=period).update(counter=next_number - 1)
        if next_number != due:
            record_of_branch("number_raised", branch, {"kind": kind, "next": [due, next_number]}, by=by, at=at)
        return next_number


# One statement on both databases: insert the first, or count up and lock. The names are Django's own.
_FIELDS = [NumberSeries._meta.get_field(name) for name in ("id", "branch", "kind", "period")]
_COUNTER, _PREFIX = NumberSeries._meta.get_field("counter"), NumberPrefix._meta.get_field("prefix")
_COUNT_UP = (
    "INSERT INTO access_numberseries (id, branch_id, kind, period, counter) VALUES (%s, %s, %s, %s, 1) "
    "ON CONFLICT (branch_id, kind, period) DO UPDATE SET counter = access_numberseries.counter + 1 RETURNING counter"
)
_NOW_USED = (
    "(SELECT p.prefix FROM access_numberprefix p WHERE p.owner_id = access_numberseries.branch_id "
    "AND p.kind = access_numberseries.kind ORDER BY p.since DESC, p.id DESC LIMIT 1)"
)
_TAKE = Statement(_COUNT_UP, takes=_FIELDS, gives=[_COUNTER])
_TAKE_WITH_PREFIX = Statement(f"{_COUNT_UP}, {_NOW_USED}", takes=_FIELDS, gives=[_COUNTER, _PREFIX])
