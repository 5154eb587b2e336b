"""Extracts and events into the ledger: what is kept, what is left alone, and what the system does about it by itself."""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fjorten.audit.actor import Actor
from fjorten.kernel.national_id import parse
from fjorten.organisation.actions import CodeBelongsToAnother, add_code, open_municipality
from fjorten.organisation.models import Municipality
from fjorten.organisation.queries import municipality_named
from fjorten.people.models import Identifier, Person
from fjorten.people.queries import person_with_number, resident_children
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.registers.actions import ExtractHardlyMatches, apply_feed, load_extract
from fjorten.registers.enrolment import enrol_resident
from fjorten.registers.feeds.directory import DirectorySource
from fjorten.registers.feeds.http import HttpSource
from fjorten.registers.feeds.patience import Clockwork
from fjorten.registers.feeds.source import RegisterSource
from fjorten.registers.models import PendingLookUp, RegisterDocument, RegisterLoad, SeenElsewhere, WorkItem
from fjorten.registers.municipality_codes import RENUMBERED, own_codes_of
from fjorten.registers.reconciliation import reconcile
from fjorten.simulation.register_answers import RegisterData
from fjorten.simulation.register_faults import Fault, FaultPlan
from fjorten.simulation.register_server import RegisterServer
from fjorten.simulation.town import Town
from tests.factories.register import Json, a_number, event, extract_file, feed_folder, person_document
from tests.state import residents_of

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
ON = date(2026, 3, 10)
BORN = date(2024, 3, 5)


class Clinic:
    """A ledger that is told things."""

    def __init__(self, municipality: Municipality, by: Actor, folder: Path) -> None:
        self.municipality, self.by, self.folder = municipality, by, folder
        self.read = 0

    def loads(self, *children: Json, on: date = ON, **options: Any) -> Any:
        path = extract_file(self.folder / "uttrekk.jsonl", children)
        return load_extract(path=path, municipality=self.municipality, on=on, by=self.by, at=AT, **options)

    def hears(self, *events: tuple[Json, Json], persons: Iterable[Json] = ()) -> Any:
        self.read += 1
        folder = feed_folder(self.folder / f"feed{self.read}", events)
        if persons:
            extract_file(folder / "persons.jsonl", persons)
        with DirectorySource(folder) as source:
            return apply_feed(source=source, municipality=self.municipality, by=self.by, at=AT, from_the_start=True)

    def residents(self, on: date = ON) -> list[Person]:
        return list(resident_children(municipality=self.municipality, on=on).order_by("pk"))

    def work(self, on: date = ON) -> list[str]:
        reconcile(municipality=self.municipality, on=on, by=self.by, at=AT)
        return sorted(WorkItem.objects.unresolved().values_list("rule", flat=True))


@pytest.fixture
def clinic(municipality: Municipality, clerk: Actor, tmp_path: Path) -> Clinic:
    return Clinic(municipality, clerk, tmp_path)


def a_child(nth: int = 0, born_on: date = BORN, **traits: Any) -> Json:
    return person_document(a_number(born_on, nth), born_on=born_on, **traits)


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_adults_and_children_elsewhere_are_not_kept(clinic: Clinic) -> None:
    adult = person_document(a_number(date(1990, 1, 1)), born_on=date(1990, 1, 1))
    result = clinic.loads(a_child(), a_child(1, lives_in="9902"), adult)
    assert (result.persons_read, result.children_kept) == (3, 1)
    assert Person.objects.count() == 1
    assert SeenElsewhere.objects.count() == 1
    assert a_number(BORN, 1) not in str(SeenElsewhere.objects.values()), "only a digest of the number is kept"


def test_a_load_of_many_new_children_lets_postgresql_count_its_tables(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fjorten.registers.actions._MANY_NEW", 2)

    def is_counted(*children: Json) -> bool:
        with CaptureQueriesContext(connection) as asked:
            clinic.loads(*children)
        return any(query["sql"] == "ANALYZE" for query in asked)

    needs_it = connection.vendor == "postgresql"
    assert is_counted(a_child()) is False, "few"
    assert is_counted(a_child(), a_child(1)) is False, "many, of whom one is new"
    assert is_counted(a_child(2), a_child(3)) is needs_it


def test_a_late_event_does_not_bring_back_a_child_that_has_left(clinic: Clinic) -> None:
    clinic.hears(event(7, a_child(lives_in="9902", since=date(2026, 3, 6)), at=at(7)))
    clinic.hears(event(3, a_child(), at=at(3)))
    assert clinic.residents() == []
    assert clinic.residents(on=date(2026, 3, 6)) != [], "but it lived here until the later word"


def test_protection_heard_of_before_everything_else_does_not_bring_back_a_child_that_had_left(clinic: Clinic) -> None:
    clinic.hears(event(8, a_child(is_strictly_confidential=True), at=at(8)))
    clinic.hears(event(7, a_child(lives_in="9902", since=date(2026, 3, 6)), at=at(7)))
    assert sorted(SeenElsewhere.objects.values_list("kind", flat=True)) == ["elsewhere", "hidden"]
    clinic.hears(event(3, a_child(), at=at(3)))
    assert clinic.residents() == []
    assert Person.objects.get().protection == "strictly_confidential"


def test_protection_heard_of_before_the_residence_leaves_the_child_ours(clinic: Clinic) -> None:
    clinic.hears(event(8, a_child(is_strictly_confidential=True), at=at(8)))
    clinic.hears(event(3, a_child(), at=at(3)))
    assert [child.protection for child in clinic.residents()] == ["strictly_confidential"]


def test_a_d_number_and_the_later_number_are_one_child(clinic: Clinic) -> None:
    d_number, number = a_number(BORN, is_d_number=True), a_number(BORN)
    clinic.hears(event(1, person_document(d_number, born_on=BORN, status="midlertidig", lives_in=None, stays_in="9901"), at=at(1)))
    assert clinic.residents() == []
    assert clinic.work() == ["stays_here_without_journal"]
    clinic.hears(event(2, person_document(number, born_on=BORN, earlier_numbers=[d_number], since=date(2026, 3, 5)), at=at(5)))
    [child] = clinic.residents()
    assert Person.objects.count() == 1
    for known in (d_number, number):
        assert person_with_number(parse(known), municipality=clinic.municipality) == child
    assert list(Identifier.objects.order_by("number").values_list("is_in_use", flat=True)) == [True, False]


def test_two_records_the_register_says_are_one_are_joined_and_nothing_is_closed(clinic: Clinic) -> None:
    d_number, number = a_number(BORN, is_d_number=True), a_number(BORN)
    clinic.loads(person_document(d_number, born_on=BORN), person_document(number, born_on=BORN))
    for child in clinic.residents():
        enrol_resident(person=child, on=ON, reason="bor her", by=clinic.by, at=AT)
    result = clinic.hears(event(1, person_document(number, born_on=BORN, earlier_numbers=[d_number]), at=at(5)))
    assert result.joined == 1
    assert len(clinic.residents()) == 1
    assert Enrolment.objects.still_open().count() == 2, "both stay until a person has looked"
    assert "two_journals_one_child" in clinic.work()


def test_a_newborn_without_an_address_lives_with_its_mother(clinic: Clinic) -> None:
    born = date(2026, 3, 8)
    mother = a_number(date(1996, 5, 3))
    at_home = person_document(mother, born_on=date(1996, 5, 3))
    newborn = person_document(a_number(born), born_on=born, is_birth_registered_without_address=True, mother=mother)
    result = clinic.loads(newborn, at_home)
    assert (result.children_kept, result.enrolled) == (1, 1)
    other = person_document(a_number(born, 1), born_on=born, is_birth_registered_without_address=True, mother=mother)
    clinic.hears(event(1, other, at=at(9)), persons=[at_home])
    assert len(clinic.residents()) == 2
    elsewhere = person_document(
        a_number(born, 2), born_on=born, is_birth_registered_without_address=True, mother=a_number(date(1990, 1, 1))
    )
    clinic.hears(event(2, elsewhere, at=at(9)))
    assert len(clinic.residents()) == 2


def test_a_municipality_reform_moves_nobody(clinic: Clinic) -> None:
    clinic.loads(a_child(), a_child(1))
    renumbered = [a_child(nth, lives_in="9909", since=date(2026, 3, 9)) for nth in (0, 1)]
    clinic.hears(*(event(nth, child, at=at(9), what=RENUMBERED) for nth, child in enumerate(renumbered, start=1)))
    assert len(clinic.residents()) == 2
    assert own_codes_of(clinic.municipality) == {"9901", "9909"}, "the register renumbered us all: the number is ours"
    assert municipality_named("9909") == clinic.municipality
    born = date(2026, 3, 9)
    clinic.hears(event(3, person_document(a_number(born), born_on=born, lives_in="9909"), at=at(10)))
    assert len(clinic.residents()) == 3
    assert clinic.work() == ["lives_here_without_journal", "lives_here_without_journal"], "nobody moved; two still have no journal"


def test_when_a_small_part_is_renumbered_its_children_stay_with_us_and_the_number_is_not_taken(clinic: Clinic) -> None:
    clinic.loads(*(a_child(nth) for nth in range(5)))
    clinic.hears(event(1, a_child(0, lives_in="9909", since=date(2026, 3, 9)), at=at(9), what=RENUMBERED))
    assert len(clinic.residents()) == 5
    assert own_codes_of(clinic.municipality) == {"9901"}


def test_a_code_is_one_municipalitys_only(clinic: Clinic) -> None:
    other = open_municipality(code="9902", name="Nabo", by=clinic.by, at=AT)
    with pytest.raises(CodeBelongsToAnother):
        add_code(municipality=clinic.municipality, code="9902", source="prøve", by=clinic.by, at=AT)
    add_code(municipality=other, code="9903", source="prøve", by=clinic.by, at=AT)
    with pytest.raises(CodeBelongsToAnother):
        add_code(municipality=clinic.municipality, code="9903", source="prøve", by=clinic.by, at=AT)
    assert open_municipality(code="9903", name="", by=clinic.by, at=AT) == other


def test_a_strictly_protected_child_vanishes_from_the_extract_and_stays_with_us(clinic: Clinic) -> None:
    clinic.loads(a_child(), a_child(1), on=date(2026, 3, 1))
    clinic.loads(a_child(1), on=date(2026, 3, 9))
    assert len(clinic.residents()) == 2
    assert "gone_from_extract" in clinic.work()
    clinic.hears(event(1, a_child(is_strictly_confidential=True), at=at(9)))
    [protected] = [child for child in clinic.residents() if child.is_protected]
    assert [row.basic_unit for row in protected.residences.all()] == [""]
    assert "address_protected" in clinic.work()


def test_a_child_looked_up_after_the_extract_is_no_newer_extract(clinic: Clinic) -> None:
    clinic.loads(a_child(), a_child(1), on=date(2026, 3, 1))
    unchanged = a_child()
    clinic.hears(event(1, unchanged, at=at(9), what="endringIFamilierelasjon"), persons=[unchanged])
    RegisterDocument.objects.filter(channel="extract", person__identifiers__number=a_number(BORN)).update(last_seen_on=ON)
    assert "gone_from_extract" not in clinic.work(), "the other stood in the newest extract there is"


def test_an_extract_of_another_municipality_is_refused_and_nothing_is_kept_of_it(clinic: Clinic) -> None:
    clinic.loads(*(a_child(nth) for nth in range(30)), on=date(2026, 3, 1))
    with pytest.raises(ExtractHardlyMatches):
        clinic.loads(*(a_child(nth, born_on=date(2025, 1, 1)) for nth in range(30)))
    assert (len(clinic.residents()), RegisterLoad.objects.count()) == (30, 1)
    clinic.loads(*(a_child(nth, born_on=date(2025, 1, 1)) for nth in range(30)), force=True)
    assert len(clinic.residents()) == 60


def test_an_older_extract_loaded_late_changes_nothing(clinic: Clinic) -> None:
    clinic.loads(a_child(since=date(2026, 3, 1)), on=date(2026, 3, 9))
    clinic.loads(a_child(lives_in="9902"), on=date(2026, 2, 1))
    assert len(clinic.residents()) == 1


def test_an_event_without_a_document_waits_until_something_newer_comes(clinic: Clinic) -> None:
    clinic.loads(a_child(), on=date(2026, 3, 1))
    row, _ = event(5, a_child(), at=at(9), what="personErOppdatert")
    row["hendelse"]["persondokument"] = None
    result = clinic.hears((row, {"dokumentidentifikator": "annet", "folkeregisterperson": {}}))
    assert result.waiting_for_look_up == 1
    clinic.hears(event(6, a_child(given="NYTT"), at=at(9)))
    assert PendingLookUp.objects.count() == 0
    row["sekvensnummer"] = 7
    row["hendelse"]["ajourholdstidspunkt"] = at(9, 12).isoformat()
    result = clinic.hears((row, {"dokumentidentifikator": "annet", "folkeregisterperson": {}}), persons=[a_child(given="ENDA NYERE")])
    assert result.waiting_for_look_up == 0
    assert clinic.residents()[0].given_name == "ENDA NYERE"


def test_a_corrected_birth_date_moves_the_plan_and_keeps_what_is_settled(clinic: Clinic) -> None:
    born, corrected = date(2026, 3, 1), date(2026, 3, 3)
    number = a_number(born)
    clinic.hears(event(1, person_document(number, born_on=born), at=at(2)))
    before = {row.step: row.target_on for row in PlannedStep.objects.all()}
    clinic.hears(event(2, person_document(number, born_on=corrected), at=at(5)))
    after = {row.step: row.target_on for row in PlannedStep.objects.all()}
    assert after["C01_HOME"] - before["C01_HOME"] == corrected - born
    assert Enrolment.objects.get().planned_from_born_on == corrected


def test_a_newborn_is_enrolled_from_the_day_the_register_first_told(clinic: Clinic) -> None:
    born = date(2026, 3, 1)
    clinic.hears(
        event(1, person_document(a_number(born), born_on=born), at=at(4)), event(2, person_document(a_number(born), born_on=born), at=at(9))
    )
    assert Enrolment.objects.get().enrolled_on == date(2026, 3, 4)


def test_a_municipality_may_choose_to_enrol_newborns_itself(clinic: Clinic) -> None:
    Municipality.objects.update(enrols_newborns=False)
    clinic.municipality.refresh_from_db()
    born = date(2026, 3, 1)
    clinic.hears(event(1, person_document(a_number(born), born_on=born), at=at(4)))
    assert not Enrolment.objects.exists()
    assert clinic.work() == ["lives_here_without_journal"]


def test_a_child_whose_birth_date_is_not_told_is_not_lost(clinic: Clinic) -> None:
    clinic.loads(person_document(a_number(BORN), born_on=None, born_in=2024))
    [child] = clinic.residents()
    assert (child.born_on, child.born_by) == (None, date(2024, 12, 31))
    assert clinic.work() == ["lives_here_without_journal"]


def test_the_dozen_events_of_one_birth_are_one_document(clinic: Clinic) -> None:
    born = date(2026, 3, 1)
    child = person_document(a_number(born), born_on=born)
    clinic.hears(*(event(n, child, at=at(2)) for n in range(1, 13)))
    [row] = RegisterDocument.objects.all()
    assert row.sequence == 12


def test_an_item_a_person_resolved_stays_resolved_until_something_changes(clinic: Clinic) -> None:
    from fjorten.registers.work import resolve

    clinic.loads(a_child(), on=date(2026, 3, 1))
    assert clinic.work() == ["lives_here_without_journal"]
    [item] = WorkItem.objects.all()
    resolve(item=item, resolution=WorkItem.Resolution.NO_ACTION, reason="følges av nabokommunen", by=clinic.by, at=AT)
    assert clinic.work() == []
    clinic.hears(event(1, a_child(since=date(2026, 3, 8)), at=at(8)))
    assert clinic.work() == ["lives_here_without_journal"]


def test_the_registers_own_interface_gives_the_same_ledger_as_the_files(clinic: Clinic, tmp_path: Path) -> None:
    town = Town(seed=3, children=60, begins_on=date(2026, 1, 1))
    town.write_feed(tmp_path / "feed", until=date(2026, 3, 1))
    told: list[Any] = []
    for location in ("files", "interface"):
        with transaction.atomic():
            municipality = open_municipality(code=town.municipality.code, name="", by=clinic.by, at=AT)
            with ExitStack() as stack:
                if location == "files":
                    source: RegisterSource = stack.enter_context(DirectorySource(tmp_path / "feed"))
                else:
                    plan = FaultPlan(seed=3, chances=dict.fromkeys(Fault, 0.05))
                    server = stack.enter_context(RegisterServer(RegisterData.of_directory(tmp_path / "feed"), plan=plan))
                    clockwork = Clockwork(now=lambda: AT, elapsed_seconds=lambda: 0.0, sleep=lambda _: None, chance=lambda: 0.5)
                    source = stack.enter_context(HttpSource(server.url, clockwork=clockwork))
                result = apply_feed(source=source, municipality=municipality, by=clinic.by, at=AT)
            assert result.gaps == ()
            told.append(residents_of(municipality, on=AT.date()))
            transaction.set_rollback(True)
    assert told[0] == told[1] != []
