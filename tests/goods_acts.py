"""A customer's unit taken away and handed over, by the real actions."""

from datetime import date

from shouhou.custody import actions
from shouhou.custody.models import GoodsReceipt
from shouhou.custody.rules import Holder, HolderKind, Side
from tests.cast import NOW, STEP, STROKES, Crew

CUSTOMER, OURS = Side("王建华", STROKES), Side("李明", STROKES)
SHELF = Holder(HolderKind.SHELF, place="待修架")


def in_hand(crew: Crew) -> Holder:
    return Holder(HolderKind.TECHNICIAN, crew.technician.id)


def take(crew: Crew, **told: object) -> GoodsReceipt:
    """The branch's second unit goes with the technician, unless said otherwise."""
    usual = {"to": in_hand(crew), "condition": "外壳完好", "accessories": "遥控器", "promised_on": date(2026, 12, 1)}
    usual |= {"customer": CUSTOMER, "taker": OURS, "by": crew.technician_actor, "at": NOW}
    unit = told.pop("unit", crew.gas_unit)
    return actions.take_away(unit.id, **usual | told)  # type: ignore[attr-defined, arg-type]


def keep_goods(crew: Crew) -> None:
    """One unit in the hands of the technician, by way of a shelf and the van."""
    take(crew)
    told = {"giver": OURS, "taker": OURS, "by": crew.supervisor}
    van = Holder(HolderKind.VAN, crew.technician.id)
    actions.move_goods(crew.gas_unit.id, start=in_hand(crew), to=van, at=NOW + STEP, **told)  # type: ignore[arg-type]
    actions.move_goods(crew.gas_unit.id, start=van, to=in_hand(crew), at=NOW + 2 * STEP, **told)  # type: ignore[arg-type]
