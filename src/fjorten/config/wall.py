"""
Which tables stand behind the wall between municipalities, and which do not, and why: read from the migrations, so that what is told is what
was built. A table that is neither stops `tools/reference.py`, and so the build.
"""

from typing import Final

from django.db.migrations.loader import MigrationLoader

from fjorten.audit.walled import Walled

# Tables that are not ours, and hold nobody's rows or cannot tell whose a row is.
OUTSIDE: Final[dict[str, str]] = {
    "auth_group": "brukes ikke",
    "auth_group_permissions": "brukes ikke",
    "auth_permission": "brukes ikke",
    "axes_accessattempt": "brukernavn det er prøvd feil passord for, også slike som ikke finnes",
    "axes_accessattemptexpiration": "når slike forsøk glemmes",
    "axes_accessfailurelog": "brukes ikke",
    "axes_accesslog": "brukes ikke",
    "django_content_type": "navn på tabeller",
    "django_session": "hvem som er logget inn: slås opp på en hemmelig, tilfeldig nøkkel, før noen vet hvilken kommune det er",
    "django_tasks_database_dbtaskresult": "at arbeideren skal se på en kommune nå; bare kommunenummeret",
}


def walls() -> dict[str, Walled]:
    """Tell which models (`app.model`, in lower case) the migrations put behind the wall, and how."""
    migrations = MigrationLoader(None).disk_migrations
    found = [operation for _, migration in sorted((migrations or {}).items()) for operation in migration.operations]
    return {operation.model_name.lower(): operation for operation in found if isinstance(operation, Walled)}
