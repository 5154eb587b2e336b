"""`fjorten backup`: all that is needed to stand the installation up again, in one file: the database, the keys, messages and letters."""

import argparse
import re
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fjorten import __version__
from fjorten.cli.edge import a_number_between, now
from fjorten.kernel.files import why_unreadable
from fjorten.kernel.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from fjorten.cli.backups.archive import Manifest

_MOST_KEPT: Final = 10_000
_NAMED_BY_US: Final = re.compile(r"fjorten-\d{8}T\d{6}Z\.tar")


class FileIsThereAlready(Refused):
    """A backup is never written over another file."""

    sentence = "Det finnes allerede en fil med dette navnet. Velg et annet navn, eller en mappe; da får filen navn etter tidspunktet."


class KeepNeedsAFolder(Refused):
    """Only in a folder where backups are named by us is it known which are ours."""

    sentence = "--keep virker bare når det lagres i en mappe som finnes. Skriv mappen i stedet for et filnavn."


class BackupCouldNotBeWritten(Refused):
    """The disk, or the right to write to it, is missing."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.sentence = (
            f"Sikkerhetskopien ble ikke skrevet: {why_unreadable(error)}. Ingenting er endret, og tidligere kopier er der de var."
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument(
        "into", metavar="FIL|MAPPE", type=Path, help="filen som skal lages, eller en mappe; da får filen navn etter tidspunktet"
    )
    parser.add_argument(
        "--keep",
        metavar="ANTALL",
        type=a_number_between(1, _MOST_KEPT),
        help="behold så mange av våre egne kopier i mappen, og slett de eldste",
    )


def run(options: argparse.Namespace) -> int:
    """
    Make the backup, read it again, and only then give it its name. Exit code 0.

    Stopped at any point it leaves no file by that name. Raises Refused with a sentence when it cannot be made.
    """
    from django.conf import settings

    from fjorten.cli.backups.disk import only_one

    into: Path = options.into
    at = now()
    final = into / f"fjorten-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar" if into.is_dir() else into
    if final.exists():
        raise FileIsThereAlready
    if options.keep is not None and not into.is_dir():
        raise KeepNeedsAFolder
    try:
        with only_one(Path(settings.HOME)):
            manifest = _make(final, home=Path(settings.HOME), at=at)
            removed = _keep_the_latest(into, options.keep) if options.keep is not None else 0
    except OSError as error:
        raise BackupCouldNotBeWritten(error) from error
    picture = manifest.picture
    print(f"Sikkerhetskopien er laget og lest igjen: {final} ({final.stat().st_size / 1e6:.1f} MB).")
    print(
        f"Den inneholder {picture.rows} rader i {len(picture.counts)} tabeller, regnskapet til {len(picture.chains)} kommuner, "
        f"og {len(manifest.parts) - 1} filer fra {settings.HOME}."
    )
    left_out = _left_out(Path(settings.HOME))
    if left_out:
        print(f"Ikke med fra {settings.HOME}: {', '.join(left_out)}.")
    if removed:
        print(f"{removed} eldre kopier er slettet.")
    print("Filen er ikke kryptert og inneholder nøklene og alt om barna. Pass på den som på databasen selv.")
    return 0


def _make(final: Path, *, home: Path, at: "datetime") -> "Manifest":
    from fjorten.cli.backups import archive
    from fjorten.cli.backups.disk import move_into_place, work_folder
    from fjorten.cli.backups.engines import engine_of_the_installation
    from fjorten.ledger.signing import ensure_key

    installation = ensure_key().public
    engine = engine_of_the_installation()
    with work_folder(final.parent, f".fjorten-backup-{installation[:16]}") as work:
        name, part, picture = engine.copy_out(work)
        files = {name: part, **_own_files(home, work)}
        manifest = archive.Manifest(
            version=__version__,
            installation=installation,
            made_at=at,
            vendor=engine.vendor,
            picture=picture,
            parts=tuple(archive.measured(path, name) for name, path in files.items()),
        )
        written = work / "backup.tar"
        archive.write(manifest, files, into=written)
        archive.unpack(written, into=None)
        move_into_place(written, final)
    return manifest


def _own_files(home: Path, work: Path) -> "dict[str, Path]":
    """Copy the installation's own files, so that they hold still: name in the backup to path. The lists of folders are followed once."""
    import shutil

    from fjorten.cli.backups.archive import OWN_FOLDERS

    found: dict[str, Path] = {}
    for folder in OWN_FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file():
                copy = work / f"own-{len(found)}"
                shutil.copyfile(path, copy)
                found[f"home/{path.relative_to(home).as_posix()}"] = copy
    return found


def _left_out(home: Path) -> list[str]:
    """Name what lies in the installation's folder and is not in a backup: not ours, or of no use afterwards."""
    from django.db import connection

    from fjorten.cli.backups.archive import OWN_FOLDERS

    known = {*OWN_FOLDERS, "backup.lock"}
    database = Path(str(connection.settings_dict["NAME"])).name
    return sorted(
        path.name for path in home.iterdir() if path.name not in known and path.name.removesuffix("-wal").removesuffix("-shm") != database
    )


def _keep_the_latest(folder: Path, number: int) -> int:
    """Remove our own backups in a folder beyond the latest so many, and tell how many: of this installation, and named by us."""
    from fjorten.cli.backups.archive import manifest_of
    from fjorten.ledger.signing import own_public_keys

    ours: list[Path] = []
    keys = own_public_keys()
    for path in folder.iterdir():
        if _NAMED_BY_US.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            try:
                if manifest_of(path).installation in keys:
                    ours.append(path)
            except Refused:
                continue  # not one we can read: left for a person to look at
    too_many = sorted(ours, key=lambda path: path.name, reverse=True)[number:]
    for path in too_many:
        path.unlink()
    return len(too_many)
