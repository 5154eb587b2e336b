"""Choosing the adapter by what the source is called."""

from __future__ import annotations

from pathlib import Path

from fjorten.registers.feeds.credentials import Credentials, NoCredentials
from fjorten.registers.feeds.directory import DirectorySource
from fjorten.registers.feeds.endpoints import is_address, root_of
from fjorten.registers.feeds.source import FeedCannotBeRead, RegisterSource


def open_source(location: str, *, credentials: Credentials = NoCredentials()) -> RegisterSource:  # noqa: B008 - has no state
    """
    This function will open a register by its location: an address (https) or a folder. Close it, or use it as a context manager.

    `credentials` are for addresses only. Raises FeedCannotBeRead, with a sentence that says what to change, for anything else.
    """
    if is_address(location):
        # Only now: reading files should not load a network library.
        from fjorten.registers.feeds.http import HttpSource

        return HttpSource(root_of(location), credentials=credentials)
    path = Path(location).expanduser()
    if path.is_file():
        raise FeedCannotBeRead(f"«{location}» er en fil. Oppgi mappen som feed.jsonl og documents.jsonl ligger i.")
    return DirectorySource(path)
