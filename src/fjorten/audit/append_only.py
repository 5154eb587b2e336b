"""A migration step that makes a table append-only on both databases (style §9)."""

from fjorten.audit.guards import Guard


class AppendOnly(Guard):
    """
    Refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL) on a model's table by triggers.

    The triggers stop mistakes and ordinary tampering; whoever may drop a trigger is found by the hash chain instead.
    """

    def put_up(self, table: str) -> dict[str, list[str]]:
        return {
            "sqlite": [
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                for verb in ("update", "delete")
            ],
            "postgresql": [
                "CREATE OR REPLACE FUNCTION fjorten_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION fjorten_append_only()",
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION fjorten_append_only()",
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION fjorten_append_only()",
            ],
        }

    def take_down(self, table: str) -> dict[str, list[str]]:
        return {
            "sqlite": [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")],
            "postgresql": [f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}" for verb in ("update", "delete", "truncate")],
        }

    def describe(self) -> str:
        return f"Make {self.model_name} append-only"
