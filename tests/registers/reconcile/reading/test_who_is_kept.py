"""Which persons of a register file reach the rules, and when two rows are one person."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fjorten.registers.reconcile.persons import last_numbers
from fjorten.registers.reconcile.request import AgeRange
from tests.factories.register import a_number
from tests.registers.reconcile.reading.material import (
    BORN_ON,
    ELSEWHERE,
    HERE,
    JOURNALS,
    Json,
    Reader,
    journal_file,
    look_up,
    person,
    street,
)

CHILD = a_number(BORN_ON)
OTHER_CHILD = a_number(BORN_ON, 1)
D_NUMBER = a_number(BORN_ON, is_d_number=True)
MOTHER = a_number(date(1994, 5, 3))


def born(on: str, number: str, **elements: Any) -> Json:
    return person(number, foedsel=[{"foedselsdato": on}], **elements)


def changed(document: Json, at: str) -> Json:
    return document | {"status": [{"status": "bosatt", "ajourholdstidspunkt": at}]}


def numbered(*numbers: tuple[str, str]) -> list[Json]:
    return [{"foedselsEllerDNummer": number, "status": status, "erGjeldende": status == "iBruk"} for number, status in numbers]


def mother(**elements: Any) -> Json:
    return born("1994-05-03", MOTHER, **elements)


MOTHERS_CHILD = {"familierelasjon": [{"relatertPerson": MOTHER, "relatertPersonsRolle": "mor"}]}


def test_children_of_the_ages_who_live_or_stay_here_are_kept(reader: Reader) -> None:
    read = reader.persons(
        look_up(born("2020-11-21", a_number(date(2020, 11, 21)))),  # six today
        look_up(born("2020-11-22", lives := a_number(date(2020, 11, 22)))),
        look_up(born("2026-11-21", stays := a_number(date(2026, 11, 21)), bostedsadresse=[street(ELSEWHERE)], oppholdsadresse=[street()])),
        look_up(born("2026-11-22", a_number(date(2026, 11, 22)))),  # a later extract than the day of the run
        look_up(person(CHILD, bostedsadresse=[street(ELSEWHERE)])),
        look_up(born("1994-05-03", MOTHER)),
    )

    assert set(read.column("register", "number")) == {lives, stays}
    assert read.summary.residents == 1


def test_the_ages_can_be_others(reader: Reader) -> None:
    six = look_up(born("2020-11-21", number := a_number(date(2020, 11, 21))))

    assert reader.persons(six, look_up(person()), ages=AgeRange(6, 6)).column("register", "number") == [number]


def test_an_age_range_can_end_on_a_leap_day(reader: Reader) -> None:
    leap = look_up(born("2024-02-29", number := a_number(date(2024, 2, 29))))

    assert reader.persons(leap, on=date(2026, 2, 27), ages=AgeRange(1, 1)).column("register", "number") == [number]
    assert reader.persons(leap, on=date(2026, 2, 28), ages=AgeRange(1, 1)).column("register", "number") == []
    assert reader.persons(leap, on=date(2026, 2, 28), ages=AgeRange(2, 2)).column("register", "number") == [number]


@pytest.mark.parametrize(
    ("status", "is_kept"), [("bosatt", True), ("foedselsregistrert", True), ("heltNyStatus", True), ("utflyttet", False), ("doed", False)]
)
def test_a_child_without_any_place_is_kept_when_it_may_live_here(reader: Reader, status: str, is_kept: bool) -> None:
    child = look_up(person(bostedsadresse=None, status=[{"status": status}]))

    assert (reader.persons(child, look_up(mother())).column("register", "number") == [CHILD]) is is_kept


@pytest.mark.parametrize("former", [False, True], ids=["number in use", "former number"])
def test_everybody_with_a_number_in_a_journal_is_kept(reader: Reader, tmp_path: Path, former: bool) -> None:
    old = a_number(date(2001, 2, 3), is_d_number=True)
    youth = born("2010-02-03", number := a_number(date(2010, 2, 3)), bostedsadresse=[street(ELSEWHERE)])
    youth["identifikasjonsnummer"] = numbered((old, "opphoert"), (number, "iBruk"))
    journals = journal_file(tmp_path / "j.csv", JOURNALS + f"{old if former else number};;;;\n")

    read = reader.persons(look_up(youth), look_up(mother()), journals=journals)

    assert read.column("register", "number") == [number]
    assert {(row["number"], row["is_in_use"], row["is_current"]) for row in read.rows("register_number")} == {
        (number, True, True),
        (old, False, False),
    }


def test_the_mother_of_a_newborn_without_address_is_kept_wherever_she_lives(reader: Reader) -> None:
    newborn = look_up(person(bostedsadresse=None, status=[{"status": "foedselsregistrert"}], **MOTHERS_CHILD))

    read = reader.persons(newborn, look_up(mother(bostedsadresse=[street(ELSEWHERE)])))

    assert {row["number"]: row["municipality"] for row in read.rows("register")} == {CHILD: None, MOTHER: ELSEWHERE}


def test_a_protected_mother_is_kept_and_an_ordinary_one_is_not_needed(reader: Reader) -> None:
    child = look_up(person(**MOTHERS_CHILD))
    protected = look_up(mother(adressebeskyttelse=[{"graderingsnivaa": "fortrolig"}]))

    assert set(reader.persons(child, protected).column("register", "number")) == {CHILD, MOTHER}
    assert reader.persons(child, look_up(mother())).column("register", "number") == [CHILD]


def test_a_person_looked_up_by_two_numbers_in_two_files_is_one_person_told_by_the_newest(reader: Reader, tmp_path: Path) -> None:
    first = person(D_NUMBER, bostedsadresse=[street(ELSEWHERE)])
    then = person(CHILD)
    then["identifikasjonsnummer"] = numbered((D_NUMBER, "opphoert"), (CHILD, "iBruk"))
    (tmp_path / "a").mkdir()
    old_file = reader.persons(look_up(changed(first, "2025-01-01T00:00:00+01:00")), name="a/register.jsonl")
    assert old_file.column("register", "number") == []

    read = reader.persons(look_up(changed(then, "2026-01-01T00:00:00+01:00")), look_up(then, D_NUMBER), name="register.jsonl")
    both = reader.read(tmp_path / "register.jsonl", tmp_path / "a/register.jsonl")

    assert both.column("register", "number") == read.column("register", "number") == [CHILD]
    assert (both.row("register")["municipality"], both.row("register")["source"]) == (HERE, str(tmp_path / "register.jsonl"))
    assert [(row["number"], row["is_in_use"], row["is_current"]) for row in both.rows("register_number")] == [
        (CHILD, True, True),
        (D_NUMBER, True, False),  # in use, says the file that is a year older
    ]


def test_the_same_look_up_twice_is_one_person(reader: Reader) -> None:
    assert len(reader.persons(look_up(person()), look_up(person())).rows("register")) == 1


def test_a_look_up_by_a_number_the_document_does_not_list_keeps_both(reader: Reader) -> None:
    read = reader.persons(look_up(person(CHILD), number=D_NUMBER))

    assert {(row["number"], row["is_current"]) for row in read.rows("register_number")} == {(CHILD, True), (D_NUMBER, False)}


def test_two_persons_who_share_only_a_former_number_stay_two(reader: Reader) -> None:
    first, second = person(CHILD), person(OTHER_CHILD)
    first["identifikasjonsnummer"] = numbered((D_NUMBER, "opphoert"), (CHILD, "iBruk"))
    second["identifikasjonsnummer"] = numbered((D_NUMBER, "opphoert"), (OTHER_CHILD, "iBruk"))

    assert set(reader.persons(look_up(first), look_up(second)).column("register", "number")) == {CHILD, OTHER_CHILD}


def test_a_person_whose_numbers_are_all_retired_still_has_one(reader: Reader) -> None:
    document = person(CHILD)
    document["identifikasjonsnummer"] = numbered((CHILD, "opphoert"))

    assert reader.persons(document).column("register", "number") == [CHILD]


def test_numbers_are_followed_to_the_last_one() -> None:
    assert last_numbers({"a": ("b", 1), "b": ("c", 2)}) == {"a": "c", "b": "c"}


def test_in_a_ring_of_numbers_the_one_changed_last_is_right() -> None:
    assert last_numbers({"a": ("b", 1), "b": ("c", 3), "c": ("a", 2)}) == {"a": "c", "b": "c", "c": "c"}


def test_an_earlier_extract_tells_who_was_here_and_whom_to_look_for(reader: Reader, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.jsonl"
    reader.persons(
        look_up(changed(person(CHILD), "2026-06-01T00:00:00+02:00")),
        look_up(person(OTHER_CHILD, bostedsadresse=[street(ELSEWHERE)])),
        look_up(mother()),
        name="earlier.jsonl",
    )
    moved_and_renumbered = person(new := a_number(BORN_ON, 2), bostedsadresse=[street(ELSEWHERE)])
    moved_and_renumbered["identifikasjonsnummer"] = numbered((CHILD, "opphoert"), (new, "iBruk"))

    read = reader.persons(look_up(moved_and_renumbered), previous_paths=(earlier,))

    before = read.row("previous")
    assert (before["number"], before["numbers"], before["last_seen_on"], before["municipality_now"]) == (
        CHILD,
        [CHILD],
        date(2026, 6, 1),
        HERE,
    )
    assert read.column("register", "number") == [new]  # lives elsewhere now, and is kept since somebody will ask


def test_a_look_up_that_failed_is_told(reader: Reader) -> None:
    read = reader.persons(
        {"foedselsEllerDNummer": CHILD, "feilmelding": {"feilmelding": "finnes ikke"}},
        {"foedselsEllerDNummer": OTHER_CHILD, "feilmelding": "bare tekst"},
        {"foedselsEllerDNummer": MOTHER, "folkeregisterperson": None},
    )

    assert {(row["number"], row["message"], row["line"]) for row in read.rows("register_failed")} == {
        (CHILD, "finnes ikke", 1),
        (OTHER_CHILD, "bare tekst", 2),
        (MOTHER, None, 3),
    }
    assert read.summary.failed_look_ups == 3
