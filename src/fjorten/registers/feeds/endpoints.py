"""Where the register's resources lie. Another rights package, or another service with the same model, is another value of this."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from fjorten.registers.feeds.source import FeedCannotBeRead

# `{env}/folkeregisteret/{package}/{version}/{resource}` [source]. Health services will use NHN's person service; its names are not public.
USUAL_PATH: Final = "/folkeregisteret/offentlig-med-hjemmel/api/v1"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_VERSION: Final = re.compile(r"/v[0-9]+(?=/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """
    Resource names below the root, and how much may be asked for at a time.

    Source: Folkeregisteret, OpenAPI "offentlig-med-hjemmel" v1.5, and "Hendelsesliste" for the page size [source].
    """

    feed: str = "hendelser/feed"
    last_sequence: str = "hendelser/siste/sekvensnummer"
    archived_person: str = "personer/arkiv"
    archived_persons: str = "personer/bulkoppslag/arkiv"
    persons: str = "personer/bulkoppslag"
    rows_per_page: int = 1000
    most_per_look_up: int = 1000


def is_address(location: str) -> bool:
    """This function will tell whether a location is a web address rather than a folder."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.\-]*://", location) is not None


def is_on_this_machine(root: str) -> bool:
    """This function will tell whether an address can only reach the machine we run on."""
    return urlsplit(root).hostname in _LOOPBACK


def root_of(address: str) -> str:
    """
    This function will find the root that resource names are added to, from an address as somebody pastes it.

    The address may be the host alone, the rights package, the version, or any resource below it. Raises FeedCannotBeRead for anything but
    https (plain http only to this machine, since identity numbers travel in the answers) and for a password in the address.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise FeedCannotBeRead("Adressen til registeret er ikke gyldig. Den skal se ut som https://vert/folkeregisteret/...") from None
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise FeedCannotBeRead("Adressen til registeret må begynne med https:// og et vertsnavn.")
    if "@" in parts.netloc:
        raise FeedCannotBeRead("Adressen til registeret skal ikke inneholde brukernavn eller passord.")
    if parts.scheme.lower() == "http" and host not in _LOOPBACK:
        raise FeedCannotBeRead("Registeret må leses over https://. Ukryptert http:// godtas bare mot denne maskinen (127.0.0.1).")
    return urlunsplit((parts.scheme.lower(), parts.netloc, _root_path(parts.path), "", ""))


def _root_path(path: str) -> str:
    versions = list(_VERSION.finditer(path))
    if versions:
        return path[: versions[-1].end()]
    if path.rstrip("/").endswith("/api"):
        return path.rstrip("/") + "/v1"
    return path.rstrip("/") or USUAL_PATH
