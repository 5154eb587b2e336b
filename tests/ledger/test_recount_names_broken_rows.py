"""
One row is broken behind the ledger's back, as somebody could who owns the database, and the recount names that row and no other.

Every fault is planted with the ledger otherwise sound (test_recount shows that it is), and says itself which rows must be named.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.test import override_settings

from fjorten.audit.models import AuditEvent, AuditHead
from fjorten.journal.models import Journal
from fjorten.ledger.differences import Difference
from fjorten.ledger.models import LedgerSnapshot
from fjorten.organisation.actions import open_municipality
from fjorten.people.models import (
    AddressProtection,
    FamilyRelation,
    Identifier,
    Migration,
    NameInForce,
    ParentalResponsibility,
    Person,
    Residence,
)
from fjorten.plans.models import Enrolment, PlannedStep, StandingDecision, StepEvent
from fjorten.registers.models import RegisterDocument
from tests.databases import database_of_its_own
from tests.factories.clinic import AT, CLERK
from tests.factories.register import a_number
from tests.ledger.book import EARLIER, TODAY, Book, behind_the_triggers, delete, make_book

# A named row: table, situation of the child ("" for nobody), primary key or "" when the row is missing, and the step's code or "".
Named = tuple[str, str, object, str]
Fault = Callable[[Book], list[Named]]
FAULTS: list[Fault] = []


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The sound ledger, in a database of this file's own: making it costs more than breaking and recounting it."""
    home = tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock(), database_of_its_own(), override_settings(HOME=home):
        municipality = open_municipality(code="9901", name="Prøvekommunen", by=CLERK, at=AT)
        yield make_book(municipality=municipality, by=CLERK, at=AT, folder=home)


@pytest.fixture
def book(made_once: Book) -> Iterator[Book]:
    """The sound ledger; what a test breaks is whole again after it."""
    with transaction.atomic():
        yield made_once
        transaction.set_rollback(True)


def fault(plant: Fault) -> Fault:
    FAULTS.append(plant)
    return plant


def of_step(book: Book, situation: str, code: str, **change: object) -> list[Named]:
    row = book.step(situation, code)
    PlannedStep.objects.filter(pk=row.pk).update(**change)
    return [("planned_step", situation, row.pk, code)]


def of_person(book: Book, situation: str, **change: object) -> list[Named]:
    row = book.child(situation)
    Person.objects.filter(pk=row.pk).update(**change)
    return [("person", situation, row.pk, "")]


def of_row(book: Book, table: str, situation: str, row: object, **change: object) -> list[Named]:
    type(row)._default_manager.filter(pk=row.pk).update(**change)  # type: ignore[attr-defined]
    return [(table, situation, row.pk, "")]  # type: ignore[attr-defined]


def home_of(book: Book, situation: str) -> Residence:
    return Residence.objects.get(person=book.child(situation), valid_until=None)


def document_of(book: Book, situation: str) -> RegisterDocument:
    return RegisterDocument.objects.filter(person=book.child(situation)).latest("pk")


# --- plans -------------------------------------------------------------------------------------------------------------------------


@fault
def a_window_that_ends_a_day_later(book: Book) -> list[Named]:
    return of_step(book, "newborn", "C04_M3", window_until=F("window_until") + timedelta(days=1))


@fault
def a_window_that_began_long_ago(book: Book) -> list[Named]:
    return of_step(book, "newborn", "C13_Y2", window_from=date(2026, 1, 1))


@fault
def a_moved_window_of_the_catch_up_plan(book: Book) -> list[Named]:
    row = PlannedStep.objects.get(enrolment=book.enrolment("newcomer"), basis="catch_up")
    return of_step(book, "newcomer", row.step, window_until=F("window_until") + timedelta(days=90))


@fault
def a_target_day(book: Book) -> list[Named]:
    return of_step(book, "newborn", "C02_W4", target_on=F("target_on") + timedelta(days=1))


@fault
def a_place_in_the_programme(book: Book) -> list[Named]:
    return of_step(book, "newborn", "C02_W4", position=9)


@fault
def a_step_said_to_be_of_a_catch_up_plan_there_never_was(book: Book) -> list[Named]:
    return of_step(book, "newborn", "C02_W4", basis="catch_up")


@fault
def a_step_done_without_anybody_having_said_so(book: Book) -> list[Named]:
    told = {"outcome_on": TODAY, "outcome_at": book.at, "outcome_by": "ingen", "outcome_reason": "ingen"}
    return of_step(book, "newborn", "C01_HOME", outcome="done", **told)


@fault
def a_decline_made_to_look_done(book: Book) -> list[Named]:
    return of_step(book, "twin", "C03_W6", outcome="done")


@fault
def a_settled_step_opened_quietly(book: Book) -> list[Named]:
    cleared = dict.fromkeys(("outcome", "outcome_on", "outcome_at", "outcome_by", "outcome_reason"))
    return of_step(book, "corrected", "C01_HOME", **cleared)


@fault
def a_step_settled_on_another_day(book: Book) -> list[Named]:
    return of_step(book, "corrected", "C01_HOME", outcome_on=EARLIER - timedelta(days=1))


@fault
def a_settled_step_signed_by_another(book: Book) -> list[Named]:
    return of_step(book, "twin", "C03_W6", outcome_by="en annen")


@fault
def a_reason_rewritten(book: Book) -> list[Named]:
    return of_step(book, "twin", "C04_M3", outcome_reason="noe annet")


@fault
def a_claim_made_to_look_confirmed(book: Book) -> list[Named]:
    return of_step(book, "twin", "C02_W4", is_confirmed=True)


@fault
def a_step_in_another_municipality(book: Book) -> list[Named]:
    other = open_municipality(code="9902", name="Nabokommunen", by=book.by, at=book.at)
    return of_step(book, "newborn", "C14_Y4", municipality=other)


@fault
def a_step_that_is_gone(book: Book) -> list[Named]:
    row = book.step("newborn", "C10_M12")
    behind_the_triggers("plans_stepevent")
    delete("plans_stepevent", "planned_step_id", row.pk)
    delete("plans_plannedstep", "id", row.pk)
    return [("planned_step", "newborn", "", "C10_M12")]


@fault
def all_the_steps_of_a_child_gone(book: Book) -> list[Named]:
    rows = list(PlannedStep.objects.filter(enrolment=book.enrolment("newborn")))
    behind_the_triggers("plans_stepevent")
    for row in rows:
        delete("plans_stepevent", "planned_step_id", row.pk)
        delete("plans_plannedstep", "id", row.pk)
    return [("planned_step", "newborn", "", row.step) for row in rows]


@fault
def a_step_nobody_planned(book: Book) -> list[Named]:
    row = book.step("newborn", "C10_M12")
    row.pk, row.step = None, "C99_X"
    row.save(force_insert=True)
    return [("planned_step", "newborn", row.pk, "C99_X")]


@fault
def a_step_nobody_planned_with_a_history_made_up_for_it(book: Book) -> list[Named]:
    row = book.step("newborn", "C10_M12")
    history = row.events.get()
    row.pk, row.step = None, "C99_X"
    row.save(force_insert=True)
    history.pk, history.planned_step = None, row
    history.save(force_insert=True)
    return [("planned_step", "newborn", row.pk, "C99_X")]


@fault
def a_history_that_was_never_written(book: Book) -> list[Named]:
    row = book.step("newborn", "C10_M12")
    behind_the_triggers("plans_stepevent")
    delete("plans_stepevent", "planned_step_id", row.pk)
    return [("planned_step", "newborn", row.pk, "C10_M12")]


@fault
def a_history_without_its_beginning(book: Book) -> list[Named]:
    first, second = book.step("corrected", "C01_HOME").events.order_by("pk")[:2]
    behind_the_triggers("plans_stepevent")
    delete("plans_stepevent", "id", first.pk)
    return [("step_event", "corrected", second.pk, "C01_HOME")]


@fault
def a_history_without_the_decision(book: Book) -> list[Named]:
    row = book.step("twin", "C03_W6")
    behind_the_triggers("plans_stepevent")
    delete("plans_stepevent", "id", row.events.get(what="settled").pk)
    return [("planned_step", "twin", row.pk, "C03_W6")]


@fault
def a_history_in_which_a_step_is_settled_twice(book: Book) -> list[Named]:
    event = book.step("twin", "C03_W6").events.get(what="settled")
    event.pk, event.outcome = None, "done"
    event.save(force_insert=True)
    return [("step_event", "twin", event.pk, "C03_W6")]


@fault
def a_history_with_another_window(book: Book) -> list[Named]:
    event = book.step("newborn", "C10_M12").events.get()
    behind_the_triggers("plans_stepevent")
    StepEvent.objects.filter(pk=event.pk).update(window_until=F("window_until") + timedelta(days=1))
    return [("step_event", "newborn", event.pk, "C10_M12")]


@fault
def a_plan_reckoned_from_another_birth_date(book: Book) -> list[Named]:
    return of_row(book, "enrolment", "newborn", book.enrolment("newborn"), planned_from_born_on=date(2026, 3, 2))


@fault
def an_enrolment_in_another_municipality(book: Book) -> list[Named]:
    other = open_municipality(code="9902", name="Nabokommunen", by=book.by, at=book.at)
    return of_row(book, "enrolment", "newborn", book.enrolment("newborn"), municipality=other)


@fault
def a_second_enrolment_at_the_same_time(book: Book) -> list[Named]:
    ended = book.enrolment("ended")
    ended.pk, ended.ended_on, ended.ended_at, ended.ended_by, ended.ended_reason = None, None, None, None, None
    ended.enrolled_on = TODAY - timedelta(days=1)
    ended.save(force_insert=True)
    codes = [row.step for row in PlannedStep.objects.filter(enrolment=Enrolment.objects.earliest("pk"))]
    opened = Journal.objects.create(
        municipality=book.municipality,
        person=ended.person,
        clinic=ended.clinic,
        opened_on=ended.enrolled_on,
        opened_at=book.at,
        opened_by="x",
    )
    assert opened.pk
    return [("enrolment", "ended", ended.pk, ""), *(("planned_step", "ended", "", code) for code in codes)]


@fault
def a_journal_that_is_gone(book: Book) -> list[Named]:
    delete("journal_journal", "person_id", book.child("newborn").pk)
    return [("journal", "newborn", "", "")]


@fault
def a_journal_closed_without_ending_the_enrolment(book: Book) -> list[Named]:
    row = Journal.objects.get(person=book.child("newborn"))
    return of_row(book, "journal", "newborn", row, closed_on=TODAY, closed_at=book.at, closed_by="x", closed_reason="x")


@fault
def an_enrolment_that_is_gone_with_everything_but_the_journal(book: Book) -> list[Named]:
    enrolment = book.enrolment("newborn")
    behind_the_triggers("plans_stepevent")
    for row in PlannedStep.objects.filter(enrolment=enrolment):
        delete("plans_stepevent", "planned_step_id", row.pk)
        delete("plans_plannedstep", "id", row.pk)
    delete("plans_enrolment", "id", enrolment.pk)
    return [("journal", "newborn", Journal.objects.get(person=book.child("newborn")).pk, "")]


@fault
def two_reasons_for_standing_outside_at_the_same_time(book: Book) -> list[Named]:
    second = StandingDecision.objects.create(
        municipality=book.municipality,
        person=book.child("outside"),
        standing="in_transfer",
        reason="også",
        from_on=TODAY,
        until_on=TODAY + timedelta(days=30),
        decided_at=book.at,
        decided_by="x",
    )
    return [("standing_decision", "outside", second.pk, "")]


# --- persons -----------------------------------------------------------------------------------------------------------------------


@fault
def a_birth_date(book: Book) -> list[Named]:
    return of_person(book, "newborn", born_on=date(2019, 3, 1), born_by=date(2019, 3, 1))


@fault
def a_child_made_to_look_dead(book: Book) -> list[Named]:
    return of_person(book, "newborn", is_dead=True, died_on=date(2026, 3, 5))


@fault
def a_death_forgotten(book: Book) -> list[Named]:
    return of_person(book, "dead", is_dead=False, died_on=None)


@fault
def a_name(book: Book) -> list[Named]:
    return of_person(book, "newborn", given_name="ANNET")


@fault
def a_name_to_search_by(book: Book) -> list[Named]:
    return of_person(book, "newborn", search_name="annet")


@fault
def a_status(book: Book) -> list[Named]:
    return of_person(book, "newborn", status="utflyttet")


@fault
def a_protection_taken_off(book: Book) -> list[Named]:
    return of_person(book, "strictly_protected", protection="none")


@fault
def a_stay_forgotten(book: Book) -> list[Named]:
    return of_person(book, "staying", stays_here=False, stays_here_since=None)


@fault
def a_person_made_to_continue_as_another(book: Book) -> list[Named]:
    return of_person(book, "unaccounted", continued_as=book.child("newborn"))


@fault
def a_person_who_no_longer_continues_as_another(book: Book) -> list[Named]:
    row = Person.objects.get(continued_as__isnull=False)
    Person.objects.filter(pk=row.pk).update(continued_as=None)
    return [("person", str(row.public_id), row.pk, "")]


@fault
def a_person_nobody_has_told_of(book: Book) -> list[Named]:
    row = Person.objects.create(municipality=book.municipality, born_on=TODAY, born_by=TODAY)
    return [("register_document", str(row.public_id), "", "")]


@fault
def a_residence_that_is_gone(book: Book) -> list[Named]:
    delete("people_residence", "id", home_of(book, "unaccounted").pk)
    return [("residence", "unaccounted", "", "")]


@fault
def a_residence_given_to_another_child(book: Book) -> list[Named]:
    row = home_of(book, "unaccounted")
    Residence.objects.filter(pk=row.pk).update(person=book.child("newborn"))
    both = ", ".join(str(key) for key in sorted([row.pk, Residence.objects.filter(person=book.child("newborn")).earliest("pk").pk]))
    return [("residence", "unaccounted", "", ""), ("residence", "newborn", both, "")]


@fault
def a_residence_in_another_municipality(book: Book) -> list[Named]:
    return of_row(book, "residence", "newborn", home_of(book, "newborn"), municipality_code="9902", is_here=False)


@fault
def a_residence_that_does_not_count_as_here(book: Book) -> list[Named]:
    return of_row(book, "residence", "strictly_protected", home_of(book, "strictly_protected"), is_here=False)


@fault
def a_residence_from_a_later_day(book: Book) -> list[Named]:
    row = home_of(book, "newborn")
    Residence.objects.filter(pk=row.pk).update(valid_from=F("valid_from") + timedelta(days=3))
    return [("residence", "newborn", "", "")]  # on the days it no longer covers nothing stands


@fault
def a_residence_that_is_over(book: Book) -> list[Named]:
    Residence.objects.filter(pk=home_of(book, "newborn").pk).update(valid_until=TODAY)
    return [("residence", "newborn", "", "")]


@fault
def a_residence_in_another_basic_unit(book: Book) -> list[Named]:
    return of_row(book, "residence", "unaccounted", home_of(book, "unaccounted"), basic_unit="02020202")


@fault
def a_residence_nobody_has_told_of(book: Book) -> list[Named]:
    row = Residence.objects.create(
        person=book.child("moved_out"), municipality_code="9901", is_here=True, kind="street", valid_from=TODAY, source="x"
    )
    others = Residence.objects.filter(person=book.child("moved_out"), valid_until=None).order_by("pk")
    return [("residence", "moved_out", ", ".join(str(other.pk) for other in others), "")] if row.pk else []


@fault
def another_number(book: Book) -> list[Named]:
    row = Identifier.objects.get(person=book.child("newborn"))
    return of_row(book, "identifiers", "newborn", row, number=a_number(date(2026, 3, 1), 77))


@fault
def a_number_said_to_be_over(book: Book) -> list[Named]:
    return of_row(book, "identifiers", "newborn", Identifier.objects.get(person=book.child("newborn")), is_in_use=False)


@fault
def an_old_number_that_no_longer_resolves(book: Book) -> list[Named]:
    delete("people_identifier", "id", Identifier.objects.get(person=book.child("with_new_number"), is_in_use=False).pk)
    return [("identifiers", "with_new_number", "", "")]


@fault
def a_number_given_to_another_child(book: Book) -> list[Named]:
    row = Identifier.objects.get(person=book.child("newborn"))
    Identifier.objects.filter(pk=row.pk).update(person=book.child("unaccounted"))
    return [("identifiers", "newborn", "", ""), ("identifiers", "unaccounted", row.pk, "")]


@fault
def a_name_in_the_history(book: Book) -> list[Named]:
    return of_row(book, "names", "newborn", NameInForce.objects.get(person=book.child("newborn")), family_name="ANNET")


@fault
def a_protection_in_the_history(book: Book) -> list[Named]:
    row = AddressProtection.objects.get(person=book.child("strictly_protected"))
    return of_row(book, "protections", "strictly_protected", row, level="client")


@fault
def a_parental_responsibility(book: Book) -> list[Named]:
    return of_row(book, "responsibilities", "newborn", ParentalResponsibility.objects.get(child=book.child("newborn")), kind="far")


@fault
def a_relation_that_is_gone(book: Book) -> list[Named]:
    delete("people_familyrelation", "id", FamilyRelation.objects.get(person=book.child("newborn")).pk)
    return [("relations", "newborn", "", "")]


@fault
def a_move_abroad_nobody_has_told_of(book: Book) -> list[Named]:
    row = Migration.objects.create(person=book.child("newborn"), direction="out", country="SWE", moved_on=TODAY, source="x")
    return [("migrations", "newborn", row.pk, "")]


# --- what the register told ----------------------------------------------------------------------------------------------------------


@fault
def a_changed_document(book: Book) -> list[Named]:
    row = document_of(book, "newborn")
    return of_row(book, "register_document", "newborn", row, payload={**row.payload, "born_on": "2019-03-01"})


@fault
def a_document_that_is_no_document(book: Book) -> list[Named]:
    return of_row(book, "register_document", "newborn", document_of(book, "newborn"), payload=["ingenting"])


@fault
def a_changed_digest(book: Book) -> list[Named]:
    return of_row(book, "register_document", "newborn", document_of(book, "newborn"), digest="0" * 64)


@fault
def the_changed_document_that_joined_two_persons(book: Book) -> list[Named]:
    row = document_of(book, "with_new_number")
    return of_row(book, "register_document", "with_new_number", row, payload={**row.payload, "identifiers": row.payload["identifiers"][1:]})


@fault
def the_only_document_of_a_child_gone(book: Book) -> list[Named]:
    delete("registers_registerdocument", "person_id", book.child("newborn").pk)
    return [("register_document", "newborn", "", "")]


@fault
def a_document_given_to_another_child(book: Book) -> list[Named]:
    return of_row(book, "register_document", "newborn", document_of(book, "newborn"), person=book.child("unaccounted"))


# --- the trail and the snapshots -----------------------------------------------------------------------------------------------------


@fault
def an_edited_event_of_the_trail(book: Book) -> list[Named]:
    row = AuditEvent.objects.filter(action="enrolment.opened").earliest("seq")
    behind_the_triggers("audit_auditevent")
    AuditEvent.objects.filter(pk=row.pk).update(who="en annen")
    return [("audit", "", row.seq, "")]


@fault
def a_deleted_event_of_the_trail(book: Book) -> list[Named]:
    row = AuditEvent.objects.filter(action="enrolment.opened").earliest("seq")
    behind_the_triggers("audit_auditevent")
    delete("audit_auditevent", "id", row.pk)
    return [("audit", "", row.seq + 1, "")]


@fault
def an_event_put_at_the_end_of_the_trail(book: Book) -> list[Named]:
    head = AuditHead.objects.get(pk="9901")
    row = AuditEvent.objects.get(municipality_code="9901", seq=head.seq)
    row.pk, row.seq, row.previous_hash = None, head.seq + 1, head.hash
    row.save(force_insert=True)
    return [("audit", "", head.seq + 1, ""), ("audit", "", head.seq, "")]


@fault
def a_cut_tail_of_the_trail(book: Book) -> list[Named]:
    head = AuditHead.objects.get(pk="9901")
    behind_the_triggers("audit_auditevent")
    delete("audit_auditevent", "seq", head.seq)
    return [("audit", "", head.seq, "")]


@fault
def a_cut_tail_with_the_head_set_back(book: Book) -> list[Named]:
    book.keep_snapshot()
    behind_the_triggers("audit_auditevent")
    head = AuditHead.objects.get(pk="9901")
    for seq in (head.seq, head.seq - 1):
        delete("audit_auditevent", "seq", seq)
    last = AuditEvent.objects.filter(municipality_code="9901").latest("seq")
    AuditHead.objects.filter(pk="9901").update(seq=last.seq, hash=last.hash)
    return [("snapshot", "", "", "")]


@fault
def an_edited_snapshot(book: Book) -> list[Named]:
    book.keep_snapshot()
    row = LedgerSnapshot.objects.get()
    behind_the_triggers("ledger_ledgersnapshot")
    LedgerSnapshot.objects.filter(pk=row.pk).update(content={**row.content, "balance": {**row.content["balance"], "unaccounted": 0}})
    return [("snapshot", "", "", "")]


@fault
def a_snapshot_signed_with_another_key(book: Book) -> list[Named]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    book.keep_snapshot()
    row = LedgerSnapshot.objects.get()
    behind_the_triggers("ledger_ledgersnapshot")
    another = Ed25519PrivateKey.generate()
    signed = {"signature": another.sign(bytes.fromhex(row.hash)).hex(), "public_key": another.public_key().public_bytes_raw().hex()}
    LedgerSnapshot.objects.filter(pk=row.pk).update(**signed)
    return [("snapshot", "", "", "")]


@fault
def a_snapshot_taken_out(book: Book) -> list[Named]:
    book.keep_snapshot(EARLIER)
    book.keep_snapshot()
    behind_the_triggers("ledger_ledgersnapshot")
    delete("ledger_ledgersnapshot", "seq", 1)
    return [("snapshot", "", "", "")]


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_the_broken_row_is_named_and_only_that(plant: Fault, book: Book) -> None:
    ids = {situation: str(book.child(situation).public_id) for situation in _SITUATIONS}
    expected = {(table, ids.get(whom, whom), str(row), step) for table, whom, row, step in plant(book)}
    assert expected
    result = book.recounted()
    assert {(difference.table.value, difference.person, difference.row, difference.step) for difference in result.differences} == expected
    assert not result.agrees


_SITUATIONS = ("newborn", "twin", "corrected", "newcomer", "outside", "unaccounted", "strictly_protected", "with_new_number", "moved_out", "dead", "ended", "staying")  # fmt: skip


def test_an_unknown_programme_is_named(book: Book) -> None:
    from fjorten.ledger.balance import balance_of, ledger_rows
    from fjorten.ledger.recount import recount
    from fjorten.ledger.snapshots import content_of

    totals = content_of(balance_of(municipality=book.municipality, on=TODAY))
    enrolment = book.enrolment("newborn")
    Enrolment.objects.filter(pk=enrolment.pk).update(programme_version="child-programme-0-5/1998.1")
    result = recount(municipality=book.municipality, on=TODAY, lines=ledger_rows(municipality=book.municipality, on=TODAY), totals=totals)
    [difference] = result.differences
    assert (difference.table, difference.row, difference.field) == ("enrolment", str(enrolment.pk), "programme_version")


def test_several_faults_are_each_named_once(book: Book) -> None:
    planted = [
        *a_window_that_ends_a_day_later(book),
        *a_residence_that_is_gone(book),
        *a_changed_digest(book),
        *an_edited_event_of_the_trail(book),
    ]
    named: list[Difference] = list(book.recounted().differences)
    assert len(named) == len(planted)


def test_what_is_secret_is_not_repeated(book: Book) -> None:
    a_name(book)
    another_number(book)
    number = Identifier.objects.get(person=book.child("unaccounted")).number
    words = " ".join(f"{difference.ledger} {difference.recount} {difference.sentence}" for difference in book.recounted().differences)
    for secret in ("VAKKER", "ANNET", "BLÅBÆRØY", "vakker", number, a_number(date(2026, 3, 1), 77)):
        assert secret not in words


def test_where_a_protected_child_lives_is_not_repeated(book: Book) -> None:
    a_residence_that_does_not_count_as_here(book)
    [difference] = book.recounted().differences
    assert "9901" not in difference.sentence
