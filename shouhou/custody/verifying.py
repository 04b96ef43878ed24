"""Proving where customers' goods are: walks the register and compares it with the holders, the receipts and the journal."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched, groupby
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from shouhou.access.models import Branch
from shouhou.audit.models import Event
from shouhou.custody.actions._handing import seal_of
from shouhou.custody.models import Custody, GoodsReceipt, HandOver
from shouhou.custody.rules import AT_CUSTOMER, HandOverKind, ReceiptStatus, leads

_BATCH = 200


@dataclass(frozen=True, slots=True)
class CustodyFault:
    """One thing that does not hold. `kind` is stable; `subject` is the custody or the receipt that it is about."""

    kind: str
    subject: UUID
    detail: str = ""


def count_goods(branch: Branch) -> int:
    """How many units of customers have ever been in the hands of the branch."""
    return Custody.objects.at(branch).count()


def find_custody_faults(branch: Branch) -> Iterator[CustodyFault]:
    """Everything about customers' goods of a branch that does not hold, as it is found."""
    lines = HandOver.objects.at(branch).order_by("custody_id", "sequence").iterator(chunk_size=_BATCH)
    ways = ((key, list(way)) for key, way in groupby(lines, key=lambda line: line.custody_id))
    for batch in batched(ways, _BATCH, strict=False):
        yield from _wrong_ways(branch, dict(batch))
    walked = Exists(HandOver.objects.at(branch).filter(custody_id=OuterRef("id")))
    for key in Custody.objects.at(branch).filter(~walked).order_by("id").values_list("id", flat=True).iterator():
        yield CustodyFault("goods_without_register", key)
    yield from _wrong_receipts(branch)


def _wrong_ways(branch: Branch, ways: dict[UUID, list[HandOver]]) -> Iterator[CustodyFault]:
    events = Event.objects.filter(branch_id=branch.id, chain_id__in=ways, subject_kind="hand_over")
    journalled = {event.subject_id: event.data.get("seal") for event in events}
    now = Custody.objects.at(branch).in_bulk(list(ways))
    for key, way in ways.items():
        holder = AT_CUSTOMER
        for number, line in enumerate(way, start=1):
            if (line.sequence, line.giver) != (number, holder) or not leads(
                HandOverKind(line.what), line.from_kind, line.to_kind
            ):
                yield CustodyFault("goods_gap", key, f"#{line.sequence} {holder.kind} → {line.from_kind}")
            if seal_of(line) != line.seal:
                yield CustodyFault("goods_line_altered", key, f"#{line.sequence}")
            if journalled.get(line.id) != line.seal:
                yield CustodyFault("goods_line_not_in_journal", key, f"#{line.sequence}")
            holder = line.taker
        last, row = way[-1], now[key]
        told = (row.holder, row.hand_overs, row.since, row.ready)
        if told != (holder, len(way), last.at, last.what == HandOverKind.READY):
            yield CustodyFault("goods_elsewhere", key, f"{row.kind} ≠ {holder.kind}")


def _wrong_receipts(branch: Branch) -> Iterator[CustodyFault]:
    """An open receipt for every unit that is away and for no other."""
    held = Custody.objects.at(branch).filter(receipt_id=OuterRef("id"), asset_id=OuterRef("asset_id"))
    receipts = GoodsReceipt.objects.at(branch)
    for kind, rows in (
        ("open_receipt_without_goods", receipts.filter(~Exists(held), status=ReceiptStatus.ISSUED)),
        ("goods_on_closed_receipt", receipts.filter(Exists(held)).exclude(status=ReceiptStatus.ISSUED)),
    ):
        for key, number in rows.order_by("id").values_list("id", "number").iterator():
            yield CustodyFault(kind, key, number)
    others = Custody.objects.at(branch).filter(receipt__isnull=False).exclude(receipt__asset_id=F("asset_id"))
    for key in others.order_by("id").values_list("id", flat=True).iterator():
        yield CustodyFault("goods_on_other_receipt", key)
