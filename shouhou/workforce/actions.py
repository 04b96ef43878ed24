from datetime import date, datetime
from typing import Any
from uuid import UUID

from shouhou.access.actors import Actor
from shouhou.access.models import Branch, User
from shouhou.audit.actions import record
from shouhou.audit.atomicity import act_transaction
from shouhou.catalog.models import ProductClass
from shouhou.kernel.errors import Conflict, Invalid, gettext_noop
from shouhou.kernel.periods import Period
from shouhou.kernel.phones import normal_phone
from shouhou.kernel.texts import written
from shouhou.workforce.models import Absence, Certificate, Qualification, Requirement, Technician
from shouhou.workforce.queries import (
    AbsenceNotFound,
    CertificateNotFound,
    TechnicianInactive,
    TechnicianNotFound,
    get_absence,
    get_certificate,
)


class TechnicianRegisteredAlready(Conflict):
    code = "technician_registered_already"
    template = gettext_noop("%(name)s is registered as a technician already.")


class QualificationKnownAlready(Conflict):
    code = "qualification_known_already"
    template = gettext_noop("There is a qualification with the code %(taken)s already.")


class TechnicianNameMissing(Invalid):
    code = "technician_name_missing"
    template = gettext_noop("Please give the technician's name.")


class TechnicianActive(Conflict):
    code = "technician_active"
    template = gettext_noop("%(technician)s works here.")


class RequiredAlready(Conflict):
    code = "required_already"
    template = gettext_noop("Work on %(product_class)s needs “%(qualification)s” already.")


def add_qualification(*, code: str, name: str, branch: Branch, by: Actor, at: datetime) -> Qualification:
    """Add a certificate of the trade to the shared list. Raises QualificationKnownAlready, NotPermitted."""
    by.require("catalog.change_catalogue", branch.id)
    with act_transaction():
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
    with act_transaction():
        if qualification.requirements.filter(product_class=product_class, work_type=work_type).exists():
            raise RequiredAlready(qualification=qualification.name, product_class=product_class.name)
        requirement = Requirement.objects.create(
            product_class=product_class, work_type=work_type, qualification=qualification
        )
        data = {"product_class": product_class.code, "work_type": work_type, "qualification": qualification.code}
        _record(branch.id, "requirement.added", ("requirement", requirement.id), data, by=by, at=at)
        return requirement


def register_technician(user: User, *, branch: Branch, by: Actor, at: datetime, phone: str = "") -> Technician:
    """Make a user a technician of a branch. Raises TechnicianRegisteredAlready, PhoneInvalid, NotPermitted."""
    by.require("workforce.register_technician", branch.id)
    with act_transaction():
        User.objects.select_for_update().get(
            id=user.id
        )  # two who register him at once: the second finds him registered
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
    with act_transaction():
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
    with act_transaction():
        technician = _locked(technician_id, by=by, permission="workforce.record_absence")
        absence = Absence.objects.create(
            branch_id=technician.branch_id, technician=technician, starts_at=starts_at, ends_at=ends_at, reason=reason
        )
        data = {"from": starts_at.isoformat(), "until": ends_at.isoformat(), "reason": reason}
        _record(technician.branch_id, "absence.recorded", ("technician", technician.id), data, by=by, at=at)
        return absence


def change_technician(technician_id: UUID, *, name: str, phone: str, by: Actor, at: datetime) -> Technician:
    """Correct the name as customers see it, and the phone.

    Raises TechnicianNameMissing, PhoneInvalid, TechnicianNotFound, NotPermitted.
    """
    name = written(name, most=60, field="name")
    if not name:
        raise TechnicianNameMissing(field="name")
    phone = normal_phone(phone) if phone.strip() else ""
    with act_transaction():
        technician = _locked(technician_id, by=by, permission="workforce.register_technician")
        changes: dict[str, Any] = {}
        if technician.name != name:
            changes["name"] = [technician.name, name]
        if technician.phone != phone:
            changes["phone"] = "changed"  # what is kept for good does not spell out a number
        if changes:
            technician.name, technician.phone = name, phone
            technician.save(update_fields=list(changes))
            subject = ("technician", technician.id)
            _record(technician.branch_id, "technician.changed", subject, changes, by=by, at=at)
        return technician


def leave_company(technician_id: UUID, *, left_on: date, reason: str, by: Actor, at: datetime) -> Technician:
    """He is sent nowhere from now on. `workorders.part_with_technician` calls this, and sees to it that nothing is under way.

    Raises TechnicianInactive, TechnicianNotFound, NotPermitted.
    """
    with act_transaction():
        technician = _locked(technician_id, by=by, permission="workforce.register_technician")
        if not technician.active:
            raise TechnicianInactive(technician=technician.name)
        technician.active, technician.left_on = False, left_on
        technician.save(update_fields=["active", "left_on"])
        data = {"left_on": left_on.isoformat(), "reason": reason}
        _record(technician.branch_id, "technician.left", ("technician", technician.id), data, by=by, at=at)
        return technician


def take_on_again(technician_id: UUID, *, by: Actor, at: datetime) -> Technician:
    """He is back, with the certificates that are still in force. Raises TechnicianActive, TechnicianNotFound, NotPermitted."""
    with act_transaction():
        technician = _locked(technician_id, by=by, permission="workforce.register_technician")
        if technician.active:
            raise TechnicianActive(technician=technician.name)
        technician.active, technician.left_on = True, None
        technician.save(update_fields=["active", "left_on"])
        _record(technician.branch_id, "technician.returned", ("technician", technician.id), {}, by=by, at=at)
        return technician


def withdraw_qualification(certificate_id: UUID, *, reason: str, by: Actor, at: datetime) -> Technician:
    """Take back a certificate that was written down by mistake or was revoked by its issuer; the event keeps what it said.

    Raises CertificateNotFound, TextTooLong, NotPermitted.
    """
    reason = written(reason, most=100, field="reason")
    with act_transaction():
        certificate = get_certificate(certificate_id, by=by)
        technician = _locked(certificate.technician_id, by=by, permission="workforce.grant_qualification")
        # Whoever was second to the technician's row finds it gone.
        gone, _ = Certificate.objects.filter(branch_id=technician.branch_id, id=certificate_id).delete()
        if not gone:
            raise CertificateNotFound(field="certificate")
        data = {
            "qualification": certificate.qualification.code,
            "number": certificate.number,
            "from": certificate.starts_on.isoformat(),
            "until": certificate.ends_on.isoformat() if certificate.ends_on else None,
            "reason": reason,
        }
        subject = ("technician", technician.id)
        _record(technician.branch_id, "qualification.withdrawn", subject, data, by=by, at=at)
        return technician


def withdraw_absence(absence_id: UUID, *, by: Actor, at: datetime) -> Technician:
    """Take back an absence: he comes after all. Raises AbsenceNotFound, NotPermitted."""
    with act_transaction():
        absence = get_absence(absence_id, by=by)
        technician = _locked(absence.technician_id, by=by, permission="workforce.record_absence")
        gone, _ = Absence.objects.filter(branch_id=technician.branch_id, id=absence_id).delete()
        if not gone:
            raise AbsenceNotFound(field="absence")
        data = {
            "from": absence.starts_at.isoformat(),
            "until": absence.ends_at.isoformat(),
            "reason": absence.reason,
        }
        _record(technician.branch_id, "absence.withdrawn", ("technician", technician.id), data, by=by, at=at)
        return technician


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
