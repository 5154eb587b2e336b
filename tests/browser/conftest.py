"""
A real browser before our own pages: Chromium, a server on this machine, and a database of the test's own. One browser for each process
that runs tests of this package.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser
from tools.browser import MISSING, chromium, executable

from fjorten.web.glance import forget
from tests.browser.clinic import NOW
from tests.browser.journey import ClinicJourney


@pytest.fixture(scope="package")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """The browser. Without one on the machine the test is left out, or fails when FJORTEN_REQUIRE_BROWSER=1."""
    found = executable()
    if found is None:
        (pytest.fail if os.environ.get("FJORTEN_REQUIRE_BROWSER") == "1" else pytest.skip)(MISSING)
    # Playwright leaves an event loop running in this thread, and Django takes every question to the database for one asked inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    connections.close_all()  # inside the loop Django has connections of their own; one left open would keep PostgreSQL from copying
    with chromium(found) as opened:
        yield opened
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request."""


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """Our pages, answering on this machine, as `fjorten serve` has them but for TLS: which is why the cookies are those of the demo."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(WSGIHandler())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    plain = {"SESSION_COOKIE_NAME": "fjorten", "CSRF_COOKIE_NAME": "fjorten-csrf"}
    with override_settings(ALLOWED_HOSTS=["127.0.0.1", "testserver"], SESSION_COOKIE_SECURE=False, CSRF_COOKIE_SECURE=False, **plain):
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, standing still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clinic(
    browser: Browser, address: str, own_database: None, signing_key: None, clock: time_machine.Traveller, tmp_path: Path
) -> Iterator[ClinicJourney]:
    """A clinic on an ordinary Tuesday at ten, whom a register and families can tell things."""
    forget()
    journey = ClinicJourney(browser, address, clock, tmp_path)
    yield journey
    journey.closes()
    forget()
