"""A table that only grows: the database itself refuses UPDATE and DELETE, on both engines, whoever asks."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


def install(vendor: str, table: str) -> list[str]:
    """The statements that make `table` append-only."""
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {act} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        (
            f'CREATE FUNCTION "{table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ),
        (
            f'CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{table}_refuse"()'
        ),
        (
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
            f'FOR EACH STATEMENT EXECUTE FUNCTION "{table}_refuse"()'
        ),
    ]


def remove(vendor: str, table: str) -> list[str]:
    """The statements that undo `install`."""
    if vendor == "sqlite":
        return [f'DROP TRIGGER "{table}_no_{act}"' for act in ("update", "delete")]
    return [
        f'DROP TRIGGER "{table}_append_only" ON "{table}"',
        f'DROP TRIGGER "{table}_no_truncate" ON "{table}"',
        f'DROP FUNCTION "{table}_refuse"()',
    ]


class AppendOnly(Operation):
    """Migration operation: from here on rows of the model can be inserted and read, nothing else."""

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._run(install, app_label, schema_editor, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._run(remove, app_label, schema_editor, from_state)

    def describe(self) -> str:
        return f"Make {self.model_name} append-only"

    def _run(self, statements: Any, app_label: str, editor: BaseDatabaseSchemaEditor, state: ProjectState) -> None:
        table = state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in statements(editor.connection.vendor, table):
            # params=None: a percent sign in a statement is not a placeholder
            editor.execute(statement, params=None)
