"""What the recount found that does not agree, and how it is said in Norwegian. Pure; no number and no name of a person gets in here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

# A row as it is kept: its primary key and its values.
KeptRow = tuple[int, tuple[object, ...]]


class Table(StrEnum):
    """What a difference is about."""

    DOCUMENT = "register_document"
    PERSON = "person"
    IDENTIFIER = "identifiers"
    RESIDENCE = "residence"
    NAME = "names"
    PROTECTION = "protections"
    RESPONSIBILITY = "responsibilities"
    RELATION = "relations"
    MIGRATION = "migrations"
    ENROLMENT = "enrolment"
    JOURNAL = "journal"
    STEP = "planned_step"
    HISTORY = "step_event"
    STANDING = "standing_decision"
    LEDGER_ROW = "ledger_row"
    TOTAL = "ledger_total"
    AUDIT = "audit"
    SNAPSHOT = "snapshot"

    @property
    def words(self) -> str:
        """The table in Norwegian."""
        return _TABLES[self]


_TABLES: Final = {
    Table.DOCUMENT: "Registerdokument",
    Table.PERSON: "Person",
    Table.IDENTIFIER: "Identitetsnummer",
    Table.RESIDENCE: "Bosted",
    Table.NAME: "Navn",
    Table.PROTECTION: "Adressesperre",
    Table.RESPONSIBILITY: "Foreldreansvar",
    Table.RELATION: "Familierelasjon",
    Table.MIGRATION: "Inn- eller utflytting",
    Table.ENROLMENT: "Innmelding",
    Table.JOURNAL: "Journal",
    Table.STEP: "Konsultasjon",
    Table.HISTORY: "Historikken til konsultasjon",
    Table.STANDING: "Begrunnelse for å stå utenfor eller under overføring",
    Table.LEDGER_ROW: "Rad i regnskapet",
    Table.TOTAL: "Sum i regnskapet",
    Table.AUDIT: "Sporet",
    Table.SNAPSHOT: "Øyeblikksbilde",
}

_FIELDS: Final = {
    "balance": "tall",
    "basis": "grunnlag",
    "born_by": "seneste fødselsdato",
    "born_on": "fødselsdato",
    "chain": "kjede",
    "clinic": "helsestasjon",
    "closed_on": "avsluttet",
    "content": "innhold",
    "continued_as": "videreført som",
    "country": "land",
    "died_on": "dødsdato",
    "direction": "retning",
    "emigrated_on": "utflyttingsdato",
    "family_name": "etternavn",
    "given_name": "fornavn",
    "is_confirmed": "bekreftet",
    "is_dead": "død",
    "is_in_use": "i bruk",
    "kind": "type",
    "level": "grad",
    "middle_name": "mellomnavn",
    "moved_on": "flyttedato",
    "municipality_id": "kommune",
    "name_is_temporary": "midlertidig navn",
    "number": "nummer",
    "opened_on": "åpnet",
    "outcome": "utfall",
    "outcome_at": "ført når",
    "outcome_by": "ført av",
    "outcome_on": "utfallsdato",
    "outcome_reason": "begrunnelse",
    "period": "periode",
    "person": "person",
    "place": "sted",
    "planned_from_born_on": "fødselsdato planen er regnet fra",
    "position": "plass i programmet",
    "programme_version": "program",
    "protection": "adressesperre",
    "reason": "begrunnelse",
    "related_number": "nummer",
    "responsible_number": "nummer",
    "responsible_organisation": "organisasjon",
    "role": "rolle",
    "row": "rad",
    "search_name": "søkenavn",
    "sex": "kjønn",
    "source": "kilde",
    "standing": "plass i regnskapet",
    "state": "tilstand",
    "stays_here": "oppholder seg her",
    "stays_here_since": "oppholder seg her fra",
    "status": "status",
    "target_on": "måldato",
    "valid_from": "fra",
    "valid_until": "til",
    "window_from": "tidsvindu fra",
    "window_until": "tidsvindu til",
}

# What must not be read from a report: that it differs is said, what it says is not.
SECRET: Final = frozenset(
    {
        "family_name",
        "given_name",
        "middle_name",
        "number",
        "outcome_reason",
        "reason",
        "related_number",
        "responsible_number",
        "search_name",
    }
)

_IS_MISSING: Final = "at den ikke finnes"
_IS_THERE: Final = "at den finnes"
_OUGHT_TO_BE: Final = "at den skal finnes"
_OUGHT_NOT_TO_BE: Final = "at den ikke skal finnes"
_NOT_SHOWN: Final = "noe annet (vises ikke)"
_NOTHING: Final = "ingenting"


@dataclass(frozen=True, slots=True)
class Difference:
    """
    One thing that does not agree: which table, about whom (opaque id, "" when about nobody), which row, which field, and both sides' word.

    `row` is the row's primary key, for the trail and the snapshots their number, for a total its name, "" for a row that is missing; `step`
    the step's code where it is about one. `ledger` and `recount` are shown as they are: what may not be read is already left out of them.
    """

    table: Table
    person: str
    row: str
    field: str
    ledger: str
    recount: str
    step: str = ""

    @property
    def sentence(self) -> str:
        """The difference in one Norwegian line."""
        named = " ".join(part for part in (self.table.words, self.step, self.row and f"(rad {self.row})") if part)
        person = f" for {self.person}" if self.person else ""
        return f"{named}{person}, {_FIELDS[self.field]}: regnskapet sier {self.ledger}, omtellingen sier {self.recount}."


def value(field: str, told: object) -> str:
    """Write a value for a report; that of a secret field is not shown."""
    if told is None or told == "":
        return _NOTHING
    if field in SECRET:
        return _NOT_SHOWN
    if isinstance(told, bool):
        return "ja" if told else "nei"
    if isinstance(told, datetime | date):
        return told.isoformat()
    return str(told)


def field_difference(table: Table, person: str, row: object, field: str, *, ledger: object, recount: object, step: str = "") -> Difference:
    """Make the difference of one field of one row."""
    return Difference(table, person, str(row), field, value(field, ledger), value(field, recount), step)


def missing(table: Table, person: str, *, step: str = "") -> Difference:
    """Say that a row ought to be there."""
    return Difference(table, person, "", "row", _IS_MISSING, _OUGHT_TO_BE, step)


def superfluous(table: Table, person: str, row: object, *, step: str = "") -> Difference:
    """Say that a row ought not to be there."""
    return Difference(table, person, str(row), "row", _IS_THERE, _OUGHT_NOT_TO_BE, step)


def differing_rows(
    table: Table, person: str, fields: Sequence[str], kept: Sequence[KeptRow], told: Iterable[tuple[object, ...]]
) -> list[Difference]:
    """
    Hold rows we keep (primary key and values) against rows as they ought to be, in no order.

    A row that differs in some fields is named with those; the nearest of the rows that ought to be there is taken to be the one it was.
    """
    wanted = list(told)
    if [row for _, row in kept] == wanted:
        return []
    unmatched = Counter(wanted)
    strange: list[KeptRow] = []
    for key, row in kept:
        if unmatched[row]:
            unmatched[row] -= 1
        else:
            strange.append((key, row))
    wanted = list(unmatched.elements())
    found = []
    for key, row in strange:
        if not wanted:
            found.append(superfluous(table, person, key))
            continue
        nearest = max(wanted, key=lambda other: sum(a == b for a, b in zip(row, other, strict=True)))
        wanted.remove(nearest)
        found += [
            field_difference(table, person, key, field, ledger=a, recount=b)
            for field, a, b in zip(fields, row, nearest, strict=True)
            if a != b
        ]
    return found + [missing(table, person) for _ in wanted]
