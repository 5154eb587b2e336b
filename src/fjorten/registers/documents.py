"""
From a population register document to the part of it we keep. Pure.

The document's arrays are described in the register's own schema [source: Skatteetaten, Folkeregisteret, "offentlig-med-hjemmel" v1.5].
Unknown fields are ignored, unknown enum values are kept as they are, and anything of an unexpected type counts as absent: what the
register sends must never stop the reading of the next person.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final, TypedDict

from fjorten.kernel.times import oslo_date
from fjorten.people.facts import Protection
from fjorten.registers.residency import BIRTH_REGISTERED, DEAD

_NUMBER: Final = re.compile(r"[0-9]{11}")
_CODE: Final = re.compile(r"[0-9]{4}")

_LEVELS: Final[dict[str, Protection]] = {
    "ugradert": Protection.NONE,
    "klientadresse": Protection.CLIENT,
    "fortrolig": Protection.CONFIDENTIAL,
    "strengtFortrolig": Protection.STRICTLY_CONFIDENTIAL,
}


class Element(TypedDict):
    """What every kept element has: whether it is in force, and its period as ISO dates."""

    current: bool
    start: str | None
    end: str | None


class Identifier(Element):
    number: str
    in_use: bool


class Status(Element):
    status: str


class Name(Element):
    given: str
    middle: str
    family: str


class Residence(Element):
    code: str
    kind: str
    basic_unit: str


class Graded(Element):
    level: str


class Responsibility(Element):
    kind: str
    number: str
    organisation: str


class Relation(Element):
    role: str
    number: str


class Move(TypedDict):
    direction: str
    country: str
    on: str | None


class Payload(TypedDict):
    """
    The kept part of one document.

    `changed_at` is the newest time stamp in it; `all_stamped` whether every element had one. Two things the document does not say itself
    are added by whoever heard it: `mother_lives_here` (for a newborn without an address) and `renumbered` (the event behind it gave the
    address another municipality number; nobody moved).
    """

    identifiers: list[Identifier]
    statuses: list[Status]
    born_on: str | None
    born_year: int | None
    sex: str
    dead: bool
    died_on: str | None
    names: list[Name]
    residences: list[Residence]
    stays: list[Residence]
    protections: list[Graded]
    responsibilities: list[Responsibility]
    relations: list[Relation]
    moves: list[Move]
    mother_lives_here: bool
    renumbered: bool
    changed_at: str | None
    all_stamped: bool


def extract(document: Mapping[str, Any], *, number: str = "") -> Payload:
    """
    Keep the part of a `folkeregisterperson` document that the ledger needs.

    `number` is the one the document was looked up or announced under; it counts as an identifier too. A strictly protected person's
    places are left out, a protected person's basic unit is left out. Street addresses are never kept.
    """
    stamps: list[str | None] = []
    identifiers = [
        Identifier(number=own, in_use=_text(row, "status") != "opphoert", **_element(row, stamps))
        for row in _rows(document, "identifikasjonsnummer")
        if _NUMBER.fullmatch(own := _text(row, "foedselsEllerDNummer"))
    ]
    if _NUMBER.fullmatch(number) and number not in {row["number"] for row in identifiers}:
        identifiers.append(Identifier(number=number, in_use=not identifiers, current=not identifiers, start=None, end=None))
    statuses = [Status(status=_text(row, "status"), **_element(row, stamps)) for row in _rows(document, "status")]
    deaths = [row for row in _rows(document, "doedsfall") if _is_current(row)]  # an annulled death stays in the document, not in force
    protections = [
        Graded(level=_level(_text(row, "graderingsnivaa")), **_element(row, stamps)) for row in _rows(document, "adressebeskyttelse")
    ]
    residences, gradings = [], []
    for row in _rows(document, "bostedsadresse"):
        element = _element(row, stamps, start="flyttedato")
        level = _level(_text(row, "adressegradering"))
        if level != Protection.NONE:
            gradings.append(Graded(level=level, **element))
        residences.append(_residence(row, element))
    stays = [_residence(row, _element(row, stamps, start="oppholdsadressedato")) for row in _rows(document, "oppholdsadresse")]
    born_on, born_year = _birth(document)
    payload = Payload(
        identifiers=identifiers,
        statuses=statuses,
        born_on=born_on,
        born_year=born_year,
        sex=next((_text(row, "kjoenn") for row in _rows(document, "kjoenn") if _is_current(row)), "")[:10],
        dead=bool(deaths) or any(row["current"] and row["status"] == DEAD for row in statuses),
        died_on=next((day for row in deaths if (day := _day(row, "doedsdato"))), None),
        names=[
            Name(
                given=_text(row, "fornavn")[:200],
                middle=_text(row, "mellomnavn")[:200],
                family=_text(row, "etternavn")[:200],
                **_element(row, stamps),
            )
            for row in _rows(document, "navn")
        ],
        residences=residences,
        stays=stays,
        protections=protections + gradings,
        responsibilities=[
            Responsibility(
                kind=_text(row, "ansvar")[:40],
                number=_number(row, "ansvarlig"),
                organisation=_text(row, "ansvarligOrganisasjon")[:20],
                **_element(row, stamps),
            )
            for row in _rows(document, "foreldreansvar")
            if _text(row, "ansvar")
        ],
        relations=[
            Relation(role=_text(row, "relatertPersonsRolle")[:40], number=_number(row, "relatertPerson"), **_element(row, stamps))
            for row in _rows(document, "familierelasjon")
        ],
        moves=[
            Move(direction="in", country=_text(row, "fraflyttingsland")[:3], on=_moved_on(row, ""))
            for row in _rows(document, "innflytting")
        ]
        + [
            Move(direction="out", country=_text(row, "tilflyttingsland")[:3], on=_moved_on(row, "utflyttingsdato"))
            for row in _rows(document, "utflytting")
        ],
        mother_lives_here=False,
        renumbered=False,
        changed_at=max((stamp for stamp in stamps if stamp), default=None),
        all_stamped=bool(stamps) and all(stamps),
    )
    return _without_places_of_the_protected(payload)


def digest_of(payload: Payload) -> str:
    """Digest a payload canonically, so that the same content is known again and a changed row is found."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def numbers_of(payload: Payload) -> list[str]:
    """List every number the document knows the person by, in use or not."""
    return [row["number"] for row in payload["identifiers"]]


def mother_number(payload: Payload) -> str:
    """Find the mother's number, "" when the document does not tell."""
    return next((row["number"] for row in payload["relations"] if row["role"] == "mor" and row["current"]), "")


def is_birth_registered_without_address(payload: Payload) -> bool:
    """Tell whether this is a newborn the register has not yet given an address (status foedselsregistrert)."""
    return any(row["current"] and row["status"] == BIRTH_REGISTERED for row in payload["statuses"]) and not any(
        row["current"] and row["code"] for row in payload["residences"]
    )


def strictest(payload: Payload) -> Protection:
    """Tell the strictest protection in force, on the person or on any address in force."""
    order = list(Protection)
    return max((Protection(row["level"]) for row in payload["protections"] if row["current"]), key=order.index, default=Protection.NONE)


def born_by(payload: Payload) -> date | None:
    """Tell the latest day the person can have been born: the birth date, or the last day of the birth year when only that is known."""
    if payload["born_on"] is not None:
        return date.fromisoformat(payload["born_on"])
    return date(payload["born_year"], 12, 31) if payload["born_year"] is not None else None


def _without_places_of_the_protected(payload: Payload) -> Payload:
    level = strictest(payload)
    for row in payload["residences"] + payload["stays"]:
        if level == Protection.STRICTLY_CONFIDENTIAL:
            row["code"], row["basic_unit"] = "", ""
        elif level != Protection.NONE:
            row["basic_unit"] = ""
    return payload


def _residence(row: Mapping[str, Any], element: Element) -> Residence:
    for kind, field, code_field in (
        ("street", "vegadresse", "kommunenummer"),
        ("cadastral", "matrikkeladresse", "kommunenummer"),
        ("unknown", "ukjentBosted", "bostedskommune"),
    ):
        address = row.get(field)
        if isinstance(address, Mapping):
            number = address.get("matrikkelnummer") if kind == "cadastral" else None
            code = _text(number if isinstance(number, Mapping) else address, code_field)
            unit = row.get("grunnkrets")
            basic_unit = str(unit).zfill(8) if isinstance(unit, int | str) and str(unit).isascii() and str(unit).isdigit() else ""
            return Residence(code=code if _CODE.fullmatch(code) else "", kind=kind, basic_unit=basic_unit[:8], **element)
    return Residence(code="", kind="unknown", basic_unit="", **element)


def _birth(document: Mapping[str, Any]) -> tuple[str | None, int | None]:
    rows = sorted(_rows(document, "foedsel"), key=_is_current, reverse=True)
    born_on = next((day for row in rows if (day := _day(row, "foedselsdato"))), None)
    if born_on is not None:
        return born_on, int(born_on[:4])
    year = next((text for row in rows if (text := str(row.get("foedselsaar") or ""))), "")
    return None, int(year) if re.fullmatch(r"(18|19|20|21)[0-9]{2}", year) else None


def _rows(document: Mapping[str, Any], field: str) -> Iterator[Mapping[str, Any]]:
    value = document.get(field)
    for row in value if isinstance(value, list) else [value]:
        if isinstance(row, Mapping):
            yield row


def _element(row: Mapping[str, Any], stamps: list[str | None], *, start: str = "") -> Element:
    stamps.append(_stamp(row, "ajourholdstidspunkt"))
    begins = (_day(row, start) if start else None) or _day_of_stamp(row, "gyldighetstidspunkt")
    return Element(current=_is_current(row), start=begins, end=_day_of_stamp(row, "opphoerstidspunkt"))


def _is_current(row: Mapping[str, Any]) -> bool:
    told = row.get("erGjeldende")
    return told if isinstance(told, bool) else not row.get("opphoerstidspunkt")


def _moved_on(row: Mapping[str, Any], field: str) -> str | None:
    return (_day(row, field) if field else None) or _day_of_stamp(row, "gyldighetstidspunkt")


def _level(text: str) -> Protection:
    # A grade we have never heard of is treated as the strictest: better one child by hand than one address too many [default].
    return _LEVELS.get(text, Protection.STRICTLY_CONFIDENTIAL) if text else Protection.NONE


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    return value.strip() if isinstance(value, str) else ""


def _number(row: Mapping[str, Any], field: str) -> str:
    text = _text(row, field)
    return text if _NUMBER.fullmatch(text) else ""


def _day(row: Mapping[str, Any], field: str) -> str | None:
    try:
        return date.fromisoformat(_text(row, field)[:10]).isoformat()
    except ValueError:
        return None


@lru_cache(maxsize=8192)  # the elements of a document, and of a day's documents, share their time stamps
def _instant(text: str) -> tuple[str | None, str | None]:
    """
    Read a time stamp once: the civil day, and the instant in UTC when it says its zone.

    A stamp in UTC is turned into Norwegian time; one with another offset already stands in local time and keeps the day it was written
    with, also when the offset is summer's in winter.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, None
    if moment.tzinfo is None:
        return moment.date().isoformat(), None
    day = moment.date() if moment.utcoffset() else oslo_date(moment)
    return day.isoformat(), moment.astimezone(UTC).isoformat(timespec="microseconds")


def _day_of_stamp(row: Mapping[str, Any], field: str) -> str | None:
    return _instant(_text(row, field))[0]


def _stamp(row: Mapping[str, Any], field: str) -> str | None:
    return _instant(_text(row, field))[1]
