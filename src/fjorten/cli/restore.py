"""`fjorten restore`: the installation as it was when a backup was made, or as it is now when anything at all is wrong with the file."""

import argparse
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fjorten.cli.edge import now
from fjorten.kernel.files import why_unreadable
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import OSLO

if TYPE_CHECKING:
    from fjorten.cli.backups.archive import Manifest
    from fjorten.cli.backups.pictures import Picture

# Stands in FJORTEN_HOME while database and keys may not belong together: `fjorten serve` will not start beside it (config/checks).
UNDER_WAY: Final = "restore-under-way"
_NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class DatabaseIsNotEmpty(Refused):
    """There is something in the database the backup would take the place of."""

    sentence = (
        "Databasen er ikke tom. Skal sikkerhetskopien ta plassen, kjør kommandoen igjen med --replace; den gamle databasen blir liggende "
        "under et annet navn. Ingenting er endret."
    )


class OtherKindOfDatabase(Refused):
    """A backup of one kind of database cannot become the other."""

    def __init__(self, made: str, here: str) -> None:
        super().__init__(made)
        self.sentence = (
            f"Sikkerhetskopien er av en {_NAMES[made]}-database, og DATABASE_URL peker på {_NAMES[here]}. Gjenoppretting flytter ikke "
            f"mellom dem. Gjenopprett til {_NAMES[made]}. Ingenting er endret."
        )


class MadeByALaterVersion(Refused):
    """The backup has tables this version knows nothing of."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.sentence = (
            f"Sikkerhetskopien er laget av fjorten {version}, som er nyere enn denne. Oppgrader fjorten først. Ingenting er endret."
        )


class RestoredDiffers(Refused):
    """What came out of the backup is not what its list says."""

    def __init__(self, differences: list[str]) -> None:
        super().__init__(str(len(differences)))
        self.sentence = (
            "Det som kom ut av sikkerhetskopien, er ikke det som skulle være der. Ingenting er endret.\n" + "\n".join(differences) + "."
        )


class RestoreCouldNotBeDone(Refused):
    """The disk, or the right to write to it, is missing."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.sentence = f"Gjenopprettingen stanset: {why_unreadable(error)}. Rett feilen, og kjør kommandoen igjen."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("file", metavar="FIL", type=Path, help="en sikkerhetskopi laget av `fjorten backup`")
    choices = parser.add_mutually_exclusive_group()
    choices.add_argument("--replace", action="store_true", help="ta plassen til en database som ikke er tom; den gamle blir liggende")
    choices.add_argument("--check", action="store_true", help="bare les hele filen og hold den mot summene; ingenting endres")


def run(options: argparse.Namespace) -> int:
    """
    Restore, and tell whether all agrees. Exit code 0 when it does, 1 when something must be looked at.

    The whole file is read and held against its sums, and the database restored beside the one in use and counted, before anything is
    replaced. Raises Refused with a sentence, and then nothing has been.
    """
    from django.conf import settings

    from fjorten.cli.backups import archive
    from fjorten.cli.backups.disk import only_one

    manifest = archive.manifest_of(options.file)
    made = f"{manifest.made_at.astimezone(OSLO):%d.%m.%Y kl. %H.%M}"
    print(f"Sikkerhetskopien er laget {made} av fjorten {manifest.version} ({_NAMES[manifest.vendor]}).")
    if options.check:
        archive.unpack(options.file, into=None)
        print(f"Alle {len(manifest.parts)} delene stemmer med summene sine. Ingenting er endret.")
        return 0
    home = Path(settings.HOME)
    try:
        with only_one(home):
            must_be_upgraded = _must_be_upgraded(manifest)
            told = _replace(options.file, manifest, home=home, may_replace=options.replace)
    except OSError as error:
        raise RestoreCouldNotBeDone(error) from error
    print("Databasen og filene er på plass.")
    for sentence in told:
        print(sentence)
    if must_be_upgraded:
        print("Databasen er fra en eldre fjorten. Kjør `fjorten init`, som oppgraderer den, og så `fjorten verify`.")
        return 1
    return 0 if _agrees(manifest.picture) else 1


def _must_be_upgraded(manifest: "Manifest") -> bool:
    """Tell whether this version has migrations the backup has not been through. Raises MadeByALaterVersion when it is the other way."""
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}
    if manifest.picture.migrations - known:
        raise MadeByALaterVersion(manifest.version)
    return bool(known - manifest.picture.migrations)


def _replace(file: Path, manifest: "Manifest", *, home: Path, may_replace: bool) -> list[str]:
    """Put everything in place, and tell where the old lies. Raises Refused before anything is replaced."""
    from fjorten.cli.backups import archive
    from fjorten.cli.backups.disk import work_folder, write_through
    from fjorten.cli.backups.engines import engine_of_the_installation

    engine = engine_of_the_installation()
    if engine.vendor != manifest.vendor:
        raise OtherKindOfDatabase(manifest.vendor, engine.vendor)
    if not may_replace and engine.holds_something():
        raise DatabaseIsNotEmpty
    stamp = f"{now().astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    marker = home / UNDER_WAY
    with work_folder(home, ".fjorten-restore") as work:
        parts = archive.unpack(file, into=work)
        with engine.beside(parts.pop(manifest.database.name)) as beside:
            differences = beside.picture.differences_from(manifest.picture)
            if differences:
                raise RestoredDiffers(differences)
            marker.touch(mode=0o600)
            write_through(home)
            try:
                told = [beside.take_over(stamp=stamp)]
            except Refused:
                marker.unlink()
                raise
            told.append(_put_back(parts, home=home, stamp=stamp))
            marker.unlink()
            write_through(home)
    return [sentence for sentence in told if sentence]


def _put_back(files: dict[str, Path], *, home: Path, stamp: str) -> str:
    """Give each file its place, one step each; what is another there already is kept in a folder beside, and that is told."""
    import shutil

    from fjorten.cli.backups.disk import move_into_place

    kept = home / f"before-{stamp}"
    for name, path in files.items():
        target = home / name.removeprefix("home/")
        if target.is_file():
            if target.read_bytes() == path.read_bytes():
                continue
            old = kept / target.relative_to(home)
            old.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(target, old)
        for folder in reversed([folder for folder in target.parents if home in folder.parents]):
            folder.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o600)
        move_into_place(path, target)
    if not kept.is_dir():
        return ""
    kept.chmod(0o700)
    return f"Filer som var annerledes, ligger i {kept}, også nøkler. Slett mappen når dere ser at alt er på plass."


def _agrees(picture: "Picture") -> bool:
    """Count the database in use, go through every trail and recount every ledger; print all of it, and tell whether it agrees."""
    from django.db import connection

    from fjorten.audit.trail import broken_links
    from fjorten.cli import verify
    from fjorten.cli.backups.pictures import picture_of
    from fjorten.cli.listing import show

    with connection.cursor() as cursor:
        now_there = picture_of(cursor, vendor=connection.vendor)
    rows = [(table, number, now_there.counts.get(table, 0)) for table, number in sorted(picture.counts.items()) if number]
    show("Tabeller med rader", ("tabell", "i kopien", "i databasen"), rows, nothing="Databasen er tom.", most=len(rows))
    faults = now_there.differences_from(picture)
    for code in picture.chains:
        broken = list(broken_links(code))
        faults += [f"sporet i {code}, nummer {link.seq}: {link.problem}" for link in broken]
        if not broken:
            print(f"Sporet i {code} er helt, og ender i nummer {picture.chains[code][0]}, som i kopien.")
    for fault in faults:
        print(f"AVVIK: {fault}.")
    recounted = [verify.run(argparse.Namespace(municipality=code, on=None, json=False)) for code in _municipalities()]
    return not faults and not any(recounted)


def _municipalities() -> list[str]:
    from fjorten.organisation.models import Municipality

    return list(Municipality.objects.order_by("code").values_list("code", flat=True))
