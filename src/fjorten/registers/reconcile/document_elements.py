"""
The elements of a person document of the population register, and SQL that takes single facts out of them.

Fields and words are the register's [source: Skatteetaten, Folkeregisteret, "offentlig-med-hjemmel" v1.5]. In all SQL here an element is a
column of its own name: first its text, then the list of its entries, then those of them that are current, and for most of them at last the
one entry that counts.

An entry is current unless it says `erGjeldende: false` or has an `opphoerstidspunkt` that is past on the day of the run. When several are
current, the one valid from the newest time counts.
"""

from __future__ import annotations

import json
from typing import Final

from fjorten.registers.reconcile.sought import Sought

_PLACE: Final = {
    "vegadresse": {
        "kommunenummer": "VARCHAR",
        "adressenavn": "VARCHAR",
        "adressenummer": {"husnummer": "VARCHAR", "husbokstav": "VARCHAR"},
        "bruksenhetsnummer": "VARCHAR",
        "coAdressenavn": "VARCHAR",
        "poststed": {"postnummer": "VARCHAR", "poststedsnavn": "VARCHAR"},
    },
    "matrikkeladresse": {
        "kommunenummer": "VARCHAR",
        "matrikkelnummer": {"kommunenummer": "VARCHAR", "gaardsnummer": "VARCHAR", "bruksnummer": "VARCHAR", "festenummer": "VARCHAR"},
        "adressetilleggsnavn": "VARCHAR",
        "bruksenhetsnummer": "VARCHAR",
        "coAdressenavn": "VARCHAR",
        "poststed": {"postnummer": "VARCHAR", "poststedsnavn": "VARCHAR"},
    },
    "ukjentBosted": {"bostedskommune": "VARCHAR"},
}
# The elements that are read, and what is read of each besides its validity.
ELEMENTS: Final[dict[str, dict[str, object]]] = {
    "identifikasjonsnummer": {"foedselsEllerDNummer": "VARCHAR", "status": "VARCHAR"},
    "status": {"status": "VARCHAR"},
    "foedsel": {"foedselsdato": "VARCHAR", "foedselsaar": "VARCHAR"},
    "kjoenn": {"kjoenn": "VARCHAR"},
    "navn": {"fornavn": "VARCHAR", "mellomnavn": "VARCHAR", "etternavn": "VARCHAR"},
    "doedsfall": {"doedsdato": "VARCHAR"},
    "adressebeskyttelse": {"graderingsnivaa": "VARCHAR"},
    "bostedsadresse": {"flyttedato": "VARCHAR", "adressegradering": "VARCHAR", **_PLACE},
    "oppholdsadresse": {"oppholdsadressedato": "VARCHAR", "adressegradering": "VARCHAR", **_PLACE},
    "deltBosted": {"startdatoForKontrakt": "VARCHAR", "sluttdatoForKontrakt": "VARCHAR", "adressegradering": "VARCHAR", **_PLACE},
    "postadresse": {"adressegradering": "VARCHAR"},
    "postadresseIUtlandet": {"adressegradering": "VARCHAR"},
    "utflytting": {"utflyttingsdato": "VARCHAR", "tilflyttingsland": "VARCHAR"},
    "innflytting": {"fraflyttingsland": "VARCHAR"},
    "familierelasjon": {"relatertPerson": "VARCHAR", "relatertPersonsRolle": "VARCHAR"},
    "foreldreansvar": {"ansvar": "VARCHAR", "ansvarlig": "VARCHAR"},
}
_VALIDITY: Final[dict[str, object]] = {
    "erGjeldende": "BOOLEAN",
    "gyldighetstidspunkt": "VARCHAR",
    "opphoerstidspunkt": "VARCHAR",
    "ajourholdstidspunkt": "VARCHAR",
}
# The elements of which one entry counts, and what says from when besides gyldighetstidspunkt.
ONE_COUNTS: Final[dict[str, tuple[str, ...]]] = {
    "status": (),
    "foedsel": (),
    "kjoenn": (),
    "navn": (),
    "doedsfall": (),
    "bostedsadresse": ("flyttedato",),
    "utflytting": ("utflyttingsdato",),
    "innflytting": (),
}
_GRADED_ADDRESSES: Final = ("bostedsadresse", "oppholdsadresse", "deltBosted", "postadresse", "postadresseIUtlandet")

_LEVELS: Final = ("none", "client", "confidential", "strictly_confidential")

MACROS: Final = r"""
    CREATE OR REPLACE TEMP MACRO as_array(value) AS if(starts_with(value::VARCHAR, '{'), '[' || value::VARCHAR || ']', value::VARCHAR);
    CREATE OR REPLACE TEMP MACRO day_of(stamp) AS
        if(length(stamp) > 10, TRY_CAST(TRY_CAST(stamp AS TIMESTAMPTZ) AS DATE), TRY_CAST(stamp AS DATE));
    CREATE OR REPLACE TEMP MACRO as_number(value) AS if(regexp_full_match(trim(value), '[0-9]{10,11}'), lpad(trim(value), 11, '0'), NULL);
    CREATE OR REPLACE TEMP MACRO as_code(value) AS if(regexp_full_match(trim(value), '[0-9]{3,4}'), lpad(trim(value), 4, '0'), NULL);
    CREATE OR REPLACE TEMP MACRO in_words(value) AS nullif(trim(value), '');
"""


def entries_of(element: str) -> str:
    """This function will give SQL for the entries of an element from its text. An object is a list of one; any other type is no list."""
    return f"from_json(as_array({element}), '{json.dumps([_VALIDITY | ELEMENTS[element]])}')"


def newest_stamp(element: str) -> str:
    """This function will give SQL for the newest time an entry of the element was brought up to date, past entries included."""
    return f"list_max(list_transform({element}, lambda e: TRY_CAST(e.ajourholdstidspunkt AS TIMESTAMPTZ)))"


def current(element: str, sought: Sought) -> str:
    """This function will give SQL for the entries of the element that are current on the day of the run."""
    return (
        f"list_filter({element}, lambda e: e IS NOT NULL AND e.erGjeldende IS DISTINCT FROM false"
        f" AND (e.opphoerstidspunkt IS NULL OR day_of(e.opphoerstidspunkt) > DATE '{sought.on.isoformat()}'))"
    )


def the_one(element: str) -> str:
    """This function will give SQL for the entry that counts among the current ones."""
    since = ", ".join(f"e.{field}" for field in (*ONE_COUNTS[element], "gyldighetstidspunkt"))
    ranked = f"list_transform({element}, lambda e: {{'a': coalesce({since}, ''), 'b': coalesce(e.ajourholdstidspunkt, ''), 'entry': e}})"
    return f"if(len({element}) > 1, list_reverse_sort({ranked})[1].entry, {element}[1])"


def level_of(word: str) -> str:
    """
    This function will give SQL for a grade of protection as 0 to 3, NULL when there is none.

    A grade we have never heard of is the strictest: better one child by hand than one address too many [default].
    """
    return (
        f"CASE lower(trim({word})) WHEN 'ugradert' THEN 0 WHEN 'none' THEN 0 WHEN 'klientadresse' THEN 1 WHEN 'client' THEN 1"
        f" WHEN 'fortrolig' THEN 2 WHEN 'confidential' THEN 2 ELSE if(trim({word}) <> '', 3, NULL) END"
    )


def protection_of(level: str) -> str:
    """This function will give SQL for the word of a grade from `level_of`; without a grade there is no protection."""
    return f"{list(_LEVELS)}[1 + coalesce({level}, 0)]"


def protection() -> str:
    """This function will give SQL for the strictest protection among the current entries, of the person and of any address."""
    levels = [f"list_max(list_transform(adressebeskyttelse, lambda e: {level_of('e.graderingsnivaa')}))"]
    levels += [f"list_max(list_transform({element}, lambda e: {level_of('e.adressegradering')}))" for element in _GRADED_ADDRESSES]
    return protection_of(f"greatest({', '.join(levels)})")


def stay(sought: Sought) -> str:
    """
    This function will give SQL for where the person stays besides the residence, as (here, since, code); NULL when nowhere.

    The newest of oppholdsadresse and delt bosted, but first of all one in the municipality: the duty follows stay (pbrl § 6-1), and a child
    with a shared home stays with both parents.
    """

    def stays(element: str, since: str, condition: str) -> str:
        here = f"list_contains({list(sought.codes)}, {municipality('e')})"
        place = f"{{'here': {here}, 'since': coalesce(e.{since}, e.gyldighetstidspunkt, ''), 'code': {municipality('e')}}}"
        return f"list_transform(list_filter({element}, lambda e: {municipality('e')} IS NOT NULL AND {condition}), lambda e: {place})"

    still_shared = f"coalesce(e.sluttdatoForKontrakt, '9999') >= '{sought.on.isoformat()}'"
    shared = stays("deltBosted", "startdatoForKontrakt", still_shared)
    return f"list_reverse_sort(list_concat({stays('oppholdsadresse', 'oppholdsadressedato', 'true')}, {shared}))[1]"


def own_numbers(listed: str) -> str:
    """
    This function will give SQL for all numbers of the person, the newest first, as (since_text, number, is_in_use, since).

    `listed` are all entries of identifikasjonsnummer. The number it was looked up by is one of them; when the document has others and not
    that one, it is an old number.
    """
    numbers = (
        f"list_filter(list_transform({listed}, lambda e: {{'since_text': coalesce(e.gyldighetstidspunkt, ''),"
        " 'number': as_number(e.foedselsEllerDNummer),"
        " 'is_in_use': e.status IS DISTINCT FROM 'opphoert' AND e.erGjeldende IS DISTINCT FROM false,"
        " 'since': day_of(e.gyldighetstidspunkt)}), lambda e: e.number IS NOT NULL)"
    )
    is_listed = f"list_contains(list_transform({listed}, lambda e: as_number(e.foedselsEllerDNummer)), looked_up)"
    other = f"{{'since_text': '', 'number': looked_up, 'is_in_use': coalesce(len({listed}), 0) = 0, 'since': NULL::DATE}}"
    return f"list_concat(list_reverse_sort({numbers}), if(looked_up IS NULL OR coalesce({is_listed}, false), [], [{other}]))"


def municipality(element: str) -> str:
    """This function will give SQL for the municipality code of an address."""
    cadastral = f"{element}.matrikkeladresse"
    return (
        f"as_code(coalesce({element}.vegadresse.kommunenummer, {cadastral}.matrikkelnummer.kommunenummer, {cadastral}.kommunenummer,"
        f" {element}.ukjentBosted.bostedskommune))"
    )


def address_line(element: str) -> str:
    """This function will give SQL for an address on one line: who it goes by, street and house or plot, postcode and place."""
    street, cadastral = f"{element}.vegadresse", f"{element}.matrikkeladresse"
    house = f"in_words(concat({street}.adressenummer.husnummer, {street}.adressenummer.husbokstav))"
    in_street = f"concat_ws(' ', {street}.adressenavn, {house}, {street}.bruksenhetsnummer)"
    number = f"{cadastral}.matrikkelnummer"
    plot = f"concat_ws('/', {number}.gaardsnummer, {number}.bruksnummer, nullif({number}.festenummer, '0'))"
    on_plot = f"concat_ws(' ', {cadastral}.adressetilleggsnavn, 'gnr./bnr. ' || in_words({plot}), {cadastral}.bruksenhetsnummer)"
    return f"if({street} IS NOT NULL, {_line(street, in_street)}, {_line(cadastral, on_plot)})"


def _line(address: str, first: str) -> str:
    post = f"in_words(concat_ws(' ', {address}.poststed.postnummer, {address}.poststed.poststedsnavn))"
    return f"in_words(concat_ws(', ', 'c/o ' || in_words({address}.coAdressenavn), in_words({first}), {post}))"
