from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shouhou.access.actors import Actor
from shouhou.access.models import Branch, User
from shouhou.audit.actions import record
from shouhou.catalog.models import ProductClass
from shouhou.kernel.errors import Conflict, gettext_noop
from shouhou.kernel.periods import Period
from shouhou.kernel.phones import normal_phone
from shouhou.kernel.texts import written
from shouhou.workforce.models import Absence, Certificate, Qualification, Requirement, Technician
from shouhou.workforce.queries import TechnicianNotFound


class TechnicianRegisteredAlready(Conflict):
    code = "technician_registered_already"
    template = gettext_noop("%(name)s is registered as a technician already.")


class QualificationKnownAlready(Conflict):
    code = "qualification_known_already"
    template = gettext_noop("There is a qualification with the code %(taken)s already.")


class RequiredAlready(Conflict):
    code = "required_already"
    template = gettext_noop("Work on %(product_class)s needs “%(qualification)s” already.")


def add_qualification(*, code: str, name: str, branch: Branch, by: Actor, at: datetime) -> Qualification:
    """Add a certificate of the trade to the shared list. Raises QualificationKnownAlready, NotPermitted."""
    by.require("catalog.change_catalogue", branch.id)
    with transaction.atomic():
        if Qualification.objects.filter(code=code).exists():
            raise QualificationKnownAlready(taken=code, field="code")
        qualification = Qualification.objects.create(code=code, name=name)
        _record(branch.id, "qualification.added", ("qualification", qualification.id), {"code": code}, by=by, at=at)
        return qualification


def require_qualification(
    qualification: Qualification,
    *,
    product_class: ProductClass,
    work_type: str,
    branch: Branch,
    by: Actor,
    at: datetime,
) -> Requirement:
    """From now on this work may only be given to holders of the qualification. Empty `work_type`: any work.

    Raises RequiredAlready, NotPermitted.
    """
    by.require("catalog.change_catalogue", branch.id)
    with transaction.atomic():
        if qualification.requirements.filter(product_class=product_class, work_type=work_type).exists():
            raise RequiredAlready(qualification=qualification.name, product_class=product_class.name)
        requirement = Requirement.objects.create(
            product_class=product_class, work_type=work_type, qualification=qualification
        )
        data = {"product_class": product_class.code, "work_type": work_type, "qualification": qualification.code}
        _record(branch.id, "requirement.added", ("requirement", requirement.id), data, by=by, at=at)
        return requirement


def register_technician(user: User, *, branch: Branch, by: Actor, at: datetime, phone: str = "") -> Technician:
    """Make a user a technician of a branch. Raises TechnicianRegisteredAlready, NotPermitted."""
    by.require("workforce.register_technician", branch.id)
    with transaction.atomic():
        if Technician.objects.filter(user=user).exists():
            raise TechnicianRegisteredAlready(name=str(user), field="user")
        technician = Technician.objects.create(
            branch=branch, user=user, name=str(user), phone=normal_phone(phone) if phone else ""
        )
        _record(branch.id, "technician.registered", ("technician", technician.id), {"user": str(user.id)}, by=by, at=at)
        return technician


def grant_qualification(
    technician_id: UUID,
    *,
    qualification: Qualification,
    starts_on: date,
    ends_on: date | None,
    by: Actor,
    at: datetime,
    number: str = "",
) -> Certificate:
    """Record a certificate that a technician holds. Raises PeriodEndsBeforeStart, TechnicianNotFound, NotPermitted."""
    Period(starts_on, ends_on)
    number = written(number, most=40, field="number")
    with transaction.atomic():
        technician = _locked(technician_id, by=by, permission="workforce.grant_qualification")
        certificate = Certificate.objects.create(
            branch_id=technician.branch_id,
            technician=technician,
            qualification=qualification,
            number=number,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        data = {
            "qualification": qualification.code,
            "from": starts_on.isoformat(),
            "until": ends_on.isoformat() if ends_on else None,
        }
        subject = ("technician", technician.id)
        _record(technician.branch_id, "qualification.granted", subject, data, by=by, at=at)
        return certificate


def record_absence(
    technician_id: UUID, *, starts_at: datetime, ends_at: datetime, reason: str, by: Actor, at: datetime
) -> Absence:
    """Record a time when the technician cannot be sent. Visits planned before stay; the dispatcher sees the clash."""
    Period(starts_at, ends_at)
    reason = written(reason, most=100, field="reason")
    with transaction.atomic():
        technician = _locked(technician_id, by=by, permission="workforce.record_absence")
        absence = Absence.objects.create(
            branch_id=technician.branch_id, technician=technician, starts_at=starts_at, ends_at=ends_at, reason=reason
        )
        data = {"from": starts_at.isoformat(), "until": ends_at.isoformat(), "reason": reason}
        _record(technician.branch_id, "absence.recorded", ("technician", technician.id), data, by=by, at=at)
        return absence


def _locked(technician_id: UUID, *, by: Actor, permission: str) -> Technician:
    technician = Technician.objects.visible_to(by).select_for_update().filter(id=technician_id).first()
    if technician is None:
        raise TechnicianNotFound(field="technician")
    by.require(permission, technician.branch_id)
    return technician


def _record(
    branch_id: UUID, verb: str, subject: tuple[str, UUID], data: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    record(
        branch_id=branch_id,
        chain_id=subject[1],
        verb=f"workforce.{verb}",
        subject=subject,
        by=by,
        at=at,
        data=data,
    )
