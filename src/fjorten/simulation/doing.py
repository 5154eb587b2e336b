"""Doing what staff mean to do, sensible or not: the action it asks for, which may refuse."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fjorten.audit.actor import Actor
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.people.queries import person_with_number
from fjorten.plans.actions import settling
from fjorten.plans.actions.standing import decide_standing
from fjorten.plans.models import StandingDecision
from fjorten.plans.queries import open_enrolment_of
from fjorten.registers.enrolment import enrol_resident
from fjorten.registers.models import WorkItem, WorkItemQuerySet
from fjorten.registers.work import put_aside, resolve
from fjorten.simulation.intents import Intent, IntentKind


def do(intent: Intent, *, municipality: Municipality, day: date, by: Actor, at: datetime) -> None:
    """This function will do what somebody means to. Raises what the action refuses."""
    person = person_with_number(intent.child.numbers[0], municipality=municipality)
    reason = intent.reason
    match intent.kind:
        case IntentKind.ENROL:
            enrol_resident(person=person, on=day, reason=reason, by=by, at=at)
        case IntentKind.PUT_OUTSIDE:
            standing = StandingDecision.Standing.OUTSIDE
            decide_standing(person=person, standing=standing, on=day, reason=reason, by=by, at=at)
        case IntentKind.CONFIRM_MOVED_OUT:
            for item in _open_items(person, "journal_open_registered_elsewhere"):
                resolve(item=item, resolution=WorkItem.Resolution.MOVED_OUT, reason=reason, by=by, at=at)
        case IntentKind.WAIT:
            for item in _open_items(person, "lives_here_without_journal"):
                put_aside(item=item, until=day + timedelta(days=14), today=day, reason=reason, by=by, at=at)
        case _:
            _do_about_a_step(intent, person, day, by=by, at=at)


def _do_about_a_step(intent: Intent, person: Person, day: date, *, by: Actor, at: datetime) -> None:
    enrolment, step, reason = open_enrolment_of(person), str(intent.step), intent.reason
    match intent.kind:
        case IntentKind.DONE:
            settling.mark_done(enrolment=enrolment, step=step, on=day, today=day, reason=reason, by=by, at=at)
        case IntentKind.DONE_ELSEWHERE:
            settling.mark_done_elsewhere(enrolment=enrolment, step=step, on=day, today=day, is_confirmed=False, reason=reason, by=by, at=at)
        case IntentKind.DECLINE:
            settling.decline(enrolment=enrolment, step=step, on=day, reason=reason, by=by, at=at)
        case IntentKind.WAIVE:
            settling.waive(enrolment=enrolment, step=step, on=day, reason=reason, by=by, at=at)
        case _:
            settling.reopen(enrolment=enrolment, step=step, reason=reason, by=by, at=at)


def _open_items(person: Person, rule: str) -> WorkItemQuerySet:
    return WorkItem.objects.unresolved().filter(person=person, rule=rule).select_related("person", "municipality")
