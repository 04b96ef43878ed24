"""A changed rule or definition, applied to a promise that runs already: only when somebody asks for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shouhou.access.actors import Actor
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.commitments.actions._judging import judge_anew, lock_commitment
from shouhou.commitments.actions.pausing import NothingRuns
from shouhou.commitments.models import Commitment
from shouhou.commitments.queries import current_calendar
from shouhou.commitments.rules.reading import shipped_definitions
from shouhou.commitments.rules.terms import terms_of
from shouhou.commitments.rules.words import OPEN
from shouhou.policies.queries import book_in_force

REDEFINE = "commitments.apply_definition"


def apply_definition(commitment_id: UUID, *, told: Mapping[str, Any], by: Actor, at: datetime) -> Commitment:
    """Promise from now on by the definition, the rules and the calendar as they are today; the old terms stay in the journal.

    `told`: what the definition reads from the event that began it.
    Raises CommitmentNotFound, UnknownDefinition, NoRuleSaysHowLong, AgreedTimeMissing, NothingRuns, NotPermitted.
    """
    with act_transaction():
        row, marks = lock_commitment(commitment_id, permission=REDEFINE, by=by)
        if row.state not in OPEN:
            raise NothingRuns()
        definition = shipped_definitions().get(row.definition)
        branch = by.branch_of(row.branch_id)
        zone = ZoneInfo(branch.time_zone)
        terms = terms_of(
            definition, told, book=book_in_force(), on=at.astimezone(zone).date(), zone=zone, region=branch.region
        )
        before, row.terms = row.terms, terms.as_json()
        row.definition_version, row.calendar = definition.version, current_calendar(branch)
        row.save(update_fields=["terms", "definition_version", "calendar"])
        record(
            branch_id=row.branch_id,
            chain_id=row.id,
            verb="commitments.commitment.redefined",
            subject=("commitment", row.id),
            by=by,
            at=at,
            data={"before": before, "after": row.terms},
        )
        judge_anew(row, marks, by=by, at=at)
        return row
