"""Reads of branches, people, tokens and number series, each narrowed to what the one who asks may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from shouhou.access.actors import Actor, BranchNotVisible
from shouhou.access.models import ApiToken, Branch, NumberPrefix, NumberSeries, RoleAssignment, User
from shouhou.access.permissions import SEE_PEOPLE
from shouhou.access.rules import NumberKind, document_number, period_of
from shouhou.audit.looks import Look
from shouhou.kernel.errors import Conflict, NotFound, NotPermitted, gettext_noop
from shouhou.kernel.texts import sought

# Recovery codes alone let nobody in: they stand in for one of these.
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_HAS_FACTOR = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=_FACTORS))


class UserNotFound(NotFound):
    code = "user_not_found"


class TokenNotFound(NotFound):
    code = "token_not_found"


class BranchClosed(Conflict):
    code = "branch_closed"
    template = gettext_noop("%(branch)s is closed.")


_KEPT_OPEN = Look(lambda branch_id: Branch.objects.select_for_update(no_key=True).filter(id=branch_id))


def lock_open_branch(branch_id: UUID) -> Branch:
    """The branch, kept from being closed until the transaction ends. Raises BranchClosed."""
    (branch,) = _KEPT_OPEN.all(branch_id=branch_id)
    if branch.closed_at:
        raise BranchClosed(branch=branch.name, field="branch")
    return branch


def places_of(user: User) -> set[UUID]:
    """The branches in which a user counts for something: his home, and wherever he has a role."""
    places = {assignment.branch_id for assignment in user.assignments.all()}
    return places | ({user.home_id} if user.home_id else set())


def may_over(user: User, code: str, *, by: Actor) -> bool:
    """Whether the actor has the permission at every place where the user counts for something."""
    return bool(places := places_of(user)) and all(by.may(code, place) for place in places)


def find_seen_branches(*, by: Actor) -> list[Branch]:
    """The branches whose people the actor may see, from the top down."""
    return [branch for branch in by.branches if by.may(SEE_PEOPLE, branch.id)]


def get_seen_branch(branch_id: UUID, *, by: Actor) -> Branch:
    """One of them, as it stands in the database. Raises BranchNotVisible, NotPermitted."""
    by.require(SEE_PEOPLE, branch_id)
    branch = Branch.objects.select_related("parent").filter(id=branch_id).first()
    if branch is None:
        raise BranchNotVisible(field="branch")
    return branch


def find_people(*, by: Actor, text: str = "", role: str = "", branch_id: UUID | None = None) -> QuerySet[User]:
    """Users who count for something in the branches whose people the actor may see, by name; see `with_roles`.

    `branch_id` and `role` narrow to those who have a role there, or that role anywhere he sees.
    """
    return _counting_in([branch.id for branch in find_seen_branches(by=by)], text, role, branch_id)


def _counting_in(
    seen: Collection[UUID], text: str = "", role: str = "", branch_id: UUID | None = None
) -> QuerySet[User]:
    held = RoleAssignment.objects.filter(user=OuterRef("pk"), branch_id__in=seen)
    people = User.objects.filter(Q(home_id__in=seen) | Exists(held))
    if branch_id:
        here = held.filter(branch_id=branch_id)
        people = people.filter(Exists(here.filter(role=role)) if role else Q(home_id=branch_id) | Exists(here))
    elif role:
        people = people.filter(Exists(held.filter(role=role)))
    if text := sought(text):
        people = people.filter(Q(display_name__icontains=text) | Q(username__icontains=text))
    return with_roles(people).order_by("display_name", "id")


def find_without_second_factor(*, by: Actor) -> QuerySet[User]:
    """Those of them who may sign in with a password alone."""
    return find_people(by=by).filter(~_HAS_FACTOR, is_active=True)


def with_roles(people: QuerySet[User]) -> QuerySet[User]:
    """Each with his roles, his home, and whether he has a second factor."""
    roles = RoleAssignment.objects.select_related("branch").order_by("branch__path", "role")
    return (
        people.select_related("home")
        .annotate(second_factor=_HAS_FACTOR)
        .prefetch_related(Prefetch("assignments", queryset=roles))
    )


def get_person(user_id: UUID, *, by: Actor) -> User:
    """One user of the actor's branches. Raises UserNotFound; NotPermitted where he may not see people at all."""
    user = _counting_in(by.branch_ids).filter(id=user_id).first()
    if user is None:
        raise UserNotFound(field="user")
    if not any(by.may(SEE_PEOPLE, place) for place in places_of(user)):
        raise NotPermitted(permission=SEE_PEOPLE)
    return user


def find_who_reach(branch: Branch) -> QuerySet[RoleAssignment]:
    """Roles that count in a branch, those given there first, then those from above it."""
    codes = branch.path.rstrip("/").split("/")
    rows = RoleAssignment.objects.filter(branch__code__in=codes, user__is_active=True).select_related("user", "branch")
    return rows.order_by("-branch__path", "role", "user__display_name")


def find_locked_out(usernames: Collection[str], *, at: datetime) -> set[str]:
    """Those of the names that are locked at some address after too many wrong passwords."""
    since = at - timedelta(hours=settings.AXES_COOLOFF_TIME)
    rows = AccessAttempt.objects.filter(
        username__in=usernames, failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gt=since
    )
    return {row.username for row in rows if row.username}


def find_tokens(*, by: Actor) -> QuerySet[ApiToken]:
    """Tokens of the people whom the actor sees, youngest first."""
    people = find_people(by=by).order_by().values("id")
    return ApiToken.objects.filter(user_id__in=people).select_related("user").order_by("-created_at", "-id")


def get_token(token_id: UUID, *, by: Actor) -> ApiToken:
    """A token of a user of the actor's branches. Raises TokenNotFound."""
    people = _counting_in(by.branch_ids).order_by().values("id")
    token = ApiToken.objects.filter(id=token_id, user_id__in=people).select_related("user").first()
    if token is None:
        raise TokenNotFound(field="token")
    return token


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a branch: what its next number will be. `prefix` is empty where the numbers have none."""

    branch: Branch
    kind: NumberKind
    prefix: str
    next_number: int
    next_text: str
    used: tuple[str, ...]


def find_series(branches: Collection[Branch], *, at: datetime) -> list[Series]:
    """The number series of branches as they stand at that moment. Two queries."""
    prefixes: dict[tuple[UUID, str], list[str]] = {}
    for one in NumberPrefix.objects.filter(owner__in=branches).order_by("-since", "-id"):
        prefixes.setdefault((one.owner_id, one.kind), []).append(one.prefix)
    days: dict[UUID, date] = {one.id: at.astimezone(ZoneInfo(one.time_zone)).date() for one in branches}
    periods = {period_of(kind, day) for kind in NumberKind for day in days.values()}
    rows = NumberSeries.objects.filter(branch__in=branches, period__in=periods)
    counters = {(row.branch_id, row.kind, row.period): row.counter for row in rows}
    found = []
    for branch in branches:
        for kind in NumberKind:
            day = days[branch.id]
            counter = counters.get((branch.id, kind, period_of(kind, day)), 0) + 1
            used = prefixes.get((branch.id, kind), [])
            prefix = used[0] if used else ""
            text = document_number(kind, prefix=prefix, day=day, counter=counter)
            found.append(Series(branch, kind, prefix, counter, text, tuple(used)))
    return found
