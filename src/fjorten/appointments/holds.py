"""A migration step that lets the database itself keep one resource from being held twice at once, on both databases."""

from fjorten.audit.guards import Guard

NO_RESOURCE_IS_HELD_TWICE = "no_resource_is_held_twice"

_DIGITS = "[0-9]"
# SQLite keeps an instant as text. Written by Django it is always UTC in this one form, with or without microseconds, and then the order of
# the texts is the order of the instants; another form would slip past the comparison, so it is refused.
_FORMS = [form.replace("9", _DIGITS) for form in ("9999-99-99 99:99:99", "9999-99-99 99:99:99.999999")]


class NoResourceIsHeldTwice(Guard):
    """
    Refuse two overlapping holds `[begins_at, ends_at)` of one `resource`, unless they are of the same `sitting`.

    An exclusion constraint on PostgreSQL (it brings the trusted extension btree_gist), triggers on SQLite. A later migration that makes
    SQLite rebuild the table must repeat this step: the triggers go with the old table.
    """

    def put_up(self, table: str) -> dict[str, list[str]]:
        return {
            "sqlite": [_trigger(table, "insert", itself=""), _trigger(table, "update", itself="AND other.id <> NEW.id")],
            "postgresql": [
                "CREATE EXTENSION IF NOT EXISTS btree_gist",
                f"ALTER TABLE {table} ADD CONSTRAINT {NO_RESOURCE_IS_HELD_TWICE} EXCLUDE USING gist "
                "(resource WITH =, tstzrange(begins_at, ends_at) WITH &&, sitting WITH <>)",
            ],
        }

    def take_down(self, table: str) -> dict[str, list[str]]:
        return {
            "sqlite": [f"DROP TRIGGER {NO_RESOURCE_IS_HELD_TWICE}_on_{verb}" for verb in ("insert", "update")],
            "postgresql": [f"ALTER TABLE {table} DROP CONSTRAINT {NO_RESOURCE_IS_HELD_TWICE}"],
        }

    def describe(self) -> str:
        return f"Keep every resource of {self.model_name} from being held twice at once"


def _trigger(table: str, verb: str, *, itself: str) -> str:
    is_odd = " OR ".join(
        "NOT (" + " OR ".join(f"NEW.{column} GLOB '{form}'" for form in _FORMS) + ")" for column in ("begins_at", "ends_at")
    )
    # Only our own table name and constants are put together here.
    return f"""
        CREATE TRIGGER {NO_RESOURCE_IS_HELD_TWICE}_on_{verb} BEFORE {verb.upper()} ON {table}
        BEGIN
            SELECT RAISE(ABORT, 'an instant is kept as Django writes it') WHERE {is_odd};
            SELECT RAISE(ABORT, '{NO_RESOURCE_IS_HELD_TWICE}') FROM {table} AS other
            WHERE other.resource = NEW.resource AND other.sitting <> NEW.sitting
                AND other.begins_at < NEW.ends_at AND NEW.begins_at < other.ends_at {itself};
        END
    """  # noqa: S608
