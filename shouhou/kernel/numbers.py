"""Human numbers: branch prefix, date, counter. ``QD261123-0042`` is Qingdao's 42nd of 23 November 2026."""

from datetime import date


def dated_number(prefix: str, day: date, counter: int) -> str:
    """Number of a document that is counted anew every day."""
    return f"{prefix}{day:%y%m%d}-{counter:04d}"


def running_number(prefix: str, counter: int) -> str:
    """Number of a document that is counted without end, e.g. a voucher: ``QD-000871``."""
    return f"{prefix}-{counter:06d}"
