"""Proving that nobody has touched the books: journal, seals, custody, the clocks of promises.

Constant memory, one snapshot of the database.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched, groupby
from uuid import UUID

import click
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet
from shouhou.audit.models import Chain, Event
from shouhou.audit.queries import find_faults
from shouhou.audit.snapshot import one_snapshot
from shouhou.cli.terminal import table
from shouhou.commitments.models import Commitment
from shouhou.commitments.queries import find_misjudged
from shouhou.custody.verifying import count_goods, find_custody_faults
from shouhou.workorders.actions.vouchers import seal_of
from shouhou.workorders.models import Voucher, VoucherEntry, VoucherMove, WorkOrder
from shouhou.workorders.rules import VoucherState
from shouhou.workshop.verifying import count_cards, find_card_faults

_BATCH = 200
_SHOWN = 100
_SEALED_BY = ("workorders.voucher.signed", "workorders.voucher.signature_refused")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. `kind` is stable; `subject` is the chain, order, entry or voucher it is about."""

    kind: str
    branch: UUID
    subject: UUID
    detail: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one object.")
def verify(as_json: bool) -> None:
    """Verify the journal's hash chains, the seals of signed vouchers, who holds each voucher and each unit of a customer, the
    cards of the workshop, and how each promise stands.

    Exit code 1 when anything does not hold.
    """
    counts: Counter[str] = Counter()
    shown: list[Finding] = []
    with one_snapshot():
        checked = {
            "events": Event.objects.count(),
            "chains": Chain.objects.count(),
            "signed_entries": sum(_signed(branch).count() for branch in Branch.objects.all()),
            "promises": Commitment.objects.count(),
            "customers_goods": sum(count_goods(branch) for branch in Branch.objects.all()),
            "repair_cards": sum(count_cards(branch) for branch in Branch.objects.all()),
            "vouchers": sum(Voucher.objects.at(branch).count() for branch in Branch.objects.all()),
        }
        for finding in find_all():
            counts[finding.kind] += 1
            if len(shown) < _SHOWN:
                shown.append(finding)
    click.echo(_as_json(checked, counts, shown) if as_json else _as_text(checked, counts, shown))
    if counts:
        sys.exit(1)


def find_all() -> Iterator[Finding]:
    """Everything that does not hold, as it is found."""
    for fault in find_faults():
        yield Finding(fault.kind, fault.branch_id, fault.chain_id, f"#{fault.sequence}")
    for branch in Branch.objects.order_by("path"):
        yield from _orders_without_journal(branch)
        yield from _journals_without_order(branch)
        yield from _broken_seals(branch)
        yield from _broken_custody(branch)
        for wrong in find_custody_faults(branch):
            yield Finding(wrong.kind, branch.id, wrong.subject, wrong.detail)
        for faulty in find_card_faults(branch):
            yield Finding(faulty.kind, branch.id, faulty.subject, faulty.detail)
        for one in find_misjudged(branch):
            detail = f"{one.label} {', '.join(one.fields)}".strip()
            yield Finding("promise_misjudged", branch.id, one.commitment_id, detail)


def _orders_without_journal(branch: Branch) -> Iterator[Finding]:
    """Orders that no act has brought in."""
    journal = Event.objects.filter(branch_id=OuterRef("branch_id"), chain_id=OuterRef("id"))
    rows = WorkOrder.objects.at(branch).filter(~Exists(journal)).order_by("id").values_list("id", "number")
    for key, number in rows.iterator():
        yield Finding("order_without_journal", branch.id, key, number)


def _journals_without_order(branch: Branch) -> Iterator[Finding]:
    """Orders that were received and are no longer there."""
    orders = WorkOrder.objects.at(branch).filter(id=OuterRef("chain_id"))
    received = Event.objects.filter(branch_id=branch.id, sequence=1, verb="workorders.work_order.received")
    for key, content in (
        received.filter(~Exists(orders)).order_by("chain_id").values_list("chain_id", "data").iterator()
    ):
        yield Finding("order_removed", branch.id, key, str(content.get("number", "")))


def _broken_seals(branch: Branch) -> Iterator[Finding]:
    """Signed entries that are not what was signed, or whose seal is not the one in the journal."""
    for entries in batched(_signed(branch).order_by("id").iterator(chunk_size=_BATCH), _BATCH, strict=False):
        orders = {entry.work_order_id for entry in entries}
        events = Event.objects.filter(branch_id=branch.id, chain_id__in=orders, verb__in=_SEALED_BY)
        journalled = {event.subject_id: event.data.get("seal") for event in events}
        for entry in entries:
            if seal_of(entry) != entry.seal:
                yield Finding("seal_broken", branch.id, entry.id)
            if journalled.get(entry.id) != entry.seal:
                yield Finding("seal_not_in_journal", branch.id, entry.id)


def _broken_custody(branch: Branch) -> Iterator[Finding]:
    """Vouchers that are not where their last move took them, or whose way has a gap.

    Moves are walked in the order in which they were written, which their keys keep: an act that a telephone without network
    sends in later carries an earlier time.
    """
    moves = VoucherMove.objects.at(branch).order_by("voucher_id", "id").iterator(chunk_size=_BATCH)
    ways = groupby(moves, key=lambda move: move.voucher_id)
    for way in batched(_ends_of(ways, branch.id), _BATCH, strict=False):
        last: dict[UUID, VoucherMove] = {}
        for end in way:
            if isinstance(end, Finding):
                yield end
            else:
                last[end.voucher_id] = end
        for voucher in Voucher.objects.at(branch).filter(id__in=last):
            end = last[voucher.id]
            in_folder = end.to_state in (VoucherState.IN_FOLDER, VoucherState.FILED)
            expected = (end.to_state, end.holder_id, None if in_folder else end.work_order_id)
            if (voucher.state, voucher.holder_id, voucher.work_order_id) != expected:
                yield Finding("custody_differs", branch.id, voucher.id, voucher.number)
    unmoved = Voucher.objects.at(branch).exclude(state=VoucherState.IN_FOLDER)
    never = ~Exists(VoucherMove.objects.at(branch).filter(voucher_id=OuterRef("id")))
    for key, number in unmoved.filter(never).order_by("id").values_list("id", "number").iterator():
        yield Finding("custody_differs", branch.id, key, number)


def _ends_of(ways: Iterator[tuple[UUID, Iterator[VoucherMove]]], branch_id: UUID) -> Iterator[VoucherMove | Finding]:
    """The last move of every voucher, and before it a finding for each move that does not begin where the one before ended."""
    for voucher_id, way in ways:
        state, move = str(VoucherState.IN_FOLDER), None
        for move in way:
            if move.from_state != state:
                yield Finding("custody_gap", branch_id, voucher_id, f"{state} → {move.from_state}")
            state = move.to_state
        if move is not None:
            yield move


def _signed(branch: Branch) -> BranchQuerySet[VoucherEntry]:
    return VoucherEntry.objects.at(branch).filter(signed_at__isnull=False)


def _as_json(checked: dict[str, int], counts: Counter[str], shown: list[Finding]) -> str:
    found = [
        {"kind": one.kind, "branch": str(one.branch), "subject": str(one.subject), "detail": one.detail}
        for one in shown
    ]
    account = {"holds": not counts, "checked": checked, "faults": dict(counts), "findings": found}
    return json.dumps(account, ensure_ascii=False, indent=2)


def _as_text(checked: dict[str, int], counts: Counter[str], shown: list[Finding]) -> str:
    lines = [", ".join(f"{what} {count}" for what, count in checked.items())]
    if not counts:
        return "\n".join([*lines, gettext("Everything holds.")])
    lines.append(table([(kind, str(count)) for kind, count in counts.most_common()]))
    lines += [f"  {one.kind}  {one.subject}  {one.detail}".rstrip() for one in shown]
    if counts.total() > len(shown):
        lines.append("  …")
    return "\n".join(lines)
