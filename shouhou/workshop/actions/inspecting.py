"""验讫: somebody who did not mend it looks at it before it leaves the house."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import User
from shouhou.audit.atomicity import act_transaction
from shouhou.custody.actions import release_goods
from shouhou.kernel.errors import Refusal, gettext_noop
from shouhou.workorders.actions.bench import finish_bench_repair, give_up_repair
from shouhou.workshop.actions._card import journal, lock_card, move_card, order_of, owed
from shouhou.workshop.models import Inspection, RepairCard
from shouhou.workshop.queries import find_parts_used, menders_of, points_of
from shouhou.workshop.rules import Outcome, check_passed

_INSPECT = "workshop.inspect"


class InspectorMended(Refusal):
    code = "inspector_mended"
    template = gettext_noop("%(technician)s has mended it; somebody else inspects it.")


class InspectorUnnamed(Refusal):
    code = "inspector_unnamed"
    template = gettext_noop("An inspection is signed by a person.")


def inspect(card_id: UUID, *, checks: Mapping[str, str], by: Actor, at: datetime) -> Inspection:
    """Everything on the list was looked at and is right: the unit may be handed back, and its repair ends.

    A mended unit counts as repaired with the parts that went in; one that cannot be mended counts as repaired as well, for the
    right that follows from it; one that goes back as it is counts for nothing.
    Raises InspectorMended, InspectorUnnamed, ChecksMissing, InspectionPointUnknown, PassedDespiteFault, CardInWrongState,
    CardNotFound, NotPermitted.
    """
    with act_transaction():
        card, inspector = _lock_for_inspection(card_id, act="inspect", by=by, at=at)
        check_passed(points_of(card), checks)
        passed = Inspection.objects.create(
            branch_id=card.branch_id, card=card, passed=True, checks=dict(checks), inspector=inspector, at=at
        )
        step = move_card(card, "inspect")
        release_goods(card.asset_id, kept_for=card.number, by=by, at=at)
        order = order_of(card)
        if card.outcome == Outcome.AS_IS:
            give_up_repair(order, reason=card.work_done[:200], at=at)
        else:
            words = [used.part.rules_part for used in find_parts_used(card) if used.part.rules_part]
            mended = card.outcome == Outcome.MENDED
            finish_bench_repair(order, found=card.fault_code, parts=words if mended else (), at=at)
        told = {"checks": dict(checks), "outcome": card.outcome}
        journal(card, "card.inspected", by=by, at=at, data={**step, **told})
        return passed


def send_back_to_bench(card_id: UUID, *, reason: str, by: Actor, at: datetime) -> Inspection:
    """It is not right yet, and why: back to the one who has the card.

    Raises TextOwed, InspectorMended, InspectorUnnamed, CardInWrongState, CardNotFound, NotPermitted.
    """
    reason = owed(reason, field="reason", most=200)
    with act_transaction():
        card, inspector = _lock_for_inspection(card_id, act="send_back_to_bench", by=by, at=at)
        failed = Inspection.objects.create(
            branch_id=card.branch_id, card=card, passed=False, reason=reason, inspector=inspector, at=at
        )
        before = {"outcome": card.outcome, "work_done": card.work_done}
        step = move_card(card, "send_back_to_bench", outcome="", work_done="")
        journal(card, "card.sent_back", by=by, at=at, data={**step, **before, "reason": reason})
        return failed


def _lock_for_inspection(card_id: UUID, *, act: str, by: Actor, at: datetime) -> tuple[RepairCard, User]:
    card = lock_card(card_id, act=act, permission=_INSPECT, by=by, at=at)
    if by.user is None:
        raise InspectorUnnamed()
    menders = menders_of(card)
    if by.user.id in menders:
        raise InspectorMended(technician=menders[by.user.id])
    return card, by.user
