"""
Settings of an installation, read from the environment.

Every name read here stands in docs/reference/settings.md; `SETTINGS` below is where that page comes from.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import environ

env = environ.Env()

SETTINGS: Final[dict[str, str]] = {
    "DATABASE_URL": "Databasen. Uten: en SQLite-fil, var/fjorten.sqlite3, under mappen kommandoen kjøres i. "
    "Eksempel: postgres://fjorten@/fjorten",
    "FJORTEN_HOME": "Mappen for det installasjonen selv eier (nøkler, demo, database når DATABASE_URL mangler). Uten: var",
    "FJORTEN_SECRET_KEY": "Hemmelig nøkkel for installasjonen. Uten: `fjorten init` lager en i FJORTEN_HOME.",
    "FJORTEN_HOSTS": "Navnene nettsidene svarer på, med komma imellom, for eksempel fjorten.kommunen.example. Uten: ingen.",
    "FJORTEN_BEHIND_PROXY": "Adressen til tjeneren foran, som har sertifikatet (TLS), slik den ser ut herfra; flere med komma imellom. "
    "Bare den får si at en forespørsel kom kryptert. På samme maskin: 127.0.0.1",
    "FJORTEN_DEMO": "yes: en demo med oppdiktede barn, uten TLS og uten full varighet, bare på denne maskinen. Settes av `fjorten demo`.",
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
    "FJORTEN_DEMO_CLOCK_AHEAD": "Sekunder demoens klokke går foran (eller, negativt, etter) maskinens. Brukes bare i demoen.",
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
DEMO: Final = env.str("FJORTEN_DEMO", "") == "yes"
# The demo's clock begins in the morning of a working day, whenever somebody tries it; a real installation's is the machine's.
CLOCK_AHEAD: Final = timedelta(seconds=env.int("FJORTEN_DEMO_CLOCK_AHEAD", 0) if DEMO else 0)
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "bokmål"), ("nn", "nynorsk"), ("en", "English")]
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "fjorten.config",
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
    "fjorten.care_relations",
    "fjorten.ledger",
    "fjorten.nightly",
    "fjorten.web",
    "django_cotton",
    "django_tasks",
    "django_tasks_db",
]

ROOT_URLCONF = "fjorten.config.addresses"
WSGI_APPLICATION = "fjorten.config.wsgi.application"
ALLOWED_HOSTS = (
    ["localhost", "127.0.0.1", "[::1]"] if DEMO else [name.strip() for name in env.str("FJORTEN_HOSTS", "").split(",") if name.strip()]
)
# Whether a request came over TLS is told by the server in front, and heard only from these addresses (config/server): Django itself trusts
# no header.
BEHIND_PROXY: Final = [address.strip() for address in env.str("FJORTEN_BEHIND_PROXY", "").split(",") if address.strip()]
MIDDLEWARE = [
    "fjorten.web.headers.strict_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "fjorten.web.edge.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fjorten.web.edge.edge",
    "fjorten.web.gate.Gate",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "fjorten.web.shell.shell"]},
    }
]
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees what it is given, and nothing else of the page
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"  # `fjorten serve` fills it
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
APPEND_SLASH = False

# Signing in, and how long it lasts: `web.edge` ends a session sooner than its cookie does. Lock-out stands before the accounts, which stand
# alone: there is no ModelBackend, so no group, no permission and no superuser of Django's.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "fjorten.access.sign_in.LocalAccounts"]
LOGIN_URL = "sign_in"
CSRF_FAILURE_VIEW = "fjorten.web.errors.forged"
SESSION_COOKIE_NAME = "fjorten" if DEMO else "__Host-fjorten"
CSRF_COOKIE_NAME = "fjorten-csrf" if DEMO else "__Host-fjorten-csrf"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "same-origin"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["login", "display_name"]},
    },
]
# Five wrong passwords lock an account for a quarter of an hour, wherever they come from [default]: a clinic shares one address, and guesses
# may come from many. That somebody outside can lock an account is the price; `fjorten account unlock` opens it.
AXES_USERNAME_FORM_FIELD = "username"  # what LocalAccounts.authenticate calls it
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who came and went stands in our own trail
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = [
    "axes.W002",  # the sign-in page says itself that the account is locked, so the middleware that would is not there
    "axes.W006",  # the address is left out of the lock-out on purpose, see above
]

# What is put in the queue is only ever done sooner for it: all that is owed is found again by the worker and by the night.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


_CONNECTED_FOR: Final = 10 * 60  # seconds [default]


def _database() -> dict[str, Any]:
    """
    Read DATABASE_URL; SQLite gets one writer at a time, a journal that readers do not wait for, and full durability; on PostgreSQL a thread
    keeps its connection from page to page, for a new one plans all questions anew, with the walls around each table.
    """
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
    else:
        # The plans that are kept (database.prepared) are made without looking at values: otherwise a question is planned five times first.
        options = database.setdefault("OPTIONS", {})
        options["options"] = f"{options.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()
        database |= {"CONN_MAX_AGE": _CONNECTED_FOR, "CONN_HEALTH_CHECKS": True}  # a server that was restarted is connected to again
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
