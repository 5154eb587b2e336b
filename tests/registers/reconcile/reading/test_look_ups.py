"""What one person document becomes, element by element."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.factories.register import a_number
from tests.registers.reconcile.reading.material import BORN_ON, ELSEWHERE, HERE, ON, Json, Reader, look_up, person, street

CHILD = a_number(BORN_ON)
MOTHER = a_number(date(1994, 5, 3))
FATHER = a_number(date(1993, 5, 3))


def cadastral(**address: Any) -> Json:
    place = {
        "matrikkelnummer": {"kommunenummer": HERE, "gaardsnummer": 12, "bruksnummer": 3, "festenummer": 0},
        "adressetilleggsnavn": "Nordgården",
        "coAdressenavn": "Ola Å",
        "poststed": {"postnummer": "0155", "poststedsnavn": "OSLO"},
    }
    return {"erGjeldende": True, "gyldighetstidspunkt": "2025-01-02T00:00:00+01:00", "matrikkeladresse": place, **address}


def test_an_ordinary_child_is_read_whole(reader: Reader) -> None:
    row = reader.person()

    assert row | {"person_key": 0} == {
        "person_key": 0,
        "source": "register.jsonl",
        "line": 1,
        "number": CHILD,
        "status": "bosatt",
        "born_on": BORN_ON,
        "born_year": 2024,
        "sex": "kvinne",
        "died_on": None,
        "is_dead": False,
        "given_name": "Åse",
        "middle_name": None,
        "family_name": "Blåbærøy",
        "name_is_temporary": False,
        "protection": "none",
        "municipality": HERE,
        "municipality_now": HERE,
        "moved_on": date(2024, 3, 5),
        "address_kind": "street",
        "address": "Ørneveien 5A H0101, 0155 OSLO",
        "stay_municipality_now": None,
        "stay_since": None,
        "emigrated_on": None,
        "emigrated_to": None,
        "immigrated_on": None,
        "immigrated_from": None,
        "mother_number": None,
        "guardian_numbers": [],
        "last_changed_at": None,
    }


def test_entries_that_are_not_current_do_not_count(reader: Reader) -> None:
    row = reader.person(
        navn=[
            {"erGjeldende": False, "fornavn": "Gammelt"},
            {"erGjeldende": True, "opphoerstidspunkt": "2024-06-01T00:00:00+02:00", "fornavn": "Opphørt"},
            {"fornavn": "Nytt", "mellomnavn": "Mellom", "etternavn": "Å"},
        ],
        status=[{"erGjeldende": False, "status": "utflyttet"}, {"erGjeldende": True, "status": "bosatt"}],
        bostedsadresse=[street(ELSEWHERE, erGjeldende=False, flyttedato="2026-01-01"), street()],
        adressebeskyttelse=[{"erGjeldende": False, "graderingsnivaa": "strengtFortrolig"}],
        doedsfall={"erGjeldende": False, "doedsdato": "2025-01-01"},
    )

    assert (row["given_name"], row["middle_name"], row["family_name"]) == ("Nytt", "Mellom", "Å")
    assert (row["status"], row["municipality"], row["protection"], row["is_dead"]) == ("bosatt", HERE, "none", False)


def test_an_entry_that_ends_later_is_still_current(reader: Reader) -> None:
    row = reader.person(status=[{"opphoerstidspunkt": "2026-11-22T00:00:00+01:00", "status": "bosatt"}])

    assert row["status"] == "bosatt"


def test_the_newest_of_several_current_entries_counts(reader: Reader) -> None:
    row = reader.person(
        bostedsadresse=[street(flyttedato="2026-05-01"), street(ELSEWHERE, flyttedato="2025-05-01")],
        status=[
            {"erGjeldende": True, "status": "utflyttet", "gyldighetstidspunkt": "2025-01-01T00:00:00+01:00"},
            {"erGjeldende": True, "status": "bosatt", "gyldighetstidspunkt": "2026-01-01T00:00:00+01:00"},
        ],
    )

    assert (row["municipality"], row["moved_on"], row["status"]) == (HERE, date(2026, 5, 1), "bosatt")


def test_nulls_and_empty_lists_are_nothing(reader: Reader) -> None:
    nothing = dict.fromkeys(("navn", "kjoenn", "utflytting", "doedsfall", "familierelasjon", "foreldreansvar"))
    row = reader.persons(look_up(person() | nothing | {"status": []})).row("register")

    assert (row["given_name"], row["sex"], row["status"], row["is_dead"], row["guardian_numbers"]) == (None, None, None, False, [])


def test_an_object_where_a_list_is_expected_is_a_list_of_one(reader: Reader) -> None:
    row = reader.person(bostedsadresse=street(), navn={"fornavn": "Alene"}, foedsel={"foedselsdato": "2024-03-05"})

    assert (row["municipality"], row["given_name"], row["born_on"]) == (HERE, "Alene", BORN_ON)


def test_values_of_another_type_cost_only_themselves(reader: Reader) -> None:
    row = reader.person(navn="tull", kjoenn=12, status=[None, {"status": "bosatt", "erGjeldende": "vet ikke"}], foreldreansvar=[[], "x"])

    assert (row["given_name"], row["sex"], row["status"], row["municipality"]) == (None, None, "bosatt", HERE)


def test_unknown_words_and_fields_are_normal(reader: Reader) -> None:
    row = reader.person(status=[{"status": "heltNyStatus", "nyttFelt": {"a": [1, 2]}}], nyttElement=[{"b": None}])

    assert row["status"] == "heltNyStatus"


def test_a_death_is_an_object_in_the_document(reader: Reader) -> None:
    row = reader.person(doedsfall={"erGjeldende": True, "doedsdato": "2026-10-01"}, status=[{"status": "doed"}])

    assert (row["is_dead"], row["died_on"]) == (True, date(2026, 10, 1))


def test_a_death_may_be_known_by_the_status_alone(reader: Reader) -> None:
    assert reader.person(status=[{"status": "doed"}])["is_dead"]


def test_every_kind_of_home_is_read(reader: Reader) -> None:
    rows = reader.persons_by_name(
        cadastral={"bostedsadresse": [cadastral()]},
        unknown={"bostedsadresse": [{"erGjeldende": True, "ukjentBosted": {"bostedskommune": HERE}}]},
        code_without_its_zero={"bostedsadresse": [{"erGjeldende": True, "vegadresse": {"kommunenummer": 301}}]},
        nothing_but_an_entry={"bostedsadresse": [{"erGjeldende": True}]},
    )

    assert {name: (row["municipality"], row["address_kind"], row["address"], row["moved_on"]) for name, row in rows.items()} == {
        "cadastral": (HERE, "cadastral", "c/o Ola Å, Nordgården gnr./bnr. 12/3, 0155 OSLO", date(2025, 1, 2)),
        "unknown": (HERE, "unknown", None, None),
        "code_without_its_zero": (HERE, "street", None, None),
        "nothing_but_an_entry": (None, "unknown", None, None),
    }


def test_the_strictest_protection_counts(reader: Reader) -> None:
    def graded(level: str) -> list[Json]:
        return [{"graderingsnivaa": level}]

    rows = reader.persons_by_name(
        nothing={},
        ungraded={"adressebeskyttelse": graded("ugradert")},
        confidential={"adressebeskyttelse": graded("fortrolig")},
        strictly={"adressebeskyttelse": graded("strengtFortrolig"), "bostedsadresse": None},
        client_address={"bostedsadresse": [street(adressegradering="klientadresse")]},
        confidential_address={"bostedsadresse": [street(adressegradering="fortrolig")]},
        confidential_once={"bostedsadresse": [street(), street(erGjeldende=False, adressegradering="fortrolig")]},
        confidential_post={"postadresse": [{"adressegradering": "fortrolig"}]},
        a_new_word={"adressebeskyttelse": graded("heltNyGradering")},
        person_and_address={
            "adressebeskyttelse": graded("fortrolig"),
            "bostedsadresse": [street(adressegradering="klientadresse")],
        },
    )

    assert {name: row["protection"] for name, row in rows.items()} == {
        "nothing": "none",
        "ungraded": "none",
        "confidential": "confidential",
        "strictly": "strictly_confidential",
        "client_address": "client",
        "confidential_address": "confidential",
        "confidential_once": "none",
        "confidential_post": "confidential",
        "a_new_word": "strictly_confidential",
        "person_and_address": "confidential",
    }


def test_a_strictly_protected_child_has_no_place_and_is_kept(reader: Reader) -> None:
    row = reader.person(bostedsadresse=None, adressebeskyttelse=[{"graderingsnivaa": "strengtFortrolig"}])

    assert (row["municipality"], row["address"], row["address_kind"]) == (None, None, "none")


def test_a_stay_in_the_municipality_is_found_among_others(reader: Reader) -> None:
    elsewhere = {"oppholdsadressedato": "2026-09-01", "vegadresse": {"kommunenummer": ELSEWHERE}}
    here = {"startdatoForKontrakt": "2026-08-01", "sluttdatoForKontrakt": ON.isoformat(), "vegadresse": {"kommunenummer": HERE}}

    row = reader.person(bostedsadresse=[street(ELSEWHERE)], oppholdsadresse=[elsewhere], deltBosted=[here])

    assert (row["municipality_now"], row["stay_municipality_now"], row["stay_since"]) == (ELSEWHERE, HERE, date(2026, 8, 1))


def test_a_shared_home_counts_until_the_contract_ends(reader: Reader) -> None:
    ended = {"startdatoForKontrakt": "2026-01-01", "sluttdatoForKontrakt": "2026-11-20", "vegadresse": {"kommunenummer": HERE}}

    assert reader.person(deltBosted=[ended])["stay_municipality_now"] is None


def test_a_stay_abroad_or_without_a_place_is_none(reader: Reader) -> None:
    assert reader.person(oppholdsadresse=[{"oppholdAnnetSted": "utenriks"}])["stay_municipality_now"] is None


def test_moves_across_the_border_are_read(reader: Reader) -> None:
    row = reader.person(
        utflytting=[{"utflyttingsdato": "2026-10-01", "tilflyttingsland": "POL"}],
        innflytting=[{"gyldighetstidspunkt": "2026-10-01T00:00:00+02:00", "fraflyttingsland": "POL"}],
    )

    assert (row["emigrated_on"], row["emigrated_to"]) == (date(2026, 10, 1), "POL")
    assert (row["immigrated_on"], row["immigrated_from"]) == (date(2026, 10, 1), "POL")


def test_time_stamps_are_days_in_norway(reader: Reader) -> None:
    row = reader.person(
        innflytting=[{"gyldighetstidspunkt": "2026-10-01T23:30:00Z"}], utflytting=[{"gyldighetstidspunkt": "2026-10-01T23:30:00"}]
    )

    assert (row["immigrated_on"], row["emigrated_on"]) == (date(2026, 10, 2), date(2026, 10, 1))


def test_parents_are_read_from_family_and_responsibility(reader: Reader) -> None:
    row = reader.person(
        familierelasjon=[
            {"relatertPerson": FATHER, "relatertPersonsRolle": "far"},
            {"relatertPerson": MOTHER, "relatertPersonsRolle": "mor"},
        ],
        foreldreansvar=[{"ansvar": "felles", "ansvarlig": MOTHER}, {"ansvar": "felles", "ansvarlig": FATHER}, {"ansvar": "andre"}],
    )

    assert (row["mother_number"], set(row["guardian_numbers"])) == (MOTHER, {MOTHER, FATHER})


def test_a_mother_with_sole_responsibility_is_the_mother(reader: Reader) -> None:
    assert reader.person(foreldreansvar=[{"ansvar": "mor", "ansvarlig": MOTHER}])["mother_number"] == MOTHER


def test_a_newborns_temporary_name_is_known(reader: Reader) -> None:
    rows = reader.persons_by_name(
        girl={"navn": [{"fornavn": "Kari*PIKE"}]},
        boy={"navn": [{"fornavn": "KARI *Gutt"}]},
        named={"navn": [{"fornavn": "Stjerne*"}]},
        nameless={"navn": [{"fornavn": None}]},
    )

    assert {name: row["name_is_temporary"] for name, row in rows.items()} == {"girl": True, "boy": True, "named": False, "nameless": False}


def test_a_birth_year_is_read_when_the_date_is_unknown(reader: Reader) -> None:
    row = reader.person(foedsel=[{"foedselsaar": "2024"}])

    assert (row["born_on"], row["born_year"]) == (None, 2024)


def test_a_child_without_any_birth_is_kept_when_it_lives_here(reader: Reader) -> None:
    row = reader.person(foedsel=None)

    assert (row["born_on"], row["born_year"], row["municipality"]) == (None, None, HERE)


def test_a_date_that_does_not_exist_is_nothing(reader: Reader) -> None:
    row = reader.person(foedsel=[{"foedselsdato": "2024-02-30", "foedselsaar": "2024"}])

    assert (row["born_on"], row["born_year"]) == (None, 2024)


def test_the_newest_time_stamp_of_all_is_when_the_person_last_changed(reader: Reader) -> None:
    row = reader.person(
        status=[{"status": "bosatt", "ajourholdstidspunkt": "2026-03-01T09:00:00+01:00"}],
        navn=[{"fornavn": "A", "erGjeldende": False, "ajourholdstidspunkt": "2026-07-01T09:00:00+02:00"}, {"ajourholdstidspunkt": "tull"}],
    )

    assert row["last_changed_at"] == "2026-07-01 09:00:00+02"


def test_numbers_written_as_json_numbers_get_their_zero_back(reader: Reader) -> None:
    number = a_number(date(2024, 3, 5))
    assert number[0] == "0"
    document = person()
    document["identifikasjonsnummer"][0]["foedselsEllerDNummer"] = int(number)

    read = reader.persons({"foedselsEllerDNummer": int(number), "folkeregisterperson": document})

    assert read.column("register", "number") == [number]
