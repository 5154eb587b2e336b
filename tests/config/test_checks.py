"""Before anything is served: every fault of an installation is found, and told with what to do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from fjorten.cli.main import main
from fjorten.cli.restore import UNDER_WAY

KEY = "x7-Qm2bV9tLk4Rz8Wc1Yp6Hs3Nd5Jf0Ga-Ue_Ti.Bo,Pl+Xv=Zr"


@pytest.fixture(autouse=True)
def installation(own_database: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation with nothing wrong."""
    home = tmp_path / "home"
    (home / "keys").mkdir(mode=0o700, parents=True)
    home.chmod(0o700)
    monkeypatch.setenv("FJORTEN_HOME", str(home))
    monkeypatch.setenv("FJORTEN_SECRET_KEY", KEY)
    settings.HOME, settings.SECRET_KEY, settings.DEMO, settings.DEBUG = home, KEY, False, False
    settings.ALLOWED_HOSTS, settings.BEHIND_PROXY = ["fjorten.kommunen.example"], ["127.0.0.1"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)
        execute("PRAGMA synchronous = FULL")
    return home


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def faults(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `fjorten serve` finds wrong. Its address is one no machine has, so that a server is never started."""
    code = main(["serve", "--bind", "192.0.2.1"])
    lines = capsys.readouterr().err.splitlines()
    if code == 2:
        assert "ikke denne maskinens" in lines[0]
        return []
    assert code == 1
    assert all(line.startswith("fjorten: ") for line in lines)
    return [line.rpartition("(fjorten.")[2].rstrip(")") for line in lines]


def test_an_installation_with_nothing_wrong_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    assert faults(capsys) == []


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("SECRET_KEY", "", "E001"),
        ("SECRET_KEY", "kort", "E001"),
        ("SECRET_KEY", "a" * 64, "E001"),
        ("SECRET_KEY", "django-insecure-" + KEY, "E001"),
        ("DEBUG", True, "E002"),
        ("ALLOWED_HOSTS", [], "E003"),
        ("ALLOWED_HOSTS", ["*"], "E003"),
        ("BEHIND_PROXY", [], "E004"),
        ("SESSION_COOKIE_SECURE", False, "E005"),
        ("CSRF_COOKIE_SECURE", False, "E005"),
        ("SESSION_COOKIE_HTTPONLY", False, "E005"),
    ],
)
def test_a_setting_that_is_not_safe_is_named(name: str, value: Any, fault: str, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    setattr(settings, name, value)
    assert faults(capsys) == [fault]


def test_a_database_that_is_not_upgraded_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    execute("DELETE FROM django_migrations WHERE app = 'nightly'")
    assert faults(capsys) == ["E007"]


def test_several_municipalities_that_nothing_keeps_apart_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """SQLite cannot, and on PostgreSQL the tests' own role may take the wall away."""
    for code, found in (("9901", []), ("9902", ["E011" if connection.vendor == "sqlite" else "E012"])):
        execute(
            "INSERT INTO organisation_municipality (code, name, enrols_newborns, newborn_days, brand, norwegian) "
            f"VALUES ('{code}', 'Prøve', true, 28, '', 'nb')"
        )
        assert faults(capsys) == found


def test_a_database_that_does_not_answer_is_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    elsewhere = "/nowhere/at/all.sqlite3" if connection.vendor == "sqlite" else "no_such_database"
    with monkeypatch.context() as pointed:
        pointed.setitem(connection.settings_dict, "NAME", elsewhere)
        assert faults(capsys) == ["E006"]
        connection.close()


def test_sqlite_must_wait_for_the_disk(capsys: pytest.CaptureFixture[str]) -> None:
    if connection.vendor == "sqlite":
        execute("PRAGMA synchronous = NORMAL")
        assert faults(capsys) == ["E008"]


@pytest.mark.parametrize("folder", [".", "keys"])
def test_a_folder_others_can_read_is_named(folder: str, installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installation / folder).chmod(0o750)
    assert main(["serve"]) == 1
    told = capsys.readouterr().err
    assert f"chmod go= {installation / folder}" in told
    assert "E009" in told


def test_a_restore_that_was_stopped_halfway_is_finished_first(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installation / UNDER_WAY).touch()
    assert faults(capsys) == ["E010"]


def test_a_demo_on_this_machine_needs_no_tls_and_is_shown_to_no_other(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEMO, settings.BEHIND_PROXY = True, []
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    if connection.vendor == "sqlite":
        execute("PRAGMA synchronous = NORMAL")
    assert main(["serve", "--bind", "192.0.2.1"]) == 2
    assert "bare vises på denne maskinen" in capsys.readouterr().err
    settings.ALLOWED_HOSTS = []
    assert main(["serve"]) == 1
    assert [line.rpartition("(")[2] for line in capsys.readouterr().err.splitlines()] == ["fjorten.E003)"]
