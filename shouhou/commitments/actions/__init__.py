"""Everything that is written about commitments."""

from shouhou.commitments.actions.observing import observe
from shouhou.commitments.actions.sweeping import BATCH, sweep_commitments

__all__ = ["BATCH", "observe", "sweep_commitments"]
