"""
Eight processes give times to the same children, with the same staff, in the same rooms, at once.

About 240 attempts on each database in `make test`, at least 20,000 in `make faults` (FJORTEN_LONG_RUN). Afterwards plain Python looks at
every row: nothing overlaps, no child is lost between two times, and the trail holds. Nothing may have failed but by a refusal: no deadlock, no
lock that was not got. The counts are printed, and how long an attempt took.
"""

import itertools
import json
import os
import time as clock
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from fjorten.appointments.actions.absences import cancel_absence, record_absence
from fjorten.appointments.actions.booking import book, move_by_clinic, move_by_family
from fjorten.appointments.actions.outcomes import cancel_by_clinic, cancel_by_family, confirm, correct, mark_attended
from fjorten.appointments.models import HOLDING_STATES, OPEN_STATES, Appointment, AppointmentEvent, Hold
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.states import State
from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import broken_links
from fjorten.kernel.refusals import Refused
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Municipality
from fjorten.plans.models import PlannedStep
from tests.factories.clinic import AT, LEADER, NURSE, StaffedClinic, a_staffed_clinic, an_enrolled_child

PROCESSES = 8
ATTEMPTS = 20_000 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 240
SEED = int(os.environ.get("FJORTEN_SEED", "14"))
NOTHING = "nothing there"
PARTS = {"median": 0.5, "p95": 0.95, "p99": 0.99, "worst": 0.999999}
STEPS = ("C04_M3", "C05_M4", "C06_M5")

pytestmark = pytest.mark.faults


@dataclass
class Worker:
    """One process: what it tried, what became of it, and how long each attempt to book or move took (in seconds)."""

    here: StaffedClinic
    number: int
    answers: Counter[str] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def work(self) -> None:
        self.random = Random(f"{SEED}/{self.number}")
        self.steps = list(PlannedStep.objects.filter(step__in=STEPS).order_by("pk"))
        while len(self.took) < ATTEMPTS // PROCESSES:
            # Mostly booking; enough is let go of that there is always something to race for.
            (act,) = self.random.choices([self.book, self.move, self.let_go, self.put_right, self.go_away], [60, 15, 18, 6, 1])
            self.tried(act)

    def tried(self, act) -> None:
        begun = clock.perf_counter()
        try:
            answer = act()
        except Refused as refused:
            answer = type(refused).__name__
        except Exception:
            self.errors.append(traceback.format_exc())
            answer = "ERROR"
        if act in (self.book, self.move) and answer != NOTHING:
            self.took.append(clock.perf_counter() - begun)
        self.answers[f"{act.__name__}: {answer}"] += 1

    def book(self) -> str:
        book(planned_step=self.random.choice(self.steps), slot=self.slot(), by=NURSE, at=AT)
        return "done"

    def move(self) -> str:
        row = self.one_of(Appointment.objects.still_open())
        if row is None:
            return NOTHING
        self.random.choice([move_by_family, move_by_clinic])(appointment=row, slot=self.slot(), by=NURSE, at=AT)
        return "done"

    def let_go(self) -> str:
        row = self.one_of(Appointment.objects.still_open())
        if row is None:
            return NOTHING
        if self.random.randrange(8) == 0:
            mark_attended(appointment=row, by=NURSE, at=row.ends_at)
        else:
            self.random.choice([cancel_by_family, cancel_by_family, cancel_by_clinic, confirm])(appointment=row, by=NURSE, at=AT)
        return "done"

    def put_right(self) -> str:
        wrong = [State.ATTENDED] if self.random.randrange(2) else [State.CANCELLED_BY_FAMILY, State.CANCELLED_BY_CLINIC]
        row = self.one_of(Appointment.objects.filter(state__in=[state.value for state in wrong]))
        if row is None:
            return NOTHING
        correct(appointment=row, to=State.OFFERED, reason="feil rad", by=NURSE, at=AT)
        return "done"

    def go_away(self) -> str:
        day = date(2026, 3, 16) + timedelta(days=self.random.randrange(2))
        whose = self.random.choice([{"employee": self.here.nurse}, {"employee": self.here.doctor}, {"room": self.here.room}])
        away = record_absence(clinic=self.here.clinic, from_on=day, until_on=day + timedelta(days=1), **whose, by=LEADER, at=AT)
        cancel_absence(absence=away.absence, by=LEADER, at=AT)
        return "done"

    def one_of(self, appointments: QuerySet[Appointment]) -> Appointment | None:
        newest = list(appointments.order_by("-pk")[:20])
        return self.random.choice(newest) if newest else None

    def slot(self) -> FreeSlot:
        """Any ten minutes of two mornings, of any length; sometimes with the doctor, sometimes in a group, sometimes on the road."""
        ten, day = self.random.randrange(24), 16 + self.random.randrange(2)
        begins = f"2026-03-{day} {8 + ten // 6:02}:{ten % 6 * 10:02}"
        staff = {
            "employee": self.random.choice([self.here.nurse, self.here.other_nurse]),
            "doctor": self.random.choice([None, None, self.here.doctor]),
            "room": self.random.choice([self.here.room, self.here.other_room]),
        }
        match self.random.randrange(4):
            case 0:
                return self.here.slot(
                    f"2026-03-{day} {self.random.choice(['09:00', '10:00'])}", minutes=60, capacity=4, **staff | {"doctor": None}
                )
            case 1:
                return self.here.slot(begins, minutes=40, travel_minutes=20, **staff | {"room": None})
            case _:
                return self.here.slot(begins, minutes=self.random.choice([20, 30, 45]), **staff)


def raced(here: StaffedClinic, folder: Path) -> list[dict]:
    """Let the processes work at once, and gather what each tells."""
    connection.close()
    children = []
    for number in range(PROCESSES):
        child = os.fork()
        if child == 0:
            worker = Worker(here, number)
            try:
                worker.work()
            except BaseException:
                worker.errors.append(traceback.format_exc())
            finally:
                told = {"answers": worker.answers, "took": worker.took, "errors": worker.errors}
                (folder / f"{number}.json").write_text(json.dumps(told), encoding="utf-8")
                os._exit(0)
        children.append(child)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    return [json.loads((folder / f"{number}.json").read_text(encoding="utf-8")) for number in range(PROCESSES)]


def overlaps(holds: list[Hold]) -> list[tuple[str, str]]:
    """Every two holds of one resource that share an instant and are not of one group. By the plainest of means."""
    by_resource: dict[str, list[Hold]] = {}
    for hold in holds:
        by_resource.setdefault(hold.resource, []).append(hold)
    return [
        (str(one.begins_at), resource)
        for resource, group in by_resource.items()
        for one, other in itertools.combinations(group, 2)
        if one.sitting != other.sitting and one.begins_at < other.ends_at and other.begins_at < one.ends_at
    ]


def test_eight_processes_never_give_one_time_twice(own_database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = a_staffed_clinic(open_municipality(code="9901", name="Prøve", by=LEADER, at=AT), has_rosters=False)
    for number in range(10):
        an_enrolled_child(here, born_on=date(2026, 1, 5 + number))

    begun = clock.perf_counter()
    told = raced(here, tmp_path)
    seconds = clock.perf_counter() - begun

    answers = sum((Counter(worker["answers"]) for worker in told), Counter())
    took = sorted(itertools.chain.from_iterable(worker["took"] for worker in told))
    errors = list(itertools.chain.from_iterable(worker["errors"] for worker in told))
    rows = list(Appointment.objects.prefetch_related("holds"))
    holding = [row for row in rows if row.state in HOLDING_STATES]
    with capsys.disabled():
        print(f"\n{connection.vendor}: {len(took)} attempts by {PROCESSES} processes in {seconds:.1f} s, seed {SEED}")
        print("  " + ", ".join(f"{name} {took[int(len(took) * share)] * 1000:.0f} ms" for name, share in PARTS.items()))
        print(f"  {len(rows)} appointments, {len(overlaps(list(Hold.objects.all())))} overlaps, {len(errors)} errors")
        print("  " + ", ".join(f"{answer} {count}" for answer, count in sorted(answers.items())))

    assert errors == []
    assert len(took) >= ATTEMPTS // PROCESSES * PROCESSES
    assert answers["book: done"] > PROCESSES
    assert overlaps(list(Hold.objects.all())) == []
    for row in rows:
        wanted = 2 + (row.doctor_id is not None) + (row.room_id is not None) if row.state in HOLDING_STATES else 0
        assert len(row.holds.all()) == wanted, "an appointment holds all it needs, or nothing"
    open_steps = [row.planned_step_id for row in rows if row.state in OPEN_STATES]
    assert len(open_steps) == len(set(open_steps)), "one open time for one consultation"
    places = [(row.sitting, row.place) for row in holding]
    assert len(places) == len(set(places)), "one child in one place"
    last_words = {event.appointment_id: event.to_state for event in AppointmentEvent.objects.order_by("pk")}
    assert last_words == {row.pk: row.state for row in rows}, "every state has its event"
    booked = AuditEvent.objects.filter(action="appointment.booked").count()
    assert booked == answers["book: done"], "every acknowledged booking is in the trail, and no other"
    assert list(broken_links(Municipality.objects.get().code)) == []


@pytest.mark.django_db
def test_an_attempt_costs_the_same_whatever_is_booked_already() -> None:
    here = a_staffed_clinic(open_municipality(code="9901", name="Prøve", by=LEADER, at=AT), has_rosters=False)
    children = [an_enrolled_child(here, born_on=date(2026, 1, 5)) for _ in range(8)]
    questions = []
    for number, child in enumerate(children):
        step = PlannedStep.objects.select_related("municipality", "enrolment__person").get(enrolment=child, step="C04_M3")
        with CaptureQueriesContext(connection) as asked:
            book(planned_step=step, slot=here.slot(f"2026-03-16 {8 + number:02}:00"), by=NURSE, at=AT)
        questions.append(len(asked))
    assert len(set(questions)) == 1
