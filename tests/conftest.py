"""What every database test starts from."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.ledger.signing import ensure_key
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Municipality
from tests.databases import database_of_its_own, migrated_database

# Folders and files that the short run runs on the first database only.
ONLY_ONCE = {
    "generative",
    "simulation",
    "cli",
    "config",
    "followup",
    "test_backup_refusals.py",
    "test_clocks.py",
    "test_time.py",
    "test_poisoned_children.py",
    "test_print_batches.py",
    "test_outbox_gateways.py",
    "test_outbox_journey.py",
    "test_digital_letters.py",
    "test_outcomes.py",
    "test_a_past.py",
    "test_access_log.py",
    "test_calendar.py",
    "test_canaries.py",
    "test_case.py",
    "test_core_tasks.py",
    "test_every_page.py",
    "test_gate.py",
    "test_languages.py",
    "test_matrix.py",
    "test_messages.py",
    "test_moved_by_sms.py",
    "test_neighbours_journal.py",
    "test_on_paper.py",
    "test_protected_child.py",
    "test_receipts.py",
    "test_register.py",
    "test_roster_actions.py",
    "test_search.py",
    "test_settings.py",
    "test_sending.py",
    "test_signing_in.py",
    "test_today.py",
    "test_two_misses.py",
    "test_worklist.py",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    On the second database, run what touches a database: rules and files give the same answer whatever stands behind them. Generated
    histories, lived municipalities, the command line over the same actions, the checks of an installation, the table of what may become of
    an appointment case by case, the rules of follow-up, and those trials that are about clocks, gateways, files, pages and odd facts rather
    than the database, are run on both in the long run only.
    """
    if os.environ.get("FJORTEN_ONLY_DATABASE") != "1":
        return
    touching = [item for item in items if item.get_closest_marker("django_db") or "django_db_setup" in getattr(item, "fixturenames", ())]
    if os.environ.get("FJORTEN_LONG_RUN") != "1":
        touching = [item for item in touching if not ONLY_ONCE & set(item.path.parts)]
    chosen = set(touching)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = touching


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The migrated test database, also when only tests with a copy of their own are run, which the plug-in does not count."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with django_db_blocker.unblock(), migrated_database(shared), django_db_blocker.block():
        yield


@pytest.fixture
def clerk() -> Actor:
    """The one who does things in tests."""
    return Actor(who="merkantil.prøve", role="clerk", unit="Helsestasjonen", ground="test")


@pytest.fixture
def at() -> datetime:
    """The instant things are done at."""
    return datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def municipality(db: None, clerk: Actor, at: datetime) -> Municipality:
    """An open ledger. 9901 is nobody's number."""
    return open_municipality(code="9901", name="Prøvekommunen", by=clerk, at=at)


@pytest.fixture
def signing_key(tmp_path: Path, settings: Any) -> None:
    """A key of the test's own to sign snapshots with."""
    settings.HOME = tmp_path
    ensure_key()


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of the test's own, in autocommit: for what must really be committed, or killed."""
    with django_db_blocker.unblock(), database_of_its_own():
        yield
