"""Reading the first few rows of several branches at once: the only look-ups that are not pinned to one branch.

Each branch is asked for a short range of its own index, in one statement together; what comes back is merged by the caller.
"""

from collections.abc import Sequence

from django.db.models import Model

from shouhou.access.actors import Actor
from shouhou.access.models import Branch
from shouhou.access.wall import BranchQuerySet

MOST_BRANCHES = 30


def branches_to_search(code: str, *, by: Actor) -> list[Branch]:
    """Where a search looks: the branch that the actor works in, then others in which he holds `code`; at most MOST_BRANCHES."""
    seen = [branch for branch in by.branches if by.may(code, branch.id)]
    seen.sort(key=lambda branch: by.branch is None or branch.id != by.branch.id)
    return seen[:MOST_BRANCHES]


def first_of_each[M: Model](parts: Sequence[BranchQuerySet[M]], *, limit: int) -> list[M]:
    """The first `limit` rows of each part, bare and in no order. A part is an ordered queryset that is pinned to one branch.

    One statement, whose cost grows with the number of parts and not with the tables.
    """
    if not parts:
        return []
    if len(parts) == 1:
        return list(parts[0][:limit])
    # Put together as text, because Django lets SQLite have no LIMIT inside a UNION; each part is compiled by Django.
    each = [rows[:limit].query.sql_with_params() for rows in parts]
    statement = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part" for sql, _params in each)  # noqa: S608
    return list(parts[0].model._default_manager.raw(statement, [one for _sql, params in each for one in params]))
