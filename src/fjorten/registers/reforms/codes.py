"""
What a municipality code means on a given day, from a dated table of reforms.

The shipped table holds the reforms of 2018, 2019, 2020 and 2024, from memory and checked only against the number of municipalities in each
county [unverified]. Moves of single parts between municipalities are not in it. More can be imported, as CSV with the columns of the
shipped table or as the register's own code list of historical municipalities (XML with `nesteKommunenummer`). [source for the shape:
Skatteetaten, historiskekommuner.xml, which ends in 1987]
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from fjorten.kernel.files import why_unreadable

_COLUMNS: Final = ("old_code", "new_code", "valid_from", "kind", "name", "certainty")
_REQUIRED: Final = _COLUMNS[:4]
_NAMESPACE: Final = "{*}"


class ReformTableIsInvalid(ValueError):
    """A table of reforms that cannot be read. Says in Norwegian which file and where."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ReformKind(StrEnum):
    """What happened to the old municipality."""

    RENUMBER = "renumber"
    MERGE = "merge"
    SPLIT = "split"  # one row for each new municipality; which of them a person lives in, the code cannot say


@dataclass(frozen=True, slots=True)
class Reform:
    """
    From `valid_from`, what was `old_code` is (a part of) `new_code`, called `name`.

    The same code on both sides says that the code is in use on the day, whatever became of an earlier municipality that had it.
    """

    old_code: str
    new_code: str
    valid_from: date
    kind: ReformKind
    name: str = ""
    certainty: str = "unverified"


@dataclass(frozen=True, slots=True)
class Successors:
    """What a retired code is now: one code, or several when the municipality was split and the code cannot say which."""

    codes: tuple[str, ...]
    valid_from: date

    @property
    def only(self) -> str | None:
        """The one code it has become; None after a split."""
        return self.codes[0] if len(self.codes) == 1 else None


@cache
def shipped_reforms() -> tuple[Reform, ...]:
    """This function will read the shipped table."""
    return _from_csv((files("fjorten.registers.reforms") / "municipalities.csv").read_text(encoding="utf-8"), "municipalities.csv")


def read_reforms(path: Path) -> tuple[Reform, ...]:
    """
    This function will read an importable table: CSV (UTF-8) or the register's XML.

    CSV has the columns old_code, new_code, valid_from (ISO) and kind (merge, renumber, split), and may have name and certainty. Raises
    ReformTableIsInvalid, also for XML with a document type: entities are how XML from outside does harm.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReformTableIsInvalid(f"Kan ikke lese tabellen over kommunereformer, {path.name}: {why_unreadable(error)}.") from error
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _from_xml(content, path.name)
    try:
        return _from_csv(content.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise ReformTableIsInvalid(f"{path.name} er ikke UTF-8. Lagre tabellen som CSV (UTF-8).") from None


def with_shipped(imported: Collection[Reform]) -> tuple[Reform, ...]:
    """This function will add the shipped table to imported reforms; what an imported one says of a code and a day replaces the shipped."""
    replaced = {(reform.old_code, reform.valid_from) for reform in imported}
    return (*(reform for reform in shipped_reforms() if (reform.old_code, reform.valid_from) not in replaced), *imported)


def codes_now(reforms: Iterable[Reform], *, on: date) -> Mapping[str, Successors]:
    """
    This function will tell, for every code that is retired on the day, what it is then: all reforms until the day, one after the other.

    A code that was given to a new municipality after it was retired is not retired. A split, and everything that leads into one, has
    several successors. Reforms after the day have not happened.
    """
    in_force = sorted((reform for reform in reforms if reform.valid_from <= on), key=lambda reform: reform.valid_from)
    followers: dict[str, tuple[date, set[str]]] = {}
    for valid_from, on_the_day in groupby(in_force, key=lambda reform: reform.valid_from):
        retired: defaultdict[str, set[str]] = defaultdict(set)
        founded = set()
        for reform in on_the_day:
            founded.add(reform.new_code)
            if reform.old_code != reform.new_code:
                retired[reform.old_code].add(reform.new_code)
        # The last reform of a code decides; a code in use again is nobody's old code.
        followers = {code: known for code, known in followers.items() if code not in founded}
        followers |= {code: (valid_from, codes) for code, codes in retired.items()}
    return {code: Successors(tuple(sorted(_last_of(code, followers))), valid_from) for code, (valid_from, _) in followers.items()}


def _last_of(code: str, followers: Mapping[str, tuple[date, set[str]]], seen: frozenset[str] = frozenset()) -> set[str]:
    if code not in followers or code in seen:  # a ring of codes is a fault in the table, not a reason to turn for ever
        return {code}
    return set().union(*(_last_of(new, followers, seen | {code}) for new in followers[code][1]))


def _from_csv(text: str, name: str) -> tuple[Reform, ...]:
    rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.split("\n", 1)[0] else ",")
    if missing := [column for column in _REQUIRED if column not in (rows.fieldnames or ())]:
        raise ReformTableIsInvalid(f"{name} mangler kolonnen {missing[0]}. En reformtabell har kolonnene {', '.join(_COLUMNS)}.")
    return tuple(_reform(row, name, line) for line, row in enumerate(rows, start=2))


def _reform(row: Mapping[str, str | None], name: str, line: int) -> Reform:
    cells = {column: (row.get(column) or "").strip() for column in _COLUMNS}
    try:
        return Reform(
            old_code=_code(cells["old_code"]),
            new_code=_code(cells["new_code"]),
            valid_from=date.fromisoformat(cells["valid_from"]),
            kind=ReformKind(cells["kind"]),
            name=cells["name"],
            certainty=cells["certainty"] or "unverified",
        )
    except ValueError:
        raise ReformTableIsInvalid(
            f"{name}, linje {line}: skriv to kommunenumre med fire siffer, en dato som 2024-01-01 og merge, renumber eller split."
        ) from None


def _code(text: str) -> str:
    if re.fullmatch(r"[0-9]{4}", text) is None:
        raise ValueError("not a municipality code")
    return text


class _NoDoctype(ElementTree.TreeBuilder):
    """
    Builds a tree, and turns a document type down before anything in it is read.

    Entities, the way XML from outside does harm (a billion laughs, files read from the disk), can only be declared there. Expat reads no
    external entities by itself.
    """

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ReformTableIsInvalid("XML med DOCTYPE leses ikke. Ta bort dokumenttypen, eller bruk CSV.")


def _from_xml(content: bytes, name: str) -> tuple[Reform, ...]:
    try:
        tree = ElementTree.fromstring(content, parser=ElementTree.XMLParser(target=_NoDoctype()))  # noqa: S314 - no document type
    except ElementTree.ParseError as error:
        line, _ = error.position
        raise ReformTableIsInvalid(f"{name} er ikke gyldig XML (linje {line}).") from None
    reforms = tuple(_from_entries(tree.findall(f".//{_NAMESPACE}kode"), name))
    if not reforms:
        raise ReformTableIsInvalid(f"{name} har ingen koder med nesteKommunenummer.")
    return reforms


def _from_entries(entries: Iterable[ElementTree.Element], name: str) -> Iterator[Reform]:
    for entry in entries:
        old, new = _text(entry, "tekniskNavn"), _text(entry, "nesteKommunenummer")
        until = _text(entry, "tildato")
        if not new or not until:
            continue
        try:
            valid_from = date.fromisoformat(until) + timedelta(days=1)
            yield Reform(_code(old), _code(new), valid_from, ReformKind.RENUMBER, certainty="source")
        except ValueError:
            raise ReformTableIsInvalid(f"{name}: koden «{old[:20]}» har et nummer eller en dato som ikke kan leses.") from None


def _text(entry: ElementTree.Element, tag: str) -> str:
    found = entry.find(f".//{_NAMESPACE}{tag}")
    return (found.text or "").strip() if found is not None else ""
