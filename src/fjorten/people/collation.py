"""Norwegian order of names in SQLite; PostgreSQL has its own collation of the same name from the first migration (style §9)."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from fjorten.kernel.names import compare


def teach_norwegian_order(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give a new SQLite connection the collation "nb"; other databases are left alone."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation("nb", compare)
