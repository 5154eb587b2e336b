"""An installation of the test's own, and a backup of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests.backup.installations import Captured, fill, fjorten


@pytest.fixture
def home(own_database: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of an installation with children in its ledger."""
    home = tmp_path / "home"
    monkeypatch.setenv("FJORTEN_HOME", str(home))
    monkeypatch.setenv("FJORTEN_SECRET_KEY", "only for tests")
    settings.HOME = home
    fill(tmp_path)
    yield home
    connections.close_all()


@pytest.fixture
def backup(home: Path, capsys: Captured) -> Path:
    """A backup of it."""
    file = home.parent / "kopi.tar"
    assert fjorten(capsys, "backup", file)[0] == 0
    return file
