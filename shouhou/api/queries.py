"""Reads that only the API needs."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shouhou.access.actions import RoleNotHeld, TokenNotFound, UserInactive, token_hash
from shouhou.access.actors import Actor
from shouhou.access.models import ApiToken, Branch, RoleAssignment, User
from shouhou.access.queries import UserNotFound, find_people
from shouhou.access.wall import BranchQuerySet
from shouhou.audit.statements import Statement
from shouhou.catalog.models import ProductClass
from shouhou.catalog.queries import UnknownProductClass
from shouhou.customers.models import Customer
from shouhou.entitlements.models import Override
from shouhou.entitlements.queries import OverrideNotFound
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.workforce.models import Absence, Certificate, Qualification, Technician
from shouhou.workforce.queries import AbsenceNotFound, CertificateNotFound, TechnicianNotFound, find_former_and_present
from shouhou.workorders.errors import PhotoNotFound
from shouhou.workorders.models import Hold, Photo, Visit, WorkOrder
from shouhou.workorders.queries import find_photos_of
from shouhou.workorders.rules import LIVE_VISIT

_TOKEN, _USER = ApiToken._meta.concrete_fields, User._meta.concrete_fields
_LIVE = Statement(
    f"SELECT {', '.join(f't.{field.column}' for field in _TOKEN)}, "  # noqa: S608 - the names are Django's own
    f"{', '.join(f'u.{field.column}' for field in _USER)} "
    "FROM access_apitoken t JOIN access_user u ON u.id = t.user_id "
    "WHERE t.hash = %s AND t.revoked_at IS NULL AND t.expires_at > %s AND u.is_active",
    takes=[ApiToken._meta.get_field(name) for name in ("hash", "expires_at")],
    gives=[*_TOKEN, *_USER],
)


def find_live_token(secret: str, *, at: datetime) -> ApiToken | None:
    """The token with this secret, if it is neither expired nor revoked and its user may still sign in."""
    for row in _LIVE.rows(token_hash(secret), at):
        token = ApiToken.from_db("default", [field.attname for field in _TOKEN], row[: len(_TOKEN)])
        token.user = User.from_db("default", [field.attname for field in _USER], row[len(_TOKEN) :])
        return token
    return None


def find_tokens_of(user: User) -> list[ApiToken]:
    """A user's tokens, newest first."""
    return list(ApiToken.objects.filter(user=user).order_by("-created_at", "-id"))


def get_token_of(user: User, token_id: UUID) -> ApiToken:
    """One of a user's own tokens. Raises TokenNotFound, also for another's."""
    token = ApiToken.objects.filter(user=user, id=token_id).first()
    if token is None:
        raise TokenNotFound(field="token")
    return token


def get_role_of(user: User, role_id: UUID, *, by: Actor) -> RoleAssignment:
    """A role of a user at a branch that the actor sees. Raises RoleNotHeld."""
    rows = RoleAssignment.objects.filter(user=user, branch_id__in=by.branch_ids).select_related("branch")
    held = rows.filter(id=role_id).first()
    if held is None:
        raise RoleNotHeld(field="role")
    return held


def get_candidate(branch: Branch, user_id: UUID, *, by: Actor) -> User:
    """Somebody of this branch who may sign in, and so may be made its technician. Raises UserNotFound, UserInactive."""
    user = find_people(by=by, branch_id=branch.id).filter(id=user_id).first()
    if user is None:
        raise UserNotFound(field="user_id")
    if not user.is_active:
        raise UserInactive(user=str(user), field="user_id")
    return user


def find_certificates_of(technician: Technician) -> BranchQuerySet[Certificate]:
    """What a technician holds, newest first."""
    rows = Certificate.objects.filter(branch_id=technician.branch_id, technician_id=technician.id)
    return rows.select_related("qualification").order_by("-starts_on", "-id")


def find_absences_of(technician: Technician, *, after: datetime) -> BranchQuerySet[Absence]:
    """Absences of a technician that are not over by then, earliest first."""
    rows = Absence.objects.filter(branch_id=technician.branch_id, technician_id=technician.id, ends_at__gt=after)
    return rows.order_by("starts_at", "id")


def find_all_visits_of(technician: Technician, *, live: bool) -> BranchQuerySet[Visit]:
    """All visits of a technician, or those that are not over."""
    rows = Visit.objects.filter(branch_id=technician.branch_id, technician_id=technician.id)
    return rows.filter(status__in=LIVE_VISIT) if live else rows


def find_all_customers(branch: Branch) -> BranchQuerySet[Customer]:
    """Every customer of a branch."""
    return Customer.objects.at(branch)


def find_open_hold(order: WorkOrder) -> Hold | None:
    """The pause of an order that has not ended."""
    return Hold.objects.filter(branch_id=order.branch_id, work_order_id=order.id, ends_at=None).first()


def get_photo(order: WorkOrder, photo_id: UUID) -> Photo:
    """One photo of an order. Raises PhotoNotFound."""
    photo = find_photos_of(order).filter(id=photo_id).first()
    if photo is None:
        raise PhotoNotFound(field="photo")
    return photo


def get_override(override_id: UUID, *, by: Actor) -> Override:
    """One override of the actor's branches with its rulings. Raises OverrideNotFound."""
    rows = Override.objects.visible_to(by).prefetch_related("rulings")
    found = rows.filter(id=override_id).first()
    if found is None:
        raise OverrideNotFound(field="override")
    return found


class UnknownQualification(Invalid):
    code = "unknown_qualification"
    template = gettext_noop("There is no qualification “%(qualification)s”.")


def find_qualifications() -> QuerySet[Qualification]:
    """All certificates of the trade."""
    return Qualification.objects.all()


def get_qualification(code: str) -> Qualification:
    """The certificate with this code. Raises UnknownQualification."""
    found = Qualification.objects.filter(code=code).first()
    if found is None:
        raise UnknownQualification(qualification=code, field="qualification")
    return found


def get_class_ever_used(code: str) -> ProductClass:
    """The class of products with this code, retired or not: the register keeps its old lines. Raises UnknownProductClass."""
    found = ProductClass.objects.filter(code=code).first()
    if found is None:
        raise UnknownProductClass(product_class=code, field="product_class")
    return found


def get_technician_at(branch: Branch, technician_id: UUID) -> Technician:
    """A technician of this branch, also one who left. Raises TechnicianNotFound."""
    found = find_former_and_present(branch).filter(id=technician_id).first()
    if found is None:
        raise TechnicianNotFound(field="technician_id")
    return found


def get_certificate_of(technician: Technician, certificate_id: UUID) -> Certificate:
    """One of a technician's certificates. Raises CertificateNotFound."""
    found = find_certificates_of(technician).filter(id=certificate_id).first()
    if found is None:
        raise CertificateNotFound(field="certificate")
    return found


def get_absence_of(technician: Technician, absence_id: UUID) -> Absence:
    """One of a technician's absences, also one that is over. Raises AbsenceNotFound."""
    found = Absence.objects.filter(branch_id=technician.branch_id, technician_id=technician.id, id=absence_id).first()
    if found is None:
        raise AbsenceNotFound(field="absence")
    return found
