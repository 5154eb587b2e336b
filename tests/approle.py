"""The application's own role on PostgreSQL, made by the very file an installation makes it with."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

ROLES = Path(__file__).resolve().parent.parent / "deploy" / "postgresql" / "roles.sql"
# Roles are the server's: each worker of a run has its own.
APP = f"fjorten_app_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def make_roles() -> None:
    """Run deploy/postgresql/roles.sql in the database in use, for its owner and the application's role."""
    settings = connection.settings_dict
    connection.close()
    program = shutil.which("psql")
    assert program, "psql is not on this machine: sudo apt-get install postgresql-client"
    where = [f"--host={settings['HOST']}", f"--port={settings['PORT']}", f"--username={settings['USER']}", f"--dbname={settings['NAME']}"]
    told = [f"--set=owner={settings['USER']}", f"--set=app={APP}", f"--file={ROLES}", "--no-psqlrc", "--quiet"]
    done = subprocess.run([program, *where, *told], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@contextlib.contextmanager
def connected_as(role: str) -> Iterator[None]:
    """Connect as a role while the block runs."""
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before
