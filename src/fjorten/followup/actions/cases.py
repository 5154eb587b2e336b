"""Opening a case, from a fact or by hand, moving it when a new fact comes, and handing it over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import uuid4

from django.db import IntegrityError, transaction

from fjorten.audit.actor import Actor
from fjorten.followup.actions.entries import Signature, change_open, enter, refuse_note
from fjorten.followup.ladder import Ladder, Owner, Track, next_step, track_for
from fjorten.followup.ladders import Ladders, ladders_of
from fjorten.followup.models import Case, CaseEvent, CaseFact, Flag
from fjorten.followup.nurses import nurse_known_to
from fjorten.followup.owners import may_own, role_of
from fjorten.followup.triggers import Entry, Fact, Trigger, entry_of
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Employee
from fjorten.organisation.responsibility import Staff, staff_on
from fjorten.plans.models import PlannedStep

OWNER_HAS_LEFT: Final = "Den som hadde saken, arbeider ikke her lenger."


class StepNeedsNoCase(Refused):
    """The consultation is settled, or the child no longer follows the programme here."""

    sentence = "Konsultasjonen er avgjort, eller barnet følger ikke programmet her lenger. Da trengs ingen oppfølgingssak."


class CaseIsOpenAlready(Refused):
    """There is an open case about this consultation."""

    sentence = "Det er allerede en åpen sak om denne konsultasjonen. Før det du vet, i den."


class DoesNotWorkHere(Refused):
    """Owner or deputy is not employed in the municipality on the day."""

    sentence = "Eieren og stedfortrederen må være ansatt i kommunen den dagen. Velg en annen."


class NotTheirStep(Refused):
    """The step belongs to another role."""

    sentence = "Steget hører til en annen rolle: lederens steg eies av en leder, og helsesykepleierens av en fagperson."


class OwnerIsTheirOwnDeputy(Refused):
    """Owner and deputy are to be two."""

    sentence = "Eier og stedfortreder må være to forskjellige. Velg en annen stedfortreder."


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What facts came to: how many cases were opened, how many moved on the ladder, and how many facts an open case already covered."""

    opened: int = 0
    moved: int = 0
    noted: int = 0


@transaction.atomic
def open_case(*, planned_step: PlannedStep, reason: str, by: Actor, at: datetime) -> Case:
    """
    Open a case by hand, about a step that is not settled, with a reason.

    Raises NoteIsMissing, NoteIsTooLong, StepNeedsNoCase, CaseIsOpenAlready or NobodyToOwnIt.
    """
    refuse_note(reason)
    on = oslo_date(at)
    _refuse_step_without_need(planned_step, on)
    if Case.objects.still_open().filter(planned_step=planned_step).exists():
        raise CaseIsOpenAlready(planned_step.pk)
    municipality = planned_step.municipality
    fact = Fact(Trigger.BY_HAND, f"by_hand:{uuid4().hex}", on)
    try:
        with transaction.atomic():
            return _open(
                planned_step,
                [fact],
                ladder=ladders_of(municipality).on(on),
                staff=staff_on(municipality=municipality, on=on),
                signature=Signature(by, at),
                note=reason,
            )
    except IntegrityError as refused:
        if Case.objects.still_open().filter(planned_step=planned_step).exists():  # someone else was first, after we looked
            raise CaseIsOpenAlready(planned_step.pk) from refused
        raise


@transaction.atomic
def take_in_facts(*, planned_step: PlannedStep, facts: Sequence[Fact], ladders: Ladders, staff: Staff, by: Actor, at: datetime) -> TakenIn:
    """
    See to it that facts about one step have a case: open one, or let the open one move to where the facts put it; never down the ladder.

    Facts that have been a case's before are left alone, whatever became of the case. The day is the staff's. Raises NobodyToOwnIt.
    """
    person = planned_step.enrolment.person
    known = set(CaseFact.objects.filter(person=person).values_list("trigger", "key"))
    new = [fact for fact in facts if (fact.trigger, fact.key) not in known]
    if not new:
        return TakenIn()
    signature = Signature(by, at)
    try:
        with transaction.atomic():
            case = Case.objects.still_open().filter(planned_step=planned_step).first()
            if case is None:
                _open(planned_step, new, ladder=ladders.on(staff.on), staff=staff, signature=signature)
                return TakenIn(opened=1)
            _add_facts(case, new, at)
            is_moved = _move(case, new, ladder=ladders.of(case.ladder), staff=staff, signature=signature)
            return TakenIn(moved=int(is_moved), noted=int(not is_moved))
    except IntegrityError:
        known = set(CaseFact.objects.filter(person=person).values_list("trigger", "key"))
        if all((fact.trigger, fact.key) in known for fact in new):  # another run took the same facts in after we looked
            return TakenIn()
        raise


@transaction.atomic
def reassign(*, case: Case, owner: Employee, deputy: Employee | None = None, reason: str, by: Actor, at: datetime) -> None:
    """
    Give an open case another owner, and deputy (without one: by the rule of `owners`).

    Raises NoteIsMissing, NoteIsTooLong, DoesNotWorkHere, NotTheirStep, OwnerIsTheirOwnDeputy or SomeoneWasFirst.
    """
    refuse_note(reason)
    staff = staff_on(municipality=case.municipality, on=oslo_date(at))
    owner_step = ladders_of(case.municipality).of(case.ladder).step(case.next_step).who
    deputy = check_owner(case, owner, deputy, who=owner_step, staff=staff)
    change_open(case, owner=owner, deputy=deputy)
    enter(case, CaseEvent.What.REASSIGNED, Signature(by, at), note=reason)


@transaction.atomic
def hand_over(*, case: Case, staff: Staff, ladders: Ladders, by: Actor, at: datetime) -> None:
    """
    Give a case whose owner or deputy no longer works here to somebody who does, by the rule of `owners`. Closes and decides nothing.

    Raises NobodyToOwnIt or SomeoneWasFirst.
    """
    who = ladders.of(case.ladder).step(case.next_step).who
    clinic_id = case.planned_step.enrolment.clinic_id
    if case.owner_id in staff.employees:
        change_open(case, deputy=staff.deputy_of(case.owner, clinic=clinic_id, turn=case.person_id))
    else:
        # The deputy, who has acted until now, takes it over where the step may be theirs.
        pair = staff.responsible(role_of(who), clinic=clinic_id, same_as=case.deputy_id, turn=case.person_id)
        change_open(case, owner=pair.owner, deputy=pair.deputy)
    enter(case, CaseEvent.What.REASSIGNED, Signature(by, at), note=OWNER_HAS_LEFT)


def check_owner(case: Case, owner: Employee, deputy: Employee | None, *, who: Owner, staff: Staff) -> Employee:
    """Hold a chosen owner and deputy to the rules, and find the deputy when none was chosen. Raises as `reassign`."""
    if owner.pk not in staff.employees or (deputy is not None and deputy.pk not in staff.employees):
        raise DoesNotWorkHere(case.pk)
    if not may_own(who, owner.role):
        raise NotTheirStep(case.pk)
    if deputy is not None:
        if deputy == owner:
            raise OwnerIsTheirOwnDeputy(case.pk)
        return deputy
    return staff.deputy_of(owner, clinic=case.planned_step.enrolment.clinic_id, turn=case.person_id)


def _open(planned_step: PlannedStep, facts: Sequence[Fact], *, ladder: Ladder, staff: Staff, signature: Signature, note: str = "") -> Case:
    enrolment, on = planned_step.enrolment, staff.on
    person = enrolment.person
    starts_with = ladder.starts_with(entry_of(facts))
    track = track_for(
        ladder,
        consultation=planned_step.step,
        born_on=person.born_on or person.born_by,
        on=on,
        is_flagged=Flag.objects.on(on).filter(person=person).exists(),
        has_earlier_case=Case.objects.filter(person=person, opened_on__lt=on).exists(),
    )
    coming = next_step(ladder, done=[], track=track, opened_on=on, starts_with=starts_with or None)
    same_as = nurse_known_to(person) if coming.step.who is Owner.NURSE else None
    pair = staff.responsible(role_of(coming.step.who), clinic=enrolment.clinic_id, same_as=same_as, turn=person.pk)
    first = facts[0]
    case = Case.objects.create(
        municipality=planned_step.municipality,
        person=person,
        planned_step=planned_step,
        trigger=first.trigger,
        trigger_key=first.key,
        fact_on=first.since,
        ladder=ladder.reference,
        track=track,
        starts_with=starts_with,
        counts_from=on,
        opened_on=on,
        opened_at=signature.instant,
        opened_by=signature.who.who,
        next_step=coming.step.code,
        owner=pair.owner,
        deputy=pair.deputy,
        due_on=coming.due_on,
    )
    _add_facts(case, facts, signature.instant)
    enter(case, CaseEvent.What.OPENED, signature, reason=first.trigger.value, note=note or _sentences(facts))
    return case


def _move(case: Case, facts: Sequence[Fact], *, ladder: Ladder, staff: Staff, signature: Signature) -> bool:
    """Put an open case where new facts put it, counting days from there; tells whether that was further up than it stood."""
    entry = entry_of(facts)
    target = ladder.starts_with(entry)
    if entry is Entry.BOTTOM or ladder.place_of(target) <= ladder.place_of(case.next_step):
        return False
    coming = next_step(ladder, done=[], track=Track(case.track), opened_on=staff.on, starts_with=target)
    same_as = nurse_known_to(case.person) if coming.step.who is Owner.NURSE else None
    pair = staff.responsible(
        role_of(coming.step.who), clinic=case.planned_step.enrolment.clinic_id, same_as=same_as or case.owner_id, turn=case.person_id
    )
    change_open(
        case, next_step=target, starts_with=target, counts_from=staff.on, owner=pair.owner, deputy=pair.deputy, due_on=coming.due_on
    )
    enter(case, CaseEvent.What.MOVED, signature, reason=facts[-1].trigger.value, note=_sentences(facts))
    return True


def _add_facts(case: Case, facts: Sequence[Fact], at: datetime) -> None:
    CaseFact.objects.bulk_create(
        [CaseFact(case=case, person=case.person, trigger=fact.trigger, key=fact.key, since=fact.since, seen_at=at) for fact in facts]
    )


def _sentences(facts: Sequence[Fact]) -> str:
    return " ".join(dict.fromkeys(fact.trigger.sentence for fact in facts))


def _refuse_step_without_need(step: PlannedStep, on: date) -> None:
    enrolment = step.enrolment
    if step.outcome is not None or (enrolment.ended_on is not None and enrolment.ended_on <= on):
        raise StepNeedsNoCase(step.pk)
