"""Triggers that a module lays on its tables: what its acts promise the database itself keeps, on both engines, by migration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# The end of a trigger of PostgreSQL that looks when the transaction ends.
AT_THE_END = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION"


@dataclass(frozen=True, slots=True)
class Guards:
    """The triggers of a module.

    `sqlite`: name → all after CREATE TRIGGER. PostgreSQL has `functions` (name → body) and `triggers` (name → whether it is a
    CONSTRAINT, and all after its name). `replaced_on_sqlite` are triggers of others that have to be gone before.
    """

    sqlite: Mapping[str, str]
    functions: Mapping[str, str]
    triggers: Mapping[str, tuple[str, str]]
    replaced_on_sqlite: tuple[str, ...] = ()

    def install(self, vendor: str) -> list[str]:
        """The statements that lay them on the tables."""
        if vendor == "sqlite":
            usual = [f'DROP TRIGGER "{name}"' for name in self.replaced_on_sqlite]
            return [*usual, *[f'CREATE TRIGGER "{name}" {body}' for name, body in self.sqlite.items()]]
        functions = [
            f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ {_block(body)} $$'
            for name, body in self.functions.items()
        ]
        return [
            *functions,
            *[f'CREATE {kind} TRIGGER "{name}" {what}' for name, (kind, what) in self.triggers.items()],
        ]

    def remove(self, vendor: str) -> list[str]:
        """The statements that undo `install`, but for a guard in the place of another: whose it was drops that himself."""
        if vendor == "sqlite":
            return [f'DROP TRIGGER "{name}"' for name in self.sqlite if name not in self.replaced_on_sqlite]
        tables = {name: what.split(" ON ")[1].split()[0] for name, (_kind, what) in self.triggers.items()}
        dropped = [f'DROP TRIGGER "{name}" ON "{table}"' for name, table in tables.items()]
        return [*dropped, *[f'DROP FUNCTION "{name}"()' for name in self.functions]]


def _block(body: str) -> str:
    return body if body.lstrip().startswith("DECLARE") else f"BEGIN {body} END;"


class LayGuards(Operation):
    """Migration operation: a module names its guards in a subclass."""

    guards: ClassVar[Guards]
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._run(self.guards.install, schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._run(self.guards.remove, schema_editor)

    def _run(self, statements: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements(editor.connection.vendor):
            # params=None: a percent sign in a statement is not a placeholder
            editor.execute(statement, params=None)
