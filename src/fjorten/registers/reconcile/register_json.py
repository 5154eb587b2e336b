"""
A register extract as JSON Lines, one look-up a line, into flat rows.

Nine of ten lines of a large extract are persons who cannot matter: grown-ups of other municipalities. Telling them apart by the text of the
line is several times as fast as taking the document apart, so a line is first tried for signs that it *may* matter, and only then read. The
signs let too much through, never too little; what counts is decided on what was read.

Reading is generous. An element that is an object is a list of one, a value of another type counts as absent, unknown fields are not looked
at and unknown words are kept. None of it stops the line, or the next.
"""

from __future__ import annotations

import json
from typing import Final

from fjorten.registers.reconcile.document_elements import (
    ELEMENTS,
    ONE_COUNTS,
    address_line,
    current,
    entries_of,
    municipality,
    newest_stamp,
    own_numbers,
    protection,
    stay,
    the_one,
)
from fjorten.registers.reconcile.sought import Sought
from fjorten.registers.residency import DEAD

_LINE: Final[dict[str, object]] = {
    "foedselsEllerDNummer": "VARCHAR",
    "feilmelding": "JSON",
    "folkeregisterperson": dict.fromkeys(ELEMENTS, "JSON"),  # opened one by one: what has the wrong type costs only itself
}

# How the register itself begins a line: the number looked up, and the person.
_START, _THEN = '{"foedselsEllerDNummer":"', '","folkeregisterperson":{'
_LOOKED_UP: Final = f"substring(json, {len(_START) + 1}, 11)"
_IS_PLAIN: Final = f"(starts_with(json, '{_START}') AND substring(json, {len(_START) + 12}, {len(_THEN)}) = '{_THEN}')"


def may_matter(sought: Sought) -> str:
    """
    This function will give SQL that is true for every line `json` that may be somebody of the ages asked for, or protected.

    Expressions that begin with what they look for, letter by letter, run at the speed of the memory; these do. A line that is not plainly
    the look-up of one person, whose birth the document tells, is let through.
    """
    years = "|".join(str(year) for year in sought.years)
    codes = "|".join(code.lstrip("0") for code in sought.codes)
    return rf"""(
        regexp_matches(json, '"foedsels(?:dato|aar)"\s*:\s*"?(?:{years})')
        OR regexp_matches(json, 'ortrolig')
        OR NOT {_IS_PLAIN} AND NOT regexp_matches(json, '"folkeregisterperson"\s*:\s*\{{')
        OR regexp_matches(json, 'kommune(?:nummer)?"\s*:\s*"?0*(?:{codes})\b') AND NOT regexp_matches(json, '"foedsels(?:dato|aar)"')
        OR json IS NULL
    )"""


def lines_naming(lines: str, wanted: str) -> str:
    """
    This function will give SQL for the lines of the relation `lines(line, json)` about somebody with a number in the relation `wanted`.

    By the number looked up, and by every number in a document with a retired one. (A document in use has the others as its relations'.) A
    line may come more than once.
    """
    numbers = r"""regexp_extract_all(json, '"foedselsEllerDNummer"\s*:\s*"?([0-9]{11})', 1)"""
    return rf"""
        SELECT line, json FROM (
            SELECT line, json, unnest(if({_IS_PLAIN} AND NOT regexp_matches(json, 'opphoert"'), [{_LOOKED_UP}], {numbers})) AS number
            FROM {lines} WHERE json IS NOT NULL
        ) WHERE number IN (FROM {wanted})
    """


_HEAD: Final = "line, looked_up, message, is_person"


def select_persons(lines: str, sought: Sought) -> str:
    """
    This function will give SQL that reads the lines of the relation `lines(line, json)` into flat rows.

    The columns are `line`, `kind` (person; failed: a look-up without a person; unreadable), `looked_up`, `message` of a failed look-up, and
    the others of `register_files.STAGED`. Needs `document_elements.MACROS`. One step after the other, each a relation of the one before.
    """

    entries = ", ".join(f"{entries_of(element)} AS {element}" for element in ELEMENTS)
    stamps = ", ".join(newest_stamp(element) for element in ELEMENTS)
    return f"""
        WITH opened AS ({_opened(lines)}),
        entries AS (SELECT {_HEAD}, {entries} FROM opened),
        stamped AS (SELECT *, greatest({stamps}) AS last_changed_at FROM entries),
        current AS (
            SELECT {_HEAD}, last_changed_at, {own_numbers("identifikasjonsnummer")} AS own_numbers,
                {", ".join(f"{current(element, sought)} AS {element}" for element in ELEMENTS if element != "identifikasjonsnummer")}
            FROM stamped
        ),
        chosen AS (
            SELECT {_HEAD}, last_changed_at, own_numbers, {protection()} AS protection, {stay(sought)} AS stay,
                coalesce(list_filter(own_numbers, lambda e: e.is_in_use)[1].number, looked_up, own_numbers[1].number) AS number,
                foreldreansvar, list_filter(familierelasjon, lambda e: e.relatertPersonsRolle = 'mor') AS mothers,
                {", ".join(f"{the_one(element)} AS {element}" for element in ONE_COUNTS)}
            FROM current
        )
        SELECT line, looked_up, message,
            CASE WHEN is_person AND number IS NOT NULL THEN 'person' WHEN NOT is_person AND looked_up IS NOT NULL THEN 'failed'
                ELSE 'unreadable' END AS kind,
            number,
            list_transform(own_numbers, lambda e: {{'number': e.number, 'is_in_use': e.is_in_use, 'since': e.since}}) AS identifiers,
            in_words(status.status) AS status, day_of(foedsel.foedselsdato) AS born_on,
            coalesce(year(day_of(foedsel.foedselsdato)), TRY_CAST(foedsel.foedselsaar AS INTEGER)) AS born_year,
            in_words(kjoenn.kjoenn) AS sex,
            day_of(doedsfall.doedsdato) AS died_on, doedsfall IS NOT NULL OR coalesce(status.status = '{DEAD}', false) AS is_dead,
            in_words(navn.fornavn) AS given_name, in_words(navn.mellomnavn) AS middle_name, in_words(navn.etternavn) AS family_name,
            protection, {municipality("bostedsadresse")} AS municipality,
            coalesce(day_of(bostedsadresse.flyttedato), day_of(bostedsadresse.gyldighetstidspunkt)) AS moved_on,
            CASE WHEN bostedsadresse IS NULL THEN 'none' WHEN bostedsadresse.vegadresse IS NOT NULL THEN 'street'
                WHEN bostedsadresse.matrikkeladresse IS NOT NULL THEN 'cadastral' ELSE 'unknown' END AS address_kind,
            {address_line("bostedsadresse")} AS address, stay.code AS stay_municipality, day_of(stay.since) AS stay_since,
            coalesce(day_of(utflytting.utflyttingsdato), day_of(utflytting.gyldighetstidspunkt)) AS emigrated_on,
            in_words(utflytting.tilflyttingsland) AS emigrated_to, day_of(innflytting.gyldighetstidspunkt) AS immigrated_on,
            in_words(innflytting.fraflyttingsland) AS immigrated_from,
            coalesce(as_number(mothers[1].relatertPerson),
                as_number(list_filter(foreldreansvar, lambda e: e.ansvar = 'mor')[1].ansvarlig)) AS mother_number,
            list_distinct(list_transform(coalesce(foreldreansvar, []), lambda e: as_number(e.ansvarlig))) AS guardian_numbers,
            last_changed_at
        FROM chosen
    """


def _opened(lines: str) -> str:
    """SQL for the lines with their parts: number looked up, message, and the text of each element. A bare person is a look-up too."""
    look_up = """if(regexp_matches(json, '"(?:folkeregisterperson|feilmelding)"'), json, '{"folkeregisterperson":' || json || '}')"""
    return f"""
        SELECT line, as_number(opened.foedselsEllerDNummer) AS looked_up,
            coalesce(json_extract_string(opened.feilmelding, '$.feilmelding'), json_extract_string(opened.feilmelding, '$')) AS message,
            opened.folkeregisterperson IS NOT NULL AS is_person, {", ".join(f"opened.folkeregisterperson.{name}" for name in ELEMENTS)}
        FROM (SELECT line, from_json({look_up}, '{json.dumps(_LINE)}') AS opened FROM {lines})
    """
