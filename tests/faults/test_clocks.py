"""
Whole nights and clocks (F13, F14): a clock a day ahead for a month and then right, a week without a night or a worker, nights run for an
earlier day, the Sundays the clocks are changed, a child born on 29 February, and two workers whose clocks are ten minutes apart.

What the outbox alone does about time is tried in tests/messages/test_time.py. The wrong clock runs for two nights in `make test`, for a
month in `make faults` (FJORTEN_LONG_RUN); the counts and the seed are printed.
"""

import json
import os
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from fjorten.appointments.actions.outcomes import mark_attended, mark_did_not_attend
from fjorten.appointments.models import Appointment
from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import broken_links
from fjorten.followup.models import Case
from fjorten.kernel.times import OSLO, oslo_date
from fjorten.ledger.models import LedgerSnapshot
from fjorten.ledger.owed import all_obligations
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.interface import Handover, Parcel, Reason
from fjorten.messages.models import Attempt, ContactTask, Message
from fjorten.messages.queries import messages_in_the_air, unaccounted_obligations
from fjorten.nightly.actions import run_night
from fjorten.nightly.models import Run
from fjorten.nightly.queries import last_balanced, status_of
from fjorten.nightly.standing import Kind
from fjorten.organisation.models import Clinic, Municipality
from fjorten.plans.actions.settling import waive
from tests.factories.clinic import CLERK, NURSE, StaffedClinic, a_staffed_clinic, an_enrolled_child, step_of
from tests.factories.family import a_guardian, family_of
from tests.factories.night import AT, a_child_with_a_time, a_municipality_with_work, a_night, everything_as_it_is
from tests.faults.outboxes import Worker, a_clinic, ends, families, invitations, lost
from tests.messages.gateway import Gateway

LONG = os.environ.get("FJORTEN_LONG_RUN") == "1"
NIGHTS_AHEAD, NIGHTS_AFTER = (31, 21) if LONG else (2, 1)
MESSAGES = 200 if LONG else 5
SEED = int(os.environ.get("FJORTEN_SEED", "14"))
A_DAY = timedelta(days=1)

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db,
]


@pytest.fixture
def here(db: None, signing_key: None, tmp_path: Path) -> StaffedClinic:
    return a_municipality_with_work(tmp_path)


class Watch:
    """The outbox seen from outside, by a clock that is right: what came when, and to whom."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "outbox"
        self.came: dict[str, datetime] = {}

    def look(self, true_time: datetime) -> None:
        for file in self.folder.glob("*.json"):
            self.came.setdefault(file.stem, true_time)

    def doubled(self) -> list[str]:
        said = [json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8")) for key in self.came]
        return [what for what, times in Counter(f"{one['to']} {one['body']}" for one in said).items() if times > 1]

    def late(self) -> list[str]:
        """What came at or after the time it was about had begun."""
        keys = dict(Attempt.objects.values_list("idempotency_key", "message_id"))
        rows = Message.objects.in_bulk(keys.values())
        begins = {key: datetime.fromisoformat(rows[keys[key]].values["begins_at"]) for key in self.came}
        return [key for key, at in self.came.items() if at >= begins[key]]


def nothing_is_unaccounted_for(here: StaffedClinic, at: datetime) -> bool:
    owed = list(all_obligations(municipality=here.municipality, since=datetime(2026, 1, 1, tzinfo=UTC), at=at))
    return bool(owed) and not unaccounted_obligations(municipality=here.municipality, obligations=owed, at=at)


def the_nurse_has_seen_everybody(until: datetime) -> None:
    """What is over is closed by the nurse, whose clock is right."""
    for row in Appointment.objects.still_open().filter(ends_at__lte=until):
        mark_attended(appointment=row, by=NURSE, at=row.ends_at)


def kinds(municipality: Municipality, at: datetime) -> set[Kind]:
    return {alarm.kind for alarm in status_of(municipality=municipality, at=at)}


def test_a_month_with_the_clock_of_the_nights_a_day_ahead_and_then_right_again(
    here: StaffedClinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for nth, begins in enumerate(("2026-03-16 09:00", "2026-03-18 10:00", "2026-03-20 09:30", "2026-04-13 09:00"), start=7):
        a_child_with_a_time(here, begins, a_guardian(telephone=f"+470000{nth:04d}", nth=nth))
    watch, true_time = Watch(tmp_path), AT
    for night in range(NIGHTS_AHEAD + NIGHTS_AFTER):
        is_wrong = night < NIGHTS_AHEAD
        run = run_night(night=a_night(here, tmp_path, at=true_time + A_DAY if is_wrong else true_time))
        assert run.balanced and list(run.troubles.all()) == []
        watch.look(true_time)
        if night == NIGHTS_AHEAD:
            assert run.on == oslo_date(true_time) == Run.objects.filter(pk__lt=run.pk).latest("pk").on, "the same day once more"
            assert Kind.NO_NIGHT not in kinds(here.municipality, true_time + timedelta(hours=1))
            assert Kind.NO_NIGHT in kinds(here.municipality, true_time + timedelta(hours=27)), "a night in the future is no sign of life"
        the_nurse_has_seen_everybody(true_time)
        true_time += A_DAY
    last = true_time - A_DAY
    with capsys.disabled():
        print(f"\n{connection.vendor}, F13: {NIGHTS_AHEAD} nights a day ahead, {NIGHTS_AFTER} right: {len(watch.came)} messages,", end=" ")
        print(f"doubled {len(watch.doubled())}, after their time {len(watch.late())}")
    assert (watch.doubled(), watch.late()) == ([], [])
    assert len(watch.came) > NIGHTS_AHEAD // 2
    assert nothing_is_unaccounted_for(here, last)
    assert last_balanced(municipality=here.municipality, at=last + timedelta(hours=1)).at == last
    assert LedgerSnapshot.objects.latest("seq").on == oslo_date(last)
    assert list(broken_links("9901")) == []
    numbers = list(AuditEvent.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_clock_that_was_a_year_ahead_does_not_silence_the_alarm_for_a_year(municipality: Municipality) -> None:
    for at in (AT, AT + 365 * A_DAY):
        Run.objects.create(municipality=municipality, on=at.date(), started_at=at, finished_at=at, balanced=True)
    assert Kind.NO_NIGHT not in kinds(municipality, AT + timedelta(hours=1))
    assert Kind.NO_NIGHT in kinds(municipality, AT + timedelta(hours=27))
    assert last_balanced(municipality=municipality, at=AT + A_DAY).at == AT


def test_a_night_run_for_an_earlier_day_than_the_last_changes_nothing_for_anybody(here: StaffedClinic, tmp_path: Path) -> None:
    run_night(night=a_night(here, tmp_path, at=AT))
    before = everything_as_it_is()
    for earlier in (1, 7, 60) if LONG else (7,):
        run = run_night(night=a_night(here, tmp_path, at=AT, on=oslo_date(AT - earlier * A_DAY)))
        assert run.balanced is not None
        assert everything_as_it_is() == before, f"{earlier} days before"
    run_night(night=a_night(here, tmp_path, at=AT))
    assert everything_as_it_is() == before
    assert list(broken_links("9901")) == []


def test_a_week_without_a_night_or_a_worker_is_made_good(here: StaffedClinic, tmp_path: Path) -> None:
    for nth, begins in enumerate(("2026-03-12 09:30", "2026-03-16 09:30", "2026-03-19 10:30"), start=7):
        a_child_with_a_time(here, begins, a_guardian(telephone=f"+470000{nth:04d}", nth=nth))
    back = AT + 7 * A_DAY
    run = run_night(night=a_night(here, tmp_path, at=back))
    watch = Watch(tmp_path)
    watch.look(back)
    assert run.balanced
    assert (watch.doubled(), watch.late()) == ([], [])
    assert nothing_is_unaccounted_for(here, back)
    assert Case.objects.filter(trigger="missed").exists(), "the one who was missed before the stop is followed up"
    too_late = Message.objects.filter(lapses_at__lte=back)
    assert {row.state for row in too_late} <= {"replaced_by_task", "lapsed"} and too_late.exists()
    asked = set(ContactTask.objects.filter(reason="too_late").values_list("message__about", flat=True))
    overdue = set(too_late.filter(kind="invitation").values_list("about", flat=True))
    protected = set(ContactTask.objects.filter(reason="child_is_protected").values_list("message__about", flat=True))
    assert overdue and overdue <= asked | protected, "who was not told in time is called"
    before = everything_as_it_is()
    run_night(night=a_night(here, tmp_path, at=back))
    assert everything_as_it_is() == before


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)] if LONG else [date(2026, 10, 25)])
def test_a_night_around_the_change_of_clocks(here: StaffedClinic, tmp_path: Path, sunday: date) -> None:
    begins = datetime.combine(sunday, AT.time(), tzinfo=UTC) - 13 * A_DAY
    child = an_enrolled_child(here, born_on=sunday - timedelta(days=88), given_name="OLA")  # three months old in the week that begins
    for behind in child.steps.filter(window_until__lte=begins.date()):
        waive(enrolment=child, step=behind.step, on=begins.date(), reason="før prøven", by=CLERK, at=begins)
    family_of(child.person, a_guardian(telephone="+4700000008", nth=8))
    watch = Watch(tmp_path)
    nights = [begins, *(datetime.fromisoformat(f"{sunday}T{hour}:00+00:00") for hour in (("00:30", "01:30") if LONG else ("01:30",)))]
    nights.append(datetime.combine(sunday + A_DAY, AT.time(), tzinfo=UTC))
    for at in nights:
        run = run_night(night=a_night(here, tmp_path, at=at, register=None))
        assert run.balanced and run.on == at.astimezone(OSLO).date()
        watch.look(at)
    given = list(Appointment.objects.filter(person=child.person, booked_at__lt=nights[1]))
    assert [row for row in given if row.begins_at > nights[-2]], "somebody was given a time across the change"
    for row in Appointment.objects.filter(booked_at__gte=begins):
        local = row.begins_at.astimezone(OSLO)
        assert 9 <= local.hour < 12, "the doors open by the clock on the wall"
    for row in Message.objects.exclude(sent_text=""):
        local = datetime.fromisoformat(row.values["begins_at"]).astimezone(OSLO)
        assert f"{local:%H.%M}" in row.sent_text and f"{local.day}." in row.sent_text
    hours_sent = {at.astimezone(OSLO).hour for at in watch.came.values()}
    assert hours_sent and all(8 <= hour < 20 for hour in hours_sent), "nobody was woken"
    assert (watch.doubled(), watch.late()) == ([], [])
    assert nothing_is_unaccounted_for(here, nights[-1])


@pytest.mark.parametrize(
    ("today", "code"), [(date(2026, 2, 2), "C13_Y2"), (date(2028, 2, 1), "C14_Y4")] if LONG else [(date(2026, 2, 9), "C13_Y2")]
)
def test_a_child_born_on_29_february_is_invited_and_followed_up_like_any_other(
    municipality: Municipality, signing_key: None, tmp_path: Path, today: date, code: str
) -> None:
    Municipality.objects.update(brand="Prøve kommune")
    municipality.refresh_from_db()
    here = a_staffed_clinic(municipality)
    for weekday in range(5):
        here.opens(weekday=weekday, begins=time(12), ends=time(15), slot_minutes=60, doctor=here.doctor)
    Clinic.objects.update(telephone="00 00 00 00", visiting_address="Torget 1, Fjordvik")
    begun = datetime.combine(today, AT.time(), tzinfo=UTC)
    child = an_enrolled_child(here, born_on=date(2024, 2, 29), given_name="SKUDD")
    family_of(child.person, a_guardian())
    step = step_of(child, code)
    for behind in child.steps.filter(window_until__lte=step.window_from).exclude(pk=step.pk):
        waive(enrolment=child, step=behind.step, on=today, reason="før prøven", by=CLERK, at=begun)
    for day in range(0, 60, 7):
        assert run_night(night=a_night(here, tmp_path, at=begun + day * A_DAY, register=None)).balanced
        if Appointment.objects.filter(planned_step=step).exists():
            break
    [given] = Appointment.objects.filter(planned_step=step)
    assert step.window_from <= oslo_date(given.begins_at) < step.window_until
    assert "invitation" in set(Message.objects.filter(about=f"appointment:{given.pk}", state="sent").values_list("kind", flat=True))
    mark_did_not_attend(appointment=given, by=NURSE, at=given.begins_at + timedelta(hours=1))
    assert run_night(night=a_night(here, tmp_path, at=given.begins_at + timedelta(hours=3), register=None)).balanced
    assert Case.objects.get(person=child.person).planned_step == step
    assert Appointment.objects.still_open().filter(planned_step=step).exists(), "and has a new time"


class SlowGateway(Gateway):
    """A gateway that takes minutes to answer, and while it does the other worker goes on."""

    def __init__(self, *, takes_keys: bool, seed: str) -> None:
        super().__init__(takes_keys=takes_keys)
        self.chance = Random(seed)
        self.others: list[Worker] = []
        self.passes = self.nobody_waits

    def nobody_waits(self, minutes: float) -> None:
        """What time does when nobody looks."""

    def hand_over(self, parcel: Parcel) -> Handover:
        if self.others:
            other = self.others.pop()
            self.passes(self.chance.uniform(0, 9))
            assert other.round() == []
            self.others.append(other)
        draw = self.chance.random()
        if draw < 0.1:
            return Handover.not_sent(Reason.UNREACHABLE)
        self.answers = [Handover.uncertain(Reason.NO_ANSWER)] if draw < 0.3 else []
        return super().hand_over(parcel)


@pytest.mark.parametrize("takes_keys", [True, False], ids=["with keys", "without keys"])
def test_two_workers_whose_clocks_are_ten_minutes_apart(*, takes_keys: bool, capsys: pytest.CaptureFixture[str]) -> None:
    clinic = a_clinic()
    owed = invitations(clinic, families(clinic, MESSAGES))
    gateway = SlowGateway(takes_keys=takes_keys, seed=f"{SEED}/{takes_keys}")
    right, ahead = (Worker(clinic.municipality, Carriers(sms=gateway), owed) for _ in range(2))
    ahead.at += timedelta(minutes=10)

    def passes(minutes: float) -> None:
        for worker in (right, ahead):
            worker.at += timedelta(minutes=minutes)

    gateway.passes = passes
    for minutes in (0, 3, 8, 20, 40, 24 * 60, 24 * 60, 60):
        passes(minutes)
        first, second = gateway.chance.sample([right, ahead], 2)
        gateway.others = [second]
        assert first.round() == []
        gateway.others = [first]
        assert second.round() == []
    doubled = [what for what, times in gateway.times().items() if times > 1]
    with capsys.disabled():
        print(
            f"\n{connection.vendor}, F14, clocks 10 min apart, {'with' if takes_keys else 'without'} keys: {len(owed)} messages,", end=" "
        )
        print(f"{Attempt.objects.count()} tries, doubled {len(doubled)}, lost {len(lost(owed))}, seed {SEED}; {dict(ends())}")
    assert doubled == [] and lost(owed) == []
    assert Message.objects.count() == len(owed)
    assert list(messages_in_the_air(municipality=clinic.municipality, at=right.at)) == []
    assert unaccounted_obligations(municipality=clinic.municipality, obligations=owed, at=right.at) == []
    assert list(broken_links(clinic.municipality.code)) == []
    written = list(AuditEvent.objects.order_by("seq").values_list("at", flat=True))
    assert written != sorted(written), "two clocks wrote it; its order is its own"
