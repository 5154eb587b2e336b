"""A migration step that puts a table behind the wall between municipalities: PostgreSQL's row-level security (ADR 25)."""

from typing import Any, Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import ForeignKey

from fjorten.audit.guards import Guard

MUNICIPALITY: Final = "organisation.municipality"
# What `organisation.wall` tells the connection. In a subquery each is read once a question, not once a row.
_KEY: Final = "(SELECT NULLIF(current_setting('fjorten.municipality', true), '')::bigint)"
_CODE: Final = "(SELECT current_setting('fjorten.municipality_code', true))"
_OVER_ALL: Final = "(SELECT current_setting('fjorten.over_all', true)) = 'on'"


class Walled(Guard):
    """
    Let a row be seen and written only by those who have said that they are in its municipality, or that they are over all. Also by the
    table's owner (FORCE); nobody who has said nothing sees anything.

    `by` is the field that tells whose the row is: a key to the municipality, its number, or a key to a row that is walled itself. With
    `is_read_by_all`, everybody may read it: which municipalities there are is no secret.

    Unlike other guards, it names the model with its app: the whole wall stands in one place, `config.migrations`.
    """

    def __init__(self, model_name: str, *, by: str = "municipality", is_read_by_all: bool = False) -> None:
        super().__init__(model_name)
        self.by, self.is_read_by_all = by, is_read_by_all

    def put_up(self, table: str) -> dict[str, list[str]]:
        readable = [f"CREATE POLICY read_by_all ON {table} FOR SELECT USING (true)"] if self.is_read_by_all else []
        return {
            "sqlite": [],
            "postgresql": [
                f"CREATE POLICY wall ON {table} USING ({self._condition}) WITH CHECK ({self._condition})",
                *readable,
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            ],
        }

    def take_down(self, table: str) -> dict[str, list[str]]:
        return {
            "sqlite": [],
            "postgresql": [
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
                f"DROP POLICY IF EXISTS read_by_all ON {table}",
                f"DROP POLICY wall ON {table}",
            ],
        }

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._condition = self.condition(to_state)
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def condition(self, state: ProjectState) -> str:
        """Say in SQL which rows are seen. A row whose parent tells is seen by who sees the parent: the parent's own policy decides."""
        model = state.apps.get_model(self.model_name)
        field = model._meta.get_field(self.by)
        column = f"{model._meta.db_table}.{field.column}"
        if not isinstance(field, ForeignKey):
            told = _KEY if field.primary_key and model._meta.label_lower == MUNICIPALITY else _CODE
            return f"{column} = {told} OR {_OVER_ALL}"
        parent = field.related_model._meta
        if parent.label_lower == MUNICIPALITY:
            return f"{column} = {_KEY} OR {_OVER_ALL}"
        return f"EXISTS (SELECT 1 FROM {parent.db_table} parent WHERE parent.{parent.pk.column} = {column})"  # noqa: S608  # our own names

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.model_name], {"by": self.by, "is_read_by_all": self.is_read_by_all}

    def describe(self) -> str:
        return f"Put {self.model_name} behind the wall between municipalities"

    def _table(self, app_label: str, state: ProjectState) -> str:
        table: str = state.apps.get_model(self.model_name)._meta.db_table
        return table
