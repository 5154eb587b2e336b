"""
What must be right before families' data are served: Django system checks, run by `fjorten serve` and by `fjorten manage check --deploy`.

Each has a number and a Norwegian sentence that says what to do. A demo of invented children on this machine is let off what needs TLS.
"""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from fjorten.nightly.installation import installation
from fjorten.organisation.models import Municipality

TAG: Final = "fjorten"
_SHORTEST_KEY: Final = 50  # characters, and at least as many different as Django asks for (security.W009 [source])
_FEWEST_CHARACTERS: Final = 5
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_SYNCHRONOUS_FULL: Final = 2  # PRAGMA synchronous (SQLite [source])
_UNDER_WAY: Final = "restore-under-way"  # cli.restore

Check = Callable[[], Iterator[CheckMessage]]


def _at_deployment(check: Check) -> Check:
    """Register a check among those run before serving."""

    def run(**_: Any) -> list[CheckMessage]:
        return list(check())

    register(run, TAG, deploy=True)
    return check


@_at_deployment
def secret_key_is_secret() -> Iterator[CheckMessage]:
    """Refuse a missing, short or well-known key: whoever knows it can sign in as anybody."""
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    if len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_CHARACTERS or key.startswith("django-insecure-"):
        yield Error(
            f"Den hemmelige nøkkelen mangler, er for kort eller er en standardnøkkel. Fjern FJORTEN_SECRET_KEY og kjør `fjorten init`, "
            f"eller sett minst {_SHORTEST_KEY} tilfeldige tegn.",
            id="fjorten.E001",
        )


@_at_deployment
def debug_is_off() -> Iterator[CheckMessage]:
    """Refuse DEBUG: its error pages show everything."""
    if settings.DEBUG:
        yield Error("DEBUG er på, og feilsidene ville vist opplysninger om barn. Slå den av i innstillingene.", id="fjorten.E002")


@_at_deployment
def hosts_are_named() -> Iterator[CheckMessage]:
    """Refuse to answer to any name: links in e-mail and redirects are made of it."""
    if not settings.ALLOWED_HOSTS or any(name.startswith("*") for name in settings.ALLOWED_HOSTS):
        yield Error(
            "Det er ikke sagt hvilke navn nettsidene svarer på. Sett FJORTEN_HOSTS, for eksempel til fjorten.kommunen.example, uten *.",
            id="fjorten.E003",
        )


@_at_deployment
def there_is_tls_in_front() -> Iterator[CheckMessage]:
    """Refuse to serve without a server in front that has the certificate."""
    if not settings.DEMO and not settings.BEHIND_PROXY:
        yield Error(
            "Ingen tjener med sertifikat (TLS) står foran, så det som vises, ville gått ukryptert. Sett opp en (deploy/nginx), og "
            "FJORTEN_BEHIND_PROXY=127.0.0.1.",
            id="fjorten.E004",
        )


@_at_deployment
def cookies_are_for_tls_only() -> Iterator[CheckMessage]:
    """Refuse cookies that would be sent unencrypted, or that a script could read."""
    insecure = [
        name
        for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY")
        if not getattr(settings, name) and not (settings.DEMO and name.endswith("_SECURE"))
    ]
    if insecure:
        yield Error(f"Informasjonskapslene kan leses av andre. Sett {' og '.join(insecure)} til True i innstillingene.", id="fjorten.E005")


@_at_deployment
def database_is_ready() -> Iterator[CheckMessage]:
    """Refuse a database that does not answer, has not been through all migrations, or may lose what has been confirmed."""
    try:
        if installation().missing:
            yield Error("Databasen er ikke oppgradert til denne utgaven. Ta en sikkerhetskopi, og kjør `fjorten init`.", id="fjorten.E007")
        if connection.vendor == "sqlite" and not settings.DEMO:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous")
                if cursor.fetchone() != (_SYNCHRONOUS_FULL,):
                    yield Error(
                        "SQLite venter ikke på disken, så et strømbrudd kan ta med seg det som er bekreftet. Fjern "
                        "FJORTEN_SQLITE_SYNCHRONOUS, eller sett den til FULL.",
                        id="fjorten.E008",
                    )
    except DatabaseError:
        yield Error("Databasen svarer ikke. Sjekk DATABASE_URL, og at databasen er startet.", id="fjorten.E006")


@_at_deployment
def several_municipalities_are_walled_apart() -> Iterator[CheckMessage]:
    """Refuse several municipalities in one database when nothing in it keeps them apart (organisation.wall)."""
    try:
        if Municipality.objects.count() <= 1:
            return
        if connection.vendor == "sqlite":
            yield Error(
                "Flere kommuner har samme SQLite-database, og den kan ikke holde dem fra hverandre. Bruk PostgreSQL, eller én installasjon "
                "for hver kommune.",
                id="fjorten.E011",
            )
        elif _goes_past_the_wall():
            yield Error(
                "Flere kommuner har samme database, og rollen i DATABASE_URL er superbruker eller eier tabellene, så muren mellom dem "
                "kunne tas bort. Bruk rollen fra deploy/postgresql/roles.sql.",
                id="fjorten.E012",
            )
    except DatabaseError:
        return  # told by database_is_ready


def _goes_past_the_wall() -> bool:
    """Tell whether our role is one that PostgreSQL walls nothing from, or that may take the wall away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_class WHERE relname = %s AND pg_has_role(relowner, 'MEMBER')) "
            "FROM pg_roles WHERE rolname = current_user",
            [Municipality._meta.db_table],
        )
        [(does,)] = cursor.fetchall()
    return bool(does)


@_at_deployment
def home_is_closed_to_others() -> Iterator[CheckMessage]:
    """Refuse a home folder, keys or a database file that others on the machine can read."""
    home = Path(settings.HOME)
    open_to_others = [path for path in (home, home / "keys") if path.exists() and path.stat().st_mode & _OTHERS]
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        if file.exists() and file.stat().st_mode & _OTHERS and file.resolve().parent != home.resolve():
            open_to_others.append(file)
    for path in open_to_others:
        yield Error(f"Andre på maskinen kan lese {path}. Kjør: chmod go= {path}", id="fjorten.E009")


@_at_deployment
def no_restore_is_half_done() -> Iterator[CheckMessage]:
    """Refuse to serve a database with another one's keys."""
    if (Path(settings.HOME) / _UNDER_WAY).exists():
        yield Error(
            "En gjenoppretting ble avbrutt midt i. Kjør `fjorten restore FIL --replace` på nytt, til den er ferdig.", id="fjorten.E010"
        )
