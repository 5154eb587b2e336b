"""Settings of the test run: a key of its own, SQLite in a file (WAL, as in production) without waiting for the disk."""

import os

os.environ.setdefault("FJORTEN_SQLITE_SYNCHRONOUS", "NORMAL")
os.environ["FJORTEN_SECRET_KEY"] = "only for tests"  # noqa: S105

from fjorten.config.settings import *  # noqa: F403
from fjorten.config.settings import DATABASES, HOME, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]  # two migrations that share a number are refused by `make check`

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a good one takes a third of a second for each password
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # no names that change with the contents
SECURE_SSL_REDIRECT = False  # the tests' client speaks http
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True  # static files from where they are written

HOME.mkdir(parents=True, exist_ok=True)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str((HOME / "test.sqlite3").absolute())}
