"""
Which heading of a journal export means which of our columns, and which columns a register extract in Parquet has.

Headings are compared folded: case, accents, spaces, dots and hyphens do not matter, so «Fødselsnr.», «FODSELSNR» and «foedsels-nr» are one.
A heading in the table that nothing else claims is found by itself; anything else is given with `--map fnr=Pasientnr`. The list of headings
is collected from memory of what journal systems and clerks call things, not from any vendor's documentation [unverified].
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from fjorten.kernel.masking import mask
from fjorten.kernel.names import fold
from fjorten.registers.reconcile.request import InputCannotBeUsed

# Our column -> the headings it is known by. The first is the one we suggest to those who can choose.
JOURNAL_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "number": (
            "Fødselsnummer", "Fødselsnr", "Fnr", "F.nr", "Personnummer", "Personnr", "Pnr", "D-nummer", "Dnr", "Fødselsnummer/D-nummer",
            "Fødsels- eller D-nummer", "Fødsels- og personnummer", "Fødselsnummer (11 siffer)", "11 siffer", "Pasientens fødselsnummer",
            "Barnets fødselsnummer", "Foedselsnummer", "fødselsEllerDNummer", "Personidentifikator", "Nasjonal ID", "ID-nummer",
            "National ID", "National identity number", "National number", "SSN", "Social security number", "number", "Fødselsnummer barn",
        ),
        "journal_id": (
            "Journalnummer", "Journalnr", "Journal-ID", "Journal", "Pasientnummer", "Pasientnr", "Pasient-ID", "Klientnummer", "Klientnr",
            "Klient-ID", "Bruker-ID", "Internt nummer", "ID", "Patient ID", "Patient number", "Record number", "Record ID",
            "Journal number",
        ),
        "given_name": ("Fornavn", "Førenamn", "Barnets fornavn", "Given name", "First name", "Forename"),
        "middle_name": ("Mellomnavn", "Mellomnamn", "Middle name"),
        "family_name": ("Etternavn", "Etternamn", "Slektsnavn", "Barnets etternavn", "Family name", "Last name", "Surname"),
        "name": (
            "Navn", "Etternavn, fornavn", "Namn", "Pasientnavn", "Pasient", "Barnets navn", "Barn", "Fullt navn", "Name", "Full name",
            "Patient name", "Patient",
        ),
        "born_on": (
            "Fødselsdato", "Født", "Fødd", "Født dato", "F.dato", "Fdato", "Fødselsdag", "Fødselsdato barn", "Birth date", "Birthdate",
            "Date of birth", "DOB", "Born", "born_on",
        ),
        "opened_on": (
            "Opprettet", "Åpnet", "Opna", "Opprettet dato", "Åpnet dato", "Journal opprettet", "Opprettelsesdato", "Startdato", "Start",
            "Fra",
            "Fra dato", "Registrert", "Registrert dato", "Innskrevet", "Inndato", "Opened", "Opened on", "Created", "Start date", "From",
        ),
        "closed_on": (
            "Avsluttet", "Lukket", "Avslutta", "Avsluttet dato", "Lukket dato", "Avslutningsdato", "Sluttdato", "Slutt", "Til", "Til dato",
            "Utskrevet", "Utdato", "Arkivert", "Arkivert dato", "Closed", "Closed on", "Ended", "End date", "To",
        ),
        "status": ("Status", "Journalstatus", "Tilstand", "Aktiv", "Åpen", "Er aktiv", "State", "Active", "Open"),
        "clinic": (
            "Helsestasjon", "Helsestasjonsnavn", "Stasjon", "Enhet", "Avdeling", "Sone", "Lokasjon", "Tjenestested", "Clinic", "Unit",
            "Department", "Site",
        ),
        "address": ("Adresse", "Gateadresse", "Bostedsadresse", "Bosted", "Gate", "Address", "Street address", "Street"),
        "postcode": ("Postnummer", "Postnr", "Post nr", "Postal code", "Postcode", "Zip", "Zip code"),
        "mother_number": (
            "Mors fødselsnummer", "Mors fødselsnr", "Mors fnr", "Mor fnr", "Fnr mor", "Fødselsnummer mor", "Mors personnummer",
            "Mor fødselsnummer",
            "Mother number", "Mother's number", "Mother national ID", "Mothers national ID",
        ),
    }
)  # fmt: skip

# A register extract in Parquet: column -> what it holds. Only the first three kinds are required; columns of other names are ignored.
REGISTER_COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "number": "fødselsnummer eller D-nummer som gjelder nå; 11 sifre som tekst (kreves)",
        "born_on": "fødselsdato (kreves, om ikke born_year finnes)",
        "born_year": "fødselsår, når datoen ikke er kjent",
        "municipality": "kommunenummer for bostedsadressen, fire sifre som tekst (kreves)",
        "former_numbers": "liste med numre personen hadde før",
        "number_since": "dato nummeret gjelder fra",
        "status": "personstatus med registerets ord: bosatt, utflyttet, forsvunnet, doed, foedselsregistrert …",
        "sex": "kvinne eller mann",
        "died_on": "dødsdato",
        "given_name": "fornavn",
        "middle_name": "mellomnavn",
        "family_name": "etternavn",
        "protection": "ugradert, klientadresse, fortrolig eller strengtFortrolig (eller none, client, confidential, strictly_confidential)",
        "moved_on": "flyttedato, ellers datoen adressen gjelder fra",
        "address_kind": "street, cadastral, unknown eller none",
        "address": "bostedsadressen på én linje",
        "stay_municipality": "kommunenummer for oppholdsadresse eller delt bosted",
        "stay_since": "dato oppholdet gjelder fra",
        "emigrated_on": "utflyttingsdato",
        "emigrated_to": "landkode",
        "immigrated_on": "innflyttingsdato",
        "immigrated_from": "landkode",
        "mother_number": "mors nummer",
        "guardian_numbers": "liste med numrene til dem som har foreldreansvar",
        "last_changed_at": "nyeste ajourholdstidspunkt i opplysningene",
    }
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where our columns are found: column -> place of the heading (0 is the first), and the headings nothing of ours is under."""

    places: Mapping[str, int]
    unused: tuple[str, ...]


def map_headings(headings: Sequence[str], column_map: Mapping[str, str]) -> Mapped:
    """
    This function will find our columns among the headings of a journal file.

    `column_map` (from `--map`) wins over the table; its keys are our column names or any heading known for them, so `fnr=Pasientnr` means
    that the number stands under «Pasientnr». When two headings mean the same column, the first is used. Raises InputCannotBeUsed when a
    heading of `column_map` is not in the file or a key is not known.
    """
    folded = [folded_heading(heading) for heading in headings]
    places: dict[str, int] = {}
    for key, heading in column_map.items():
        wanted = folded_heading(heading)
        if wanted not in folded:
            raise InputCannotBeUsed(f"Journalfila har ingen kolonne «{heading}» (fra --map {key}={heading}). Den har: {_listed(headings)}.")
        places[column_named(key)] = folded.index(wanted)
    for place, heading in enumerate(folded):
        column = _known_headings().get(heading)
        if column is not None and column not in places and place not in places.values():
            places[column] = place
    unused = tuple(heading for place, heading in enumerate(headings) if heading.strip() and place not in places.values())
    return Mapped(places=places, unused=unused)


def column_named(key: str) -> str:
    """This function will find our column by its own name or by any heading known for it. Raises InputCannotBeUsed."""
    column = key if key in JOURNAL_HEADINGS else _known_headings().get(folded_heading(key))
    if column is None:
        raise InputCannotBeUsed(f"--map kjenner ikke «{key}». Bruk en av: {', '.join(JOURNAL_HEADINGS)}.")
    return column


def recognised(headings: Sequence[str], column_map: Mapping[str, str]) -> int:
    """This function will count the cells of a row that are headings we know or were told of: how much the row looks like the headings."""
    wanted = {folded_heading(heading) for heading in column_map.values()}
    return len({folded for heading in headings if (folded := folded_heading(heading)) in wanted or folded in _known_headings()})


def require_journal_columns(headings: Sequence[str], mapped: Mapped) -> None:
    """This function will raise InputCannotBeUsed when the headings give no number: without one, next to nothing can be compared."""
    if "number" not in mapped.places:
        raise InputCannotBeUsed(
            "Fant ingen kolonne med fødselsnummer i journalfila. Si hvilken det er, for eksempel --map fnr=Pasientnr. "
            f"Fila har kolonnene: {_listed(headings)}."
        )


def folded_heading(heading: str) -> str:
    """This function will make two writings of one heading alike: folded as a name, without spaces, and with ø written as oe or as o."""
    folded = fold(re.sub(r"[_/()]", " ", heading)).replace(" ", "")
    return folded.replace("oe", "o").replace("ae", "a").replace("aa", "a")


@lru_cache
def _known_headings() -> Mapping[str, str]:
    return {folded_heading(heading): column for column, headings in JOURNAL_HEADINGS.items() for heading in (column, *headings)}


def _listed(headings: Sequence[str]) -> str:
    # Masked: without a row of headings, what stands here is the first child.
    return mask(", ".join(f"«{heading.strip()[:40]}»" for heading in headings[:40] if heading.strip())) or "(ingen)"
