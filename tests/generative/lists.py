"""
Every list of a municipality on a day, and who and why behind whatever is gone from one the day after.

Written from what must hold, not from how the lists are made: each row of yesterday is there today, or a row in the database says who took
it off and why. A machine takes nobody off, but for giving a time; and the register may say that a child has died, left or turned six.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from fjorten.appointments.models import Appointment, AppointmentEvent
from fjorten.appointments.queries import appointments_to_rebook, not_closed
from fjorten.appointments.states import State
from fjorten.followup.models import Case, CaseEvent, OwedAnswer
from fjorten.followup.queries import unconfirmed_claims, watched_cases
from fjorten.ledger.balance import unaccounted_children
from fjorten.messages.models import ContactTask, IncomingMessage
from fjorten.messages.queries import open_tasks, unread_incoming
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.people.queries import resident_children
from fjorten.plans.models import Enrolment, PlannedStep, StandingDecision, StepEvent
from fjorten.registers.models import WorkItem

MACHINES = {"nattkjøring", "folkeregisteret", ""}
OPEN = [state.value for state in State if state.is_open]


@dataclass(frozen=True)
class Lists:
    """The rows on each list on a day, by primary key."""

    municipality: Municipality
    day: date
    rows: Mapping[str, frozenset[int]]


def lists_on(day: date, *, municipality: Municipality) -> Lists:
    """Read every list of a day."""
    return Lists(municipality, day, {name: frozenset(read(municipality, day)) for name, (read, _) in LISTS.items()})


def gone_without_a_word(before: Lists, after: Lists) -> list[str]:
    """Tell of what is gone from a list since the day before, with nobody who says why."""
    return [
        f"{after.day}: {name} {key}: {problem}"
        for name, (_, why) in LISTS.items()
        for key in sorted(before.rows[name] - after.rows[name])
        if (problem := why(key, after.day))
    ]


def by_a_person(who: str | None, reason: str | None) -> str:
    """Tell what is missing from a row that should say who and why; "" when both are there."""
    if (who or "") in MACHINES:
        return f"taken off by «{who}», who is not a person"
    return "" if (reason or "").strip() else "taken off without a reason"


def cases(municipality: Municipality, day: date) -> Iterator[int]:
    yield from Case.objects.of(municipality).still_open().values_list("pk", flat=True)


def why_case_is_gone(key: int, day: date) -> str:
    case = Case.objects.get(pk=key)
    event = CaseEvent.objects.filter(case=case, what=CaseEvent.What.CLOSED).order_by("pk").last()
    return by_a_person(case.closed_by, case.closing) or ("" if event and event.reason == case.closing else "no event tells of the closing")


def watched(municipality: Municipality, day: date) -> Iterator[int]:
    yield from watched_cases(municipality=municipality).values_list("pk", flat=True)


def why_watch_is_gone(key: int, day: date) -> str:
    case = Case.objects.get(pk=key)
    if case.closed_at is None:  # opened again: it is on the list of cases
        return ""
    event = CaseEvent.objects.filter(case=case, what=CaseEvent.What.WATCH_ENDED).order_by("pk").last()
    return by_a_person(case.watch_ended_by, event.note if event else "")


def tasks(municipality: Municipality, day: date) -> Iterator[int]:
    yield from open_tasks(municipality=municipality).values_list("pk", flat=True)


def why_task_is_gone(key: int, day: date) -> str:
    task = ContactTask.objects.get(pk=key)
    return by_a_person(task.done_by, task.outcome)


def unread(municipality: Municipality, day: date) -> Iterator[int]:
    yield from unread_incoming(municipality=municipality).values_list("pk", flat=True)


def why_read(key: int, day: date) -> str:
    row = IncomingMessage.objects.get(pk=key)
    return "" if row.handled_by and row.effect else "handled by nobody"


def unclosed(municipality: Municipality, day: date) -> Iterator[int]:
    yield from not_closed(municipality=municipality, on=day).values_list("pk", flat=True)


def why_closed(key: int, day: date) -> str:
    event = AppointmentEvent.objects.filter(appointment=key).order_by("pk").last()
    assert event is not None
    return by_a_person(event.by, event.to_state)


def to_rebook(municipality: Municipality, day: date) -> Iterator[int]:
    yield from appointments_to_rebook(municipality=municipality, on=day).values_list("pk", flat=True)


def why_not_to_rebook(key: int, day: date) -> str:
    return why_not_due(Appointment.objects.get(pk=key).planned_step_id, day)


def due_and_unbooked(municipality: Municipality, day: date) -> Iterator[int]:
    booked = Appointment.objects.filter(planned_step=OuterRef("pk"), state__in=OPEN)
    enrolled = Q(enrolment__ended_at__isnull=True, enrolment__person__is_dead=False, enrolment__person__continued_as__isnull=True)
    due = PlannedStep.objects.filter(enrolled, municipality=municipality, outcome__isnull=True, window_from__lte=day)
    yield from due.exclude(Exists(booked)).values_list("pk", flat=True)


def why_not_due(key: int, day: date) -> str:
    step = PlannedStep.objects.select_related("enrolment__person").get(pk=key)
    given = Appointment.objects.filter(planned_step=step, state__in=OPEN).first()
    if given is not None:
        return "" if given.booked_by else "given a time by nobody"
    if step.outcome is not None:
        return "" if step.outcome_by and step.outcome_by not in MACHINES else f"settled by «{step.outcome_by}»"
    enrolment = step.enrolment
    if enrolment.ended_at is not None:
        return by_a_person(enrolment.ended_by, enrolment.ended_reason)
    if enrolment.person.is_dead or enrolment.person.continued_as_id is not None:  # the register's word
        return ""
    moved = StepEvent.objects.filter(planned_step=step, what=StepEvent.What.REPLANNED).order_by("pk").last()
    if step.window_from > day and moved is not None and moved.by and moved.reason:
        return ""
    again = Appointment.objects.filter(planned_step=step).order_by("-pk").first()
    if again is not None and again.state != State.CANCELLED_BY_CLINIC.value and step.window_from > day:
        return ""  # given another time since, which has been used or let go: the step is not due any more
    return "" if again is not None and again.booked_by else "neither booked, settled nor due"


def unaccounted(municipality: Municipality, day: date) -> Iterator[int]:
    yield from unaccounted_children(municipality=municipality, on=day).values_list("pk", flat=True)


def why_accounted(key: int, day: date) -> str:
    person = Person.objects.get(pk=key)
    enrolment = Enrolment.objects.filter(person=person).order_by("pk").last()
    if enrolment is not None:
        return "" if enrolment.enrolled_by and enrolment.reason else "enrolled by nobody"
    decision = StandingDecision.objects.filter(person=person).order_by("pk").last()
    if decision is not None:
        return by_a_person(decision.decided_by, decision.reason)
    here = resident_children(municipality=person.municipality, on=day).filter(pk=key).exists()
    return "still lives here" if here and person.continued_as_id is None else ""


def enrolled(municipality: Municipality, day: date) -> Iterator[int]:
    yield from Enrolment.objects.of(municipality).still_open().values_list("pk", flat=True)


def why_not_enrolled(key: int, day: date) -> str:
    enrolment = Enrolment.objects.get(pk=key)
    return by_a_person(enrolment.ended_by, enrolment.ended_reason)


def work_items(municipality: Municipality, day: date) -> Iterator[int]:
    yield from WorkItem.objects.of(municipality).unresolved().values_list("pk", flat=True)


def why_resolved(key: int, day: date) -> str:
    item = WorkItem.objects.get(pk=key)
    return by_a_person(item.resolved_by, item.resolution_reason)


def claims(municipality: Municipality, day: date) -> Iterator[int]:
    yield from unconfirmed_claims(municipality=municipality, on=day).values_list("pk", flat=True)


def why_confirmed(key: int, day: date) -> str:
    step = PlannedStep.objects.select_related("enrolment__person").get(pk=key)
    if step.enrolment.ended_at is not None or step.enrolment.person.is_dead or step.enrolment.person.continued_as_id is not None:
        return ""
    event = StepEvent.objects.filter(planned_step=step).order_by("pk").last()
    assert event is not None
    return by_a_person(event.by, event.reason)


def owed_answers(municipality: Municipality, day: date) -> Iterator[int]:
    yield from OwedAnswer.objects.outstanding().filter(assessment__person__municipality=municipality).values_list("pk", flat=True)


def why_answered(key: int, day: date) -> str:
    answer = OwedAnswer.objects.get(pk=key)
    return by_a_person(answer.recorded_by, str(answer.received_on or answer.not_owed_on))


LISTS: Mapping[str, tuple[Callable[[Municipality, date], Iterator[int]], Callable[[int, date], str]]] = {
    "case": (cases, why_case_is_gone),
    "watched case": (watched, why_watch_is_gone),
    "contact task": (tasks, why_task_is_gone),
    "unread message": (unread, why_read),
    "appointment nobody closed": (unclosed, why_closed),
    "appointment to give anew": (to_rebook, why_not_to_rebook),
    "step due and unbooked": (due_and_unbooked, why_not_due),
    "unaccounted child": (unaccounted, why_accounted),
    "enrolment": (enrolled, why_not_enrolled),
    "work item": (work_items, why_resolved),
    "unconfirmed claim": (claims, why_confirmed),
    "owed answer": (owed_answers, why_answered),
}
