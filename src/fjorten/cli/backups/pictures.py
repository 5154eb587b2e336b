"""What a database holds, in numbers: by this a copy is held against what was copied."""

from dataclasses import dataclass
from typing import Any, Final, Protocol

# What the framework keeps for itself: a database with rows in nothing but these holds nothing of anybody's.
BOOKKEEPING: Final = frozenset({"django_migrations", "django_content_type", "auth_permission"})
# Read by name, since the copy is not the database the models are connected to.
_CHAINS: Final = "audit_audithead"
_MIGRATIONS: Final = "django_migrations"

_TABLES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY tablename",
}


class Cursor(Protocol):
    """What is needed of a cursor of either database."""

    def execute(self, sql: str, /) -> Any:
        """Run one statement."""

    def fetchall(self) -> list[Any]:
        """Give all rows of it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The migrations a database has been through (`app.name`), how many rows each table has, and where each municipality's trail ends."""

    migrations: frozenset[str]
    counts: dict[str, int]
    chains: dict[str, tuple[int, str]]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(self.counts.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of anybody's: no rows but the framework's own."""
        return not any(number for table, number in self.counts.items() if table not in BOOKKEEPING)

    def differences_from(self, other: "Picture") -> list[str]:
        """Tell in Norwegian, a line each, where this is not as the other: rows by table, and the ends of the trails."""
        tables = sorted({*self.counts, *other.counts})
        rows = [
            f"{table}: {self.counts.get(table, 'finnes ikke')}, skulle vært {other.counts.get(table, 'borte')}"
            for table in tables
            if self.counts.get(table) != other.counts.get(table)
        ]
        municipalities = sorted({*self.chains, *other.chains})
        ends = [f"sporet i {code} ender et annet sted" for code in municipalities if self.chains.get(code) != other.chains.get(code)]
        return rows + ends


def picture_of(cursor: Cursor, *, vendor: str) -> Picture:
    """Count everything in the database of a cursor, of the vendor "sqlite" or "postgresql". An empty database gives an empty picture."""

    def rows(sql: str) -> list[Any]:
        cursor.execute(sql)
        return cursor.fetchall()

    tables = [table for (table,) in rows(_TABLES[vendor])]
    counts = {table: int(rows(f'SELECT count(*) FROM "{table}"')[0][0]) for table in tables}  # noqa: S608  # the database's own names
    migrations = rows(f"SELECT app, name FROM {_MIGRATIONS}") if _MIGRATIONS in counts else []  # noqa: S608
    chains = rows(f"SELECT municipality_code, seq, hash FROM {_CHAINS}") if _CHAINS in counts else []  # noqa: S608
    return Picture(
        migrations=frozenset(f"{app}.{name}" for app, name in migrations),
        counts=counts,
        chains={code: (seq, end) for code, seq, end in chains},
    )
