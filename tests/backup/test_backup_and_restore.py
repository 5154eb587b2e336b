"""What was in the database, the keys and the messages comes back as it was; and a file that is not whole changes nothing."""

import os
import shutil
import stat
import threading
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection, connections, transaction

from fjorten.audit.trail import broken_links, chain_end, record
from fjorten.cli.backups import archive
from fjorten.cli.restore import UNDER_WAY
from fjorten.organisation.models import Municipality
from tests.backup.installations import AT, BY, Captured, fjorten, ledger, picture, rename_it
from tests.backup.kills import killed_at, touches_of

SEED = int(os.environ.get("FJORTEN_SEED", "14"))
LONG = os.environ.get("FJORTEN_LONG_RUN") == "1"
KILLS = 60 if LONG else 1


def test_what_is_restored_is_what_was_backed_up_as_often_as_it_is_done_and_the_old_is_kept(
    home: Path, backup: Path, capsys: Captured
) -> None:
    before, rows = picture(), ledger(capsys)
    for name in ("Første", "Andre"):
        rename_it(name)
        (home / "outbox" / "1.txt").write_text("skrevet over", encoding="utf-8")
        assert picture() != before
        code, told = fjorten(capsys, "restore", backup, "--replace")
        assert (code, picture()) == (0, before), told
        assert "Sporet i 9901 er helt" in told
        assert "Alt stemmer" in told
        assert ledger(capsys) == rows
        assert (home / "outbox" / "1.txt").read_text(encoding="utf-8") == "Hei"
        assert not (home / UNDER_WAY).exists()
    with as_it_was(told):
        assert Municipality.objects.get().brand == "Andre"


def test_it_is_restored_on_another_machine_where_there_is_nothing(
    home: Path, backup: Path, capsys: Captured, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = picture()
    settings.HOME = tmp_path / "other"
    monkeypatch.setenv("FJORTEN_HOME", str(settings.HOME))
    monkeypatch.delenv("FJORTEN_SECRET_KEY")
    first = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = f"{first}-other"
    try:
        code, told = fjorten(capsys, "restore", backup)
        assert code == 0, told
        assert picture() == before
        assert "Den gamle" not in told
        key = settings.HOME / "keys" / "ledger_ed25519"
        assert key.read_bytes() == (home / "keys" / "ledger_ed25519").read_bytes()
        assert {stat.S_IMODE(path.stat().st_mode) for path in (key, settings.HOME, key.parent)} == {0o600, 0o700}
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = first


def test_a_backup_is_of_one_moment_though_others_write(home: Path, capsys: Captured) -> None:
    stop, began = threading.Event(), threading.Event()

    def write() -> None:
        try:
            while not stop.is_set():
                with transaction.atomic():
                    record("test.written", municipality="9901", by=BY, at=AT)
                began.set()
        finally:
            connections.close_all()

    first = chain_end("9901").seq
    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert began.wait(60)
        code, told = fjorten(capsys, "backup", home.parent / "kopi.tar")
    finally:
        stop.set()
        writer.join()
    last = chain_end("9901").seq
    assert code == 0, told
    kept = archive.manifest_of(home.parent / "kopi.tar").picture
    assert first < kept.chains["9901"][0] < last
    fjorten(capsys, "restore", home.parent / "kopi.tar", "--replace")
    assert picture() == kept
    assert list(broken_links("9901")) == []


@pytest.mark.faults
def test_a_backup_that_is_killed_leaves_no_file_and_the_next_one_cleans_up(home: Path, capsys: Captured) -> None:
    before, folder = picture(), home.parent / "kopier"

    def work() -> None:
        assert fjorten(capsys, "backup", folder / "kopi.tar")[0] == 0

    folder.mkdir()
    killed = 0
    for point in points(touches_of(work)):
        shutil.rmtree(folder)
        folder.mkdir()
        killed += killed_at(point, work)
        if (folder / "kopi.tar").exists():  # killed after all was done
            archive.unpack(folder / "kopi.tar", into=None)
            (folder / "kopi.tar").unlink()
        work()
        assert [path.name for path in folder.iterdir()] == ["kopi.tar"], f"point {point}, seed {SEED}"
    assert picture() == before
    assert killed > KILLS / 2


@pytest.mark.faults
def test_a_restore_that_is_killed_leaves_the_old_or_the_new_and_can_be_done_again(home: Path, backup: Path, capsys: Captured) -> None:
    new = picture()
    rename_it("I bruk")
    old = picture()

    def work() -> None:
        fjorten(capsys, "restore", backup, "--replace")

    killed = 0
    for point in points(touches_of(work)):
        rename_it("I bruk")
        (home / "outbox" / "1.txt").write_text("annet", encoding="utf-8")
        killed += killed_at(point, work)
        halfway = picture()
        assert same_but_for_the_moment(halfway, old) or halfway == new, f"point {point}, seed {SEED}"
        if (home / "outbox" / "1.txt").read_text(encoding="utf-8") == "annet" and halfway == new:
            assert (home / UNDER_WAY).exists(), f"database and files do not belong together, and nobody is told: point {point}, seed {SEED}"
        code, told = fjorten(capsys, "restore", backup, "--replace")
        assert (code, picture()) == (0, new), f"point {point}, seed {SEED}: {told}"
        assert not (home / UNDER_WAY).exists()
        assert not (home / ".fjorten-restore").exists()
    assert killed > KILLS / 2


def same_but_for_the_moment(one: Any, other: Any) -> bool:
    """The trail's hashes have the instant in them, and ours are written anew each time."""
    return (one.counts, one.chains.keys()) == (other.counts, other.chains.keys())


def points(number: int) -> list[int]:
    """Some points among so many, the last ones more often: that is where things are given their names."""
    rng = Random(f"{SEED}/{number}")
    return sorted(rng.choice([rng.randrange(1, number + 1), rng.randrange(max(1, number - 40), number + 1)]) for _ in range(KILLS))


def test_a_database_somebody_is_connected_to_is_not_replaced(home: Path, backup: Path, capsys: Captured) -> None:
    before = picture()
    (home / "outbox" / "1.txt").write_text("nyere", encoding="utf-8")
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM organisation_municipality")
            assert cursor.fetchone() == (1,)
        code, told = fjorten(capsys, "restore", backup, "--replace")
    finally:
        other.close()
    assert (code, picture()) == (2, before)
    assert "Noen bruker databasen" in told
    assert (home / "outbox" / "1.txt").read_text(encoding="utf-8") == "nyere"
    assert not (home / UNDER_WAY).exists()


def as_it_was(told: str) -> Any:
    """The database that was replaced, by the name the command told."""
    if connection.vendor == "sqlite":
        name = told.partition("ligger i ")[2].partition(". Slett")[0]
    else:
        name = told.partition("dropdb ")[2].splitlines()[0].strip('"')
    return pointed_at(name)


class pointed_at:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        self.usual = connection.settings_dict["NAME"]
        connections.close_all()
        connection.settings_dict["NAME"] = self.name

    def __exit__(self, *error: Any) -> None:
        connections.close_all()
        connection.settings_dict["NAME"] = self.usual


def test_a_missing_program_is_named_with_where_to_get_it(home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    only_on_postgresql()
    monkeypatch.setenv("PATH", str(home))
    code, told = fjorten(capsys, "backup", home.parent / "kopi.tar")
    assert code == 2
    assert "pg_dump finnes ikke" in told
    assert "postgresql-client" in told
    assert [path.name for path in home.parent.iterdir() if "kopi" in path.name or path.name.startswith(".")] == []


def test_a_server_that_does_not_answer_is_told_so(home: Path, backup: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    only_on_postgresql()
    connections.close_all()
    with monkeypatch.context() as as_another:
        as_another.setitem(connection.settings_dict, "PORT", "1")
        for command in (("restore", backup), ("restore", backup, "--replace"), ("backup", home.parent / "ny.tar")):
            code, told = fjorten(capsys, *command)
            assert code == 2
            assert "refused" in told


def test_the_password_is_never_on_a_command_line(home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    only_on_postgresql()
    told, real = home.parent / "told", shutil.which("pg_dump")
    program = home.parent / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" > {told}\necho "$PGPASSWORD" > {told}.password\nexec {real} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "sesam-sesam")
    assert fjorten(capsys, "backup", home.parent / "kopi.tar")[0] == 0
    assert "sesam" not in told.read_text(encoding="utf-8")
    assert Path(f"{told}.password").read_text(encoding="utf-8") == "sesam-sesam\n"


def test_rows_that_are_hidden_from_our_role_are_never_left_out_in_silence(
    home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_on_postgresql()
    execute(
        "CREATE ROLE sees_little LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO sees_little",
        "CREATE POLICY not_ours ON people_person AS RESTRICTIVE USING (false)",
    )
    try:
        with monkeypatch.context() as as_another:
            as_another.setitem(connection.settings_dict, "USER", "sees_little")
            code, told = fjorten(capsys, "backup", home.parent / "kopi.tar")
            connections.close_all()
    finally:
        execute("DROP OWNED BY sees_little", "DROP ROLE sees_little")
    assert code == 2
    assert "row-level security" in told
    assert not (home.parent / "kopi.tar").exists()


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def only_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL's own programs and roles")
