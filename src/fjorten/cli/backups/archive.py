"""
The file of a backup: a tar that any machine can open, with a list of what is in it and its SHA-256 sums first.

    manifest.json, manifest.sha256, database.sqlite3.gz or database.pgdump, home/keys/..., home/outbox/..., home/brev/...
"""

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from fjorten.cli.backups.pictures import Picture
from fjorten.kernel.files import why_unreadable
from fjorten.kernel.refusals import Refused

FORMAT: Final = "fjorten-backup/1"
OWN_FOLDERS: Final = ("keys", "outbox", "brev")  # in FJORTEN_HOME: the keys, the messages that are not sent, the letters printed
_MANIFEST: Final = "manifest.json"
_MANIFEST_SUM: Final = "manifest.sha256"
_DATABASES: Final = {"database.sqlite3.gz": "sqlite", "database.pgdump": "postgresql"}
_OWN_FILE: Final = re.compile(rf"home/({'|'.join(OWN_FOLDERS)})(/[^/\0]+)+")
_LONGEST_MANIFEST: Final = 64 << 20  # bytes; a manifest is a line a table and a line a file
_CHUNK: Final = 1 << 20


class NotABackup(Refused):
    """The file cannot be read, or is no backup of ours."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path.name)
        self.sentence = f"{path.name} er ikke en sikkerhetskopi fra fjorten: {why}. Ingenting er endret."


class BackupIsDamaged(Refused):
    """The file is one of ours, and is not as it was when it was made."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path.name)
        self.sentence = f"{path.name} er skadet eller endret etter at den ble laget: {why}. Ingenting er endret. Bruk en annen kopi."


class BackupIsOfAnotherFormat(Refused):
    """A later fjorten made the file."""

    sentence = "Sikkerhetskopien er laget av en nyere fjorten enn denne. Oppgrader fjorten, og prøv igjen. Ingenting er endret."


@dataclass(frozen=True, slots=True)
class Part:
    """One file in a backup: its name there, its size in bytes and its SHA-256 sum."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is of: which version and installation (public key), when, which database, what it held, and the files in order."""

    version: str
    installation: str
    made_at: datetime
    vendor: str
    picture: Picture
    parts: tuple[Part, ...]

    @property
    def database(self) -> Part:
        """The part that is the database."""
        return next(part for part in self.parts if part.name in _DATABASES)


def measured(path: Path, name: str) -> Part:
    """Make the line of the manifest for a file, by reading it."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return Part(name, path.stat().st_size, digest.hexdigest())


def write(manifest: Manifest, files: dict[str, Path], *, into: Path) -> None:
    """Write a backup to a file that is not there yet, readable by its owner only; `files` has the path of every part."""
    text = json.dumps(_as_json(manifest), ensure_ascii=False, indent=1, sort_keys=True).encode()
    descriptor = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as tar:

        def add(name: str, size: int, content: IO[bytes]) -> None:
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.mtime = size, 0o600, int(manifest.made_at.timestamp())
            tar.addfile(member, content)

        add(_MANIFEST, len(text), BytesIO(text))
        digest = hashlib.sha256(text).hexdigest().encode()
        add(_MANIFEST_SUM, len(digest), BytesIO(digest))
        for part in manifest.parts:
            with files[part.name].open("rb") as content:
                add(part.name, part.size, content)


def manifest_of(path: Path) -> Manifest:
    """Read what a backup says of itself; its parts are not read. Raises NotABackup, BackupIsDamaged or BackupIsOfAnotherFormat."""
    with _opened(path) as tar:
        return _manifest_in(tar, path)


def unpack(path: Path, *, into: Path | None) -> dict[str, Path]:
    """
    Read the whole backup, hold every part against its sum, and give where each now lies in the folder `into`; None: only read.

    Raises what `manifest_of` raises. What is written is to be thrown away by the caller when it does.
    """
    unpacked: dict[str, Path] = {}
    with _opened(path) as tar:
        manifest = _manifest_in(tar, path)
        for number, part in enumerate(manifest.parts):
            member = tar.next()
            if member is None or member.name != part.name or not member.isfile() or member.size != part.size:
                raise BackupIsDamaged(path, f"{part.name} mangler eller har feil størrelse")
            target = Path(os.devnull) if into is None else into / str(number)
            if _copied(tar, member, target) != part.sha256:
                raise BackupIsDamaged(path, f"summen av {part.name} stemmer ikke")
            unpacked[part.name] = target
        if tar.next() is not None:
            raise BackupIsDamaged(path, "den inneholder mer enn den skal")
    return unpacked


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        tar = tarfile.open(path, "r:")  # noqa: SIM115  # closed below; what goes wrong later means something else
    except OSError as error:
        raise NotABackup(path, why_unreadable(error)) from error
    except tarfile.TarError as error:
        raise NotABackup(path, "den er tom, eller noe helt annet") from error
    try:
        with tar:
            yield tar
    except tarfile.TarError as error:
        raise BackupIsDamaged(path, "den er avkortet eller uleselig") from error


def _copied(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    """Write a member to a file, and give the sum of what was written."""
    digest = hashlib.sha256()
    content = tar.extractfile(member)
    assert content is not None, "a regular file has content"
    with content, target.open("wb") as stream:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            stream.write(chunk)
    return digest.hexdigest()


def _manifest_in(tar: tarfile.TarFile, path: Path) -> Manifest:
    texts = []
    for name in (_MANIFEST, _MANIFEST_SUM):
        member = tar.next()
        content = tar.extractfile(member) if member is not None and member.name == name and member.isfile() else None
        if content is None or member is None or member.size > _LONGEST_MANIFEST:
            raise NotABackup(path, "den har ingen innholdsliste")
        texts.append(content.read())
    if hashlib.sha256(texts[0]).hexdigest().encode() != texts[1]:
        raise BackupIsDamaged(path, "innholdslisten stemmer ikke med summen sin")
    try:
        return _from_json(json.loads(texts[0]))
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
        raise NotABackup(path, "innholdslisten er ikke forstått") from error


def _as_json(manifest: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": manifest.version,
        "installation": manifest.installation,
        "made_at": manifest.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "database": manifest.vendor,
        "migrations": sorted(manifest.picture.migrations),
        "counts": manifest.picture.counts,
        "chains": {code: {"seq": seq, "hash": end} for code, (seq, end) in manifest.picture.chains.items()},
        "parts": [{"name": part.name, "size": part.size, "sha256": part.sha256} for part in manifest.parts],
    }


def _from_json(given: dict[str, Any]) -> Manifest:
    """Read a manifest; a name that is not one we write is refused before anything is written under it."""
    if given["format"] != FORMAT:
        if str(given["format"]).startswith("fjorten-backup/"):
            raise BackupIsOfAnotherFormat
        raise ValueError
    parts = tuple(Part(part["name"], int(part["size"]), part["sha256"]) for part in given["parts"])
    names = [part.name for part in parts]
    own = [name for name in names if _OWN_FILE.fullmatch(name) and ".." not in name.split("/")]
    databases = [name for name in names if name in _DATABASES]
    if len(set(names)) != len(own) + len(databases) or [_DATABASES[name] for name in databases] != [given["database"]]:
        raise ValueError
    return Manifest(
        version=given["version"],
        installation=given["installation"],
        made_at=datetime.fromisoformat(given["made_at"]),
        vendor=given["database"],
        picture=Picture(
            migrations=frozenset(given["migrations"]),
            counts={table: int(number) for table, number in given["counts"].items()},
            chains={code: (int(end["seq"]), end["hash"]) for code, end in given["chains"].items()},
        ),
        parts=parts,
    )
