"""A migration step that lets the database itself refuse what the application must not do, on both databases (style §9)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Guard(Operation, ABC):
    """
    Put up a guard on one model's table: triggers or a constraint that the models know nothing of.

    A kind of guard says with which statements it is put up and taken down on each database. Migrations that have landed name the kinds by
    where they stand (`audit.append_only`, `appointments.holds`), so they stay there.
    """

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    @abstractmethod
    def put_up(self, table: str) -> Mapping[str, Sequence[str]]:
        """Give the statements that put the guard up on a table, by vendor."""

    @abstractmethod
    def take_down(self, table: str) -> Mapping[str, Sequence[str]]:
        """Give the statements that take it down again, by vendor."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the models: a guard lives in the database only."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._execute(self.put_up(self._table(app_label, to_state)), schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._execute(self.take_down(self._table(app_label, from_state)), schema_editor)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.model_name], {}

    def _table(self, app_label: str, state: ProjectState) -> str:
        table: str = state.apps.get_model(app_label, self.model_name)._meta.db_table
        return table

    def _execute(self, statements: Mapping[str, Sequence[str]], schema_editor: BaseDatabaseSchemaEditor) -> None:
        vendor = schema_editor.connection.vendor
        if vendor not in statements:
            raise NotImplementedError(f"{self.describe()}: written for {' and '.join(statements)}, not {vendor}")
        for statement in statements[vendor]:
            schema_editor.execute(statement, params=None)
