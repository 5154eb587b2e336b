"""Who is suggested for a journal without a number, in which order, and on what evidence."""

from __future__ import annotations

from datetime import date

import pytest

from tests.registers.matching.sides import BORN_ON, Sides, two_sides
from tests.spec.tables import check_table, spec

STREET = "Prøvegata 12 B, 0155 Oslo"
MOTHER = "05889012345"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _evidence(*, journal: str, journal_born: date | None, person: str, person_born: date | None) -> str:
    """The evidence for one person in the register, or nothing when it is no candidate. Names are given / family."""
    with two_sides() as sides:
        given, _, family = person.partition(" / ")
        key = sides.person(given_name=given or None, family_name=family or None, born_on=person_born)
        given, _, family = journal.partition(" / ")
        sides.journal(given_name=given or None, family_name=family or None, born_on=journal_born)
        return next((candidate.evidence for candidate in sides.candidates() if candidate.person_key == key), "")


@spec("Det samme navnet skrevet på en annen måte blir funnet igjen")
def test_a_name_spelt_otherwise_is_found() -> None:
    check_table(
        _evidence,
        """
        journal                     | journal_born | person                        | person_born | evidence
        Signe / Ødegård             | 2024-03-17   | Signe / Ødegård               | 2024-03-17  | samme fødselsdato; etternavn likt; fornavn likt
        SIGNE / OEDEGAARD           | 2024-03-17   | Signe / Ødegård               | 2024-03-17  | samme fødselsdato; etternavn likt; fornavn likt
        Maret / Haetta              | 2024-03-17   | Máret / Hætta                 | 2024-03-17  | samme fødselsdato; etternavn likt; fornavn likt
        Khadija / Sjevtsjenko       | 2024-03-17   | Hadija / Shevchenko           | 2024-03-17  | samme fødselsdato; etternavn nesten likt; fornavn nesten likt
        Muhammad / Al-Sayed         | 2024-03-17   | Mohammed / Alsayed            | 2024-03-17  | samme fødselsdato; etternavn nesten likt; fornavn nesten likt
        Julia / Kravchenko          | 2024-03-17   | Yuliia / Kravchenko           | 2024-03-17  | samme fødselsdato; etternavn likt; fornavn nesten likt
        Signe / Ødegrd              | 2024-03-17   | Signe / Ødegård               | 2024-03-17  | samme fødselsdato; etternavn nesten likt; fornavn likt
        Alex / Ødegård              | 2024-03-17   | Alexander / Ødegård           | 2024-03-17  | samme fødselsdato; etternavn likt; fornavn nesten likt
        Marie / Ødegård             | 2024-03-17   | Anne Marie / Ødegård          | 2024-03-17  | samme fødselsdato; etternavn likt; fornavn blant de andre navnene
        Signe / Strand Ødegård      | 2024-03-17   | Signe / Ødegård               | 2024-03-17  | samme fødselsdato; etternavn delvis likt; fornavn likt
        Ødegård / Signe             | 2024-03-17   | Signe / Ødegård               | 2024-03-17  | samme fødselsdato; etternavn delvis likt; for- og etternavn byttet om
        """,
        convert={"journal_born": _day, "person_born": _day},
    )


@spec("En fødselsdato kan være feil på flere måter, eller mangle")
def test_a_wrong_or_missing_date_is_borne_with() -> None:
    check_table(
        _evidence,
        """
        journal         | journal_born | person          | person_born | evidence
        Signe / Ødegård | 2024-03-05   | Signe / Ødegård | 2024-05-03  | dag og måned byttet om i fødselsdatoen; etternavn likt; fornavn likt
        Signe / Ødegård | 2024-03-31   | Signe / Ødegård | 2024-04-01  | fødselsdato én dag fra hverandre; etternavn likt; fornavn likt
        Signe / Ødegård | 2024-03-17   | Signe / Ødegård | 2024-03-18  | fødselsdato én dag fra hverandre; etternavn likt; fornavn likt
        Signe / Ødegård | 2024-03-17   | Signe / Ødegård | 2023-03-17  | ett siffer ulikt i fødselsdatoen; etternavn likt; fornavn likt
        Signe / Ødegård | 2024-03-01   | Signe / Ødegård | 2024-03-27  | samme fødselsmåned; etternavn likt; fornavn likt
        Signe / Ødegård |              | Signe / Ødegård | 2024-03-17  | etternavn likt; fornavn likt
        Signe / Ødegård | 2024-03-17   | Signe / Ødegård |             | etternavn likt; fornavn likt
        """,
        convert={"journal_born": _day, "person_born": _day},
    )


@spec("Den som ikke ligner, blir ikke foreslått")
def test_nothing_similar_is_no_candidate() -> None:
    check_table(
        _evidence,
        """
        journal         | journal_born | person          | person_born | evidence
        Signe / Ødegård | 2024-03-17   | Kofi / Mensah   | 2022-08-02  |
        Signe / Ødegård | 2024-03-17   | Kofi / Mensah   | 2024-03-17  |
        Signe / Ødegård | 2024-03-17   | Signe / Mensah  | 2021-08-02  |
        Signe / Ødegård | 2024-03-17   | Kofi / Ødegård  | 2021-08-02  |
        Signe / Ødegård |              | Kofi / Mensah   |             |
         / Ødegård      |              |  / Ødegård      |             |
         /              | 2024-03-17   |  /              | 2024-03-17  |
         /              |              |  /              |             |
        """,
        convert={"journal_born": _day, "person_born": _day},
    )


def _twins(*, journal_given: str, journal_born: date | None, rank_of_emma: str = "") -> str:
    """How the twins Emma and Emilie stand for a journal: «Emma 1, Emilie 2», with a ? where a person must decide."""
    with two_sides() as sides:
        names = {
            sides.person(given_name=given, family_name="Ødegård", mother_number=MOTHER, address=STREET): given
            for given in ("Emma", "Emilie")
        }
        sides.journal(given_name=journal_given or None, family_name="Ødegård", born_on=journal_born, mother_number=MOTHER)
        return ", ".join(
            f"{names[candidate.person_key]} {candidate.rank}{'?' if candidate.is_ambiguous else ''}"
            for candidate in sides.candidates()
            if candidate.person_key in names
        )


@spec("Tvillinger vises alltid sammen; fornavnet avgjør, og avgjør det ikke, er begge merket")
def test_twins_are_shown_together_and_the_given_name_decides() -> None:
    check_table(
        _twins,
        """
        journal_given | journal_born | candidates
        Emma          | 2024-03-17   | Emma 1, Emilie 2
        Emilie        | 2024-03-17   | Emilie 1, Emma 2
        Emilei        | 2024-03-17   | Emilie 1, Emma 2
        Emma          |              | Emma 1, Emilie 2
        Pike          | 2024-03-17   | Emma 1?, Emilie 2?
                      | 2024-03-17   | Emma 1?, Emilie 2?
        Em            | 2024-03-17   | Emilie 1?, Emma 2?
        Kofi          | 2024-03-17   | Emma 1?, Emilie 2?
        """,
        convert={"journal_born": _day},
    )


def test_twins_who_fit_equally_well_have_less_than_a_half_each(sides: Sides) -> None:
    for given in ("Emma", "Emilie"):
        sides.person(given_name=given, family_name="Ødegård", mother_number=MOTHER)
    sides.journal(given_name="*PIKE", family_name="Ødegård", mother_number=MOTHER)
    one, other = sides.candidates_added()
    assert one.score == other.score <= 0.5
    assert one.is_ambiguous
    assert other.is_ambiguous


def test_a_twin_that_no_rule_finds_is_shown_beside_the_one_that_was_found(sides: Sides) -> None:
    found = sides.person(given_name="Signe", family_name="Ødegård")
    twin = sides.person(given_name="Kofi", family_name="Ødegård")
    sides.journal(given_name="Signe", family_name="Ødegård", born_on=None)
    assert [(candidate.person_key, candidate.rank, candidate.is_ambiguous) for candidate in sides.candidates_added()] == [
        (found, 1, False),
        (twin, 2, False),
    ]


def test_a_brother_with_the_same_mother_and_address_is_not_taken_for_the_child(sides: Sides) -> None:
    sides.person(given_name="Kofi", family_name="Ødegård", born_on=date(2021, 6, 2), mother_number=MOTHER, address=STREET)
    sides.journal(given_name="Signe", family_name="Ødegård", mother_number=MOTHER, address="Prøvegata 12B", postcode="0155")
    assert sides.candidates_added() == []


@pytest.mark.parametrize("given", ["Kari*PIKE", "Anne*Gutt", "Kari * PIKE"])
def test_a_newborns_temporary_name_is_never_evidence(sides: Sides, given: str) -> None:
    sides.person(given_name=given, family_name="Ødegård", mother_number=MOTHER)
    sides.journal(given_name=given, family_name="Ødegård", mother_number=MOTHER)
    (candidate,) = sides.candidates_added()
    assert candidate.evidence == "samme fødselsdato; etternavn likt; samme mor"


def test_a_name_the_register_calls_temporary_is_never_evidence(sides: Sides) -> None:
    sides.person(given_name="Signe", family_name="Ødegård", name_is_temporary=True, mother_number=MOTHER)
    sides.journal(given_name="Signe", family_name="Ødegård", mother_number=MOTHER)
    (candidate,) = sides.candidates_added()
    assert candidate.evidence == "samme fødselsdato; etternavn likt; samme mor"


@pytest.mark.parametrize(
    ("in_register", "in_journal", "postcode"),
    [
        (STREET, "Prøvegata 12 B", "0155"),
        (STREET, "prøvegata 12b", None),
        (STREET, "Prøvegata 12B, 0155 OSLO", None),
        (STREET, "Prøvegata 12 B 0155 Oslo", None),
        (f"c/o Strand, {STREET}", "Prøvegata 12 B", "0155"),
    ],
)
def test_the_same_address_written_otherwise_is_the_same(sides: Sides, in_register: str, in_journal: str, postcode: str | None) -> None:
    sides.person(given_name="Signe", family_name="Ødegård", address=in_register)
    sides.journal(given_name="Signe", family_name="Ødegård", address=in_journal, postcode=postcode)
    (candidate,) = sides.candidates_added()
    assert candidate.evidence.endswith("; samme adresse")


@pytest.mark.parametrize("protection", ["client", "confidential", "strictly_confidential", None, "noe nytt"])
def test_the_address_of_a_protected_child_is_neither_used_nor_mentioned(protection: str | None) -> None:
    scores = []
    for values in ({"protection": protection, "address": STREET}, {"protection": "none", "address": None}):
        with two_sides() as sides:
            sides.person(given_name="Signe", family_name="Ødegård", **values)
            sides.journal(given_name="Signa", family_name="Ødegård", address=STREET)
            (candidate,) = sides.candidates_added()
            assert candidate.evidence == "samme fødselsdato; etternavn likt; fornavn nesten likt"
            scores.append(candidate.score)
    assert scores[0] == scores[1]


def test_a_rare_name_says_more_than_a_common_one(sides: Sides) -> None:
    rare, common = sides.person(given_name="Tyri", family_name="Snøkvist"), sides.person(given_name="Emma", family_name="Hansen")
    sides.journal(given_name="Tyri", family_name="Snøkvist", born_on=None)
    sides.journal(given_name="Emma", family_name="Hansen", born_on=None)
    score = {candidate.person_key: candidate.score for candidate in sides.candidates_added()}
    assert score[rare] > score[common]


def test_only_journals_without_a_number_get_candidates(sides: Sides) -> None:
    sides.person(given_name="Signe", family_name="Ødegård")
    sides.journal(given_name="Signe", family_name="Ødegård", number="17832499999")
    assert sides.candidates() == []


def test_no_journals_and_nobody_in_the_register_are_no_error() -> None:
    with two_sides(with_village=False) as sides:
        assert sides.candidates() == []
        sides.journal(given_name="Signe", family_name="Ødegård")
        assert sides.candidates() == []


def test_no_more_than_the_limit_are_shown_and_one_left_out_still_makes_the_first_ambiguous(sides: Sides) -> None:
    for _ in range(4):
        sides.person(given_name="Signe", family_name="Ødegård")
    sides.journal(given_name="Signe", family_name="Ødegård")
    assert [candidate.rank for candidate in sides.candidates(limit_per_journal=2)] == [1, 2]
    (only,) = sides.candidates(limit_per_journal=1)
    assert only.is_ambiguous


def test_a_grown_namesake_is_not_suggested(sides: Sides) -> None:
    sides.person(given_name="Signe", family_name="Ødegård", born_on=date(1988, 3, 17))
    sides.journal(given_name="Signe", family_name="Ødegård", born_on=None)
    sides.journal(given_name="Tyri", family_name="Snøkvist")
    assert sides.candidates() == []


def test_a_year_of_birth_without_a_date_speaks_against_another_year_only(sides: Sides) -> None:
    same = sides.person(given_name="Signe", family_name="Ødegård", born_on=None, born_year=2024)
    sides.person(given_name="Signe", family_name="Ødegård", born_on=None, born_year=2021)
    sides.journal(given_name="Signe", family_name="Ødegård", born_on=BORN_ON)
    (candidate,) = sides.candidates_added()
    assert (candidate.person_key, candidate.evidence) == (same, "etternavn likt; fornavn likt")


def test_other_relations_can_be_named_and_nothing_is_left_behind(sides: Sides) -> None:
    sides.person(given_name="Signe", family_name="Ødegård")
    sides.journal(given_name="Signe", family_name="Ødegård")
    sides.fill_relations()
    sides.connection.execute("CREATE TEMP VIEW some_journals AS FROM journal; CREATE TEMP VIEW some_people AS FROM register")
    assert len(sides.candidates(journal="some_journals", register="some_people")) == 1
    tables = sides.connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'match%'").fetchall()
    assert tables == [("match_candidate",)]
