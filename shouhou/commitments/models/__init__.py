from shouhou.commitments.models.commitments import Commitment, CommitmentMark, CommitmentNotice
from shouhou.commitments.models.excuses import Excuse, ExcuseEvidence, ExcuseRuling

__all__ = ["Commitment", "CommitmentMark", "CommitmentNotice", "Excuse", "ExcuseEvidence", "ExcuseRuling"]
