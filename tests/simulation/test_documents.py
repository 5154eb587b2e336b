"""What the office files, and what the person document says as of each moment."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from fjorten.kernel.national_id import Kind, Sex
from fjorten.simulation.documents import person_document
from fjorten.simulation.feed import feed_rows
from fjorten.simulation.names import ARABIC, NORWEGIAN
from fjorten.simulation.numbers import NumberIssuer
from fjorten.simulation.office import arrivals, departures, families, identities, moves, protections
from fjorten.simulation.office.arrivals import BirthOrder, Keys, Newcomer
from fjorten.simulation.office.desk import Office, Quirks
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import ELSEWHERE, FJORDVIK, HomeKind, draw_home
from fjorten.simulation.records import Person, Protection, Status
from fjorten.simulation.town import Town
from tests.simulation import published_schema
from tests.simulation.naive_reader import said_in

BORN_ON = date(2025, 2, 3)
LATER = date(2025, 6, 1)
NO_QUIRKS = Quirks(0, 0, 0)
RNG = Random(7)
HOME, OTHER_HOME = draw_home(RNG, FJORDVIK, kind=HomeKind.STREET), draw_home(RNG, FJORDVIK, kind=HomeKind.CADASTRAL)
HOME_ELSEWHERE = draw_home(RNG, ELSEWHERE[0], kind=HomeKind.STREET)


class Family:
    """An office, a mother at home in Fjordvik, and a daughter born there."""

    def __init__(self, *, opened_on: date = BORN_ON, quirks: Quirks = NO_QUIRKS) -> None:
        self.office = Office(Random(3), NumberIssuer(), opened_on=opened_on, quirks=quirks)
        self.keys = Keys()
        self.mother = self.adult(Sex.FEMALE, "Nora Marie", "Lunde")
        self.newcomer = Newcomer(BORN_ON, Sex.FEMALE, NORWEGIAN, "Live", "Lunde", mother=self.mother)

    def adult(self, sex: Sex, given_name: str, family_name: str) -> Person:
        adult = Newcomer(date(1990, 5, 5), sex, NORWEGIAN, given_name, family_name)
        return arrivals.register_as_long_known(self.office, self.keys, adult, home=HOME, since=date(2010, 1, 1), is_child=False)

    def daughter(self, **born: Any) -> Person:
        return arrivals.register_birth(self.office, self.keys, self.newcomer, born_in="7814", **({"home": HOME} | born))

    def document(self, person: Person) -> dict[str, Any]:
        return person_document(person, moment=self.office.moment)

    def events(self, person: Person) -> list[str]:
        return [notice.event for notice in self.office.notices if notice.person is person]


@pytest.fixture
def family() -> Family:
    return Family()


@pytest.fixture
def daughter(family: Family) -> Person:
    child = family.daughter()
    family.office.notices.clear()
    family.office.open(LATER)
    return child


def in_force(elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [element for element in elements if element["erGjeldende"]]


def test_a_newborn_is_called_after_its_mother_until_it_is_named(family: Family) -> None:
    child = family.daughter()
    [name] = family.document(child)["navn"]
    assert (name["fornavn"], name["etternavn"]) == ("NORA*PIKE", "Lunde")
    identities.name_child(family.office, child, "Live", "Lunde", on=LATER)
    assert [element["fornavn"] for element in in_force(family.document(child)["navn"])] == ["Live"]
    assert not child.standing.name_is_temporary


def test_an_annulled_element_vanishes_or_stays_as_no_longer_in_force() -> None:
    seen = set()
    for seed in range(20):
        family = Family()
        family.office.rng.seed(seed)
        child = family.daughter()
        identities.name_child(family.office, child, "Live", "Lunde", on=LATER)
        seen.add(len(family.document(child)["navn"]))
    assert seen == {1, 2}


def test_a_birth_is_announced_as_a_person_with_everything_new_in_one_document(family: Family) -> None:
    child = family.daughter()
    events = family.events(child)
    assert events[0] == "personErOpprettet"
    assert {"endringIFoedsel", "endringINavn", "endringIFamilierelasjon", "endringIForeldreansvar", "endringIBostedsadresse"} <= set(events)
    rows = list(feed_rows(family.office.notices))
    assert len({row.row["hendelse"]["persondokument"] for row in rows[: len(events)]}) == 1
    assert family.events(family.mother) == ["endringIFamilierelasjon", "endringIForeldreansvar"]


def test_twins_have_an_order(family: Family) -> None:
    second = family.daughter(order=BirthOrder(2, 2))
    assert family.document(second)["foedselINorge"][0]["rekkefoelgenummer"] == 22


def test_a_birth_may_be_registered_before_there_is_an_address(family: Family) -> None:
    child = family.daughter(home=None)
    document = family.document(child)
    assert (document["status"][0]["status"], "bostedsadresse" in document) == ("foedselsregistrert", False)
    arrivals.give_first_address(family.office, child, HOME, on=LATER)
    said = said_in(family.document(child))
    assert (said.status, said.municipality) == ("bosatt", "7814")
    assert family.events(child)[-3:] == ["personErBosatt", "endringIStatus", "endringIBostedsadresse"]


def test_a_document_can_be_written_as_of_any_moment(family: Family, daughter: Person) -> None:
    before = family.office.moment
    as_it_was = person_document(daughter, moment=before)
    moves.move(family.office, [daughter], HOME_ELSEWHERE, moved_on=LATER, happening=Happening.MOVED_OUT)
    assert said_in(person_document(daughter, moment=family.office.moment)).municipality == "0301"
    assert person_document(daughter, moment=before) == as_it_was
    assert person_document(daughter, moment=0) == {}


def test_a_move_told_late_is_valid_from_the_day_it_happened(family: Family, daughter: Person) -> None:
    moved_on = date(2025, 5, 3)
    moves.move(family.office, [daughter], HOME_ELSEWHERE, moved_on=moved_on, happening=Happening.MOVED_OUT)
    old, new = family.document(daughter)["bostedsadresse"]
    assert (old["erGjeldende"], old["opphoerstidspunkt"]) == (False, "2025-05-03T00:00:00+02:00")
    assert (new["flyttedato"], new["gyldighetstidspunkt"]) == ("2025-05-03", "2025-05-03T00:00:00+02:00")
    assert new["ajourholdstidspunkt"].startswith("2025-06-01T06:00:00.")


def test_confidential_grades_every_address(family: Family, daughter: Person) -> None:
    moves.move(family.office, [daughter], OTHER_HOME, moved_on=LATER, happening=Happening.MOVED_WITHIN)
    protections.set_grade(family.office, [daughter], Protection.CONFIDENTIAL, on=LATER)
    document = family.document(daughter)
    assert [address["adressegradering"] for address in document["bostedsadresse"]] == ["fortrolig", "fortrolig"]
    assert family.events(daughter) == ["endringIBostedsadresse", "endringIAdressebeskyttelse"]
    moves.move(family.office, [daughter], HOME, moved_on=LATER, happening=Happening.MOVED_WITHIN)
    assert family.events(daughter)[-1] == "endringIAdressebeskyttelse"


def test_strictly_confidential_tells_no_address_and_nothing_of_moves(family: Family, daughter: Person) -> None:
    protections.set_grade(family.office, [daughter], Protection.STRICTLY_CONFIDENTIAL, on=LATER, new_home=HOME_ELSEWHERE)
    moves.move(family.office, [daughter], OTHER_HOME, moved_on=LATER, happening=Happening.MOVED_WITHIN)
    text = str({field: value for field, value in family.document(daughter).items() if field != "foedsel"})
    assert "bostedsadresse" not in text
    assert "7814" not in text
    assert "0301" not in text
    assert family.events(daughter) == ["endringIAdressebeskyttelse"]
    assert daughter.last_open_home_on(LATER) is HOME
    protections.set_grade(family.office, [daughter], Protection.NONE, on=LATER)
    assert said_in(family.document(daughter)).municipality == "7814"


def test_a_newborn_of_a_hidden_mother_is_hidden_from_the_start(family: Family) -> None:
    child = family.daughter(grading=Protection.STRICTLY_CONFIDENTIAL)
    assert "bostedsadresse" not in family.document(child)
    assert "endringIBostedsadresse" not in family.events(child)


def test_a_client_address_is_graded_and_the_child_is_not(family: Family, daughter: Person) -> None:
    protections.place(family.office, daughter, draw_home(RNG, FJORDVIK, kind=HomeKind.CLIENT), on=LATER)
    document = family.document(daughter)
    assert [address["adressegradering"] for address in document["bostedsadresse"]] == ["ugradert", "klientadresse"]
    assert "adressebeskyttelse" not in document
    assert daughter.standing.protection is Protection.CLIENT


def test_a_d_number_becomes_a_foedselsnummer_announced_on_the_old_one(family: Family) -> None:
    newcomer = Newcomer(BORN_ON, Sex.MALE, ARABIC, "Omar", "Khalil", mother=family.mother)
    child = arrivals.register_with_d_number(family.office, family.keys, newcomer, stay=HOME, arrived_on=LATER, is_child=True)
    d_number = child.number
    assert (d_number.kind, said_in(family.document(child)).stay) == (Kind.D_NUMBER, "7814")
    assert "bostedsadresse" not in family.document(child)
    family.office.notices.clear()
    identities.settle(family.office, [child], OTHER_HOME, on=date(2025, 9, 1))
    first = family.office.notices[0]
    assert (first.event, first.number) == ("endringIIdentifikasjonsnummer", d_number)
    assert {notice.number for notice in family.office.notices[1:]} == {child.number}
    old, new = family.document(child)["identifikasjonsnummer"]
    assert (old["status"], old["identifikatortype"], new["status"], new["identifikatortype"]) == (
        "opphoert",
        "dNummer",
        "iBruk",
        "foedselsnummer",
    )
    said = said_in(family.document(child))
    assert (said.status, said.municipality, said.stay) == ("bosatt", "7814", None)


def test_a_d_number_may_go_inactive_and_stays_in_use(family: Family) -> None:
    newcomer = Newcomer(BORN_ON, Sex.MALE, ARABIC, "Omar", "Khalil", mother=family.mother)
    child = arrivals.register_with_d_number(family.office, family.keys, newcomer, stay=HOME, arrived_on=LATER, is_child=True)
    identities.let_d_number_go_inactive(family.office, child, on=LATER)
    document = family.document(child)
    assert (said_in(document).status, document["identifikasjonsnummer"][0]["status"]) == ("inaktiv", "iBruk")


def test_a_corrected_birth_date_may_bring_a_new_number(family: Family, daughter: Person) -> None:
    old = daughter.number
    identities.correct_birth_date(family.office, daughter, date(2025, 2, 5), on=LATER, with_new_number=True)
    said = said_in(family.document(daughter))
    assert (said.born_on, said.number, said.numbers) == (date(2025, 2, 5), daughter.number.digits, {old.digits, daughter.number.digits})
    assert [(notice.event, notice.number) for notice in family.office.notices] == [
        ("endringIFoedsel", old),
        ("endringIIdentifikasjonsnummer", old),
    ]


def test_a_duplicate_ceases_without_a_document_and_the_other_record_lists_its_number(family: Family) -> None:
    newcomer = Newcomer(BORN_ON, Sex.MALE, ARABIC, "Omar", "Khalil", mother=family.mother)
    original, duplicate = (
        arrivals.register_with_d_number(family.office, family.keys, newcomer, stay=HOME, arrived_on=LATER, is_child=True) for _ in range(2)
    )
    family.office.notices.clear()
    identities.cease_as_duplicate(family.office, duplicate, original, on=LATER)
    ceased = [row for row in feed_rows(family.office.notices) if row.row["hendelse"]["hendelsetype"] == "personErOpphoertSomDublett"]
    assert [row.person_document for row in ceased] == [None]
    assert "persondokument" not in ceased[0].row["hendelse"]
    said = said_in(family.document(original))
    assert (said.number, said.numbers) == (original.number.digits, {original.number.digits, duplicate.number.digits})
    assert duplicate.standing.merged_into == original.key


def test_an_update_has_no_document(family: Family, daughter: Person) -> None:
    identities.touch(family.office, daughter, on=LATER)
    [row] = feed_rows(family.office.notices)
    assert row.person_document is None
    assert (row.row["hendelse"]["persondokument"], row.row["hendelse"]["hendelsesdokument"]) == (None, None)
    assert in_force(family.document(daughter)["identitetsgrunnlag"])[0]["identitetsgrunnlagstatus"] == "unik"


def test_a_death_is_registered_corrected_and_annulled(family: Family, daughter: Person) -> None:
    departures.register_death(family.office, daughter, died_on=LATER)
    said = said_in(family.document(daughter))
    assert (said.status, said.died_on, said.municipality) == ("doed", LATER, None)
    departures.correct_death_date(family.office, daughter, died_on=date(2025, 5, 31))
    assert said_in(family.document(daughter)).died_on == date(2025, 5, 31)
    departures.annul_death(family.office, daughter, Status.RESIDENT, HOME, lived_there_since=BORN_ON)
    said = said_in(family.document(daughter))
    assert (said.status, said.died_on, said.municipality) == ("bosatt", None, "7814")
    assert family.events(daughter).count("personErReaktivert") == 2


def test_missing_and_found(family: Family, daughter: Person) -> None:
    departures.register_missing(family.office, daughter, on=LATER)
    said = said_in(family.document(daughter))
    assert (said.status, said.municipality) == ("forsvunnet", None)
    departures.register_found(family.office, daughter, HOME, on=LATER)
    said = said_in(family.document(daughter))
    assert (said.status, said.municipality) == ("bosatt", "7814")


def test_emigrated_and_back(family: Family, daughter: Person) -> None:
    moves.emigrate(family.office, [daughter], country="XUK", moved_on=LATER)
    document = family.document(daughter)
    assert (said_in(document).status, document["utflytting"][0]["tilflyttingsland"]) == ("utflyttet", "XUK")
    moves.come_back_from_abroad(family.office, [daughter], HOME, moved_on=LATER)
    assert said_in(family.document(daughter)).municipality == "7814"


def test_a_reform_changes_the_code_and_not_the_day_they_moved_in(family: Family, daughter: Person) -> None:
    family.office.adopt_code("7814", "7914")
    moves.recode(family.office, daughter, on=LATER)
    old, new = family.document(daughter)["bostedsadresse"]
    assert (old["erGjeldende"], old["flyttedato"]) == (False, new["flyttedato"])
    assert said_in(family.document(daughter)).municipality == "7914"
    assert family.events(daughter) == ["endringIBostedsadresseVedKommuneregulering"]


def test_a_correction_of_the_address_is_no_move(family: Family, daughter: Person) -> None:
    moves.correct_address(family.office, [daughter], on=LATER)
    old, new = family.document(daughter)["bostedsadresse"]
    assert (old["flyttedato"], family.events(daughter)) == (new["flyttedato"], ["endringIBostedsadresseUtenFlytting"])


@pytest.mark.parametrize(("custody", "guardians"), [("mor", 1), ("far", 1), ("felles", 2), ("andre", 0)])
def test_custody_may_go_to_one_both_or_child_welfare(family: Family, custody: str, guardians: int) -> None:
    father = family.adult(Sex.MALE, "Emil", "Bakke")
    family.newcomer = Newcomer(BORN_ON, Sex.FEMALE, NORWEGIAN, "Live", "Lunde", mother=family.mother, father=father)
    child = family.daughter()
    families.change_custody(family.office, child, custody, on=LATER)
    current = in_force(family.document(child)["foreldreansvar"])
    assert {element["ansvar"] for element in current} == {custody}
    assert len(said_in(family.document(child)).guardians) == guardians
    assert ("ansvarligOrganisasjon" in current[0]) == (custody == "andre")


def test_an_adopted_child_has_a_father_and_his_name(family: Family, daughter: Person) -> None:
    father = family.adult(Sex.MALE, "Emil", "Bakke")
    families.adopt(family.office, daughter, father, "Bakke", on=LATER)
    said = said_in(family.document(daughter))
    assert said.guardians == {family.mother.number.digits, father.number.digits}
    assert said.name[1] == "bakke"


def documents_of(town: Town) -> Iterator[dict[str, Any]]:
    return (row.person_document for row in town.feed(until=date(2025, 2, 1)) if row.person_document is not None)


def test_without_quirks_every_document_follows_the_published_schema() -> None:
    town = Town(seed=2, children=150, begins_on=date(2024, 3, 1), quirks=NO_QUIRKS, reform_on=date(2025, 1, 1))
    assert sum(1 for document in documents_of(town) if not schema_errors(document)) > 500
    assert [error for document in documents_of(town) for error in schema_errors(document)] == []


def test_with_quirks_some_documents_hold_what_nobody_has_heard_of(town: Town) -> None:
    strange = {error for document in documents_of(town) for error in schema_errors(document)}
    assert {"unknown field kvalitetsmerke", "unknown section tilknytningTilRiket"} <= strange
    assert any(error.startswith("unknown value") for error in strange)


def schema_errors(document: dict[str, Any]) -> list[str]:
    errors = []
    for section, content in document.items():
        if section not in published_schema.FIELDS:
            errors.append(f"unknown section {section}")
            continue
        for element in [content] if section == "doedsfall" else content:
            errors += [f"missing {field} in {section}" for field in published_schema.MUST_HAVE - set(element)]
            known = published_schema.FIELDS[section] | published_schema.SHARED
            errors += [f"unknown field {field}" for field in set(element) - known]
            errors += [
                f"unknown value {element[field]} of {section}.{field}"
                for (owner, field), values in published_schema.VALUES.items()
                if owner == section and field in element and element[field] not in values
            ]
            errors += [f"unknown field {field}" for field in set(element.get("vegadresse", {})) - published_schema.VEGADRESSE]
            errors += [f"unknown field {field}" for field in set(element.get("matrikkeladresse", {})) - published_schema.MATRIKKELADRESSE]
            if element.get("vegadresse", {}).get("bruksenhetstype", "bolig") != "bolig":
                errors.append("unknown value of bruksenhetstype")
            if "opphoerstidspunkt" in element and element["erGjeldende"]:
                errors.append(f"{section} in force and ended")
    return errors


def test_every_event_is_in_the_register_s_list_but_one_kind_that_is_meant_to_be_new(old_town: Town) -> None:
    events = {row.row["hendelse"]["hendelsetype"] for row in old_town.feed(until=old_town.lived_until)}
    assert events - published_schema.EVENTS == {"endringITilknytningTilRiket"}
