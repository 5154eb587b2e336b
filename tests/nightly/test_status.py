"""Whether all is well: every alarm there is, from the tables, in few queries."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fjorten.messages.models import Attempt, ContactTask, Message
from fjorten.nightly.actions import run_night, since_when
from fjorten.nightly.models import Run, Trouble
from fjorten.nightly.queries import LastBalanced, last_balanced, status_of
from fjorten.nightly.standing import Facts, Kind, LastNight, alarms
from fjorten.nightly.usual import Unusual
from fjorten.organisation.models import Clinic, Employee, Municipality
from tests.factories.clinic import StaffedClinic
from tests.factories.night import AT, a_night, clock_at

pytestmark = pytest.mark.django_db


def kinds(here: StaffedClinic, *, hours: float = 1) -> set[Kind]:
    return {alarm.kind for alarm in status_of(municipality=here.municipality, at=AT + timedelta(hours=hours))}


def test_all_is_well_after_a_night(here: StaffedClinic, tmp_path: Path) -> None:
    assert Kind.NEVER_RUN in kinds(here)
    assert last_balanced(municipality=here.municipality, at=AT) is None
    run_night(night=a_night(here, tmp_path))
    assert kinds(here) <= {Kind.NOT_PLACEABLE}
    assert last_balanced(municipality=here.municipality, at=AT) == LastBalanced(AT, True)
    assert Kind.NO_NIGHT in kinds(here, hours=27)


def test_a_gateway_is_down_when_its_last_tries_did_not_get_through(here: StaffedClinic, tmp_path: Path) -> None:
    run_night(night=a_night(here, tmp_path))
    [first, *_] = Message.objects.filter(state="sent")
    for number in (2, 3, 4):
        Attempt.objects.create(
            message=first, number=number, gateway="sveve", takes_keys=False, idempotency_key=f"k{number}", started_at=AT, finished_at=AT,
            outcome="not_sent",
        )  # fmt: skip
        assert (Kind.GATEWAY_DOWN in kinds(here)) is (number == 4)
    Attempt.objects.create(
        message=first, number=5, gateway="sveve", takes_keys=False, idempotency_key="k5", started_at=AT, finished_at=AT, outcome="accepted"
    )
    assert Kind.GATEWAY_DOWN not in kinds(here)


def test_a_message_nobody_knows_the_fate_of_and_nobody_is_asked_about(here: StaffedClinic, tmp_path: Path) -> None:
    run_night(night=a_night(here, tmp_path))
    Message.objects.filter(pk=Message.objects.filter(state="sent").first().pk).update(state="uncertain")
    assert Kind.UNCERTAIN not in kinds(here, hours=0.4)
    assert Kind.UNCERTAIN in kinds(here, hours=0.6)


def test_what_is_overdue_is_told_and_so_is_that_nobody_is_there(here: StaffedClinic, tmp_path: Path) -> None:
    run_night(night=a_night(here, tmp_path))
    ContactTask.objects.update(due_on=date(2026, 3, 4))
    assert Kind.TASKS_OVERDUE in kinds(here)
    ContactTask.objects.update(due_on=date(2026, 3, 5))
    assert Kind.TASKS_OVERDUE not in kinds(here)
    Employee.objects.filter(role="leader").update(employed_until=AT.date())
    assert Kind.NO_LEADER in kinds(here)
    Employee.objects.update(employed_until=AT.date())
    assert Kind.NOBODY_EMPLOYED in kinds(here)


def test_a_clinic_that_families_cannot_call_or_find_is_named(here: StaffedClinic, tmp_path: Path) -> None:
    run_night(night=a_night(here, tmp_path))
    Clinic.objects.create(municipality=here.municipality, name="Ingen barn ennå")
    assert kinds(here) <= {Kind.NOT_PLACEABLE}
    for missing in ({"telephone": ""}, {"telephone": "+4700000000", "visiting_address": ""}):
        Clinic.objects.filter(pk=here.clinic.pk).update(**missing)
        [told] = [alarm.sentence for alarm in status_of(municipality=here.municipality, at=AT) if alarm.kind is Kind.NOT_FOUND_BY_FAMILIES]
        assert "kan skrives: Helsestasjonen." in told
    Municipality.objects.update(brand="", name="")
    here.municipality.refresh_from_db()
    assert Kind.NAMELESS in kinds(here)


def test_a_night_that_did_nothing_is_told_when_nights_do_something(here: StaffedClinic, tmp_path: Path) -> None:
    run_night(night=a_night(here, tmp_path))
    days = [AT - timedelta(days=number) for number in range(1, 30)]
    for day in days:
        busy = {"owed": {"queued": 30 + day.day % 3}} if day.weekday() < 5 else {"owed": {"queued": 0}}
        Run.objects.create(municipality=here.municipality, on=day.date(), started_at=day, finished_at=day, counts=busy, balanced=True)
    told = {alarm.sentence for alarm in status_of(municipality=here.municipality, at=AT) if alarm.kind is Kind.UNUSUAL}
    assert any("meldinger satt i kø 2, vanligvis 31" in sentence for sentence in told)


def test_it_takes_few_queries_however_much_there_is(here: StaffedClinic, tmp_path: Path) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            status_of(municipality=here.municipality, at=AT)
        return len(asked)

    run_night(night=a_night(here, tmp_path))
    few = queries()
    for day in range(20):
        at = AT - timedelta(days=day)
        Run.objects.create(municipality=here.municipality, on=at.date(), started_at=at, finished_at=at, counts={})
    assert queries() == few <= 16


def test_what_is_owed_is_asked_for_from_before_the_last_night_that_settled_it_all(here: StaffedClinic, tmp_path: Path) -> None:
    municipality = here.municipality
    assert since_when(municipality=municipality, at=AT).year == 1999, "from the beginning"
    run_night(night=a_night(here, tmp_path, at=clock_at(2)))
    assert since_when(municipality=municipality, at=AT) == clock_at(2) - timedelta(days=14)
    left_out = run_night(night=a_night(here, tmp_path))
    Trouble.objects.create(run=left_out, stage="owed", sentence="Et barn kunne ikke gjøres.", at=AT)
    assert since_when(municipality=municipality, at=AT) == clock_at(2) - timedelta(days=14), "the one that left a child out does not count"


def test_an_empty_installation_needs_nobody(municipality: Municipality, signing_key: None, tmp_path: Path) -> None:
    run_night(night=a_night(municipality, tmp_path, register=None))
    assert status_of(municipality=municipality, at=AT) == []


def test_every_kind_of_alarm_can_be_raised_and_says_what_to_do() -> None:
    unusual = (Unusual("owed.queued", 0, 40.0),)
    troubles = {"NobodyToOwnIt": 1, "ValueError": 2}
    everything = Facts(
        last=_a_last_night(balanced=False, troubles=troubles, unusual=unusual, not_placeable=4, finished_at=AT - timedelta(days=3)),
        begun_at=AT - timedelta(hours=5),
        in_the_air=1,
        uncertain_without_task=1,
        gateways_down=("sveve",),
        tasks_overdue=1,
        cases_overdue=1,
        leaders_cases_overdue=1,
        letters_waiting=1,
        employed=0,
        is_nameless=True,
        not_found=("Nord",),
    )
    raised = [*alarms(everything, at=AT), *alarms(Facts(leaders=0), at=AT)]
    assert {alarm.kind for alarm in raised} == set(Kind)
    assert all(alarm.sentence.endswith((".", "?")) for alarm in raised)


def _a_last_night(**facts: Any) -> LastNight:
    return LastNight(on=AT.date(), **facts)
