"""What a backup or a restore will not do, and the files it leaves alone: the same whatever database stands behind."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

from fjorten.cli.backups import archive
from fjorten.cli.backups.disk import only_one
from tests.backup.installations import Captured, fjorten, picture, rename_it


def test_a_database_that_is_not_empty_is_left_alone_and_a_file_can_be_looked_through_beside_it(
    home: Path, backup: Path, capsys: Captured
) -> None:
    rename_it("I bruk")
    before = picture()
    code, told = fjorten(capsys, "restore", backup)
    assert (code, picture()) == (2, before)
    assert "--replace" in told
    code, told = fjorten(capsys, "restore", backup, "--check")
    assert (code, picture()) == (0, before)
    assert "stemmer med summene sine" in told


def test_a_file_that_is_not_right_changes_nothing_and_is_told_why(home: Path, backup: Path, capsys: Captured) -> None:
    before, lies_there = picture(), files_in(home)
    whole = backup.read_bytes()
    for name, content in (("cut", whole[: len(whole) // 2]), ("other", whole[: len(whole) // 2] + b"x" + whole[len(whole) // 2 + 1 :])):
        (home.parent / f"{name}.tar").write_bytes(content)
    for file, sentence in (
        (home.parent / "cut.tar", "er skadet eller endret"),
        (home.parent / "other.tar", "er skadet eller endret"),
        (home.parent / "none.tar", "den finnes ikke"),
        (with_another_list(backup, counts={"organisation_municipality": 17}), "organisation_municipality: 1, skulle vært 17"),
        (with_another_list(backup, migrations="people.9999_noe_nytt"), "nyere enn denne"),
        (with_another_list(backup, swap_database=True), "flytter ikke mellom dem"),
    ):
        code, told = fjorten(capsys, "restore", file, "--replace")
        assert code == 2, file
        assert sentence in told
    assert (picture(), files_in(home)) == (before, lies_there)


def files_in(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def with_another_list(backup: Path, *, counts: dict[str, int] | None = None, migrations: str = "", swap_database: bool = False) -> Path:
    """The same backup with another list of what is in it, made as a backup is made."""
    into = backup.parent / "parts"
    into.mkdir(exist_ok=True)
    manifest, files = archive.manifest_of(backup), archive.unpack(backup, into=into)
    seen = replace(manifest.picture, counts=manifest.picture.counts | (counts or {}))
    if migrations:
        seen = replace(seen, migrations=seen.migrations | {migrations})
    manifest = replace(manifest, picture=seen)
    if swap_database:
        name, vendor = ("database.pgdump", "postgresql") if manifest.vendor == "sqlite" else ("database.sqlite3.gz", "sqlite")
        files[name] = files.pop(manifest.database.name)
        parts = tuple(replace(part, name=name) if part == manifest.database else part for part in manifest.parts)
        manifest = replace(manifest, vendor=vendor, parts=parts)
    written = backup.parent / f"annen-{os.urandom(4).hex()}.tar"
    archive.write(manifest, files, into=written)
    return written


def test_a_backup_never_takes_another_files_place_and_two_are_not_made_at_once(home: Path, backup: Path, capsys: Captured) -> None:
    content = backup.read_bytes()
    code, told = fjorten(capsys, "backup", backup)
    assert (code, backup.read_bytes()) == (2, content)
    assert "finnes allerede" in told
    with only_one(home):
        code, told = fjorten(capsys, "backup", home.parent / "ny.tar")
    assert code == 2
    assert "holder på allerede" in told
    assert not (home.parent / "ny.tar").exists()


def test_only_the_latest_of_our_own_are_kept(home: Path, backup: Path, capsys: Captured) -> None:
    folder = home.parent / "kopier"
    folder.mkdir()
    for name in ("fjorten-20250101T000000Z.tar", "fjorten-20250102T000000Z.tar"):
        shutil.copy(backup, folder / name)
    strange = replace(archive.manifest_of(backup), installation="another")
    archive.write(strange, archive.unpack(backup, into=home.parent), into=folder / "fjorten-20240101T000000Z.tar")
    for name in ("fjorten-20240102T000000Z.tar", "notater.txt", "fjorten-20230101T000000Z.tar.gammel"):
        (folder / name).write_text("ikke vår", encoding="utf-8")
    code, told = fjorten(capsys, "backup", folder, "--keep", "2")
    assert code == 0, told
    assert "1 eldre kopier er slettet" in told
    left = sorted(path.name for path in folder.iterdir())
    assert left[:-1] == [
        "fjorten-20230101T000000Z.tar.gammel",
        "fjorten-20240101T000000Z.tar",
        "fjorten-20240102T000000Z.tar",
        "fjorten-20250102T000000Z.tar",
        left[4],
    ]
    assert left[-1] == "notater.txt"
    assert fjorten(capsys, "backup", folder / "ny.tar", "--keep", "2")[0] == 2
