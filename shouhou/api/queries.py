"""Reads that only the API needs."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shouhou.access.actions import TokenNotFound, token_hash
from shouhou.access.models import ApiToken, Branch, User
from shouhou.access.wall import BranchQuerySet
from shouhou.audit.statements import Statement
from shouhou.catalog.models import FaultCode, ProductClass
from shouhou.customers.models import Customer
from shouhou.kernel.errors import Invalid, gettext_noop
from shouhou.workforce.models import Absence, Certificate, Qualification, Technician
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


class UnknownProductClass(Invalid):
    code = "unknown_product_class"
    template = gettext_noop("There is no product class “%(product_class)s” in the catalogue.")


class UnknownQualification(Invalid):
    code = "unknown_qualification"
    template = gettext_noop("There is no qualification “%(qualification)s”.")


def find_product_classes() -> QuerySet[ProductClass]:
    """All classes of products."""
    return ProductClass.objects.all()


def get_product_class(code: str) -> ProductClass:
    """The class with this code. Raises UnknownProductClass."""
    found = ProductClass.objects.filter(code=code).first()
    if found is None:
        raise UnknownProductClass(product_class=code, field="product_class")
    return found


def find_fault_codes(*, product_class: str = "") -> QuerySet[FaultCode]:
    """Fault codes of all classes, or of the one with this code."""
    rows = FaultCode.objects.select_related("product_class")
    return rows.filter(product_class__code=product_class) if product_class else rows


def find_qualifications() -> QuerySet[Qualification]:
    """All certificates of the trade."""
    return Qualification.objects.all()


def get_qualification(code: str) -> Qualification:
    """The certificate with this code. Raises UnknownQualification."""
    found = Qualification.objects.filter(code=code).first()
    if found is None:
        raise UnknownQualification(qualification=code, field="qualification")
    return found
