"""The life of a unit as it is written down: by people (meter, replacement, mistakes) and by the acts on its repairs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.wall import BranchQuerySet
from shouhou.assets.actions._unit import RECORD_HISTORY, lock_unit, record_on_unit
from shouhou.assets.models import Asset, UnitHappening
from shouhou.assets.rules import HappeningKind
from shouhou.audit.atomicity import act_transaction
from shouhou.audit.looks import Look
from shouhou.audit.statements import insert
from shouhou.kernel.choices import check_choice
from shouhou.kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from shouhou.kernel.texts import written
from shouhou.policies.rules.words import Uncounted

_MOST_KM = 5_000_000
_LONGEST_REASON = 200
_LONGEST_EVIDENCE = 500


class HappeningNotFound(NotFound):
    code = "happening_not_found"


class MomentInFuture(Invalid):
    code = "moment_in_future"
    template = gettext_noop("%(moment)s lies in the future.")


class KilometresInvalid(Invalid):
    code = "kilometres_invalid"
    template = gettext_noop("The meter shows between 0 and %(most)s km.")


class TakenBackAlready(Conflict):
    code = "taken_back_already"
    template = gettext_noop("This line has been taken back already.")


class WhyTakenBackMissing(Invalid):
    code = "why_taken_back_missing"
    template = gettext_noop("Please say why this is taken back.")


class RepairNotKnown(Invalid):
    code = "repair_not_known"
    template = gettext_noop("No repair “%(repair)s” of this unit is written down.")


class TimeEndsBeforeItBegins(Invalid):
    code = "time_ends_before_it_begins"
    template = gettext_noop("Time that does not count has to end after it begins.")


class TimeOutsideRepair(Invalid):
    code = "time_outside_repair"
    template = gettext_noop("Only time within the repair can be left out of it: %(start)s to %(end)s.")


class TimeLeftOutAlready(Conflict):
    code = "time_left_out_already"
    template = gettext_noop("Some of this time is written down already: %(start)s to %(end)s.")


class UncountedEvidenceMissing(Invalid):
    code = "uncounted_evidence_missing"
    template = gettext_noop("Please write down what shows it: days that do not count can cost the customer a right.")


def read_meter(asset_id: UUID, *, km: int, read_at: datetime, by: Actor, at: datetime) -> UnitHappening:
    """Write down what the meter showed. Raises AssetNotFound, KilometresInvalid, MomentInFuture, NotPermitted."""
    if not 0 <= km <= _MOST_KM:
        raise KilometresInvalid(most=_MOST_KM, field="km")
    with act_transaction():
        unit = _lock_unit(asset_id, read_at, by=by, at=at)
        row = _write(unit, HappeningKind.METER_READ, happened=read_at, at=at, km=km)
        _record(unit, "meter_read", row, {"km": km}, by=by, at=at)
        return row


def replace_unit(asset_id: UUID, *, replaced_at: datetime, reason: str, by: Actor, at: datetime) -> UnitHappening:
    """The customer got another unit for this one; its guarantee goes on with the new unit where a rule says so.

    Raises AssetNotFound, MomentInFuture, TextTooLong, NotPermitted.
    """
    reason = written(reason, most=_LONGEST_REASON, field="reason")
    with act_transaction():
        unit = _lock_unit(asset_id, replaced_at, by=by, at=at)
        row = _write(unit, HappeningKind.REPLACED, happened=replaced_at, at=at, reason=reason)
        _record(unit, "replaced", row, {"reason": reason}, by=by, at=at)
        return row


def leave_out_time(
    asset_id: UUID,
    *,
    repair: str,
    reason: str,
    evidence: str,
    starts_at: datetime,
    ends_at: datetime,
    by: Actor,
    at: datetime,
) -> UnitHappening:
    """Part of a repair need not count as days in repair: write down why, and what shows it.

    Whether it does not count is for the rule in force to say; without a rule that names the reason it counts all the same. It
    is taken back like every line of the life. Raises AssetNotFound, UnknownChoice, RepairNotKnown, TimeEndsBeforeItBegins,
    TimeOutsideRepair, TimeLeftOutAlready, UncountedEvidenceMissing, MomentInFuture, TextTooLong, NotPermitted.
    """
    check_choice("reason", reason, [str(one) for one in Uncounted])
    evidence = written(evidence, most=_LONGEST_EVIDENCE, field="evidence")
    if not evidence:
        raise UncountedEvidenceMissing(field="evidence")
    if ends_at <= starts_at:
        raise TimeEndsBeforeItBegins(field="ends_at")
    with act_transaction():
        unit = _lock_unit(asset_id, starts_at, by=by, at=at)
        _check_within(unit, repair, starts_at, ends_at, at=at)
        row = _write(
            unit,
            HappeningKind.LEFT_OUT,
            happened=starts_at,
            at=at,
            ends_at=ends_at,
            repair=repair,
            reason=reason,
            evidence=evidence,
        )
        data: dict[str, object] = {
            "repair": repair,
            "reason": reason,
            "ends_at": ends_at.isoformat(),
            "evidence": evidence,
        }
        _record(unit, "time_left_out", row, data, by=by, at=at)
        return row


def take_back_happening(happening_id: UUID, *, reason: str, by: Actor, at: datetime) -> UnitHappening:
    """A line of the life was wrong: a further line says so, and it counts no more.

    Raises HappeningNotFound, TakenBackAlready, WhyTakenBackMissing, TextTooLong, NotPermitted.
    """
    reason = written(reason, most=_LONGEST_REASON, field="reason")
    if not reason:
        raise WhyTakenBackMissing(field="reason")
    with act_transaction():
        row = UnitHappening.objects.visible_to(by).filter(id=happening_id).first()
        if row is None or row.kind == HappeningKind.TAKEN_BACK:
            raise HappeningNotFound()
        unit = _lock_unit(row.asset_id, row.at, by=by, at=at)
        taken = UnitHappening.objects.filter(branch_id=row.branch_id, takes_back_id=row.id)
        if taken.exists():
            raise TakenBackAlready()
        back = _write(unit, HappeningKind.TAKEN_BACK, happened=at, at=at, reason=reason, takes_back=row)
        _record(unit, "taken_back", back, {"line": str(row.id), "kind": row.kind, "reason": reason}, by=by, at=at)
        return back


@dataclass(frozen=True, slots=True)
class RepairOf:
    """Which repair of which unit the act of another module is about: `number` holds its lines together."""

    branch_id: UUID
    asset_id: UUID
    number: str


def begin_repair(repair: RepairOf, *, fault_code_id: UUID | None, at: datetime) -> UnitHappening:
    """Work on a fault begins. A part of the act that begins it, whose event and whose permission are its own."""
    return _note(repair, HappeningKind.REPAIR_BEGUN, at, fault_code_id=fault_code_id)


def end_repair(
    repair: RepairOf, *, at: datetime, found_id: UUID | None = None, parts: Iterable[str] = ()
) -> UnitHappening:
    """The unit works again: `found_id` is the fault that it was, `parts` what was replaced. A part of the act that ends it."""
    return _note(repair, HappeningKind.REPAIR_ENDED, at, fault_code_id=found_id, parts=sorted(set(parts)))


def begin_part_wait(repair: RepairOf, *, at: datetime) -> UnitHappening:
    """A part is not to be had. A part of the act that leaves the repair unfinished."""
    return _note(repair, HappeningKind.PART_WAIT_BEGUN, at)


def end_part_wait(repair: RepairOf, *, at: datetime) -> UnitHappening:
    """The part is there and the work goes on. A part of the act that goes on with the repair."""
    return _note(repair, HappeningKind.PART_WAIT_ENDED, at)


def drop_repair(repair: RepairOf, *, reason: str, at: datetime) -> None:
    """Nothing comes of a repair that began: all its lines are taken back. A part of the act that cancels it."""
    for row in lines_of_repair(repair):
        _note(replace(repair, number=""), HappeningKind.TAKEN_BACK, at, reason=reason, takes_back=row)


def lines_of_repair(repair: RepairOf) -> list[UnitHappening]:
    """What counts of a repair, in the order in which it was written down."""
    return _LINES.all(branch_id=repair.branch_id, asset_id=repair.asset_id, number=repair.number)


def _lines(branch_id: UUID, asset_id: UUID, number: str) -> BranchQuerySet[UnitHappening]:
    rows = UnitHappening.objects.filter(branch_id=branch_id, asset_id=asset_id)
    taken = rows.filter(takes_back__isnull=False).values("takes_back_id")
    return rows.filter(repair=number).exclude(id__in=taken).order_by("recorded_at", "id")


_LINES = Look(_lines)


def _note(repair: RepairOf, kind: HappeningKind, at: datetime, **fields: Any) -> UnitHappening:
    row = UnitHappening(
        branch_id=repair.branch_id,
        asset_id=repair.asset_id,
        kind=kind,
        at=at,
        recorded_at=at,
        repair=repair.number,
        **fields,
    )
    insert(row)
    return row


def _lock_unit(asset_id: UUID, moment: datetime, *, by: Actor, at: datetime) -> Asset:
    unit = lock_unit(asset_id, permission=RECORD_HISTORY, by=by)
    if moment > at:
        raise MomentInFuture(moment=moment.isoformat(), field="at")
    return unit


def _write(unit: Asset, kind: HappeningKind, *, happened: datetime, at: datetime, **fields: Any) -> UnitHappening:
    row = UnitHappening(branch_id=unit.branch_id, asset=unit, kind=kind, at=happened, recorded_at=at, **fields)
    insert(row)
    return row


def _record(unit: Asset, what: str, row: UnitHappening, data: dict[str, object], *, by: Actor, at: datetime) -> None:
    told = {"line": str(row.id), "happened_at": row.at.isoformat()} | data
    record_on_unit(unit, f"assets.unit.{what}", by=by, at=at, data=told)


def _check_within(unit: Asset, repair: str, starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    lines = lines_of_repair(RepairOf(unit.branch_id, unit.id, repair))
    begun = _moment_of(lines, HappeningKind.REPAIR_BEGUN)
    if not repair or begun is None:
        raise RepairNotKnown(repair=repair, field="repair")
    ended = _moment_of(lines, HappeningKind.REPAIR_ENDED) or at
    # People write minutes: the one in which the repair began belongs to it.
    too_early = starts_at < begun.replace(second=0, microsecond=0)
    if too_early or ends_at > ended:
        field = "starts_at" if too_early else "ends_at"
        raise TimeOutsideRepair(start=begun.isoformat(), end=ended.isoformat(), field=field)
    for one in lines:
        if one.kind == HappeningKind.LEFT_OUT and one.ends_at and one.at < ends_at and starts_at < one.ends_at:
            raise TimeLeftOutAlready(start=one.at.isoformat(), end=one.ends_at.isoformat(), field="starts_at")


def _moment_of(lines: Iterable[UnitHappening], kind: HappeningKind) -> datetime | None:
    return next((one.at for one in lines if one.kind == kind), None)
