"""Numbers of the papers of stock, counted anew every day at the branch."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shouhou.access.actions import take_number
from shouhou.access.models import Branch
from shouhou.kernel.numbers import dated_number

# Paper → what its numbers begin with, before the code of the branch: 调拨, 领料, 盘点, 旧件.
_LETTERS = {"transfer": "DB", "requisition": "LL", "count": "PD", "old_part": "JJ"}


def paper_number(branch: Branch, paper: str, *, at: datetime) -> str:
    """The next number of a paper; call it inside the transaction of the act that uses it."""
    day = at.astimezone(ZoneInfo(branch.time_zone)).date()
    counter = take_number(branch.id, kind=f"stock_{paper}", period=f"{day:%y%m%d}")
    return dated_number(f"{_LETTERS[paper]}-{branch.code}", day, counter)
