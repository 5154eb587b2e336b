"""A migration step that keeps the rows of a table for good, on both databases: what ends gets an end, and stays."""

from fjorten.audit.guards import Guard


class NeverDeleted(Guard):
    """
    Refuse DELETE (and TRUNCATE on PostgreSQL) on a model's table by triggers.

    For periods somebody may be asked about afterwards (who had access on that day). They may be ended, so UPDATE is allowed.
    """

    def put_up(self, table: str) -> dict[str, list[str]]:
        return {
            "sqlite": [
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted from'); END"
            ],
            "postgresql": [
                "CREATE OR REPLACE FUNCTION fjorten_never_deleted() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is never deleted from', TG_TABLE_NAME; END $$",
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION fjorten_never_deleted()",
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION fjorten_never_deleted()",
            ],
        }

    def take_down(self, table: str) -> dict[str, list[str]]:
        return {
            "sqlite": [f"DROP TRIGGER IF EXISTS {table}_no_delete"],
            "postgresql": [f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}" for verb in ("delete", "truncate")],
        }

    def describe(self) -> str:
        return f"Keep the rows of {self.model_name} for good"
