"""Everything that is written about commitments."""

from shouhou.commitments.actions.excusing import claim_excuse, rule_on_excuse
from shouhou.commitments.actions.observing import observe
from shouhou.commitments.actions.pausing import pause_commitment, release_commitment
from shouhou.commitments.actions.redefining import apply_definition
from shouhou.commitments.actions.sweeping import BATCH, sweep_commitments

__all__ = [
    "BATCH",
    "apply_definition",
    "claim_excuse",
    "observe",
    "pause_commitment",
    "release_commitment",
    "rule_on_excuse",
    "sweep_commitments",
]
