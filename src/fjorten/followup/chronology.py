"""
The chronology of one child on one page, in order of time and in Norwegian words: for an assessment, for the leader, for an inspection.

What child welfare was told, or was not, stands apart: assessments are for those on the case, and come with `chronology_with_assessments`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.followup.contact import How, Interpreter, Outcome
from fjorten.followup.ladder import Ladder
from fjorten.followup.ladders import Ladders, ladders_of
from fjorten.followup.models import Assessment, CaseEvent, CaseFact
from fjorten.followup.triggers import Trigger, sentences_in
from fjorten.kernel.spoken import in_a_row, named, spoken
from fjorten.kernel.times import oslo_date, oslo_instant
from fjorten.messages.models import Message, OutboxState, Way
from fjorten.messages.texts import messages
from fjorten.organisation.models import Absence
from fjorten.people.models import Person
from fjorten.plans.models import StepEvent
from fjorten.plans.programmes import programmes_of
from fjorten.programme.status import Status

APPOINTMENT_WORDS: Final = {
    State.OFFERED: "tilbudt",
    State.CONFIRMED: "bekreftet av familien",
    State.ATTENDED: "møtt",
    State.DID_NOT_ATTEND: "ingen kom",
    State.NOT_BROUGHT: "barnet ble ikke fulgt av noen som kunne",
    State.CANCELLED_BY_FAMILY: "avbestilt av familien",
    State.MOVED_BY_FAMILY: "flyttet av familien",
    State.CANCELLED_BY_CLINIC: "avlyst av helsestasjonen",
    State.MOVED_BY_CLINIC: "flyttet av helsestasjonen",
}
_ONE_DAY: Final = timedelta(days=1)
_OURS: Final = [State.CANCELLED_BY_CLINIC.value, State.MOVED_BY_CLINIC.value]


@dataclass(frozen=True, slots=True)
class ChronologyLine:
    """One thing that happened: when (`at` is an instant, `on` its day in Norway), of what kind, in words, and who wrote it."""

    at: datetime
    on: date
    kind: str
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry of a case as the child's journal shows it. `corrected_by` is the entry that stands instead; `corrects` the reverse."""

    id: int
    at: datetime
    recorded_at: datetime
    by: str
    consultation: str
    words: str
    note: str
    corrects: int | None
    corrected_by: int | None


def chronology_of(person: Person) -> list[ChronologyLine]:
    """
    This function will tell what happened about one child, oldest first: appointments, messages, cases, steps of the plan, and the clinic's
    own absences that took a time away. Assessments are left out.
    """
    ladders = ladders_of(person.municipality)
    lines = [*_appointments(person), *_absences(person), *_messages(person), *_facts(person), *_cases(person, ladders), *_steps(person)]
    return sorted(lines, key=lambda line: line.at)


def chronology_with_assessments(person: Person) -> list[ChronologyLine]:
    """This function will tell the same with the assessments and the answers owed. For the named staff on the case only."""
    return sorted([*chronology_of(person), *_assessments(person)], key=lambda line: line.at)


def journal_entries_of(person: Person) -> list[JournalEntry]:
    """
    This function will list what was done in a child's cases as entries of its journal, in the order they were written.

    A corrected entry stays, and points to what stands instead (hpl §§ 39, 40, 42 [source]).
    """
    names, ladders = _names_of(person), ladders_of(person.municipality)
    events = CaseEvent.objects.filter(case__person=person).select_related("case__planned_step", "owner", "corrected_by").order_by("pk")
    return [
        JournalEntry(
            id=event.pk,
            at=event.done_at,
            recorded_at=event.recorded_at,
            by=event.by,
            consultation=names.get(event.case.planned_step.step, event.case.planned_step.step),
            words=_words_of(event, ladders),
            note=event.note,
            corrects=event.corrects_id,
            corrected_by=event.corrected_by.pk if hasattr(event, "corrected_by") else None,
        )
        for event in events
    ]


def _away(absence: Absence) -> str:
    if absence.employee is not None:
        return absence.employee.name
    return spoken("Rom %(room)s", room=str(absence.room)) if absence.room else spoken("Helsestasjonen")


def _line(at: datetime, kind: str, words: str, by: str) -> ChronologyLine:
    return ChronologyLine(at, oslo_date(at), kind, words, by)


def _appointments(person: Person) -> Iterator[ChronologyLine]:
    names = _names_of(person)
    for row in Appointment.objects.filter(person=person).select_related("employee", "planned_step"):
        name = names.get(row.planned_step.step, row.planned_step.step)
        words = spoken(
            "Time til %(step)s hos %(who)s: %(state)s.", step=name, who=row.employee.name, state=APPOINTMENT_WORDS[State(row.state)]
        )
        yield _line(row.begins_at, "appointment", in_a_row((words, row.state_reason)), row.state_by)


def _absences(person: Person) -> Iterator[ChronologyLine]:
    """Tell why the clinic took times away: its own absences that cover them. They are never the family's."""
    seen: set[int] = set()
    for row in Appointment.objects.filter(person=person, state__in=_OURS).order_by("begins_at"):
        day = oslo_date(row.begins_at)
        whose = Q(employee=row.employee_id) | Q(employee=row.doctor_id or 0) | Q(room=row.room_id or 0) | Q(employee=None, room=None)
        for absence in Absence.objects.filter(whose, clinic=row.clinic_id).on(day).select_related("employee", "room"):
            if absence.pk not in seen:
                seen.add(absence.pk)
                first, last = f"{absence.from_on:%d.%m.%Y}", f"{absence.until_on - _ONE_DAY:%d.%m.%Y}"
                words = spoken("%(who)s var borte fra %(first)s til og med %(last)s.", who=_away(absence), first=first, last=last)
                yield _line(oslo_instant(absence.from_on, time.min), "absence", words, absence.recorded_by)


def _messages(person: Person) -> Iterator[ChronologyLine]:
    for row in Message.objects.filter(person=person):
        about = messages()[row.kind].when if row.kind in messages() else row.kind
        state = str(OutboxState(row.state).label)
        if row.state_reason:
            state = spoken("%(state)s (%(why)s)", state=state, why=row.state_reason)
        words = spoken("%(way)s, %(about)s: %(state)s.", way=str(Way(row.way).label), about=about, state=state)
        yield _line(row.state_at, "message", words, "systemet")


def _facts(person: Person) -> Iterator[ChronologyLine]:
    for row in CaseFact.objects.filter(person=person).exclude(trigger=Trigger.BY_HAND):
        yield _line(oslo_instant(row.since, time.min), "fact", Trigger(row.trigger).sentence, "systemet")


def _cases(person: Person, ladders: Ladders) -> Iterator[ChronologyLine]:
    for event in CaseEvent.objects.filter(case__person=person).select_related("case", "owner").order_by("pk"):
        yield _line(event.done_at, "case", in_a_row((_words_of(event, ladders), sentences_in(event.note))), event.by)


def _steps(person: Person) -> Iterator[ChronologyLine]:
    names = _names_of(person)
    what = [StepEvent.What.SETTLED, StepEvent.What.REOPENED]
    for row in StepEvent.objects.filter(planned_step__enrolment__person=person, what__in=what).select_related("planned_step"):
        name = names.get(row.planned_step.step, row.planned_step.step)
        became = Status(row.outcome).words if row.outcome else spoken("åpnet igjen")
        if row.is_confirmed is False:
            became = spoken("%(outcome)s, ikke bekreftet", outcome=became)
        yield _line(row.at, "step", spoken("%(step)s: %(outcome)s.", step=name, outcome=became), row.by)


def _assessments(person: Person) -> Iterator[ChronologyLine]:
    for row in Assessment.objects.filter(person=person).select_related("assessed_by").prefetch_related("owed_answers"):
        letters = ", ".join(row.criteria)
        answer = spoken("plikt til å melde, %(letters)s", letters=letters) if row.duty_to_report else spoken("ikke plikt til å melde")
        corrects = spoken("Rettet vurdering") if row.corrects_id else spoken("Individuell vurdering")
        words = spoken("%(kind)s: %(answer)s. %(grounds)s", kind=corrects, answer=answer, grounds=row.grounds)
        yield _line(oslo_instant(row.assessed_on, time.min), "assessment", words, row.assessed_by.name)
        if row.report_sent_at is not None:
            yield _line(row.report_sent_at, "assessment", spoken("Bekymringsmelding sendt."), row.report_sent_by)
        for owed in row.owed_answers.all():
            if owed.received_on is not None:
                words = spoken("Svar fra barnevernstjenesten: %(content)s", content=owed.content)
                yield _line(oslo_instant(owed.received_on, time.min), "assessment", words, owed.recorded_by)


def _names_of(person: Person) -> dict[str, str]:
    programmes = programmes_of(person.municipality)
    versions = {enrolment.programme_version for enrolment in person.enrolments.all()}
    return {str(step.code): named(step.names) for version in versions for step in programmes.of(version).steps}


def _words_of(event: CaseEvent, ladders: Ladders) -> str:
    """Tell one event of a case in a sentence or two, its note apart."""
    ladder = ladders.of(event.case.ladder)
    what = CaseEvent.What(event.what)
    match what:
        case CaseEvent.What.STEP | CaseEvent.What.CORRECTED:
            step = _step_name(ladder, event.step)
            done = spoken("Rettet: %(step)s", step=step) if what is CaseEvent.What.CORRECTED else step
            details = in_a_row(_details(event, ladder), ", ")
            words = spoken("%(done)s: %(details)s.", done=done, details=details) if details else spoken("%(done)s.", done=done)
        case CaseEvent.What.CLOSED:
            words = spoken("Saken ble lukket: %(why)s.", why=_named(ladder, event.reason))
        case CaseEvent.What.PAUSED:
            words = spoken("Saken venter til %(day)s: %(why)s.", day=f"{event.until_on:%d.%m.%Y}", why=_named(ladder, event.reason))
        case _:
            words = spoken("Saken: %(what)s.", what=str(what.label))
    if what is CaseEvent.What.CLOSED or not event.next_step or event.due_on is None or event.owner is None:
        return words
    step, day = _step_name(ladder, event.next_step), f"{event.due_on:%d.%m.%Y}"
    return in_a_row((words, spoken("Neste: %(step)s, %(who)s, innen %(day)s.", step=step, who=event.owner.name, day=day)))


def _details(event: CaseEvent, ladder: Ladder) -> Iterator[str]:
    yield How(event.how).words if event.how else ""
    yield spoken("på språket %(language)s", language=event.language) if event.language else ""
    yield Interpreter(event.interpreter).words if event.interpreter else ""
    yield Outcome(event.outcome).words if event.outcome else ""
    yield spoken("grunn: %(why)s", why=_named(ladder, event.reason)) if event.reason else ""


def _step_name(ladder: Ladder, code: str) -> str:
    return next((named(step.name) for step in ladder.steps if step.code == code), code)


def _named(ladder: Ladder, code: str) -> str:
    known = (*ladder.reasons, *ladder.pauses, *ladder.closings)
    return next((named(reason.name) for reason in known if reason.code == code), code)
