"""The manual list and what families write: calls that reach somebody, or not, and what is agreed."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

from fjorten.appointments.actions.booking import book, move_by_family
from fjorten.appointments.models import Appointment
from fjorten.appointments.needs import ByHandBecause, to_place_by_hand
from fjorten.appointments.norms import default_norms
from fjorten.appointments.obligations import ABOUT
from fjorten.appointments.queries import free_slots
from fjorten.appointments.slots import FreeSlot
from fjorten.audit.actor import Actor
from fjorten.followup.queries import cases_that_bear_on_times
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.tasks import finish_task
from fjorten.messages.models import ContactTask, IncomingMessage
from fjorten.messages.queries import open_tasks
from fjorten.messages.tasks import TaskOutcome, TaskReason
from fjorten.organisation.models import Clinic
from fjorten.organisation.responsibility import Responsible, staff_on
from fjorten.people.actions.families import pause_contact, record_contact_point
from fjorten.people.models import Adult, ContactPoint
from fjorten.people.models import Person as Child
from fjorten.plans.actions.settling import waive
from fjorten.plans.models import PlannedStep
from fjorten.plans.programmes import programmes_of
from fjorten.simulation.clinic.meeting import note_families
from fjorten.simulation.clinic.workday import OFFICE, Workday, actor
from fjorten.simulation.families.household import Line
from fjorten.simulation.records import Person

AGREED_WITHIN_DAYS = 21
GIVEN_UP_AFTER_DAYS = 4  # when nobody has taken the telephone by then, it is written down, and the ladder goes on [default]
TOLD_BY_HAND = 0.85  # of messages given through the named team, a day [default]
WANTED_PEACE_DAYS = 60
PLACED_A_DAY = 0.3  # of the children whose times a person finds [default]


def work_off_the_manual_list(work: Workday) -> None:
    """This function will let whoever is at work call, or find out, what stands on the manual list."""
    staff = staff_on(municipality=work.municipality, on=work.day)
    at = work.at(9, 30)
    tasks = list(open_tasks(municipality=work.municipality).select_related("person__municipality", "owner__clinic", "deputy__clinic"))
    people = work.people({task.person_id for task in tasks})
    for task in tasks:
        who, _ = staff.acting(Responsible(task.owner, task.deputy), clinic=task.owner.clinic_id)
        if who.pk not in staff.present:
            continue
        _see_to(work, task, people.get(task.person_id), by=actor(who), at=at)


def takes_the_telephone(work: Workday, child: Child, known: Person | None, *, why: str) -> bool:
    """
    This function will tell whether somebody of a child's family is reached by telephone today: at home, with a number that works, and near
    it. Guardians are tried in turn.
    """
    if known is None or not work.lives_here(known):
        return False
    adults = _guardians(work, child)
    rng = work.rng("telephone", why, known.key, work.day)
    for adult in adults:
        point = adult.contact_points.filter(kind=ContactPoint.Kind.TELEPHONE, ended_at__isnull=True, failed_on__isnull=True).first()
        person = work.world.person_numbered(adult.number, on=work.day)
        if point is None or person is None:
            continue
        if (
            work.households.guardian(person).line_of(point.value) is Line.WORKS
            and rng.random() < work.households.habits.takes_the_telephone
        ):
            return True
    return False


def find_right_numbers(work: Workday, child: Child, *, by: Actor, at: datetime) -> bool:
    """This function will put right the dead and missing numbers of a child's family; tells whether one was found."""
    found = False
    for adult in _guardians(work, child):
        person = work.world.person_numbered(adult.number, on=work.day)
        in_use = adult.contact_points.filter(kind=ContactPoint.Kind.TELEPHONE, ended_at__isnull=True, failed_on__isnull=True)
        if person is not None and work.lives_here(person) and not in_use.exists():
            number = work.households.guardian(person).right_telephone
            record_contact_point(
                adult=adult,
                kind=ContactPoint.Kind.TELEPHONE,
                value=number,
                source=ContactPoint.Source.STAFF,
                verified_on=work.day,
                by=by,
                at=at,
            )
            found = True
    return found


def agree_on_a_time(work: Workday, step: PlannedStep, *, by: Actor, at: datetime) -> Appointment | None:
    """
    This function will agree on a time with a family on the telephone: another one instead of the one they have, or one where they have
    none; None when nothing is free.
    """
    current = (
        Appointment.objects.still_open().filter(planned_step=step).select_related("planned_step__enrolment__person", "municipality").first()
    )
    slot = _a_free_time(work, step, but_not=current)
    if slot is None:
        return None
    if current is not None and current.begins_at > at:
        return move_by_family(appointment=current, slot=slot, reason="avtalt på telefon", by=by, at=at)
    if current is not None:
        return None
    last = Appointment.objects.filter(planned_step=step).order_by("-pk").first()
    return book(planned_step=step, slot=slot, replaces=last, reason="avtalt på telefon", by=by, at=at)


def place_by_hand(work: Workday) -> None:
    """
    This function will find times for the children the night leaves to a person: protected ones, families left in peace, and those with two
    consultations due at once, of which the earlier is mostly taken together with the later.
    """
    at, by = work.at(11), OFFICE
    _, paused = cases_that_bear_on_times(municipality=work.municipality, on=work.day)
    waiting = to_place_by_hand(municipality=work.municipality, on=work.day, paused_steps=paused)
    people = work.people({one.child for one in waiting})
    steps = PlannedStep.objects.select_related("enrolment__person__municipality", "enrolment__clinic", "municipality")
    for one in waiting:
        known = people.get(one.child)
        if known is None or not work.lives_here(known) or work.rng("place", known.key, one.step, work.day).random() >= PLACED_A_DAY:
            continue
        step = steps.get(pk=one.planned_step)
        if one.because is ByHandBecause.LATER_STEP_IS_DUE:
            with work.trying("taken together"):
                waive(enrolment=step.enrolment, step=step.step, on=work.day, reason="tas sammen med neste konsultasjon", by=by, at=at)
        else:
            with work.trying("placed by hand"):
                agree_on_a_time(work, step, by=by, at=at)


def _see_to(work: Workday, task: ContactTask, known: Person | None, *, by: Actor, at: datetime) -> None:
    reason = TaskReason(task.reason)
    match reason:
        case (
            TaskReason.CHILD_IS_PROTECTED | TaskReason.GUARDIAN_IS_PROTECTED | TaskReason.CARER_CANNOT_BE_REACHED | TaskReason.CHILD_DECIDES
        ):
            if work.rng("by hand", known.key if known else "", reason, task.opened_at, work.day).random() < TOLD_BY_HAND:
                _finish(work, task, TaskOutcome.TOLD, "", by=by, at=at)
        case TaskReason.UNKNOWN_SENDER:
            _finish(work, task, TaskOutcome.NO_LONGER_NEEDED, "feil nummer", by=by, at=at)
        case _:
            _call(work, task, reason, known, by=by, at=at)


def _call(work: Workday, task: ContactTask, reason: TaskReason, known: Person | None, *, by: Actor, at: datetime) -> None:
    if reason in (TaskReason.NO_GUARDIAN_IS_KNOWN, TaskReason.NOBODY_CAN_BE_REACHED):
        with work.trying("find the family"):
            note_families(work, [task.person_id], by=by, at=at)
            find_right_numbers(work, task.person, by=by, at=at)
    if takes_the_telephone(work, task.person, known, why=f"{reason}"):
        step = _step_about(task)
        if reason is TaskReason.WANTS_ANOTHER_TIME and step is not None:
            with work.trying("another time"):
                agree_on_a_time(work, step, by=by, at=at)
        if reason is TaskReason.WANTS_NO_MESSAGES:
            with work.trying("leave in peace"):
                pause_contact(
                    person=task.person,
                    from_on=work.day,
                    until_on=work.day + timedelta(days=WANTED_PEACE_DAYS),
                    today=work.day,
                    reason="familien vil ringes i stedet",
                    by=by,
                    at=at,
                )
        _finish(work, task, TaskOutcome.TOLD, "", by=by, at=at)
    elif (work.day - oslo_date(task.opened_at)).days >= GIVEN_UP_AFTER_DAYS:
        _finish(work, task, TaskOutcome.NOT_REACHED, "ringt flere ganger", by=by, at=at)


def _finish(work: Workday, task: ContactTask, outcome: TaskOutcome, note: str, *, by: Actor, at: datetime) -> None:
    with work.trying(f"task {outcome.value}"):
        finish_task(task=task, outcome=outcome, note=note, by=by, at=at)


def _step_about(task: ContactTask) -> PlannedStep | None:
    """Find the step a task is about: of the appointment itself, or of the one the message was about that the family answered."""
    about = task.about
    if not about.startswith(ABOUT):
        incoming = IncomingMessage.objects.filter(pk=int(about.partition(":")[2] or 0)).select_related("answers").first()
        about = incoming.answers.about if incoming is not None and incoming.answers is not None else ""
    if not about.startswith(ABOUT):
        return None
    appointment = Appointment.objects.filter(pk=int(about.removeprefix(ABOUT))).first()
    steps = PlannedStep.objects.select_related("enrolment__person", "enrolment__clinic", "municipality")
    return None if appointment is None else steps.filter(pk=appointment.planned_step_id, outcome__isnull=True).first()


def _a_free_time(work: Workday, step: PlannedStep, *, but_not: Appointment | None) -> FreeSlot | None:
    definition = programmes_of(work.municipality).of(step.enrolment.programme_version).step(step.step)
    needed, minutes = set(definition.performers), default_norms().minutes
    slots = chain.from_iterable(_free_in_week(work, step.enrolment.clinic, number) for number in range(AGREED_WITHIN_DAYS // 7))
    fitting = (
        slot
        for slot in slots
        if slot.setting in definition.settings
        and needed <= slot.performers
        and (slot.ends_at - slot.begins_at) >= timedelta(minutes=minutes.of(step.step, slot.setting))
        and (not slot.steps or step.step in slot.steps)
        and (but_not is None or slot.begins_at != but_not.begins_at)
    )
    return next(fitting, None)


def _free_in_week(work: Workday, clinic: Clinic, number: int) -> list[FreeSlot]:
    """Look one week ahead at a time, as one does on the telephone."""
    begins = work.day + timedelta(days=1 + 7 * number)
    return free_slots(municipality=work.municipality, from_on=begins, until_on=begins + timedelta(days=7), clinic=clinic)


def _guardians(work: Workday, child: Child) -> list[Adult]:
    numbers = child.responsibilities.exclude(responsible_number="").order_by("pk").values_list("responsible_number", flat=True)
    return list(Adult.objects.filter(municipality=work.municipality, number__in=list(numbers), is_dead=False).order_by("pk"))
