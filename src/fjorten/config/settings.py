"""
Settings of an installation, read from the environment.

Every name read here stands in docs/reference/settings.md; `SETTINGS` below is where that page comes from.
"""

from pathlib import Path
from typing import Any, Final

import environ

env = environ.Env()

SETTINGS: Final[dict[str, str]] = {
    "DATABASE_URL": "Databasen. Uten: en SQLite-fil, var/fjorten.sqlite3, under mappen kommandoen kjøres i. "
    "Eksempel: postgres://fjorten@/fjorten",
    "FJORTEN_HOME": "Mappen for det installasjonen selv eier (nøkler, demo, database når DATABASE_URL mangler). Uten: var",
    "FJORTEN_SECRET_KEY": "Hemmelig nøkkel for installasjonen. Uten: `fjorten init` lager en i FJORTEN_HOME.",
    "FJORTEN_SQLITE_SYNCHRONOUS": "FULL (standard: ingenting bekreftet går tapt ved strømbrudd) eller NORMAL (demo og tester).",
    "FJORTEN_LOG_LEVEL": "Hva som skrives i loggen: DEBUG, INFO, WARNING eller ERROR. Uten: WARNING",
    "FJORTEN_REGISTER": "Folkeregisteret nattkjøringen leser: en mappe eller en adresse (https). Uten: ikke noe register leses.",
    "FJORTEN_REGISTER_TOKEN_FILE": "Fil med adgangstegnet til registerets tjeneste. Leses på nytt for hver forespørsel.",
    "FJORTEN_CONTACT_REGISTER": "Adressen (https) til kontakt- og reservasjonsregisteret. Uten: det spørres ikke.",
    "FJORTEN_CONTACT_REGISTER_TOKEN_FILE": "Fil med adgangstegnet fra Maskinporten. Leses på nytt for hver forespørsel.",
    "FJORTEN_OUTBOX": "Mappen meldinger skrives til når de ikke sendes (FJORTEN_SMS=file). Uten: outbox i FJORTEN_HOME",
    "FJORTEN_SMS": "Hvordan SMS går ut: file (standard: skrives til FJORTEN_OUTBOX, ingenting sendes), sveve, pswincom eller smpp.",
    "FJORTEN_SMS_ADDRESS": "Adressen til SMS-tjenesten: https-adresse for sveve og pswincom, VERT:PORT for smpp.",
    "FJORTEN_SMS_USER": "Brukernavnet hos SMS-tjenesten.",
    "FJORTEN_SMS_PASSWORD_FILE": "Fil med passordet til SMS-tjenesten. Leses på nytt for hver melding.",
    "FJORTEN_SMS_SENDER": "Avsenderen familiene ser: et navn på høyst 11 tegn, eller et nummer de kan svare til.",
    "FJORTEN_SMS_TLS": "yes (standard) eller no: om forbindelsen til smpp skal være kryptert. no bare på samme maskin.",
    "FJORTEN_EMAIL": "Hvordan e-post går ut: tom (standard: ingen e-post) eller smtp.",
    "FJORTEN_EMAIL_ADDRESS": "E-posttjeneren, VERT eller VERT:PORT (uten port: 587).",
    "FJORTEN_EMAIL_USER": "Brukernavnet på e-posttjeneren. Uten: tjeneren kjenner oss på maskinen.",
    "FJORTEN_EMAIL_PASSWORD_FILE": "Fil med passordet til e-posttjeneren. Leses på nytt for hver e-post.",
    "FJORTEN_EMAIL_SENDER": "Avsenderadressen.",
    "FJORTEN_EMAIL_SENDER_NAME": "Navnet e-posten kommer fra. Uten: fjorten",
    "FJORTEN_EMAIL_TLS": "yes (standard) eller no: om forbindelsen skal være kryptert (STARTTLS). no bare på samme maskin.",
    "FJORTEN_LETTERS": "Hvordan brev går ut: print (standard: de skrives ut her) eller svarut.",
    "FJORTEN_SVARUT_ADDRESS": "Adressen (https) til SvarUt.",
    "FJORTEN_SVARUT_ACCOUNT": "Kommunens konto i SvarUt.",
    "FJORTEN_SVARUT_USER": "Brukernavnet i SvarUt.",
    "FJORTEN_SVARUT_PASSWORD_FILE": "Fil med passordet til SvarUt. Leses på nytt for hvert brev.",
    "FJORTEN_SVARUT_CERTIFICATE_FILE": "Fil med SvarUts sertifikat (PEM), som brevene krypteres for.",
    "FJORTEN_ALARM_TO": "Hvem `fjorten status --alarm` skriver til: e-postadresser med komma imellom.",
}

HOME: Final = Path(env.str("FJORTEN_HOME", "var"))


def _secret_key() -> str:
    """Read the key from the environment or from the file `fjorten init` makes; an empty one is refused by what needs it."""
    given = env.str("FJORTEN_SECRET_KEY", "")
    file = HOME / "keys" / "secret"
    if not given and file.is_file():
        return file.read_text(encoding="ascii").strip()
    return str(given)


SECRET_KEY = _secret_key()
DEBUG = False
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
LANGUAGE_CODE = "nb"
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"

INSTALLED_APPS = [
    "fjorten.audit",
    "fjorten.organisation",
    "fjorten.access",
    "fjorten.people",
    "fjorten.journal",
    "fjorten.messages",
    "fjorten.plans",
    "fjorten.registers",
    "fjorten.appointments",
    "fjorten.followup",
    "fjorten.ledger",
    "fjorten.nightly",
    "django_tasks",
    "django_tasks_db",
]

# What is put in the queue is only ever done sooner for it: all that is owed is found again by the worker and by the night.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def _database() -> dict[str, Any]:
    """Read DATABASE_URL; SQLite gets one writer at a time, a journal that readers do not wait for, and full durability."""
    database: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{(HOME / 'fjorten.sqlite3').absolute()}")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        synchronous = env.str("FJORTEN_SQLITE_SYNCHRONOUS", "FULL")
        if synchronous not in {"FULL", "NORMAL"}:
            raise environ.ImproperlyConfigured("FJORTEN_SQLITE_SYNCHRONOUS må være FULL eller NORMAL.")
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};",
        }
    return database


DATABASES = {"default": _database()}

# What the nightly run, the worker and the alarm are told of the world outside, by the names above; read by cli.carriers.
OUTSIDE: Final[dict[str, str]] = {
    name: env.str(name, "")
    for name in SETTINGS
    if name.startswith(
        (
            "FJORTEN_REGISTER",
            "FJORTEN_CONTACT_REGISTER",
            "FJORTEN_OUTBOX",
            "FJORTEN_SMS",
            "FJORTEN_EMAIL",
            "FJORTEN_LETTERS",
            "FJORTEN_SVARUT",
            "FJORTEN_ALARM",
        )
    )
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"masked": {"()": "fjorten.config.logs.MaskNationalIds"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["masked"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("FJORTEN_LOG_LEVEL", "WARNING")},
}
