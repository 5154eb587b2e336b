"""A small ledger with one child in every situation the recount must understand, and the means to break it."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection

from fjorten.audit.actor import Actor
from fjorten.ledger.balance import balance_of, ledger_rows
from fjorten.ledger.recount import Recounted, recount
from fjorten.ledger.signing import ensure_key
from fjorten.ledger.snapshots import content_of, keep
from fjorten.organisation.actions import open_clinic
from fjorten.organisation.models import Municipality
from fjorten.people.models import Identifier, Person
from fjorten.plans.actions import settling
from fjorten.plans.actions.enrolment import end_enrolment
from fjorten.plans.actions.standing import decide_standing
from fjorten.plans.models import Enrolment, PlannedStep, StandingDecision
from fjorten.registers.actions import load_extract
from fjorten.registers.enrolment import enrol_resident
from tests.factories.register import HERE, NEIGHBOUR, Json, a_number, extract_file, person_document

TODAY = date(2026, 3, 10)
EARLIER = date(2026, 2, 10)

BORN_THIS_SPRING = date(2026, 3, 1)
BORN_LAST_MONTH = date(2026, 2, 1)
BORN_TWO_YEARS_AGO = date(2023, 12, 31)
MOTHER = a_number(date(1994, 5, 3))

# One number for each child, by the situation it is in.
NUMBERS = {
    "newborn": a_number(BORN_THIS_SPRING),
    "twin": a_number(BORN_THIS_SPRING, 1),
    "newborn_without_address": a_number(BORN_THIS_SPRING, 2),
    "corrected": a_number(BORN_LAST_MONTH),
    "newcomer": a_number(BORN_TWO_YEARS_AGO),
    "outside": a_number(BORN_TWO_YEARS_AGO, 1),
    "in_transfer": a_number(BORN_TWO_YEARS_AGO, 2),
    "unaccounted": a_number(BORN_TWO_YEARS_AGO, 3),
    "strictly_protected": a_number(BORN_TWO_YEARS_AGO, 4),
    "with_new_number": a_number(BORN_TWO_YEARS_AGO, 5),
    "moved_out": a_number(BORN_TWO_YEARS_AGO, 6),
    "dead": a_number(BORN_TWO_YEARS_AGO, 7),
    "ended": a_number(BORN_TWO_YEARS_AGO, 8),
    "staying": a_number(BORN_TWO_YEARS_AGO, is_d_number=True),
    "elsewhere": a_number(BORN_TWO_YEARS_AGO, 9),
}
OLD_NUMBER = a_number(BORN_TWO_YEARS_AGO, 1, is_d_number=True)


@dataclass(frozen=True, slots=True)
class Book:
    """The ledger, who keeps it, and its children by situation."""

    municipality: Municipality
    by: Actor
    at: datetime
    folder: Path

    def child(self, situation: str) -> Person:
        """The child in a situation."""
        found: Person = Identifier.objects.select_related("person").get(municipality=self.municipality, number=NUMBERS[situation]).person
        return found

    def enrolment(self, situation: str) -> Enrolment:
        """The child's latest enrolment."""
        return Enrolment.objects.filter(person=self.child(situation)).latest("pk")

    def step(self, situation: str, code: str) -> PlannedStep:
        """One row of the child's plan."""
        return PlannedStep.objects.get(enrolment=self.enrolment(situation), step=code)

    def recounted(self, on: date = TODAY) -> Recounted:
        """Recount the ledger of a day."""
        totals = content_of(balance_of(municipality=self.municipality, on=on))
        lines = ledger_rows(municipality=self.municipality, on=on)
        return recount(municipality=self.municipality, on=on, lines=lines, totals=totals)

    def load(self, on: date, documents: list[Json]) -> None:
        """Load an extract."""
        path = extract_file(self.folder / f"uttrekk-{on}.jsonl", documents)
        load_extract(path=path, municipality=self.municipality, on=on, by=self.by, at=self.at)

    def keep_snapshot(self, on: date = TODAY) -> None:
        """Take the day's signed snapshot."""
        keep(balance_of(municipality=self.municipality, on=on), municipality=self.municipality, by=self.by, at=self.at)


def make_book(*, municipality: Municipality, by: Actor, at: datetime, folder: Path) -> Book:
    """Make the ledger through the real inputs: two extracts, and what people did in between and after."""
    ensure_key()
    book = Book(municipality, by, at, folder)
    open_clinic(municipality=municipality, name="Nord", basic_unit_prefixes=["02"], by=by, at=at)
    book.load(EARLIER, _first_extract())
    signed = {"reason": "avtalt med familien", "by": by, "at": at}
    enrol_resident(person=book.child("newcomer"), on=EARLIER, documented=["C01_HOME"], **signed)
    enrol_resident(person=book.child("moved_out"), on=EARLIER, **signed)
    enrol_resident(person=book.child("ended"), on=EARLIER, **signed)
    enrol_resident(person=book.child("in_transfer"), on=EARLIER, **signed)
    end_enrolment(enrolment=book.enrolment("ended"), on=TODAY, **signed)
    book.load(TODAY, _second_extract())
    standing = StandingDecision.Standing
    decide_standing(person=book.child("outside"), standing=standing.OUTSIDE, on=TODAY, **signed)
    decide_standing(person=book.child("in_transfer"), standing=standing.IN_TRANSFER, on=TODAY, **signed)
    settling.mark_done(enrolment=book.enrolment("corrected"), step="C01_HOME", on=EARLIER, today=TODAY, **signed)
    twin = book.enrolment("twin")
    settling.mark_done_elsewhere(enrolment=twin, step="C01_HOME", on=TODAY, today=TODAY, is_confirmed=False, **signed)
    settling.confirm_done_elsewhere(enrolment=twin, step="C01_HOME", **signed)
    settling.mark_done_elsewhere(enrolment=twin, step="C02_W4", on=TODAY, today=TODAY, is_confirmed=False, **signed)
    settling.decline(enrolment=twin, step="C03_W6", on=TODAY, **signed)
    settling.waive(enrolment=twin, step="C04_M3", on=TODAY, **signed)
    settling.mark_done(enrolment=twin, step="C05_M4", on=TODAY, today=TODAY, **signed)
    settling.reopen(enrolment=twin, step="C05_M4", **signed)
    return book


def _first_extract() -> list[Json]:
    two_years = {"born_on": BORN_TWO_YEARS_AGO, "mother": MOTHER}
    children = [
        person_document(NUMBERS[situation], **two_years)
        for situation in ("newcomer", "outside", "in_transfer", "strictly_protected", "moved_out", "dead", "ended")
    ]
    return [
        *children,
        person_document(NUMBERS["corrected"], born_on=BORN_LAST_MONTH, has_temporary_name=True, basic_unit=2020202),
        person_document(OLD_NUMBER, born_on=BORN_TWO_YEARS_AGO, is_undated=True),
        person_document(NUMBERS["with_new_number"], born_on=BORN_TWO_YEARS_AGO, is_undated=True),
        person_document(NUMBERS["elsewhere"], born_on=BORN_TWO_YEARS_AGO, lives_in=NEIGHBOUR),
    ]


def _second_extract() -> list[Json]:
    two_years = {"born_on": BORN_TWO_YEARS_AGO}
    return [
        person_document(MOTHER, born_on=date(1994, 5, 3)),
        person_document(NUMBERS["newborn"], born_on=BORN_THIS_SPRING, mother=MOTHER),
        person_document(NUMBERS["twin"], born_on=BORN_THIS_SPRING, mother=MOTHER, basic_unit=2020202),
        person_document(
            NUMBERS["newborn_without_address"], born_on=BORN_THIS_SPRING, mother=MOTHER, is_birth_registered_without_address=True
        ),
        person_document(NUMBERS["corrected"], born_on=date(2026, 1, 31), given="ÅSE", basic_unit=2020202),
        person_document(NUMBERS["newcomer"], **two_years, mother=MOTHER),
        person_document(NUMBERS["outside"], **two_years, mother=MOTHER),
        person_document(NUMBERS["in_transfer"], **two_years, mother=MOTHER),
        person_document(NUMBERS["unaccounted"], **two_years, since=date(2026, 3, 2), earlier_homes=[(NEIGHBOUR, BORN_TWO_YEARS_AGO)]),
        person_document(NUMBERS["strictly_protected"], **two_years, is_strictly_confidential=True),
        person_document(NUMBERS["with_new_number"], **two_years, earlier_numbers=[OLD_NUMBER], is_undated=True),
        person_document(
            NUMBERS["moved_out"], **two_years, lives_in=NEIGHBOUR, since=date(2026, 3, 5), earlier_homes=[(HERE, BORN_TWO_YEARS_AGO)]
        ),
        person_document(NUMBERS["dead"], **two_years, died_on=date(2026, 3, 4)),
        person_document(NUMBERS["ended"], **two_years, mother=MOTHER),
        person_document(NUMBERS["staying"], **two_years, lives_in=None, stays_in=HERE, status="midlertidig"),
    ]


def behind_the_triggers(*tables: str) -> None:
    """Take the append-only triggers away, as somebody could who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to be made cannot be altered
        for table in tables:
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER {table}_no_{verb}{on_table}")


def delete(table: str, column: str, value: object) -> None:
    """Delete rows by raw SQL; at least one, or the fault has not been planted."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [value])
        assert cursor.rowcount > 0, f"nothing to delete in {table}"
