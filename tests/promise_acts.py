"""What tests of several floors do with promises: let one run out, and excuse it."""

from datetime import date, timedelta
from io import BytesIO

from shouhou.access.actors import product_itself
from shouhou.commitments.actions import claim_excuse, rule_on_excuse, sweep_commitments
from shouhou.commitments.actions.calendars import change_days
from shouhou.commitments.models import Commitment, Excuse
from shouhou.commitments.rules.calendars import OwnDay
from tests.cast import NOW, Crew
from tests.walls import picture

LATE = NOW + timedelta(days=2)


def broken_promise(crew: Crew) -> Commitment:
    """The arrival at a call that nobody went to."""
    order = crew.receive()
    sweep_commitments(crew.branch.id, by=product_itself(channel="worker"), at=LATE)
    return Commitment.objects.get(branch=crew.branch, subject_id=order.id, definition="arrival")


def claim(crew: Crew, broken: Commitment) -> Excuse:
    """The technician's excuse, with a photo."""
    evidence = [BytesIO(picture())]
    by = crew.technician_actor
    return claim_excuse(broken.id, kind="weather", account="台风，道路封闭", evidence=evidence, by=by, at=LATE)


def excuse_lateness(crew: Crew) -> Commitment:
    """A broken promise that the supervisor has excused."""
    broken = broken_promise(crew)
    rule_on_excuse(claim(crew, broken).id, accepted=True, reason="气象台证明属实", by=crew.supervisor, at=LATE)
    broken.refresh_from_db()
    return broken


def give_a_day_off(crew: Crew) -> None:
    """The branch is closed on the day before Christmas."""
    change_days(crew.branch.code, [(date(2026, 12, 24), OwnDay((), "店庆"))], by=crew.administrator, at=NOW)


def letter() -> BytesIO:
    """A PDF that proves anything: kept as it comes, so it costs nothing to read."""
    return BytesIO(b"%PDF-1.7\nletter of the weather office")
