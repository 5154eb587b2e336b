"""The day's appointments: who comes, who calls first, who is written down when, and what is written down wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fjorten.appointments.actions.outcomes import (
    cancel_by_clinic,
    cancel_by_family,
    correct,
    mark_attended,
    mark_did_not_attend,
    mark_not_brought,
)
from fjorten.appointments.models import Appointment
from fjorten.appointments.obligations import ABOUT
from fjorten.appointments.queries import appointments_on, appointments_to_cancel, appointments_without_staff, not_closed
from fjorten.appointments.states import State
from fjorten.kernel.times import oslo_date
from fjorten.messages.models import ContactTask, Message, OutboxState, Way
from fjorten.messages.tasks import TaskOutcome
from fjorten.nightly.actions import JOB
from fjorten.simulation.clinic.workday import OFFICE, Workday, actor
from fjorten.simulation.families.coming import Situation, why_not_coming
from fjorten.simulation.families.habits import Why
from fjorten.simulation.families.household import Guardian, Line
from fjorten.simulation.records import Person

IS_FORGOTTEN = 0.04  # of the day's appointments: nobody writes down what became of them until the next working day [default]
IS_FORGOTTEN_AGAIN = 0.3  # of those on the list of what nobody closed
IS_WRITTEN_WRONG = 0.003  # attended for missed, or the other way; found and put right the next working day [default]
IS_NOT_BROUGHT = 0.03  # of the misses, as a professional's judgement [default]
_CAME_THROUGH = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.UNCERTAIN)
_WAS_SAID = (TaskOutcome.TOLD.value, TaskOutcome.WAS_TOLD.value)
WRITTEN_WRONG = "ført feil, rettet dagen etter"


@dataclass(frozen=True, slots=True)
class Fate:
    """What will become of one appointment. `calls`: they say so before it begins."""

    why: Why | None
    calls: bool = False

    @property
    def comes(self) -> bool:
        """Whether the family comes."""
        return self.why is None


def take_calls(work: Workday) -> None:
    """This function will let families who cannot come today say so before their time, some by cancelling it."""
    open_today = list(appointments_on(work.day, municipality=work.municipality).still_open())
    for appointment, fate in zip(open_today, fates(work, open_today), strict=True):
        if fate.calls and appointment.begins_at > work.at(8):
            with work.trying("family cancels"):
                cancel_by_family(appointment=appointment, reason=_words(fate.why), by=OFFICE, at=work.at(7, 50))


def close_yesterdays(work: Workday) -> None:
    """This function will close what nobody closed on its day, but for what is forgotten again; and put right what was written wrong."""
    at = work.at(8)
    forgotten = list(not_closed(municipality=work.municipality, on=work.day))
    for appointment, fate in zip(forgotten, fates(work, forgotten), strict=True):
        if _draw(work, f"forgotten again {work.day}", appointment) >= IS_FORGOTTEN_AGAIN:
            write_down(work, appointment, fate, at=at)
    since = work.at(0) - timedelta(days=5)
    recent = Appointment.objects.of(work.municipality).filter(begins_at__gte=since, begins_at__lt=work.at(0), state_at__gte=since)
    wrong = recent.filter(state_reason=WRONG).select_related("employee__clinic", "person", "planned_step", "municipality")
    for appointment in wrong.order_by("begins_at", "pk"):
        right = State.DID_NOT_ATTEND if appointment.state == State.ATTENDED else State.ATTENDED
        with work.trying("correct"):
            correct(appointment=appointment, to=right, reason=WRITTEN_WRONG, by=actor(appointment.employee), at=at)


WRONG = "ført av feil ansatt"  # how the simulation knows what it wrote wrong; nobody else does anything with it


def cancel_what_nobody_comes_to(work: Workday) -> None:
    """This function will cancel times nobody is to come to: the child is dead or has left, the step is settled, the employee has left."""
    for rows, reason in (
        (appointments_to_cancel(municipality=work.municipality, on=work.day), "ikke lenger aktuell"),
        (appointments_without_staff(municipality=work.municipality, on=work.day), "den ansatte har sluttet"),
    ):
        for appointment in rows:
            with work.trying("clinic cancels"):
                cancel_by_clinic(appointment=appointment, reason=reason, by=OFFICE, at=work.at(8, 10))


def hold_consultations(work: Workday) -> int:
    """This function will receive those who come, and write down what became of the day's appointments; tells how many were missed."""
    at = work.at(15, 30)
    todays = [row for row in appointments_on(work.day, municipality=work.municipality).still_open() if row.ends_at <= at]
    missed = 0
    for appointment, fate in zip(todays, fates(work, todays), strict=True):
        if _draw(work, "forgotten", appointment) >= IS_FORGOTTEN:
            missed += not fate.comes
            write_down(work, appointment, fate, at=at)
    return missed


def fates(work: Workday, appointments: Sequence[Appointment]) -> list[Fate]:
    """
    This function will draw what becomes of appointments: the same whenever it is asked, for it goes by the child, the step and the day.

    Whether the family was told is what really reached somebody, not what the outbox believes.
    """
    people = work.people({row.person_id for row in appointments})
    heard = _heard(work, appointments)
    return [_fate(work, row, people.get(row.person_id), heard[row.pk]) for row in appointments]


def _fate(work: Workday, appointment: Appointment, child: Person | None, heard: _Heard) -> Fate:
    on = oslo_date(appointment.begins_at)
    if child is None:
        return Fate(Why.UNKNOWN)
    habits = work.households.habits
    away = work.households.whereabouts(child, on)
    whereabouts = child.whereabouts_on(on)
    if not (whereabouts.is_alive and whereabouts.municipality_code in work.world.codes):
        return Fate(Why.EMIGRATED if whereabouts.municipality_code is None else Why.MOVED)
    rng = work.rng("comes", child.key, appointment.planned_step.step, on)
    situation = Situation(
        away=None if away is None else away[0],
        was_told=heard.was_told or appointment.booked_by != JOB.who,
        reminders=heard.reminders,
        reads_it=heard.reads_it,
        is_followed_by_specialist=work.households.is_followed_by_specialist(child),
    )
    why = why_not_coming(rng, situation, habits)
    can_call = why in (Why.ILLNESS, Why.LOGISTICS, Why.ABROAD, Why.SPECIALIST)
    return Fate(why, calls=can_call and rng.random() < habits.tells_beforehand)


@dataclass(slots=True)
class _Heard:
    was_told: bool = False
    reminders: int = 0
    reads_it: bool = False


def _heard(work: Workday, appointments: Sequence[Appointment]) -> Mapping[int, _Heard]:
    """Find what really reached the families about appointments: messages to a number or an address that is theirs, and calls."""
    heard: dict[int, _Heard] = defaultdict(_Heard)
    about = {f"{ABOUT}{row.pk}": row.pk for row in appointments}
    guardians: dict[str, Guardian] = {}
    sent = Message.objects.filter(municipality=work.municipality, about__in=about, state__in=_CAME_THROUGH).select_related("adult")
    for message in sent.order_by("pk"):
        adult = message.adult
        person = work.world.person_numbered(adult.number, on=work.day) if adult is not None and adult.number else None
        if adult is None:
            continue
        if person is not None and adult.number not in guardians:
            guardians[adult.number] = work.households.guardian(person)
        told = guardians.get(adult.number)
        if told is not None and not _reaches(message, told):
            continue
        one = heard[about[message.about]]
        one.was_told = True
        one.reminders += message.kind.startswith("reminder_")
        one.reads_it = one.reads_it or told is None or not told.needs_interpreter or message.sent_language == told.language
    for task in ContactTask.objects.filter(municipality=work.municipality, about__in=about, outcome__in=_WAS_SAID):
        heard[about[task.about]].was_told = heard[about[task.about]].reads_it = True
    for one in heard.values():
        one.reminders = min(one.reminders, 2)
    return heard


def _reaches(message: Message, told: Guardian) -> bool:
    if message.way == Way.LETTER:
        return not told.post_comes_back
    return told.line_of(message.sent_to) is Line.WORKS


def write_down(work: Workday, appointment: Appointment, fate: Fate, *, at: datetime) -> None:
    """This function will write down what became of an appointment; now and then wrong."""
    by, reason = actor(appointment.employee), ""
    comes = fate.comes
    if _draw(work, "wrong", appointment) < IS_WRITTEN_WRONG:
        comes, reason = not comes, WRONG
    if comes:
        with work.trying("attended"):
            mark_attended(appointment=appointment, reason=reason, by=by, at=at)
    elif _draw(work, "not brought", appointment) < IS_NOT_BROUGHT:
        with work.trying("not brought"):
            mark_not_brought(appointment=appointment, reason=reason, by=by, at=at)
    else:
        with work.trying("did not attend"):
            mark_did_not_attend(appointment=appointment, reason=reason, by=by, at=at)


def _draw(work: Workday, what: str, appointment: Appointment) -> float:
    return work.rng(what, appointment.begins_at.isoformat(), appointment.employee.code, appointment.place).random()


_WORDS = {Why.ILLNESS: "sykdom", Why.LOGISTICS: "passet ikke likevel", Why.ABROAD: "er i utlandet"}


def _words(why: Why | None) -> str:
    return _WORDS.get(why or Why.UNKNOWN, "familien ringte")
