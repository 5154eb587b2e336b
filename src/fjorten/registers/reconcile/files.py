"""
Putting a run's files in place: each whole or not at all, never this run's beside an earlier run's, and never readable by others.

All files are first written beside their places under names that start with a dot, and flushed to the disk. Only then are the earlier run's
files removed and the new ones renamed into place, the report last: a folder with a report has all of one run. A full disk or a killed
process before that leaves the earlier run as it was; in the short while between, some files are missing, and none is half.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fjorten.registers.reconcile.request import InputCannotBeUsed

PROTECTED: Final = "protected.csv"
REPORT: Final = "report.html"

# Every file a run may leave, in the order in which they are put in place.
NAMES: Final = (PROTECTED, "rejected.csv", "findings.csv", "findings.json", REPORT)

_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_OWNER_ONLY: Final = 0o600
_OWNER_ONLY_FOLDER: Final = 0o700


def replace_files(folder: Path, texts: Mapping[str, str]) -> None:
    """
    This function will make `folder` hold exactly these of the files in `NAMES`, in UTF-8, readable by the owner only.

    A file of an earlier run that is not among them is removed; other files in the folder are left alone. A folder that has to be made is
    the owner's only too. Raises InputCannotBeUsed when the folder cannot be written to, with the earlier run's files in place.
    """
    unknown = texts.keys() - set(NAMES)
    if unknown:
        raise ValueError(f"no place for {', '.join(sorted(unknown))} (known: {', '.join(NAMES)})")
    try:
        folder.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        _remove_leftovers(folder)
        try:
            for name, text in texts.items():
                _write(_waiting(folder, name), text)
            for name in reversed(NAMES):  # the report first: while it is missing, the folder does not look finished
                (folder / name).unlink(missing_ok=True)
            for name in NAMES:
                if name in texts:
                    _waiting(folder, name).rename(folder / name)
            _flush_folder(folder)
        finally:
            _remove_leftovers(folder)
    except OSError as error:
        raise InputCannotBeUsed(
            f"Resultatet kan ikke skrives til mappen {folder}: {_reason(error)}. Velg en annen mappe med --out."
        ) from error


def _waiting(folder: Path, name: str) -> Path:
    return folder / f".{name}.part"


def _remove_leftovers(folder: Path) -> None:
    for name in NAMES:
        _waiting(folder, name).unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    # The mode is given when the file is made, so that there is no moment when others may read it; O_EXCL refuses a link laid out for us.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    match error:
        case PermissionError():
            return "du har ikke lov til å skrive der"
        case FileExistsError() | NotADirectoryError():
            return "det står en fil der mappen skulle vært"
        case _:
            return "disken er full" if error.errno in _NO_SPACE else (error.strerror or "ukjent feil")
