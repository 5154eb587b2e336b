"""What fjorten runs on here: its version, its database, and whether the database has been brought up to the version."""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import fjorten


@dataclass(frozen=True, slots=True)
class Installation:
    """
    `database` is "sqlite" or "postgresql", `size` its bytes on the disk (None where it has no file), `applied` how many migrations
    it has been through, and `missing` the names of those it has not.
    """

    version: str
    database: str
    size: int | None
    applied: int
    missing: tuple[str, ...]


def installation() -> Installation:
    """This function will tell what fjorten runs on, in a number of questions that does not grow."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Installation(
        version=fjorten.__version__,
        database=connection.vendor,
        size=_size(),
        applied=len(executor.loader.applied_migrations),
        missing=tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan),
    )


def _size() -> int | None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            (size,) = cursor.fetchone()
        return int(size)
    file = Path(str(connection.settings_dict["NAME"]))
    return file.stat().st_size if file.is_file() else None
