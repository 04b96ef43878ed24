"""Who acts: a user through a channel, with what his roles allow in each branch that he sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from shouhou.access.models import Branch, RoleAssignment, User
from shouhou.access.permissions import CODES, ROLE_CODES
from shouhou.audit.statements import Statement
from shouhou.kernel.errors import NotFound, NotPermitted


class BranchNotVisible(NotFound):
    code = "branch_not_found"


@dataclass(frozen=True)
class Actor:
    """The one who acts. Made by an interface from the session or token, never from what a request says of itself.

    `codes` maps each visible branch to the permission codes held there, `roles` to the roles that count there. `branch` is
    the one worked in at the moment: what a new record gets and what a screen shows.
    """

    user: User | None
    channel: str
    codes: Mapping[UUID, frozenset[str]]
    branches: tuple[Branch, ...] = ()
    branch: Branch | None = None
    scopes: frozenset[str] | None = field(default=None)
    roles: Mapping[UUID, frozenset[str]] = field(default_factory=dict)

    @property
    def user_id(self) -> UUID | None:
        return self.user.id if self.user else None

    @property
    def branch_ids(self) -> Collection[UUID]:
        """Every branch that he sees."""
        return self.codes.keys()

    def may(self, code: str, branch_id: UUID | None = None) -> bool:
        """Whether the act `code` is allowed in that branch (without one: in the branch worked in)."""
        if code not in CODES:
            raise ValueError(f"no such permission: {code}")
        where = branch_id or (self.branch.id if self.branch else None)
        if where is None or (self.scopes is not None and code not in self.scopes):
            return False
        return code in self.codes.get(where, frozenset())

    def require(self, code: str, branch_id: UUID) -> None:
        """Raise NotPermitted unless allowed; NotFound where the branch is not even visible."""
        if branch_id not in self.codes:
            raise BranchNotVisible()
        if not self.may(code, branch_id):
            raise NotPermitted(permission=code)

    def branch_of(self, branch_id: UUID) -> Branch:
        """One of the branches that he sees. Raises BranchNotVisible."""
        for branch in self.branches:
            if branch.id == branch_id:
                return branch
        raise BranchNotVisible()

    def at(self, branch: Branch) -> Actor:
        """The same actor working in another of his branches."""
        if branch.id not in self.codes:
            raise BranchNotVisible()
        return replace(self, branch=branch)


_BRANCH = Branch._meta.concrete_fields
_COLUMNS = [field.attname for field in _BRANCH]
_ROLE, _USER = (RoleAssignment._meta.get_field(name) for name in ("role", "user"))
# Asked at every single call: the whole tree of branches, and the roles of one user beside it.
_BRANCHES = Statement(
    f"SELECT {', '.join(f'b.{field.column}' for field in _BRANCH)}, r.role FROM access_branch b "  # noqa: S608
    "LEFT JOIN access_roleassignment r ON r.branch_id = b.id AND r.user_id = %s ORDER BY b.path",
    takes=[_USER],
    gives=[*_BRANCH, _ROLE],
)


def actor_for(
    user: User, *, channel: str, scopes: Collection[str] | None = None, branch_id: UUID | None = None
) -> Actor:
    """The actor that a signed-in user is. One query; the branch tree is small.

    `branch_id` is the branch he wants to work in; unknown or invisible ones give way to the first at which he has a role.
    """
    branches: list[Branch] = []
    roles: list[tuple[str, str]] = []
    for *columns, role in _BRANCHES.rows(user.id):
        branch = Branch.from_db("default", _COLUMNS, columns)
        if not branches or branches[-1].id != branch.id:  # a branch comes once for each role that the user has there
            branches.append(branch)
        if role:
            roles.append((branch.path, role))
    codes: dict[UUID, frozenset[str]] = {}
    counting: dict[UUID, frozenset[str]] = {}
    for branch in branches:
        held = frozenset(role for path, role in roles if branch.path.startswith(path))
        if held:
            counting[branch.id] = held
            codes[branch.id] = frozenset().union(*(ROLE_CODES[role] for role in held))
    visible = tuple(branch for branch in branches if branch.id in codes)
    # A register is kept by a branch, not by the departments above it: start where the work is.
    working = [branch for branch in visible if branch.kind == Branch.Kind.BRANCH] or list(visible)
    current = next((branch for branch in visible if branch.id == branch_id), working[0] if working else None)
    return Actor(
        user=user,
        channel=channel,
        codes=codes,
        branches=visible,
        branch=current,
        scopes=frozenset(scopes) if scopes else None,
        roles=counting,
    )


def product_itself(*, channel: str) -> Actor:
    """The product acting on its own: the worker, an import started on the command line. It may do everything everywhere."""
    branches = tuple(Branch.objects.order_by("path"))
    return Actor(user=None, channel=channel, codes={branch.id: CODES for branch in branches}, branches=branches)
