"""A night does what is left to do, says what it could not do, and changes nothing the second time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from fjorten.appointments.models import Appointment
from fjorten.followup.models import Case
from fjorten.ledger.balance import balance_of
from fjorten.messages.channels.contact_register import Contact, ContactRegisterDoesNotAnswer, Standing
from fjorten.messages.models import ContactTask, Message
from fjorten.nightly.actions import run_night
from fjorten.nightly.models import Run
from fjorten.nightly.stages import STAGES
from fjorten.organisation.actions import open_clinic
from fjorten.organisation.models import Employee
from fjorten.people.models import ContactPoint, ParentalResponsibility
from fjorten.plans.actions import waive
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.registers.models import WorkItem
from tests.factories.clinic import CLERK, StaffedClinic, an_enrolled_child, step_of
from tests.factories.family import a_guardian, family_of
from tests.factories.night import AT, a_night, clock_at, everything_as_it_is
from tests.factories.register import a_number

pytestmark = pytest.mark.django_db


def test_one_night_looks_after_everything(here: StaffedClinic, tmp_path: Path) -> None:
    run = run_night(night=a_night(here, tmp_path))
    assert list(run.troubles.all()) == []
    assert (run.balanced, run.finished_at, run.on) == (True, AT, AT.date())
    assert Enrolment.objects.count() == 4, "the newborn is enrolled"
    assert "lives_here_without_journal" in set(WorkItem.objects.values_list("rule", flat=True)), "the one who moved in is on the list"
    assert Case.objects.filter(trigger="missed").count() == 1
    assert sorted(Message.objects.values_list("kind", "state")) == [
        ("invitation", "replaced_by_task"),
        ("invitation", "sent"),
        ("reminder_3_days", "replaced_by_task"),
        ("reminder_3_days", "sent"),
    ]
    assert set(ContactTask.objects.values_list("reason", flat=True)) == {"child_is_protected"}
    assert balance_of(municipality=here.municipality, on=AT.date()).balanced


def test_a_second_night_changes_nothing_but_the_trail_and_the_heartbeat(here: StaffedClinic, tmp_path: Path) -> None:
    run_night(night=a_night(here, tmp_path))
    before = everything_as_it_is()
    again = run_night(night=a_night(here, tmp_path))
    assert everything_as_it_is() == before
    assert again.balanced
    assert Run.objects.count() == 2


def test_families_are_not_woken(here: StaffedClinic, tmp_path: Path) -> None:
    at_night = run_night(night=a_night(here, tmp_path, at=clock_at(2)))
    assert not (tmp_path / "outbox").exists()
    assert set(Message.objects.values_list("state", flat=True)) == {"queued", "replaced_by_task"}
    assert at_night.counts["sending"] == {"handed_over": 0}


def test_a_register_that_cannot_be_read_is_no_reason_to_remind_nobody(here: StaffedClinic, tmp_path: Path) -> None:
    (tmp_path / "register" / "feed.jsonl").unlink()
    run = run_night(night=a_night(here, tmp_path))
    [trouble] = run.troubles.all()
    assert trouble.stage == "register"
    assert trouble.sentence.startswith("Trinnet «lese Folkeregisteret» kunne ikke gjøres.")
    assert Message.objects.filter(state="sent").exists()
    assert run.balanced


def test_what_nobody_can_own_is_told_and_the_rest_is_done(here: StaffedClinic, tmp_path: Path) -> None:
    Employee.objects.update(employed_until=AT.date())
    run = run_night(night=a_night(here, tmp_path))
    assert {trouble.error for trouble in run.troubles.all()} >= {"NobodyToOwnIt"}
    assert Message.objects.filter(state="sent").count() == 2, "the others are reminded"
    assert Case.objects.count() == 0


def test_nothing_is_booked_only_when_tonights_invitations_found_no_time_either(here: StaffedClinic, tmp_path: Path) -> None:
    """Two children whose window is about to close and who have had no time yet: one gets it tonight, for the other there is none."""
    today = AT.date()
    window = {"window_from": today - timedelta(days=20), "target_on": today, "window_until": today + timedelta(days=10)}
    children = {}
    clinics = (here.clinic, open_clinic(municipality=here.municipality, name="Uten timeplan", by=CLERK, at=AT))
    for place, clinic in enumerate(clinics):
        enrolment = an_enrolled_child(replace(here, clinic=clinic), given_name="IDA")
        family_of(enrolment.person, a_guardian(telephone=f"+470000010{place}", nth=20 + place))
        for step in enrolment.steps.exclude(step="C04_M3"):
            waive(enrolment=enrolment, step=step.step, on=AT.date(), reason="før prøven", by=CLERK, at=AT)
        PlannedStep.objects.filter(pk=step_of(enrolment, "C04_M3").pk).update(**window)
        children[clinic.name] = enrolment.person
    run = run_night(night=a_night(here, tmp_path))
    unbooked = set(Case.objects.filter(trigger="nothing_booked").values_list("person", flat=True))
    newborn = Enrolment.objects.latest("pk").person  # is to be visited at home, and nobody does
    assert unbooked == {children["Uten timeplan"].pk, newborn.pk}
    assert Appointment.objects.still_open().filter(person=children["Helsestasjonen"]).exists()
    assert run.counts["unbooked"]["opened"] == 2
    run_night(night=a_night(here, tmp_path))
    assert Case.objects.filter(trigger="nothing_booked").count() == 2


def test_the_contact_register_is_asked_before_anybody_is_told_anything(here: StaffedClinic, tmp_path: Path) -> None:
    """The newborn's mother is known to the population register only; her number is there in time for the first message."""
    mother = a_number(date(1991, 9, 7))
    child = an_enrolled_child(here, given_name="IDA").person
    ParentalResponsibility.objects.create(child=child, kind="mor", responsible_number=mother, source="prøve")
    contact = Contact(standing=Standing.ACTIVE, is_reserved=False, may_be_notified=True, mobile="+4700000044")
    run = run_night(night=a_night(here, tmp_path, contact_register=lambda numbers: dict.fromkeys(set(numbers) & {mother}, contact)))
    assert (run.counts["contacts"], list(run.troubles.all())) == ({"guardians_met": 1, "contacts_found": 1}, [])
    assert ContactPoint.objects.get(adult__number=mother).value == "+4700000044"
    assert list(STAGES).index("contacts") < list(STAGES).index("owed")


def test_a_contact_register_that_does_not_answer_is_told_and_stops_nothing_else(here: StaffedClinic, tmp_path: Path) -> None:
    def silent(numbers: Sequence[str]) -> dict[str, Contact]:
        raise ContactRegisterDoesNotAnswer

    run = run_night(night=a_night(here, tmp_path, contact_register=silent))
    [trouble] = run.troubles.all()
    assert trouble.sentence.startswith(
        "Trinnet «spørre kontaktregisteret» kunne ikke gjøres. Kontakt- og reservasjonsregisteret svarer ikke"
    )
    assert Message.objects.filter(state="sent").exists()
    assert run.balanced
