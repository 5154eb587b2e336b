"""Hvem som bor her, etter Folkeregisteret

Hva registerets dokument sier om hvor et barn bor, og hva som holder når dokumenter kommer sent, to ganger eller i feil rekkefølge. 9901 er kommunen,
9902 en annen. Regnskapets plikt følger bostedet; den som bare oppholder seg her, har også rett til helsehjelp (pbrl § 6-1).
"""

from datetime import UTC, date, datetime
from typing import Any

from fjorten.registers.documents import digest_of, extract, strictest
from fjorten.registers.statements import Statement, lives_here, newborn_here_on, stays_here
from fjorten.registers.timeline import facts_of
from tests.factories.register import a_number, person_document
from tests.spec.tables import check_table, spec

BORN = date(2025, 3, 4)
NUMBER = a_number(BORN)
OWN = frozenset({"9901"})

SITUATIONS: dict[str, dict[str, Any]] = {
    "bor her": {},
    "bor i en annen kommune": {"lives_in": "9902"},
    "bosted ukjent i kommunen": {"address_is_unknown": True},
    "ukjent statusord": {"status": "nyttOrd"},
    "fødselsregistrert uten adresse": {"is_birth_registered_without_address": True},
    "D-nummer, opphold her": {"status": "midlertidig", "lives_in": None, "stays_in": "9901"},
    "ikke bosatt, adresse her": {"status": "ikkeBosatt"},
    "utvandret": {"emigrated_on": date(2026, 1, 10)},
    "forsvunnet": {"status": "forsvunnet"},
    "død": {"died_on": date(2026, 1, 10)},
    "dublett, opphørt": {"status": "opphoert"},
    "strengt fortrolig": {"is_strictly_confidential": True},
    "fortrolig": {"is_confidential": True},
}


def one_document(situation: str) -> str:
    payload = extract(person_document(NUMBER, born_on=BORN, **SITUATIONS[situation]))
    return "bor her" if lives_here(payload, OWN) else "oppholder seg her" if stays_here(payload, OWN) else "nei"


@spec("Ett dokument alene")
def test_one_document_tells_whether_the_child_lives_here() -> None:
    check_table(
        one_document,
        """
        situation                      | svar
        bor her                        | bor her
        bor i en annen kommune         | nei
        bosted ukjent i kommunen       | bor her
        ukjent statusord               | bor her
        fødselsregistrert uten adresse | nei
        D-nummer, opphold her          | oppholder seg her
        ikke bosatt, adresse her       | oppholder seg her
        utvandret                      | nei
        forsvunnet                     | nei
        død                            | nei
        dublett, opphørt               | nei
        strengt fortrolig              | nei
        fortrolig                      | bor her
        """,
    )


def statement(sequence: int, day: str, **traits: Any) -> Statement:
    at = datetime.fromisoformat(day).replace(hour=8, tzinfo=UTC)
    payload = extract(person_document(NUMBER, born_on=BORN, **traits))
    return Statement(payload, digest_of(payload), at.date(), at.date(), sequence, at)


STORIES: dict[str, list[Statement]] = {
    "bor her": [statement(1, "2025-03-05")],
    "flyttet til en annen kommune": [
        statement(1, "2025-03-05"),
        statement(2, "2026-01-12", lives_in="9902", since=date(2026, 1, 10), earlier_homes=[("9901", BORN)]),
    ],
    "flyttet ut, og inn igjen samme dag": [
        statement(1, "2025-03-05"),
        statement(2, "2026-01-10", lives_in="9902", since=date(2026, 1, 10)),
        statement(3, "2026-01-10", lives_in="9901", since=date(2026, 1, 10)),
    ],
    "fikk strengt fortrolig adresse": [statement(1, "2025-03-05"), statement(2, "2026-01-12", is_strictly_confidential=True)],
    "flyttet, og fikk så strengt fortrolig": [
        statement(1, "2025-03-05"),
        statement(2, "2026-01-12", lives_in="9902", since=date(2026, 1, 10)),
        statement(3, "2026-01-20", is_strictly_confidential=True),
    ],
    "utvandret": [statement(1, "2025-03-05"), statement(2, "2026-01-12", emigrated_on=date(2026, 1, 10))],
    "utvandret, kom tilbake med strengt fortrolig": [
        statement(1, "2025-03-05"),
        statement(2, "2026-01-12", emigrated_on=date(2026, 1, 10)),
        statement(3, "2026-02-20", is_strictly_confidential=True),
    ],
    "død": [statement(1, "2025-03-05"), statement(2, "2026-01-12", died_on=date(2026, 1, 10))],
    "død, dødsfallet annullert": [
        statement(1, "2025-03-05"),
        statement(2, "2026-01-12", died_on=date(2026, 1, 10)),
        statement(3, "2026-01-20"),
    ],
    "forsvunnet": [statement(1, "2025-03-05"), statement(2, "2026-01-12", status="forsvunnet")],
    "dokument uten adresse": [statement(1, "2025-03-05"), statement(2, "2026-01-12", lives_in=None)],
}


def on_a_day(story: str, day: str) -> str:
    facts = facts_of(STORIES[story], own_codes=OWN)
    on = date.fromisoformat(day)
    here = any(
        row.is_here and (row.valid_from is None or row.valid_from <= on) and (row.valid_until is None or on < row.valid_until)
        for row in facts.residences
    )
    return "nei" if not here or (facts.died_on is not None and facts.died_on <= on) else "bor her"


@spec("Flere dokumenter: hva som holder på en dag")
def test_what_holds_on_a_day() -> None:
    check_table(
        on_a_day,
        """
        story                                        | day        | svar
        bor her                                      | 2025-03-03 | nei
        bor her                                      | 2025-03-04 | bor her
        flyttet til en annen kommune                 | 2026-01-09 | bor her
        flyttet til en annen kommune                 | 2026-01-10 | nei
        flyttet ut, og inn igjen samme dag           | 2026-01-09 | bor her
        flyttet ut, og inn igjen samme dag           | 2026-01-10 | bor her
        fikk strengt fortrolig adresse               | 2026-02-01 | bor her
        flyttet, og fikk så strengt fortrolig        | 2026-02-01 | nei
        utvandret                                    | 2026-01-09 | bor her
        utvandret                                    | 2026-01-10 | nei
        utvandret, kom tilbake med strengt fortrolig | 2026-02-10 | nei
        utvandret, kom tilbake med strengt fortrolig | 2026-02-20 | bor her
        død                                          | 2026-01-09 | bor her
        død                                          | 2026-01-10 | nei
        død, dødsfallet annullert                    | 2026-02-01 | bor her
        forsvunnet                                   | 2026-01-11 | bor her
        forsvunnet                                   | 2026-01-12 | nei
        dokument uten adresse                        | 2026-01-11 | bor her
        dokument uten adresse                        | 2026-01-12 | nei
        """,
    )


def first_day_as_newborn(first_told: str, last_told: str) -> str:
    told = [statement(1, first_told), statement(2, last_told)]
    return str(newborn_here_on(told, own_codes=OWN, newborn_days=28) or "må meldes inn av et menneske")


@spec("Nyfødt: fortalt som bosatt her innen 28 dager etter fødselen (4. mars), meldes inn fra dagen det ble fortalt")
def test_newborns_are_enrolled_from_the_first_day_the_register_told() -> None:
    check_table(
        first_day_as_newborn,
        """
        first_told | last_told  | svar
        2025-03-05 | 2025-06-01 | 2025-03-05
        2025-04-01 | 2025-04-02 | 2025-04-01
        2025-04-02 | 2025-04-03 | må meldes inn av et menneske
        """,
    )


def graded(grade: str) -> str:
    document = person_document(NUMBER, born_on=BORN)
    document["adressebeskyttelse"] = [{"graderingsnivaa": grade, "erGjeldende": True}] if grade else []
    return strictest(extract(document)).value


@spec("Adressebeskyttelse: en gradering vi ikke kjenner, regnes som den strengeste")
def test_an_unknown_grade_is_the_strictest() -> None:
    check_table(
        graded,
        """
        grade            | svar
                         | none
        ugradert         | none
        klientadresse    | client
        fortrolig        | confidential
        strengtFortrolig | strictly_confidential
        heltNyGrad       | strictly_confidential
        """,
    )
