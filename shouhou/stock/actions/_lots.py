"""What is asked for, as steps: parts looked up, quantities in thousandths, a step of its own for each serial number."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from shouhou.catalog.models import Part, ProductModel
from shouhou.catalog.queries import UnknownPart, fits, in_use
from shouhou.catalog.rules import KeptAs
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.money import Money
from shouhou.kernel.quantities import of_thousandths, some_thousandths
from shouhou.kernel.texts import written
from shouhou.stock.actions._moving import Step, is_whole
from shouhou.stock.models import Place
from shouhou.stock.rules import Lot, MoveKind, checked_serials


class NoPartsNamed(Invalid):
    code = "no_parts_named"
    template = gettext_noop("Name at least one part.")


class TooManyParts(Invalid):
    code = "too_many_parts"
    template = gettext_noop("At most %(most)s lines can be booked at once.")


class PartNamedTwice(Invalid):
    code = "part_named_twice"
    template = gettext_noop("%(part)s is named twice; put it into one line.")


class PartDoesNotFit(Conflict):
    code = "part_does_not_fit"
    template = gettext_noop("%(part)s is not made for %(model)s.")


class CostInvalid(Invalid):
    code = "part_cost_invalid"
    template = gettext_noop("What a part costs is not negative, and in yuan.")


class KeyMissing(Invalid):
    code = "stock_key_missing"
    template = gettext_noop("The key is missing by which a repeat is known.")


_MOST_LINES = 1000


def parts_of(lots: Sequence[Lot], *, new: bool = False) -> dict[UUID, Part]:
    """The parts of some lots, each named once. Those that are retired may still move, but no `new` ones come in.

    Raises NoPartsNamed, TooManyParts, PartNamedTwice, UnknownPart, EntryRetired.
    """
    if not lots:
        raise NoPartsNamed(field="lots")
    if sum(max(len(lot.serials), 1) for lot in lots) > _MOST_LINES:
        raise TooManyParts(most=_MOST_LINES, field="lots")
    parts = {one.id: one for one in Part.objects.filter(id__in={lot.part_id for lot in lots})}
    seen: set[UUID] = set()
    for lot in lots:
        part = parts.get(lot.part_id)
        if part is None:
            raise UnknownPart(part=lot.part_id, field="part")
        if new:
            in_use(part, field="part")
        if part.id in seen:
            raise PartNamedTwice(part=part.number, field="part")
        seen.add(part.id)
    return parts


def steps_of(lots: Sequence[Lot], parts: dict[UUID, Part], *, kind: MoveKind, start: Place, end: Place) -> list[Step]:
    """The steps that bring some lots from one place to another, at their cost where they come into our stock.

    Raises QuantityNotPositive, QuantityNotWhole, QuantityTooFine, QuantityTooLarge, SerialsMissing, SerialsNotKept,
    SerialNamedTwice, CostInvalid.
    """
    steps: list[Step] = []
    for lot in lots:
        part = parts[lot.part_id]
        units = some_thousandths(lot.quantity, whole=is_whole(part))
        kept = part.kept_as == KeptAs.SERIAL
        serials = checked_serials(lot, part=part.number, kept=kept, units=units)
        comes_in = end.ours and not start.ours
        for serial, share in _shares(units, serials):
            value = worth(lot.cost, share) if comes_in else 0
            steps.append(Step(kind, part, start, end, share, serial, value))
    return steps


def worth(cost: Money, units: int) -> int:
    """What so many thousandths cost, in minor units, rounded half up. Raises CostInvalid."""
    if not cost.amount.is_finite() or cost.amount < 0 or cost.currency != "CNY" or cost.amount >= 10**9:
        raise CostInvalid(field="cost")
    return (cost * of_thousandths(units)).rounded().minor_units()


def check_fit(parts: Collection[Part], product_model: ProductModel | None) -> None:
    """Raise PartDoesNotFit for a part that is not made for the model."""
    for part in parts:
        if product_model is not None and not fits(part, product_model):
            raise PartDoesNotFit(part=part.number, model=product_model.code, field="part")


def written_key(key: str) -> str:
    """A caller's key; short enough that the books keep theirs after it. Raises KeyMissing, TextTooLong."""
    key = written(key, most=90, field="key")
    if not key:
        raise KeyMissing(field="key")
    return key


def _shares(units: int, serials: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    if serials:
        yield from ((one, 1000) for one in sorted(serials))
    else:
        yield "", units
