"""Filene «fjorten reconcile» leser

Registerfiler og journalfiler kommer i mange former. Hva en fil er, blir avgjort av innholdet og ikke av navnet. Det som ikke kan leses, står i
rejected.csv med linje og grunn, og stopper aldri resten. En celle som ikke er forstått, tar aldri raden med seg: en utelatt journal ville
fått barnet til å se ut som et barn uten journal.

Registerfiler er JSON Lines, ett oppslag på hver linje slik Folkeregisterets bulkoppslag svarer (gjerne .gz), bare personen på hver linje, hele
svaret på bulkoppslaget som ett dokument, eller Parquet. Journalfiler er CSV (UTF-8, Windows-1252, Latin-1 eller UTF-16; semikolon, komma,
tabulator eller loddrett strek), Excel (.xlsx) eller Parquet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest

from fjorten.registers.reconcile.columns import JOURNAL_HEADINGS, REGISTER_COLUMNS, column_named
from fjorten.registers.reconcile.document_elements import MACROS
from fjorten.registers.reconcile.journal_tables import read_journal_table
from fjorten.registers.reconcile.journals import fill_journal
from fjorten.registers.reconcile.reading import read_inputs
from fjorten.registers.reconcile.relations import create_relations
from fjorten.registers.reconcile.request import InputCannotBeUsed, Request
from tests.spec.tables import check_table, spec

DAY = date(2026, 11, 21)
CHILD = "05832450075"


@contextmanager
def two_files(journals: str, register: str = "") -> Iterator[tuple[duckdb.DuckDBPyConnection, Request]]:
    """Write the two files, and open an empty database to read them into."""
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        register_path, journals_path = Path(folder) / "registerfila", Path(folder) / "journalfila"
        register_path.write_text(register, encoding="utf-8")
        journals_path.write_text(journals, encoding="utf-8")
        yield (
            connection,
            Request(register_paths=(register_path,), journals_path=journals_path, municipality="0301", on=DAY, out=Path(folder)),
        )


def journal(text: str) -> dict[str, str]:
    """Read a journal file with one journal, and give what became of it in words."""
    with two_files(text) as (connection, request):
        create_relations(connection)
        connection.execute(MACROS)
        mapped = read_journal_table(connection, request, workspace=request.out)
        fill_journal(connection, mapped.places, on=DAY, source="journalfila")
        columns = ("number", "number_problem", "given_name", "family_name", "born_on::VARCHAR", "if(is_open, 'åpen', 'lukket')")
        (row,) = connection.execute(f"SELECT {', '.join(columns)} FROM journal").fetchall()
    return dict(zip(("number", "problem", "given", "family", "born", "state"), (value or "" for value in row), strict=True))


@spec("Overskrifter i journalfila som blir gjenkjent; store bokstaver, aksenter, mellomrom, punktum og bindestrek betyr ingenting")
def test_headings_that_are_known() -> None:
    def headings_of(kolonne: str) -> str:
        return ", ".join(JOURNAL_HEADINGS[kolonne])

    assert [column_named(heading) for column in JOURNAL_HEADINGS for heading in JOURNAL_HEADINGS[column]] == [
        column for column in JOURNAL_HEADINGS for _ in JOURNAL_HEADINGS[column]
    ]
    check_table(
        headings_of,
        """
        kolonne | overskrifter
        number | Fødselsnummer, Fødselsnr, Fnr, F.nr, Personnummer, Personnr, Pnr, D-nummer, Dnr, Fødselsnummer/D-nummer, Fødsels- eller D-nummer, Fødsels- og personnummer, Fødselsnummer (11 siffer), 11 siffer, Pasientens fødselsnummer, Barnets fødselsnummer, Foedselsnummer, fødselsEllerDNummer, Personidentifikator, Nasjonal ID, ID-nummer, National ID, National identity number, National number, SSN, Social security number, number, Fødselsnummer barn
        journal_id | Journalnummer, Journalnr, Journal-ID, Journal, Pasientnummer, Pasientnr, Pasient-ID, Klientnummer, Klientnr, Klient-ID, Bruker-ID, Internt nummer, ID, Patient ID, Patient number, Record number, Record ID, Journal number
        given_name | Fornavn, Førenamn, Barnets fornavn, Given name, First name, Forename
        middle_name | Mellomnavn, Mellomnamn, Middle name
        family_name | Etternavn, Etternamn, Slektsnavn, Barnets etternavn, Family name, Last name, Surname
        name | Navn, Etternavn, fornavn, Namn, Pasientnavn, Pasient, Barnets navn, Barn, Fullt navn, Name, Full name, Patient name, Patient
        born_on | Fødselsdato, Født, Fødd, Født dato, F.dato, Fdato, Fødselsdag, Fødselsdato barn, Birth date, Birthdate, Date of birth, DOB, Born, born_on
        opened_on | Opprettet, Åpnet, Opna, Opprettet dato, Åpnet dato, Journal opprettet, Opprettelsesdato, Startdato, Start, Fra, Fra dato, Registrert, Registrert dato, Innskrevet, Inndato, Opened, Opened on, Created, Start date, From
        closed_on | Avsluttet, Lukket, Avslutta, Avsluttet dato, Lukket dato, Avslutningsdato, Sluttdato, Slutt, Til, Til dato, Utskrevet, Utdato, Arkivert, Arkivert dato, Closed, Closed on, Ended, End date, To
        status | Status, Journalstatus, Tilstand, Aktiv, Åpen, Er aktiv, State, Active, Open
        clinic | Helsestasjon, Helsestasjonsnavn, Stasjon, Enhet, Avdeling, Sone, Lokasjon, Tjenestested, Clinic, Unit, Department, Site
        address | Adresse, Gateadresse, Bostedsadresse, Bosted, Gate, Address, Street address, Street
        postcode | Postnummer, Postnr, Post nr, Postal code, Postcode, Zip, Zip code
        mother_number | Mors fødselsnummer, Mors fødselsnr, Mors fnr, Mor fnr, Fnr mor, Fødselsnummer mor, Mors personnummer, Mor fødselsnummer, Mother number, Mother's number, Mother national ID, Mothers national ID
    """,
    )


@spec("Andre overskrifter oppgis med --map: vår kolonne, eller en overskrift for den, og så overskriften i fila")
def test_our_columns_by_other_names() -> None:
    check_table(
        column_named,
        """
        key          | kolonne
        fnr          | number
        Fødselsnr.   | number
        FODSELSDATO  | born_on
        for-navn     | given_name
        Navn         | name
        helsestasjon | clinic
    """,
    )


@spec("Numre blir lest slik folk og regneark skriver dem; de som ikke er gyldige, blir funn og ikke borte")
def test_numbers_as_they_are_written() -> None:
    def number(skrevet: str) -> str:
        read = journal(f"fnr;navn\n{skrevet};A\n")
        return read["number"] or read["problem"]

    check_table(
        number,
        """
        skrevet        | nummer eller feil
        03851598730    | 03851598730
        038515 98730   | 03851598730
        038515-98730   | 03851598730
        3851598730     | 03851598730
        3851598730.0   | 03851598730
        3851598731     | length
        03851598731    | control_digits
        03951598731    | date
        3,85E+09       | characters
        ukjent         | characters
                       | missing
    """,
    )


@spec(
    "Datoer leses med dag, måned og år i den rekkefølgen; med to sifre i året er det det siste året som ikke er etter dagen (her 21.11.2026)"
)
def test_dates_as_they_are_written() -> None:
    def day(skrevet: str) -> str:
        return journal(f"fnr;født\n{CHILD};{skrevet}\n")["born"]

    check_table(
        day,
        """
        skrevet             | fødselsdato
        03.05.2024          | 2024-05-03
        3.5.2024            | 2024-05-03
        03/05/2024          | 2024-05-03
        03-05-2024          | 2024-05-03
        03052024            | 2024-05-03
        3052024             | 2024-05-03
        03.05.2024 12:30    | 2024-05-03
        2024-05-03          | 2024-05-03
        2024-05-03T12:30:00 | 2024-05-03
        20240503            | 2024-05-03
        03.05.24            | 2024-05-03
        030524              | 2024-05-03
        21.11.26            | 2026-11-21
        22.11.26            | 1926-11-22
        31.02.2024          |
        i fjor              |
    """,
    )


@spec("En journal er åpen eller lukket etter statusordet; uten et kjent ord etter sluttdatoen")
def test_open_and_closed() -> None:
    def state(status: str, avsluttet: str) -> str:
        return journal(f"fnr;status;avsluttet\n{CHILD};{status};{avsluttet}\n")["state"]

    check_table(
        state,
        """
        status     | avsluttet  | journalen er
                   |            | åpen
                   | 20.11.2026 | lukket
                   | 22.11.2026 | åpen
                   | ja         | lukket
                   | nei        | åpen
        Åpen       | 20.11.2026 | åpen
        aktiv      |            | åpen
        Lukket     |            | lukket
        Avsluttet  |            | lukket
        inaktiv    | 22.11.2026 | lukket
        closed     |            | lukket
        ukjent ord |            | åpen
        ukjent ord | 20.11.2026 | lukket
    """,
    )


@spec("Navn kan stå i én kolonne eller flere")
def test_names() -> None:
    def name(overskrifter: str, celler: str) -> str:
        read = journal(f"fnr;{overskrifter}\n{CHILD};{celler}\n")
        return f"{read['given'] or '-'} / {read['family'] or '-'}"

    check_table(
        name,
        """
        overskrifter              | celler             | fornavn / etternavn
        Navn                      | Hansen, Kari Anne  | Kari Anne / Hansen
        Navn                      | Kari Anne Hansen   | Kari Anne / Hansen
        Navn                      | Hansen             | - / Hansen
        Etternavn;Fornavn         | Hansen;Kari        | Kari / Hansen
        Etternavn;Mellomnavn;Fornavn | Hansen;Berg;Kari | Kari Berg / Hansen
    """,
    )


@spec("Kolonner i et registeruttrekk i Parquet; kolonner med andre navn blir ikke lest")
def test_columns_of_a_register_extract() -> None:
    def content(kolonne: str) -> str:
        return REGISTER_COLUMNS[kolonne]

    check_table(
        content,
        """
        kolonne | innhold
        number | fødselsnummer eller D-nummer som gjelder nå; 11 sifre som tekst (kreves)
        born_on | fødselsdato (kreves, om ikke born_year finnes)
        born_year | fødselsår, når datoen ikke er kjent
        municipality | kommunenummer for bostedsadressen, fire sifre som tekst (kreves)
        former_numbers | liste med numre personen hadde før
        number_since | dato nummeret gjelder fra
        status | personstatus med registerets ord: bosatt, utflyttet, forsvunnet, doed, foedselsregistrert …
        sex | kvinne eller mann
        died_on | dødsdato
        given_name | fornavn
        middle_name | mellomnavn
        family_name | etternavn
        protection | ugradert, klientadresse, fortrolig eller strengtFortrolig (eller none, client, confidential, strictly_confidential)
        moved_on | flyttedato, ellers datoen adressen gjelder fra
        address_kind | street, cadastral, unknown eller none
        address | bostedsadressen på én linje
        stay_municipality | kommunenummer for oppholdsadresse eller delt bosted
        stay_since | dato oppholdet gjelder fra
        emigrated_on | utflyttingsdato
        emigrated_to | landkode
        immigrated_on | innflyttingsdato
        immigrated_from | landkode
        mother_number | mors nummer
        guardian_numbers | liste med numrene til dem som har foreldreansvar
        last_changed_at | nyeste ajourholdstidspunkt i opplysningene
    """,
    )


@spec("Filer som ikke kan brukes, blir avvist med en grunn, og kommandoen slutter med kode 2")
def test_files_that_cannot_be_used() -> None:
    def refusal(registerfil: str, journalfil: str) -> str:
        with (
            two_files(journalfil.replace("\\n", "\n"), registerfil) as (connection, request),
            pytest.raises(InputCannotBeUsed) as turned_down,
        ):
            read_inputs(connection, request)
        return turned_down.value.sentence.split(". ")[0]

    check_table(
        refusal,
        """
        registerfil | journalfil             | svar
        {}          | Fnr;Navn\\n05832450075;A | Ingenting i registerfila er oppslag eller personer fra Folkeregisteret
                    | Fnr;Navn\\n05832450075;A | registerfila er tom
        Fnr;Navn    | Fnr;Navn\\n05832450075;A | registerfila ser ut som en tekst- eller CSV-fil
        <html>      | Fnr;Navn\\n05832450075;A | registerfila er XML eller HTML
        {"a": 1}    |                        | journalfila er tom
        {"a": 1}    | {"a": 1}               | journalfila er JSON
        {"a": 1}    | Navn;Født\\nA;1.1.2024  | Fant ingen kolonne med fødselsnummer i journalfila
        {"a": 1}    | Fnr;Navn               | Fant ingen journaler under overskriftene i journalfila
    """,
    )
