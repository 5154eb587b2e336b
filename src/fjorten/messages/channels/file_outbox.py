"""Messages written to files instead of sent: the default, for the demo and for whoever wants to look before a gateway is bought."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Final

from fjorten.messages.channels.interface import Delivery, Handover, Parcel, Reason, Receipt
from fjorten.messages.sms_parts import sms_parts


class FileOutbox:
    """
    Writes each message as a file of its own, named by its key: whole or not at all, and once however often it is handed over.

    Attachments lie beside it. The folder holds what families are told and is readable by its owner only.
    """

    name = "file"
    takes_keys = True
    can_be_asked = True

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder

    def hand_over(self, parcel: Parcel) -> Handover:
        """This function will write the message, see `Channel.hand_over`. Another message under the same key is refused."""
        content = _content_of(parcel)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for number, attachment in enumerate(parcel.attachments, start=1):
                self._write(self._path(parcel.key, f"-{number}{Path(attachment.file_name).suffix}"), attachment.content)
            # The message itself last: where it lies, all of it lies.
            if not self._write(self._path(parcel.key), content) and self._path(parcel.key).read_bytes() != content:
                return Handover.refused(Reason.KEY_USED_FOR_ANOTHER)
        except OSError as error:
            return Handover.not_sent(Reason.UNREACHABLE, os.strerror(error.errno) if error.errno else type(error).__name__)
        return Handover.accepted(reference=parcel.key, parts=sms_parts(parcel.body).parts)

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        """This function will tell that what was written is delivered."""
        is_there = self._path(key).is_file()
        return Receipt(delivery=Delivery.DELIVERED if is_there else Delivery.UNKNOWN, key=key, reference=key if is_there else "")

    def _path(self, key: str, ending: str = "") -> Path:
        return self._folder / f"{key}{ending or '.json'}"

    def _write(self, path: Path, content: bytes) -> bool:
        """Put a file in its place, unless one lies there: then False."""
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(temporary, path)  # unlike a rename it never replaces: two at once give one file
            except FileExistsError:
                return False
        finally:
            Path(temporary).unlink(missing_ok=True)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return True


def _content_of(parcel: Parcel) -> bytes:
    content = {
        "key": parcel.key,
        "to": parcel.to,
        "address": list(parcel.postal.on_the_envelope()) if parcel.postal else [],
        "language": parcel.language,
        "is_right_to_left": parcel.is_right_to_left,
        "title": parcel.title,
        "body": parcel.body,
        "attachments": [attachment.file_name for attachment in parcel.attachments],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
