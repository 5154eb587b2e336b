"""A second, simple-minded reader of person documents: what a document says now, by the letter and without a line of the room's code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Said:
    """What one person document says."""

    numbers: frozenset[str]
    number: str | None
    status: str
    born_on: date
    died_on: date | None
    name: tuple[str, str]
    grade: str
    municipality: str | None
    stay: str | None
    home_grade: str | None
    guardians: frozenset[str]

    def __repr__(self) -> str:
        return f"Said({self.status}, {self.municipality}, {self.stay}, {self.grade}, {self.born_on}, {self.died_on})"


def said_in(document: Mapping[str, Any]) -> Said:
    """Read what is in force. Exactly one of what there can be one of, or this fails."""
    number = only(document["identifikasjonsnummer"])
    home = only(document.get("bostedsadresse", []))
    stay = only(document.get("oppholdsadresse", []))
    grade = only(document.get("adressebeskyttelse", []))
    birth, name, status = (only(document[field]) for field in ("foedsel", "navn", "status"))
    death = document.get("doedsfall")
    assert birth and name and status
    return Said(
        numbers=frozenset(element["foedselsEllerDNummer"] for element in document["identifikasjonsnummer"]),
        number=number and number["foedselsEllerDNummer"],
        status=status["status"],
        born_on=date.fromisoformat(birth["foedselsdato"]),
        died_on=date.fromisoformat(death["doedsdato"]) if death and death["erGjeldende"] else None,
        name=(name["fornavn"].casefold(), name["etternavn"].casefold()),
        grade=grade["graderingsnivaa"] if grade else "ugradert",
        municipality=municipality_of(home),
        stay=municipality_of(stay),
        home_grade=home and home["adressegradering"],
        guardians=frozenset(
            element["ansvarlig"] for element in document.get("foreldreansvar", []) if element["erGjeldende"] and "ansvarlig" in element
        ),
    )


def only(elements: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    in_force = [element for element in elements if element["erGjeldende"]]
    assert len(in_force) <= 1, "two elements in force where there can be one"
    return in_force[0] if in_force else None


def municipality_of(address: Mapping[str, Any] | None) -> str | None:
    if address is None:
        return None
    if "vegadresse" in address:
        return str(address["vegadresse"]["kommunenummer"])
    if "matrikkeladresse" in address:
        return str(address["matrikkeladresse"]["matrikkelnummer"]["kommunenummer"])
    return str(address["ukjentBosted"]["bostedskommune"])


def numbers_in(document: Mapping[str, Any]) -> list[str]:
    return [element["foedselsEllerDNummer"] for element in document["identifikasjonsnummer"]]


def replayed(rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]], known: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """
    Read a feed the simplest way there is: the last document by sequence number wins. `known` is what was known before.

    Gives the document of each person under the person's number in use, or the last number there was.
    """
    owner: dict[str, str] = {}
    documents: dict[str, Any] = {}

    def take(document: Mapping[str, Any]) -> None:
        numbers = numbers_in(document)
        for number in numbers:
            documents.pop(owner.pop(number, number), None)
        current = next(
            (element["foedselsEllerDNummer"] for element in document["identifikasjonsnummer"] if element["erGjeldende"]), numbers[-1]
        )
        owner.update((number, current) for number in numbers)
        documents[current] = document

    for document in known:
        take(document)
    for _, document in sorted(((row["sekvensnummer"], document) for row, document in rows if document), key=lambda pair: pair[0]):
        take(document)
    return documents
