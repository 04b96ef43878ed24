"""Proving every part: adds up anew what the running totals say, and looks whether the rows are still as acts have written them.

The database groups and sums; only what does not hold comes back. Call it inside one snapshot while others go on writing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched, groupby
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from shouhou.access.actors import product_itself
from shouhou.access.models import Branch
from shouhou.audit.models import Event
from shouhou.kernel.quantities import of_thousandths
from shouhou.ledger.queries import find_accounts
from shouhou.ledger.rules import AccountKind, Reference
from shouhou.stock.actions._moving import told
from shouhou.stock.models import Balance, Costing, Movement, OldPart, Reservation, ReservationStep, SerialNumber
from shouhou.stock.rules import OLD_PART_STEPS, MoveKind, ReservationStatus

_BATCH = 500


@dataclass(frozen=True, slots=True)
class StockFault:
    """One thing that does not hold. `kind` is stable; `subject` is the balance, act, serial number … that it is about."""

    kind: str
    branch_id: UUID
    subject: UUID
    detail: str = ""


type _Found = Iterator[tuple[str, UUID, str]]


def count_checked() -> dict[str, int]:
    """How much there is to look at, for all branches together."""
    tables = {"balances": Balance, "movements": Movement, "serial_numbers": SerialNumber, "old_parts": OldPart}
    branches = list(Branch.objects.values_list("id", flat=True))
    return {
        name: sum(model._default_manager.filter(branch_id=branch).count() for branch in branches)
        for name, model in tables.items()
    }


def find_stock_faults(branch: Branch) -> Iterator[StockFault]:
    """Everything in the stock of a branch that does not hold, as it is found."""
    checks = (
        _wrong_balances,
        _below_zero,
        _wrong_reserved,
        _wrong_ends,
        _wrong_costs,
        _wrong_books,
        _wrong_serials,
        _altered_acts,
        _removed_acts,
        _wrong_old_parts,
    )
    for check in checks:
        for kind, subject, detail in check(branch):
            yield StockFault(kind, branch.id, subject, detail)


def _total(branch: Branch, column: str, *, of: str = "units") -> Any:
    """What the movements of a balance add up to on one of its sides."""
    rows = Movement.objects.at(branch).filter(**{column: OuterRef("id")}).order_by().values(column)
    return Coalesce(Subquery(rows.annotate(total=Sum(of)).values("total")), 0)


def _wrong_balances(branch: Branch) -> _Found:
    rows = Balance.objects.at(branch).annotate(came=_total(branch, "given_to_id"), went=_total(branch, "taken_from_id"))
    wrong = rows.exclude(units=F("came") - F("went")).order_by("id")
    for key, units, came, went in wrong.values_list("id", "units", "came", "went"):
        yield "balance_differs", key, f"{_shown(units)} ≠ {_shown(came - went)}"


def _below_zero(branch: Branch) -> _Found:
    rows = Balance.objects.at(branch).filter(may_be_negative=False, units__lt=F("reserved_units")).order_by("id")
    for one in rows:
        yield "below_zero", one.id, _shown(one.units - one.reserved_units)


def _wrong_reserved(branch: Branch) -> _Found:
    steps = ReservationStep.objects.at(branch).filter(reservation__balance_id=OuterRef("id"))
    summed = steps.order_by().values("reservation__balance_id").annotate(total=Sum("change_units")).values("total")
    rows = Balance.objects.at(branch).annotate(held=Coalesce(Subquery(summed), 0))
    for key, kept, held in (
        rows.exclude(reserved_units=F("held")).order_by("id").values_list("id", "reserved_units", "held")
    ):
        yield "reserved_differs", key, f"{_shown(kept)} ≠ {_shown(held)}"


def _wrong_ends(branch: Branch) -> _Found:
    """Reservations whose status is not that of their last step."""
    ends = ReservationStep.objects.at(branch).filter(reservation_id=OuterRef("id")).exclude(kind="placed")
    rows = Reservation.objects.at(branch).annotate(ended=Subquery(ends.values("kind")[:1]))
    open_, closed = Q(ended=None, status=ReservationStatus.PENDING), Q(ended__isnull=False, ended=F("status"))
    for key, status in rows.exclude(open_ | closed).order_by("id").values_list("id", "status"):
        yield "reservation_differs", key, status


def _wrong_costs(branch: Branch) -> _Found:
    """The cost of a part that is not what its movements brought in, or of more or less than is there."""
    moved = Movement.objects.at(branch).filter(part_id=OuterRef("part_id")).order_by().values("part_id")
    there = Balance.objects.at(branch).filter(part_id=OuterRef("part_id"), ours=True).order_by().values("part_id")
    rows = Costing.objects.at(branch).annotate(
        worth=Coalesce(Subquery(moved.annotate(total=Sum("value_minor")).values("total")), 0),
        there=Coalesce(Subquery(there.annotate(total=Sum("units")).values("total")), 0),
    )
    wrong = rows.exclude(value_minor=F("worth"), units=F("there")).order_by("id")
    for key, value, worth, units, found in wrong.values_list("id", "value_minor", "worth", "units", "there"):
        yield "cost_differs", key, f"{value} ≠ {worth}, {_shown(units)} ≠ {_shown(found)}"


def _wrong_books(branch: Branch) -> _Found:
    """The account of spare parts that is not what the parts are worth."""
    worth = Costing.objects.at(branch).aggregate(total=Sum("value_minor"))["total"] or 0
    owner = Reference("branch", str(branch.id))
    by = product_itself(channel="cli")
    account = find_accounts(branch, kinds=[AccountKind.PARTS_STOCK], owner=owner, by=by).first()
    booked = account.balance_minor if account else 0
    if booked != worth:
        yield "books_differ", account.id if account else branch.id, f"{booked} ≠ {worth}"


def _wrong_serials(branch: Branch) -> _Found:
    """Serial numbers that are not where their last movement brought them, and places that hold more or fewer than they say."""
    last = Movement.objects.at(branch).filter(serial_id=OuterRef("id")).order_by("-id").values("given_to_id")[:1]
    rows = SerialNumber.objects.at(branch).annotate(brought=Subquery(last))
    for key, number in (
        rows.filter(brought__isnull=False).exclude(brought=F("balance_id")).order_by("id").values_list("id", "number")
    ):
        yield "serial_elsewhere", key, number
    held = SerialNumber.objects.at(branch).filter(balance_id=OuterRef("id")).order_by().values("balance_id")
    balances = Balance.objects.at(branch).filter(kept_as="serial", old=False, may_be_negative=False)
    counted = balances.annotate(pieces=Coalesce(Subquery(held.annotate(total=Sum(1)).values("total")), 0))
    for key, units, pieces in (
        counted.exclude(units=F("pieces") * 1000).order_by("id").values_list("id", "units", "pieces")
    ):
        yield "serials_differ", key, f"{_shown(units)} ≠ {pieces}"


def _altered_acts(branch: Branch) -> _Found:
    """Movements that are not what their event says was moved."""
    rows = Movement.objects.at(branch).order_by("act_id", "line").iterator(_BATCH)
    acts = ((act_id, list(lines)) for act_id, lines in groupby(rows, key=lambda one: one.act_id))
    for some in batched(acts, _BATCH, strict=False):
        events = Event.objects.filter(branch_id=branch.id, chain_id__in=[key for key, _lines in some], sequence=1)
        said: dict[UUID, Any] = dict(events.values_list("chain_id", "data"))
        for act_id, lines in some:
            data = said.get(act_id)
            if data is None:
                yield "act_without_event", act_id, lines[0].key
            elif [told(one) for one in lines] != data["lines"] or not _sealed(lines, data):
                yield "act_altered", act_id, lines[0].key


def _sealed(lines: list[Movement], data: Any) -> bool:
    """Whether key, purpose and fingerprint of all lines are those of the event."""
    expected = (data["key"], data["about"], data["memo"], data["fingerprint"])
    return all(
        (one.key, [one.about_kind, one.about_id], one.memo, bytes(one.fingerprint).hex()) == expected for one in lines
    )


def _removed_acts(branch: Branch) -> _Found:
    there = Movement.objects.at(branch).filter(act_id=OuterRef("chain_id"))
    events = Event.objects.filter(branch_id=branch.id, sequence=1, subject_kind="stock_act")
    for key, data in events.filter(~Exists(there)).order_by("chain_id").values_list("chain_id", "data").iterator():
        yield "act_removed", key, str(data.get("key", ""))


def _wrong_old_parts(branch: Branch) -> _Found:
    """Places of old parts that hold more or fewer than there are labels in that state."""
    labels: Counter[tuple[str, UUID]] = Counter()
    place_of = {
        after: end
        for kind, (_before, after, _start, end) in OLD_PART_STEPS.items()
        if kind != MoveKind.OLD_PART_REFUSED
    }
    for state, part_id in OldPart.objects.at(branch).values_list("state", "part_id"):
        labels[place_of[state], part_id] += 1000  # type: ignore[index]  # a state is stored as its word
    rows = Balance.objects.at(branch).filter(old=True, may_be_negative=False).select_related("place").order_by("id")
    for one in rows:
        if one.units != labels[one.place.kind, one.part_id]:
            yield "old_parts_differ", one.id, f"{_shown(one.units)} ≠ {_shown(labels[one.place.kind, one.part_id])}"


def _shown(units: int) -> str:
    return str(of_thousandths(units)) if units >= 0 else f"-{of_thousandths(-units)}"
