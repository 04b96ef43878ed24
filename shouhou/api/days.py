"""Which day it is where."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from shouhou.access.models import Branch


def today_at(branch: Branch) -> date:
    """The date at a branch at this moment."""
    return timezone.now().astimezone(ZoneInfo(branch.time_zone)).date()
