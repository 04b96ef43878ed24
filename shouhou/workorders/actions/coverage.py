"""Who pays: say it, confirm what another said, ask the rules again."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.assets.models import Asset
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.statements import write
from shouhou.entitlements.actions import rule_on_override
from shouhou.entitlements.models import Override, OverrideRuling, Verdict
from shouhou.entitlements.queries import OverrideNotFound, standing_verdict
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.texts import written
from shouhou.workorders.actions._coverage import ask_who_pays, decide_class, keep_verdict
from shouhou.workorders.actions._order import journal, lock_order
from shouhou.workorders.models import WorkOrder
from shouhou.workorders.rules import WorkClass


class JudgedAnew(Conflict):
    code = "judged_anew"
    template = gettext_noop("The rules have been asked again since: please look at the newer verdict.")


def assign_work_class(
    order_id: UUID, *, work_class: str, by: Actor, at: datetime, reason: str = "", amount: Decimal | None = None
) -> WorkOrder:
    """Say who pays: A charged, B contract, C free, D internal (rule 四).

    Another class than the verdict's is an override: it needs a `reason`, and, where the rules let the customer pay, the
    `amount` that it is about (in CNY; what is booked already counts at least). Above the person's limit it waits until
    somebody confirms it. Raises UnknownChoice, OverrideReasonMissing, AmountMissing, AmountInvalid, WrongState, NotPermitted.
    """
    check_choice("work_class", work_class, WorkClass.values)
    reason = written(reason, most=200, field="reason")
    with act_transaction():
        order = lock_order(order_id, act="assign_work_class", permission="workorders.assign_work_class", by=by, at=at)
        old = order.work_class
        verdict = standing_verdict(order.id, branch_id=order.branch_id)
        overridden = decide_class(order, verdict, work_class=work_class, reason=reason, amount=amount, by=by, at=at)
        data: dict[str, object] = {"from": old, "to": order.work_class, "reason": reason}
        if overridden:
            data |= {
                "wanted": work_class,
                "verdict": verdict.work_class if verdict else "",
                "waits": not overridden.counts,
            }
        journal(order, "work_class.assigned", by=by, at=at, data=data)
        return order


def rule_on_work_class(override_id: UUID, *, confirm: bool, reason: str, by: Actor, at: datetime) -> OverrideRuling:
    """Confirm, or refuse with a reason, that another pays than the rules say. Confirmed, the order gets that class.

    Raises OverrideNotFound, JudgedAnew, WrongState, and what `rule_on_override` does.
    """
    with act_transaction():
        override = Override.objects.visible_to(by).select_related("verdict").filter(id=override_id).first()
        if override is None:
            raise OverrideNotFound()
        order = lock_order(
            override.verdict.about,
            act="assign_work_class",
            permission="entitlements.rule_on_override",
            by=by,
            at=at,
        )
        newest = standing_verdict(order.id, branch_id=order.branch_id)
        if (
            confirm
            and newest is not None
            and newest.id != override.verdict_id
            and newest.work_class != override.verdict.work_class
        ):
            raise JudgedAnew()
        ruling = rule_on_override(override_id, confirm=confirm, reason=reason, by=by, at=at)
        if confirm and order.work_class != override.work_class:
            old, order.work_class = order.work_class, override.work_class
            write(order, "work_class")
            data = {"from": old, "to": order.work_class, "reason": override.reason}
            journal(order, "work_class.assigned", by=by, at=at, data=data)
        return ruling


def judge_again(order_id: UUID, *, by: Actor, at: datetime) -> Verdict:
    """Ask the rules again with what is known now. The new verdict stands beside the old one; the class stays as it is.

    Raises WorkOrderNotFound, WrongState, NotPermitted.
    """
    with act_transaction():
        order = lock_order(order_id, act="assign_work_class", permission="workorders.assign_work_class", by=by, at=at)
        asked = ask_who_pays(
            _unit(order),
            branch=by.branch_of(order.branch_id),
            work_type=order.work_type,
            work_class=order.work_class,
            fault_code=order.fault_code,
            # A right is asked for at the call, however long it takes until somebody looks at it again.
            at=order.received_at,
        )
        earlier = standing_verdict(order.id, branch_id=order.branch_id)
        verdict = keep_verdict(order, asked, by=by, at=at)
        data = {"from": earlier.work_class if earlier else "", "to": verdict.work_class, "verdict": str(verdict.id)}
        journal(order, "verdict.given", by=by, at=at, data=data)
        return verdict


def _unit(order: WorkOrder) -> Asset:
    return Asset.objects.select_related("product_model__product_class").get(
        branch_id=order.branch_id, id=order.asset_id
    )
