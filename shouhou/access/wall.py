"""The wall: every operational row belongs to one branch, is seen only from there, and links only to rows of the same branch.

Three layers, each enough by itself: querysets are narrowed to the branches an actor sees; joins and look-ups over
`BranchForeignKey` also match the branch; and the database refuses a link across branches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.lookups import Exact

from shouhou.access.models import Branch
from shouhou.audit.statements import insert
from shouhou.kernel.ids import uuid7

if TYPE_CHECKING:
    from shouhou.access.actors import Actor


class BranchQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of branches."""

    def visible_to(self, actor: Actor) -> Self:
        """Only rows of branches that the actor sees. One branch is pinned with `=`: an index then serves the order, too."""
        return self.within(list(actor.branch_ids))

    def within(self, branch_ids: Sequence[UUID]) -> Self:
        """Only rows of these branches."""
        only = branch_ids[0] if len(branch_ids) == 1 else None
        return self.filter(branch_id=only) if only else self.filter(branch_id__in=branch_ids)

    if not TYPE_CHECKING:  # the stubs know which values each model takes

        def create(self, **values: Any) -> M:
            """A new row. Its statement is made once for each table: Django's own way costs three times as much."""
            row = self.model(**values)
            insert(row)
            return row

    def at(self, branch: Branch) -> Self:
        """Only rows of this branch."""
        return self.filter(branch_id=branch.id)


class BranchRow(models.Model):
    """What all operational tables have: an application-made key, a branch, and a unique pair for links to point at."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")

    objects = BranchQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["branch", "id"], name="%(app_label)s_%(class)s_in_branch"),
        ]


class BranchForeignKey(models.ForeignKey[Any, Any]):
    """A link between operational rows. Joins and object look-ups match the branch as well as the key."""

    def get_extra_restriction(  # type: ignore[override]  # the stubs promise less than Django takes
        self, alias: str | None, related_alias: str | None
    ) -> Exact[Any]:
        if alias is None or related_alias is None:
            # Django asks so only while it turns `exclude(reverse__…)` into a subquery, which must not be used here.
            raise NotImplementedError("use ~Exists(…) instead of exclude() over a reverse link between branch rows")
        target: Any = self.remote_field.model._meta.get_field("branch")
        own: Any = self.model._meta.get_field("branch")
        return Exact(target.get_col(alias), own.get_col(related_alias))

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        return {"branch_id": instance.branch_id}  # type: ignore[attr-defined]


class Wall(Operation):
    """Migration operation: the database refuses a row of the model that links into another branch.

    PostgreSQL gets a composite foreign key; SQLite, which cannot add one to a table, equivalent triggers.
    Covers every BranchForeignKey of the model as it stands in the migration state.
    """

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for link in links(model):
            for statement in build(schema_editor.connection.vendor, link):
                schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        for link in links(model):
            for statement in tear_down(schema_editor.connection.vendor, link):
                schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Wall around {self.model_name}"


def links(model: type[models.Model]) -> list[BranchForeignKey]:
    """The model's links to operational rows."""
    return [field for field in model._meta.get_fields() if isinstance(field, BranchForeignKey)]


def wall_name(link: BranchForeignKey) -> str:
    """Name of the constraint (and stem of the triggers) that guards one link; PostgreSQL cuts names at 63."""
    return f"wall_{link.model._meta.db_table}_{link.column}"[:55]


def build(vendor: str, link: BranchForeignKey) -> list[str]:
    """The statements that guard one link."""
    table, column = link.model._meta.db_table, link.column
    target = link.remote_field.model._meta.db_table
    name = wall_name(link)
    if vendor == "postgresql":
        return [
            (
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY ("branch_id", "{column}") '
                f'REFERENCES "{target}" ("branch_id", "id") DEFERRABLE INITIALLY DEFERRED'
            )
        ]
    refuse = (
        f'WHEN NEW."{column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{target}" '  # noqa: S608 - our own tables
        f'WHERE "id" = NEW."{column}" AND "branch_id" = NEW."branch_id") '
        f"BEGIN SELECT RAISE(ABORT, '{name}: link into another branch'); END"
    )
    return [
        f'CREATE TRIGGER "{name}_insert" BEFORE INSERT ON "{table}" FOR EACH ROW {refuse}',
        f'CREATE TRIGGER "{name}_update" BEFORE UPDATE OF "{column}", "branch_id" ON "{table}" FOR EACH ROW {refuse}',
    ]


def tear_down(vendor: str, link: BranchForeignKey) -> list[str]:
    """The statements that remove the guard of one link."""
    name = wall_name(link)
    if vendor == "postgresql":
        return [f'ALTER TABLE "{link.model._meta.db_table}" DROP CONSTRAINT "{name}"']
    return [f'DROP TRIGGER "{name}_insert"', f'DROP TRIGGER "{name}_update"']
