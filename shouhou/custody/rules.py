"""Who can have a customer's unit, which hand-over leads from whom to whom, and what a side of it leaves behind. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.kernel.ink import Strokes, check_strokes
from shouhou.kernel.texts import written


class HolderKind(TextChoices):
    """What has the unit. A technician and a van are those of a named person; the others with a place are named by it."""

    CUSTOMER = "customer", _("The customer")
    TECHNICIAN = "technician", _("A technician")
    VAN = "van", _("Van of a technician")
    SHELF = "shelf", _("A shelf")
    BENCH = "bench", _("A bench")
    MAKER = "maker", _("The maker")
    COURIER = "courier", _("A courier")
    DISPOSED = "disposed", _("Disposed of")


PERSONS = (HolderKind.TECHNICIAN, HolderKind.VAN)
NAMED = (HolderKind.SHELF, HolderKind.BENCH, HolderKind.MAKER, HolderKind.COURIER)
# With these the receipt is no longer open: the customer has the unit, or has given it up.
SETTLED = (HolderKind.CUSTOMER, HolderKind.DISPOSED)
AWAY = (*PERSONS, *NAMED)
IN_HOUSE = (*PERSONS, HolderKind.SHELF, HolderKind.BENCH)


class HandOverKind(TextChoices):
    """What a line of the in/out register is in the trade."""

    TAKEN_AWAY = "taken_away", _("Taken away against a receipt")
    MOVED = "moved", _("Handed over")
    SENT_TO_MAKER = "sent_to_maker", _("Sent to the maker")
    BACK_FROM_MAKER = "back_from_maker", _("Back from the maker")
    REFUSED_BY_MAKER = "refused_by_maker", _("Refused by the maker")
    READY = "ready", _("Ready for pick-up")
    HANDED_BACK = "handed_back", _("Handed back")
    DISPOSED = "disposed", _("Disposed of")


_OURS = frozenset(IN_HOUSE)
_ON_WAY = _OURS | {HolderKind.COURIER}
_CUSTOMER, _MAKER = frozenset({HolderKind.CUSTOMER}), frozenset({HolderKind.MAKER})
# Kind of hand-over → from which holders to which.
ROUTES: Mapping[HandOverKind, tuple[frozenset[HolderKind], frozenset[HolderKind]]] = {
    HandOverKind.TAKEN_AWAY: (_CUSTOMER, _OURS),
    HandOverKind.MOVED: (_ON_WAY, _ON_WAY),
    HandOverKind.SENT_TO_MAKER: (_ON_WAY, _MAKER),
    HandOverKind.BACK_FROM_MAKER: (_MAKER, _ON_WAY),
    HandOverKind.REFUSED_BY_MAKER: (_MAKER, _ON_WAY),
    HandOverKind.READY: (_OURS, frozenset({HolderKind.SHELF})),
    HandOverKind.HANDED_BACK: (_ON_WAY, _CUSTOMER),
    HandOverKind.DISPOSED: (_OURS | _MAKER, frozenset({HolderKind.DISPOSED})),
}


# What ends our keeping, or says that it could end: not while a repair card that is not inspected hangs on the unit.
LEAVES = frozenset({HandOverKind.READY, HandOverKind.HANDED_BACK, HandOverKind.DISPOSED})


class ReceiptStatus(TextChoices):
    """Where a goods receipt 客户商品领取收据 is: with the customer, back with us (or declared lost), voided."""

    ISSUED = "issued", _("With the customer")
    RECOVERED = "recovered", _("Recovered")
    DECLARED_LOST = "declared_lost", _("Declared lost")
    VOIDED = "voided", _("Voided")


class HolderIncomplete(Invalid):
    code = "holder_incomplete"
    template = gettext_noop("Name the technician for a technician or a van, and the place for every other holder.")


class SideUnsigned(Invalid):
    code = "side_unsigned"
    template = gettext_noop("Both sides sign a hand-over, or it is written down why one did not.")


class SignedAndRefused(Invalid):
    code = "signed_and_refused"
    template = gettext_noop("Nobody both signs and refuses to.")


@dataclass(frozen=True, slots=True)
class Holder:
    """Exactly one holder: its kind, and the person or the place where the kind has one."""

    kind: str
    technician_id: UUID | None = None
    place: str = ""

    def checked(self, *, field: str) -> Holder:
        """The same, fit to be stored. Raises HolderIncomplete, TextTooLong, TextUnreadable."""
        place = written(self.place, most=60, field=field)
        named = self.kind in HolderKind.values
        if (
            not named
            or (self.kind in PERSONS) != (self.technician_id is not None)
            or (self.kind in NAMED) != bool(place)
        ):
            raise HolderIncomplete(field=field)
        return Holder(self.kind, self.technician_id, place)

    @property
    def shown(self) -> str:
        """In words, without the technician's name, which the rules do not know."""
        return f"{HolderKind(self.kind).label} {self.place}".strip()


AT_CUSTOMER = Holder(HolderKind.CUSTOMER)
GONE = Holder(HolderKind.DISPOSED)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a hand-over: who signed with which strokes, or why there is no signature."""

    name: str = ""
    strokes: Strokes = ()
    refusal: str = ""

    def checked(self, *, field: str) -> Side:
        """The same, fit to be stored.

        Raises SideUnsigned, SignedAndRefused, SignatureEmpty, SignatureMalformed, TextTooLong, TextUnreadable.
        """
        name = written(self.name, most=80, field=field)
        refusal = written(self.refusal, most=200, field=field)
        if refusal and self.strokes:
            raise SignedAndRefused(field=field)
        if not refusal:
            if not (name and self.strokes):
                raise SideUnsigned(field=field)
            check_strokes(self.strokes)
        return Side(name, [[[*point] for point in stroke] for stroke in self.strokes], refusal)


def leads(kind: HandOverKind, start: str, end: str) -> bool:
    """Whether a hand-over of this kind leads from such a holder to such a holder."""
    starts, ends = ROUTES[kind]
    return start in starts and end in ends
