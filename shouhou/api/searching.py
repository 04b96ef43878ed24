"""What searching lists have in common."""

from typing import Any

from shouhou.kernel.errors import Invalid, gettext_noop


class SearchStandsAlone(Invalid):
    code = "search_stands_alone"
    template = gettext_noop("A search with “q” cannot be combined with %(other)s.")


class DaysReversed(Invalid):
    code = "days_reversed"
    template = gettext_noop("The last day lies before the first.")


def check_search_alone(**others: Any) -> None:
    """Raise SearchStandsAlone if a search is combined with filters or a cursor, which it would silently ignore."""
    given = [name for name, value in others.items() if value]
    if given:
        raise SearchStandsAlone(other=", ".join(given), field="q")
