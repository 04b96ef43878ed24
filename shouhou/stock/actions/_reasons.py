from shouhou.access.actions import ReasonOwed
from shouhou.kernel.texts import written


def given_reason(reason: str) -> str:
    """The reason without white space around it. Raises ReasonOwed, TextTooLong."""
    reason = written(reason, most=200, field="reason")
    if not reason:
        raise ReasonOwed(field="reason")
    return reason
