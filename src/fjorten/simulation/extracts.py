"""Extracts: the municipality's own, as the register's bulk look-up gives it, and look-ups of numbers somebody asks about."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path

from fjorten.simulation.documents import Document, person_document
from fjorten.simulation.feed import as_json_line
from fjorten.simulation.places import Reform
from fjorten.simulation.records import Person, Protection, Status

NOT_FOUND = "Finner ingen person for forespurt identifikator"


class Hidden(StrEnum):
    """What an extract does with strictly protected persons; both occur, depending on the legal basis [unverified]."""

    ABSENT = "absent"
    WITHOUT_ADDRESS = "without_address"


def extract_lines(people: Iterable[Person], *, on: date, moment: int, codes: frozenset[str], hidden: Hidden) -> Iterator[Document]:
    """
    This function will look up everybody an extract of the municipality with the codes holds at the end of a day: residents and stayers.

    One line a person: `{"foedselsEllerDNummer": ..., "folkeregisterperson": {...}}`. Children without an address are in nobody's extract.
    """
    for person in people:
        standing = person.standing_on(on)
        if standing is None:
            continue
        is_resident = standing.status is Status.RESIDENT and standing.home is not None and standing.home.municipality_code in codes
        is_stayer = standing.stay is not None and standing.stay.municipality_code in codes
        if standing.grading is Protection.STRICTLY_CONFIDENTIAL and hidden is Hidden.ABSENT:
            continue
        if is_resident or is_stayer:
            yield look_up(standing.number.digits, person, moment=moment)


def look_up_lines(numbers: Iterable[str], people: Mapping[str, Person], *, moment: int) -> Iterator[Document]:
    """
    This function will look up numbers one by one, as the bulk look-up answers: old numbers find the person, unknown ones an error.

    `people` are by every number they have had. Whether a ceased number still finds the person is described both ways in the register's
    documents; that it does is what they say about merged records [unverified].
    """
    for number in numbers:
        person = people.get(number)
        if person is None:
            yield {"foedselsEllerDNummer": number, "feilmelding": {"feilmelding": NOT_FOUND}}
        else:
            yield look_up(number, person, moment=moment)


def look_up(number: str, person: Person, *, moment: int) -> Document:
    """This function will answer a look-up of a number with the person's document."""
    return {"foedselsEllerDNummer": number, "folkeregisterperson": person_document(person, moment=moment)}


def write_reform(path: Path, reform: Reform, name: str) -> None:
    """This function will write a reform as the one row of a table of municipality codes, for whoever imports such tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("old_code", "new_code", "valid_from", "kind", "name", "certainty"))
        writer.writerow((reform.old_code, reform.new_code, reform.on.isoformat(), "renumber", name, "invented"))


def write_lines(path: Path, lines: Iterable[Document]) -> int:
    """This function will write JSON Lines, compressed when the name ends in .gz, and count them. The same lines give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("wb") as file:
        # No name and no time inside the archive, or the same content would differ from run to run.
        packed = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) if path.suffix == ".gz" else file
        with io.TextIOWrapper(packed, encoding="utf-8", newline="\n", write_through=False) as text:
            for line in lines:
                text.write(as_json_line(line))
                count += 1
    return count
