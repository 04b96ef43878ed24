"""Everything that is written about commitments."""

from shouhou.commitments.actions.awards import approve_award, propose_award, refuse_award
from shouhou.commitments.actions.excusing import claim_excuse, rule_on_excuse
from shouhou.commitments.actions.observing import observe
from shouhou.commitments.actions.pausing import pause_commitment, release_commitment
from shouhou.commitments.actions.redefining import apply_definition
from shouhou.commitments.actions.settling import settle_award
from shouhou.commitments.actions.sweeping import BATCH, sweep_commitments
from shouhou.commitments.actions.top_ups import record_top_up
from shouhou.commitments.actions.withdrawing import withdraw_award, withdraw_awards_about

__all__ = [
    "BATCH",
    "apply_definition",
    "approve_award",
    "claim_excuse",
    "observe",
    "pause_commitment",
    "propose_award",
    "record_top_up",
    "refuse_award",
    "release_commitment",
    "rule_on_excuse",
    "settle_award",
    "sweep_commitments",
    "withdraw_award",
    "withdraw_awards_about",
]
