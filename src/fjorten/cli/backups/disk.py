"""Writing so that it is there after a power cut, and so that nothing is ever seen half written."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fjorten.kernel.refusals import Refused


class AnotherIsAtIt(Refused):
    """A backup or a restore of the same installation is running."""

    sentence = "En sikkerhetskopiering eller gjenoppretting holder på allerede. Vent til den er ferdig."


def write_through(path: Path) -> None:
    """Wait until a file or the list of a folder is on the disk itself, and not only on its way there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_into_place(path: Path, final: Path) -> None:
    """Give a file its final name in one step, in place of what had it; whoever looks sees the old or the new, never a part."""
    write_through(path)
    path.replace(final)
    write_through(final.parent)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Keep other backups and restores of the installation out while the block runs. Raises AnotherIsAtIt at once when one is running."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home / "backup.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise AnotherIsAtIt from error
    finally:
        os.close(descriptor)


@contextmanager
def work_folder(beside: Path, name: str) -> Iterator[Path]:
    """
    Give an empty folder only its owner can see, and remove it at the end; what a killed run left under the same name is removed first.

    Held together by `only_one`: whoever has it has no living namesake.
    """
    folder = beside / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
