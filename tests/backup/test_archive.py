"""The file of a backup by itself: what is damaged, cut short, tampered with or something else is told so, and leads nowhere."""

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from fjorten.cli.backups import archive
from fjorten.cli.backups.archive import Manifest, Part
from fjorten.cli.backups.pictures import Picture
from fjorten.kernel.refusals import Refused

SEED = int(os.environ.get("FJORTEN_SEED", "14"))
FAULTS = 5_000 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 300
PICTURE = Picture(frozenset({"people.0001_initial"}), {"people_person": 3}, {"9901": (7, "abc")})


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Three files, of which one is a database."""
    contents = {"database.sqlite3.gz": Random(SEED).randbytes(3000), "home/keys/secret": b"hemmelig", "home/outbox/a/1.txt": b"Hei"}
    for number, content in enumerate(contents.values()):
        (tmp_path / f"in-{number}").write_bytes(content)
    return {name: tmp_path / f"in-{number}" for number, name in enumerate(contents)}


def a_manifest(files: dict[str, Path]) -> Manifest:
    parts = tuple(archive.measured(path, name) for name, path in files.items())
    return Manifest("0.1.0", "a key", datetime(2026, 3, 10, 9, tzinfo=UTC), "sqlite", PICTURE, parts)


@pytest.fixture
def written(files: dict[str, Path], tmp_path: Path) -> Path:
    """A whole file."""
    into = tmp_path / "kopi.tar"
    archive.write(a_manifest(files), files, into=into)
    return into


def contents_of(file: Path) -> dict[str, bytes]:
    into = file.parent / "out"
    into.mkdir(exist_ok=True)
    return {name: path.read_bytes() for name, path in archive.unpack(file, into=into).items()}


def test_what_is_read_is_what_was_written_and_only_the_owner_may_read_it(files: dict[str, Path], written: Path) -> None:
    assert archive.manifest_of(written) == a_manifest(files)
    assert contents_of(written) == {name: path.read_bytes() for name, path in files.items()}
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_a_file_that_is_damaged_anywhere_is_refused_or_gives_the_same(written: Path, tmp_path: Path) -> None:
    whole, right, rng = written.read_bytes(), contents_of(written), Random(SEED)
    refused, other = 0, tmp_path / "skadet.tar"
    for _ in range(FAULTS):
        at = rng.randrange(len(whole))
        changed = bytes([whole[at] ^ (1 << rng.randrange(8))])
        other.write_bytes(rng.choice([whole[:at], whole[:at] + changed + whole[at + 1 :], whole[:at] + whole[at + 512 :]]))
        try:
            found = contents_of(other)
        except Refused:
            refused += 1
        else:
            assert found == right, f"byte {at}, seed {SEED}"
    assert refused > FAULTS / 4  # the rest is padding


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 something else altogether" * 100], ids=["empty", "another kind"])
def test_what_is_something_else_is_no_backup(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "noe.tar").write_bytes(content)
    with pytest.raises(archive.NotABackup, match=r"noe\.tar er ikke en sikkerhetskopi fra fjorten"):
        archive.manifest_of(tmp_path / "noe.tar")


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(archive.NotABackup, match="den finnes ikke"):
        archive.manifest_of(tmp_path / "noe.tar")


@pytest.mark.parametrize(
    "name",
    ["home/keys/../../../etc/passwd", "/etc/passwd", "home/other/file", "home/keys", "home/keys/", "keys/secret", "database.pgdump"],
)
def test_a_name_in_the_file_cannot_lead_out_of_our_own_folders(name: str, files: dict[str, Path], tmp_path: Path) -> None:
    files[name] = files["home/keys/secret"]
    archive.write(a_manifest(files), files, into=tmp_path / "kopi.tar")
    with pytest.raises(archive.NotABackup, match="innholdslisten er ikke forstått"):
        archive.manifest_of(tmp_path / "kopi.tar")


def test_a_part_the_list_does_not_name_is_refused(files: dict[str, Path], tmp_path: Path) -> None:
    more = {**files, "home/keys/other": files["home/keys/secret"]}
    archive.write(a_manifest(more), more, into=tmp_path / "kopi.tar")
    whole = (tmp_path / "kopi.tar").read_bytes()
    archive.write(a_manifest(files), files, into=tmp_path / "liten.tar")
    small = (tmp_path / "liten.tar").read_bytes()
    member = whole[whole.index(b"home/keys/other\0") :][:1024]
    end = small.index(b"Hei") + 512
    (tmp_path / "ny.tar").write_bytes(small[:end] + member + bytes(1024))
    with pytest.raises(archive.BackupIsDamaged, match="mer enn den skal"):
        archive.unpack(tmp_path / "ny.tar", into=None)


def test_a_sum_that_does_not_fit_is_refused(files: dict[str, Path], tmp_path: Path) -> None:
    manifest = a_manifest(files)
    first = manifest.parts[0]
    wrong = replace(manifest, parts=(Part(first.name, first.size, "0" * 64), *manifest.parts[1:]))
    archive.write(wrong, files, into=tmp_path / "kopi.tar")
    with pytest.raises(archive.BackupIsDamaged, match=r"summen av database\.sqlite3\.gz"):
        archive.unpack(tmp_path / "kopi.tar", into=None)


def test_a_format_to_come_is_told_apart_from_something_else(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FORMAT", "fjorten-backup/0")
    with pytest.raises(archive.BackupIsOfAnotherFormat):
        archive.manifest_of(written)
