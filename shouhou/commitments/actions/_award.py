"""What the acts on awards share: the locked row, its event, its step."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.models import Event
from shouhou.commitments.models import Award, AwardStep
from shouhou.commitments.queries.awards import AwardNotFound
from shouhou.commitments.rules.award_words import StepKind
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.texts import written

_LONGEST = 200


class AwardInOtherState(Conflict):
    code = "award_in_other_state"
    template = gettext_noop("That is not possible any more: the award is in the state “%(state)s”.")


class AwardReasonMissing(Invalid):
    code = "award_reason_missing"
    template = gettext_noop("Please say why.")


def lock_award(award_id: UUID, *, permission: str, by: Actor) -> Award:
    """The award, locked until the transaction ends. Raises AwardNotFound, NotPermitted."""
    found = Award.objects.visible_to(by).select_for_update().filter(id=award_id).first()
    if found is None:
        raise AwardNotFound()
    by.require(permission, found.branch_id)
    return found


def check_state(award: Award, *states: str) -> None:
    """Raises AwardInOtherState."""
    if award.state not in states:
        raise AwardInOtherState(state=award.get_state_display(), field="state")


def given_reason(reason: str) -> str:
    """Raises AwardReasonMissing, TextTooLong."""
    reason = written(reason, most=_LONGEST, field="reason")
    if not reason:
        raise AwardReasonMissing(field="reason")
    return reason


def record_of_award(
    what: str, award: Award, data: dict[str, Any], *, by: Actor, at: datetime, opens: bool = False
) -> Event:
    """Write the event of an act on an award into its own chain."""
    return record(
        branch_id=award.branch_id,
        chain_id=award.id,
        verb=f"commitments.award.{what}",
        subject=("award", award.id),
        by=by,
        at=at,
        data={"about": [award.about_kind, award.about_id], "amount": [award.amount_minor, award.currency], **data},
        opens=opens,
    )


def note_step(award: Award, kind: StepKind, *, by: Actor, at: datetime, **told: Any) -> AwardStep:
    """Keep what was done."""
    return AwardStep.objects.create(branch_id=award.branch_id, award=award, kind=kind, by=by.user, at=at, **told)
