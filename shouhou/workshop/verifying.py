"""Proving what the cards of the workshop say: against who has the goods, against the journal, and the hours of people."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched, pairwise
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from shouhou.access.models import Branch
from shouhou.audit.models import Event
from shouhou.custody.models import Custody
from shouhou.custody.rules import IN_HOUSE, HolderKind
from shouhou.workshop.models import BenchWork, Inspection, RepairCard
from shouhou.workshop.rules import CardStatus

_BATCH = 200
_NOT_INSPECTED = [one for one in CardStatus if one not in (CardStatus.INSPECTED, CardStatus.CLOSED)]
# A unit that is mended elsewhere is on the way, or there.
_WITH_US = [*IN_HOUSE, HolderKind.MAKER, HolderKind.COURIER]


@dataclass(frozen=True, slots=True)
class CardFault:
    """One thing that does not hold. `kind` is stable; `subject` is the card or the stretch of work that it is about."""

    kind: str
    subject: UUID
    detail: str = ""


def count_cards(branch: Branch) -> int:
    """How many cards the branch has ever written."""
    return RepairCard.objects.at(branch).count()


def find_card_faults(branch: Branch) -> Iterator[CardFault]:
    """Everything about the cards of a branch that does not hold, as it is found."""
    yield from _goods_elsewhere(branch)
    yield from _wrongly_inspected(branch)
    yield from _two_at_a_time(branch)
    yield from _not_in_journal(branch)


def _goods_elsewhere(branch: Branch) -> Iterator[CardFault]:
    """Until it is inspected the unit is with us or at its maker, and kept for its card; afterwards it is kept no more."""
    here = Custody.objects.at(branch).filter(asset_id=OuterRef("asset_id"))
    cards = RepairCard.objects.at(branch)
    waiting = cards.filter(status__in=_NOT_INSPECTED)
    kept = here.filter(kind__in=_WITH_US, receipt_id=OuterRef("receipt_id"), kept_for=OuterRef("number"))
    done = cards.exclude(status__in=_NOT_INSPECTED).filter(Exists(here.filter(kept_for=OuterRef("number"))))
    for kind, rows in (("card_without_goods", waiting.filter(~Exists(kept))), ("inspected_but_kept", done)):
        for key, number in rows.order_by("id").values_list("id", "number").iterator():
            yield CardFault(kind, key, number)


def _wrongly_inspected(branch: Branch) -> Iterator[CardFault]:
    """An inspected card has been passed by somebody who neither worked on it nor had it."""
    cards = RepairCard.objects.at(branch)
    passed = Inspection.objects.at(branch).filter(card_id=OuterRef("id"), passed=True)
    without = cards.exclude(status__in=_NOT_INSPECTED).filter(~Exists(passed))
    for key, number in without.order_by("id").values_list("id", "number").iterator():
        yield CardFault("handed_on_uninspected", key, number)
    worked = BenchWork.objects.at(branch).filter(
        card_id=OuterRef("card_id"), technician__user_id=OuterRef("inspector_id")
    )
    own = Inspection.objects.at(branch).filter(Q(card__technician__user_id=F("inspector_id")) | Exists(worked))
    for key, number in own.order_by("id").values_list("card_id", "card__number").iterator():
        yield CardFault("inspected_by_mender", key, number)


def _two_at_a_time(branch: Branch) -> Iterator[CardFault]:
    """No technician works twice at a time."""
    stretches = BenchWork.objects.at(branch).order_by("technician_id", "starts_at", "id").iterator(chunk_size=_BATCH)
    for one, later in pairwise(stretches):
        overlaps = one.ends_at is None or later.starts_at < one.ends_at
        if one.technician_id == later.technician_id and overlaps:
            yield CardFault("work_overlaps", later.id, f"{later.starts_at:%F %H:%M}")


def _not_in_journal(branch: Branch) -> Iterator[CardFault]:
    """The status of a card is the one to which its last act led."""
    cards = RepairCard.objects.at(branch).order_by("id").iterator(chunk_size=_BATCH)
    for batch in batched(cards, _BATCH, strict=False):
        events = Event.objects.filter(branch_id=branch.id, chain_id__in=[card.id for card in batch])
        last: dict[UUID, str] = {}
        for chain, told in events.order_by("chain_id", "sequence").values_list("chain_id", "data"):
            last[chain] = told.get("to", last.get(chain, CardStatus.QUEUED))
        for card in batch:
            if last.get(card.id) != card.status:
                yield CardFault("card_not_in_journal", card.id, f"{card.number} {card.status}")
