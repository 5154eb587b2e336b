"""The night's batch, the new time after a miss, and the time that came free: written through booking."""

from collections import Counter
from datetime import date, timedelta

import pytest

from fjorten.appointments.actions import inviting
from fjorten.appointments.actions.inviting import NoTimeToGive, TimeIsFoundByHand, invite, offer_freed, offer_new_time
from fjorten.appointments.models import Appointment
from fjorten.appointments.needs import needs_on, waiting_list
from fjorten.appointments.placing import WhyNot
from fjorten.appointments.queries import free_slots
from fjorten.appointments.states import State
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.models import Person
from fjorten.programme.steps import Setting
from tests.appointments.families import AT, CLERK, TODAY, a_child, a_mother, a_nurse, an_appointment, an_opening, step_of

EIGHT_MONTHS_SOON = date(2025, 7, 25)
SIGNED = {"by": CLERK, "at": AT}


def children(municipality: Municipality, count: int, **facts: object) -> list[Person]:
    return [a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), **facts) for _ in range(count)]


@pytest.fixture
def nurse(municipality: Municipality) -> Employee:
    return a_nurse(municipality.clinics.get())


def test_the_batch_gives_each_child_a_time_of_its_own(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse)
    children(municipality, 5)
    invited = invite(municipality=municipality, on=TODAY, **SIGNED)
    booked = Appointment.objects.all()
    assert len(invited.booked) == 5 == len({appointment.begins_at for appointment in booked})
    assert (invited.unplaced, invited.refused, invited.taken_meanwhile, invited.is_best) == ((), (), (), True)
    for appointment in booked:
        assert 14 <= (oslo_date(appointment.begins_at) - TODAY).days <= 21
        assert (appointment.state, appointment.booked_by) == (State.OFFERED.value, CLERK.who)


def test_a_second_run_of_the_day_books_nothing_new(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse)
    children(municipality, 3)
    invite(municipality=municipality, on=TODAY, **SIGNED)
    before = list(Appointment.objects.order_by("pk").values())
    assert invite(municipality=municipality, on=TODAY, **SIGNED).booked == ()
    assert list(Appointment.objects.order_by("pk").values()) == before


def test_there_are_never_more_invitations_than_times(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse, weekdays=[2], ends=11)  # Wednesdays: two on 25 March; 1 April is too late to be told of today
    children(municipality, 4)
    invited = invite(municipality=municipality, on=TODAY, **SIGNED)
    assert len(invited.booked) == 2
    assert Counter(one.why for one in invited.unplaced) == {WhyNot.TAKEN_BY_OTHERS: 2}
    assert len(needs_on(municipality=municipality, on=TODAY)) == 2


def test_children_of_a_group_share_one_sitting(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse, weekdays=[2], ends=10, minutes=60, setting="group", capacity=3)
    children(municipality, 4)
    invited = invite(municipality=municipality, on=TODAY, **SIGNED)
    assert len(invited.booked) == 3
    assert Appointment.objects.filter(setting=Setting.GROUP.value).values("sitting").distinct().count() == 1
    assert sorted(Appointment.objects.values_list("place", flat=True)) == [0, 1, 2]


def test_one_refusal_stops_nobody_else(municipality: Municipality, nurse: Employee, monkeypatch: pytest.MonkeyPatch) -> None:
    an_opening(nurse)
    first, second = children(municipality, 2)
    booked_meanwhile = []

    def with_somebody_faster(*, planned_step, **rest):
        if planned_step.enrolment.person_id == first.pk and not booked_meanwhile:
            booked_meanwhile.append(an_appointment(planned_step, nurse, date(2026, 3, 30)))
        return booking(planned_step=planned_step, **rest)

    booking = inviting.book
    monkeypatch.setattr(inviting, "book", with_somebody_faster)
    invited = invite(municipality=municipality, on=TODAY, **SIGNED)
    assert [one.need.child for one in invited.refused] == [first.pk]
    assert invited.refused[0].sentence.endswith(".")
    assert [appointment.person_id for appointment in Appointment.objects.filter(pk__in=invited.booked)] == [second.pk]


def test_a_time_that_was_taken_meanwhile_is_tried_again_the_next_night(
    municipality: Municipality, nurse: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_opening(nurse)
    [child] = children(municipality, 1)
    other = a_child(municipality, date(2022, 4, 1))
    booking = inviting.book

    def after_somebody_else(*, planned_step, slot, **rest):
        booking(planned_step=step_of(other, "C14_Y4"), slot=slot, **SIGNED)
        return booking(planned_step=planned_step, slot=slot, **rest)

    monkeypatch.setattr(inviting, "book", after_somebody_else)
    invited = invite(municipality=municipality, on=TODAY, **SIGNED)
    assert ([need.child for need in invited.taken_meanwhile], invited.booked, invited.refused) == ([child.pk], (), ())
    monkeypatch.undo()
    assert len(invite(municipality=municipality, on=TODAY + timedelta(days=1), **SIGNED).booked) == 1


def test_protected_children_are_left_to_a_person(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse)
    [child] = children(municipality, 1, protection="strictly_confidential")
    invited = invite(municipality=municipality, on=TODAY, **SIGNED)
    assert ([one.child for one in invited.by_hand], invited.booked) == ([child.pk], ())


def test_the_interpreter_is_noted_and_the_missed_time_is_replaced(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse)
    [child] = children(municipality, 1, mother=a_mother(municipality, needs_interpreter=True))
    missed = an_appointment(step_of(child, "C08_M8"), nurse, TODAY, state=State.DID_NOT_ATTEND)
    [booked] = Appointment.objects.filter(pk__in=invite(municipality=municipality, on=TODAY, **SIGNED).booked)
    assert (booked.needs_interpreter, booked.replaces) == (True, missed)
    assert 2 <= (oslo_date(booked.begins_at) - TODAY).days <= 14


def test_the_new_time_after_a_miss_comes_at_once(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse)
    [child] = children(municipality, 1)
    missed = an_appointment(step_of(child, "C08_M8"), nurse, TODAY, state=State.DID_NOT_ATTEND)
    new = offer_new_time(appointment=missed, **SIGNED)
    assert (new.replaces, new.planned_step) == (missed, missed.planned_step)
    assert (oslo_date(new.begins_at) - TODAY).days <= 14
    with pytest.raises(TimeIsFoundByHand):
        offer_new_time(appointment=missed, **SIGNED)


def test_on_the_fast_track_within_three_working_days(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse)
    [child] = children(municipality, 1)
    missed = an_appointment(step_of(child, "C08_M8"), nurse, TODAY, state=State.NOT_BROUGHT)
    new = offer_new_time(appointment=missed, fast={child.pk}, **SIGNED)
    assert TODAY < oslo_date(new.begins_at) <= date(2026, 3, 13)


def test_without_a_free_time_a_person_is_told(municipality: Municipality, nurse: Employee) -> None:
    [child] = children(municipality, 1)
    missed = an_appointment(step_of(child, "C08_M8"), nurse, TODAY, state=State.DID_NOT_ATTEND)
    with pytest.raises(NoTimeToGive):
        offer_new_time(appointment=missed, **SIGNED)


def test_a_time_taken_while_it_was_chosen_gives_way_to_the_next_best(
    municipality: Municipality, nurse: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_opening(nurse, weekdays=[4], ends=11)
    [child] = children(municipality, 1)
    other = a_child(municipality, date(2022, 4, 1))
    missed = an_appointment(step_of(child, "C08_M8"), nurse, TODAY, state=State.DID_NOT_ATTEND)
    booking, codes = inviting.book, iter(["C14_Y4"])

    def after_somebody_else(*, planned_step, slot, **rest):
        for code in codes:
            booking(planned_step=step_of(other, code), slot=slot, **SIGNED)
        return booking(planned_step=planned_step, slot=slot, **rest)

    monkeypatch.setattr(inviting, "book", after_somebody_else)
    new = offer_new_time(appointment=missed, **SIGNED)
    assert oslo_date(new.begins_at) == date(2026, 3, 13)


def test_a_freed_time_goes_to_the_head_of_the_waiting_list(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse, weekdays=[4], ends=10)
    [later] = children(municipality, 1)
    sooner = a_child(municipality, date(2025, 7, 15), done_before=date(2026, 3, 1))
    [slot] = free_slots(municipality=municipality, from_on=date(2026, 3, 18), until_on=date(2026, 3, 21))
    given = offer_freed(municipality=municipality, slot=slot, **SIGNED)
    assert given is not None
    assert given.person == sooner
    assert [need.child for need in waiting_list(municipality=municipality, on=TODAY, slot=slot)] == [later.pk]


def test_a_freed_time_nobody_waits_for_stays_free(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse, weekdays=[4], ends=10)
    [slot] = free_slots(municipality=municipality, from_on=date(2026, 3, 18), until_on=date(2026, 3, 21))
    assert offer_freed(municipality=municipality, slot=slot, **SIGNED) is None
