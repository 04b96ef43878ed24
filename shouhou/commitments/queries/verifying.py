"""Proving the clocks: every commitment is judged anew by its terms, its marks and its calendar, and compared with its row."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from shouhou.access.models import Branch
from shouhou.commitments.models import STANDING_FIELDS, Commitment
from shouhou.commitments.queries.calendars import clock_for
from shouhou.commitments.queries.commitments import marks_of, read_marks
from shouhou.commitments.rules.standing import stand
from shouhou.commitments.rules.terms import read_terms

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Misjudged:
    """A commitment whose row does not say what follows from its marks: which fields, in alphabetical order."""

    commitment_id: UUID
    label: str
    fields: tuple[str, ...]


def find_misjudged(branch: Branch) -> Iterator[Misjudged]:
    """Those of a branch that stand otherwise than their marks say, as of when each was judged last. Constant memory.

    Two queries for each five hundred. One that could not be judged says so itself (`fault`) and is not compared.
    """
    rows = Commitment.objects.filter(branch_id=branch.id).order_by("id")
    few = list(rows[:_BATCH])
    while few:
        marks = marks_of(few, branch_id=branch.id)
        for row in few:
            if row.fault:
                continue
            standing = stand(read_terms(row.terms), read_marks(marks[row.id]), clock_for(row.calendar), row.judged_at)
            wrong = [name for name in STANDING_FIELDS if getattr(row, name) != getattr(standing, name)]
            if standing.steps_done > row.steps_done:
                wrong.append("steps_done")
            if wrong:
                yield Misjudged(row.id, row.label, tuple(sorted(wrong)))
        few = list(rows.filter(id__gt=few[-1].id)[:_BATCH])
