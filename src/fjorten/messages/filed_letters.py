"""The file of a batch of letters: where it lies, and whether it is still what was printed."""

import hashlib
from pathlib import Path

from fjorten.kernel.refusals import Refused
from fjorten.messages.models import PrintBatch


class FileIsNotHere(Refused):
    """The file lies on another machine, or somebody has moved it."""

    sentence = "Filen med brevene ligger ikke på denne maskinen. Ta brevene ut av bunken, så blir de som fortsatt skal sendes, med i neste."


class FileIsChanged(Refused):
    """The file is not the one that was printed; it may hold other letters."""

    sentence = "Filen med brevene er endret etter at den ble laget, og deles ikke ut. Ta brevene ut av bunken, og lag en ny."


def content_of(batch: PrintBatch, folder: Path) -> bytes:
    """This function will read the PDF of a batch in `folder`. Raises FileIsNotHere or FileIsChanged."""
    try:
        content = (folder / Path(batch.file_name).name).read_bytes()
    except OSError as missing:
        raise FileIsNotHere(batch.pk) from missing
    if hashlib.sha256(content).hexdigest() != batch.file_digest:
        raise FileIsChanged(batch.pk)
    return content
