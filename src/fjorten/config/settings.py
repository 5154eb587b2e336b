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
]


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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"masked": {"()": "fjorten.config.logs.MaskNationalIds"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["masked"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("FJORTEN_LOG_LEVEL", "WARNING")},
}
