"""Enrolling, enrolling many, and ending an enrolment."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError

from fjorten.audit.actor import Actor
from fjorten.journal.models import Journal
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import (
    AlreadyEnrolled,
    BirthDateIsUnknown,
    ChildIsDead,
    EnrolmentEndsBeforeItBegins,
    NewEnrolment,
    NotEnrolled,
    count_enrolment_from,
    end_enrolment,
    enrol,
    enrol_all,
)
from fjorten.plans.actions.standing import decide_standing
from fjorten.plans.models import Enrolment, PlannedStep, StandingDecision
from fjorten.plans.queries import open_enrolment_of
from fjorten.plans.reasons import REASON_LENGTH, ReasonIsMissing, ReasonIsTooLong
from fjorten.plans.steps import full_plan
from fjorten.programme.definitions import Definition, StepCode
from tests.plans.conftest import NATIONAL, TODAY, resident
from tests.plans.written import everything, history_of, last_event, step_of, trail

MOVED_IN = "flyttet hit fra utlandet"


@pytest.fixture
def newcomer_enrolled(newcomer: Person, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime) -> Enrolment:
    return enrol(
        person=newcomer,
        clinic=clinic,
        definition=programme,
        on=TODAY,
        reason=MOVED_IN,
        documented=[StepCode("C11_M15")],
        by=clerk,
        at=at,
    )


def test_an_enrolment_says_who_where_since_when_by_which_programme_and_why(enrolment: Enrolment, newborn: Person, clinic: Clinic) -> None:
    stored = Enrolment.objects.values().get()
    del stored["id"]
    assert stored == {
        "municipality_id": newborn.municipality_id,
        "person_id": newborn.pk,
        "clinic_id": clinic.pk,
        "programme_version": NATIONAL,
        "planned_from_born_on": date(2026, 3, 1),
        "enrolled_on": TODAY,
        "enrolled_at": enrolment.enrolled_at,
        "enrolled_by": "merkantil.prøve",
        "reason": "nyfødt bosatt",
        "catch_up_on": None,
        "ended_on": None,
        "ended_at": None,
        "ended_by": None,
        "ended_reason": None,
    }


def test_enrolling_plans_every_step_and_writes_the_first_line_of_its_history(enrolment: Enrolment, programme: Definition) -> None:
    planned = full_plan(date(2026, 3, 1), programme)
    rows = PlannedStep.objects.filter(enrolment=enrolment).order_by("position")
    assert [(row.step, row.position, row.target_on, row.window_from, row.window_until) for row in rows] == [
        (row.step, row.position, row.target_on, row.window_from, row.window_until) for row in planned
    ]
    for code in programme.codes:
        assert history_of(enrolment, code) == [("planned", None, None, None, "merkantil.prøve", "nyfødt bosatt")]


def test_enrolling_opens_the_journal(enrolment: Enrolment, newborn: Person, clinic: Clinic, at: datetime) -> None:
    journal = Journal.objects.get()
    assert (journal.person, journal.clinic, journal.opened_on, journal.opened_at) == (newborn, clinic, TODAY, at)
    assert (journal.opened_by, journal.closed_on) == ("merkantil.prøve", None)


def test_enrolling_is_recorded(enrolment: Enrolment, newborn: Person, at: datetime) -> None:
    assert trail() == ["enrolment.opened"]
    assert last_event(reason="nyfødt bosatt") == {
        "action": "enrolment.opened",
        "about": str(newborn.public_id),
        "who": "merkantil.prøve",
        "at": at,
        "detail": {"programme": NATIONAL},
    }


def test_a_child_of_two_years_and_three_months_gets_one_consultation_now_and_no_wall_of_overdue_rows(newcomer_enrolled: Enrolment) -> None:
    rows = list(PlannedStep.objects.filter(enrolment=newcomer_enrolled).order_by("position"))
    assert len(rows) == 14
    assert newcomer_enrolled.catch_up_on == TODAY
    assert [row.step for row in rows if row.outcome is None] == ["C13_Y2", "C14_Y4"]
    assert [row.step for row in rows if row.outcome is None and row.window_until <= TODAY] == []
    now = step_of(newcomer_enrolled, "C13_Y2")
    assert (now.basis, now.window_from, now.window_until) == ("catch_up", TODAY, TODAY + timedelta(days=28))


def test_what_the_catch_up_plan_settles_is_settled_by_the_one_who_accepted_it(newcomer_enrolled: Enrolment, at: datetime) -> None:
    behind = step_of(newcomer_enrolled, "C01_HOME")
    assert (behind.outcome, behind.outcome_on, behind.outcome_at, behind.outcome_by) == ("waived", TODAY, at, "merkantil.prøve")
    assert behind.outcome_reason in {"before_enrolment", "merged:C13_Y2"}
    assert history_of(newcomer_enrolled, "C01_HOME") == [
        ("planned", None, None, None, "merkantil.prøve", MOVED_IN),
        ("settled", "waived", TODAY, None, "merkantil.prøve", behind.outcome_reason),
    ]


def test_what_was_documented_elsewhere_is_confirmed(newcomer_enrolled: Enrolment) -> None:
    row = step_of(newcomer_enrolled, "C11_M15")
    assert (row.outcome, row.is_confirmed, row.outcome_reason) == ("done_elsewhere", True, "documented")
    assert history_of(newcomer_enrolled, "C11_M15")[-1] == ("settled", "done_elsewhere", TODAY, True, "merkantil.prøve", "documented")


def test_enrolling_ends_the_decision_the_child_stood_by(
    newcomer: Person, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime
) -> None:
    earlier = TODAY - timedelta(days=30)
    outside = StandingDecision.Standing.OUTSIDE
    decide_standing(person=newcomer, standing=outside, on=earlier, reason="bor hos bestemor i Spania", by=clerk, at=at)
    enrol(person=newcomer, clinic=clinic, definition=programme, on=TODAY, reason="er kommet hjem", by=clerk, at=at)
    assert StandingDecision.objects.get().until_on == TODAY
    assert trail() == ["standing.outside", "enrolment.opened", "standing.ended"]
    assert last_event(reason="er kommet hjem")["about"] == str(newcomer.public_id)


def test_a_decision_that_would_have_ended_later_ends_when_the_child_is_enrolled(
    newcomer: Person, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime
) -> None:
    StandingDecision.objects.create(
        municipality=newcomer.municipality,
        person=newcomer,
        standing="in_transfer",
        reason="journalen er bestilt",
        from_on=TODAY - timedelta(days=10),
        until_on=TODAY + timedelta(days=10),
        decided_at=at,
        decided_by=clerk.who,
    )
    enrol(person=newcomer, clinic=clinic, definition=programme, on=TODAY, reason=MOVED_IN, by=clerk, at=at)
    assert StandingDecision.objects.get().until_on == TODAY


@pytest.mark.parametrize("days", [-20, -1], ids=["over before", "over the day before"])
def test_a_decision_that_is_over_is_left_as_it_was(
    days: int, newcomer: Person, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime
) -> None:
    until = TODAY + timedelta(days=days)
    StandingDecision.objects.create(
        municipality=newcomer.municipality,
        person=newcomer,
        standing="outside",
        reason="på reise",
        from_on=until - timedelta(days=10),
        until_on=until,
        decided_at=at,
        decided_by=clerk.who,
    )
    enrol(person=newcomer, clinic=clinic, definition=programme, on=TODAY, reason=MOVED_IN, by=clerk, at=at)
    assert StandingDecision.objects.get().until_on == until
    assert trail() == ["enrolment.opened"]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nobody_is_enrolled_without_a_reason(
    reason: str, newcomer: Person, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime
) -> None:
    with pytest.raises(ReasonIsMissing):
        enrol(person=newcomer, clinic=clinic, definition=programme, on=TODAY, reason=reason, by=clerk, at=at)


def test_a_reason_as_long_as_the_column_is_taken_and_a_longer_one_refused(
    newcomer: Person, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime
) -> None:
    with pytest.raises(ReasonIsTooLong):
        enrol(person=newcomer, clinic=clinic, definition=programme, on=TODAY, reason="å" * (REASON_LENGTH + 1), by=clerk, at=at)
    enrol(person=newcomer, clinic=clinic, definition=programme, on=TODAY, reason="å" * REASON_LENGTH, by=clerk, at=at)
    assert Enrolment.objects.get().reason == "å" * Enrolment._meta.get_field("reason").max_length


def test_a_dead_child_is_not_enrolled(
    municipality: Municipality, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime
) -> None:
    dead = resident(municipality, date(2025, 1, 1), is_dead=True)
    with pytest.raises(ChildIsDead):
        enrol(person=dead, clinic=clinic, definition=programme, on=TODAY, reason=MOVED_IN, by=clerk, at=at)


def test_a_child_without_a_birth_date_is_not_enrolled(
    municipality: Municipality, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime
) -> None:
    undated = resident(municipality, None)
    with pytest.raises(BirthDateIsUnknown):
        enrol(person=undated, clinic=clinic, definition=programme, on=TODAY, reason=MOVED_IN, by=clerk, at=at)


def test_a_child_is_not_enrolled_twice(enrolment: Enrolment, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime) -> None:
    before = everything()
    with pytest.raises(AlreadyEnrolled):
        enrol(person=enrolment.person, clinic=clinic, definition=programme, on=TODAY, reason="en gang til", by=clerk, at=at)
    assert everything() == before


def test_a_child_who_came_back_is_enrolled_anew_from_the_day_the_last_one_ended(
    enrolment: Enrolment, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime
) -> None:
    ended_on = TODAY + timedelta(days=20)
    end_enrolment(enrolment=enrolment, on=ended_on, reason="flyttet til Bergen", by=clerk, at=at)
    again = {"person": enrolment.person, "clinic": clinic, "definition": programme, "reason": "flyttet tilbake", "by": clerk, "at": at}
    with pytest.raises(AlreadyEnrolled):  # on that day the child would have been enrolled twice
        enrol(on=ended_on - timedelta(days=1), **again)
    enrol(on=ended_on, **again)
    assert list(Enrolment.objects.order_by("pk").values_list("enrolled_on", "ended_on")) == [(TODAY, ended_on), (ended_on, None)]


def test_many_are_enrolled_with_one_event_each_and_all_or_none(
    municipality: Municipality, clinic: Clinic, programme: Definition, enrolment: Enrolment, clerk: Actor, at: datetime
) -> None:
    def new(person: Person) -> NewEnrolment:
        return NewEnrolment(person=person, clinic=clinic, on=TODAY, steps=full_plan(person.born_by, programme))

    told = {"municipality": municipality, "programme_version": NATIONAL, "reason": "nyfødt bosatt", "by": clerk, "at": at}
    siblings = [resident(municipality, date(2026, 3, 2)) for _ in range(3)]
    before = everything()
    with pytest.raises(IntegrityError, match=r"plans_enrolment|one_open_enrolment_per_person"):  # one of them was enrolled already
        enrol_all(children=[*map(new, siblings), new(enrolment.person)], **told)
    assert everything() == before
    enrolled = enrol_all(children=list(map(new, siblings)), **told)
    assert [row.person for row in enrolled] == siblings
    assert [row.steps.count() for row in enrolled] == [14, 14, 14]
    assert trail() == ["enrolment.opened"] * 4


def test_enrolling_nobody_writes_nothing(municipality: Municipality, clerk: Actor, at: datetime) -> None:
    before = everything()
    assert enrol_all(children=[], municipality=municipality, programme_version=NATIONAL, reason="ingen", by=clerk, at=at) == []
    assert everything() == before


def test_an_enrolment_and_its_journal_count_from_an_earlier_day_that_became_known_late(
    enrolment: Enrolment, clerk: Actor, at: datetime
) -> None:
    first = TODAY - timedelta(days=4)
    count_enrolment_from(enrolment=enrolment, on=first, reason="sen fødselsmelding", by=clerk, at=at)
    enrolment.refresh_from_db()
    assert (enrolment.enrolled_on, enrolment.enrolled_at, enrolment.reason) == (first, at, "nyfødt bosatt")
    assert Journal.objects.get().opened_on == first
    event = last_event(reason="sen fødselsmelding")
    assert (event["action"], event["detail"]) == ("enrolment.counted_from", {"on": first.isoformat()})


def test_an_enrolment_never_counts_from_a_later_day_nor_changes_when_it_is_over(enrolment: Enrolment, clerk: Actor, at: datetime) -> None:
    with pytest.raises(ReasonIsMissing):
        count_enrolment_from(enrolment=enrolment, on=TODAY - timedelta(days=1), reason="", by=clerk, at=at)
    for day in (TODAY, TODAY + timedelta(days=1)):
        with pytest.raises(NotEnrolled):
            count_enrolment_from(enrolment=enrolment, on=day, reason="feil", by=clerk, at=at)
    end_enrolment(enrolment=enrolment, on=TODAY, reason="flyttet", by=clerk, at=at)
    with pytest.raises(NotEnrolled):
        count_enrolment_from(enrolment=enrolment, on=TODAY - timedelta(days=1), reason="sent", by=clerk, at=at)


def test_ending_an_enrolment_is_signed_closes_the_journal_and_is_recorded(enrolment: Enrolment, clerk: Actor, at: datetime) -> None:
    on = TODAY + timedelta(days=3)
    end_enrolment(enrolment=enrolment, on=on, reason="bekreftet flyttet", by=clerk, at=at)
    enrolment.refresh_from_db()
    assert (enrolment.ended_on, enrolment.ended_at, enrolment.ended_by) == (on, at, clerk.who)
    assert enrolment.ended_reason == "bekreftet flyttet"
    journal = Journal.objects.get()
    assert (journal.closed_on, journal.closed_at, journal.closed_by, journal.closed_reason) == (on, at, clerk.who, "bekreftet flyttet")
    assert last_event(reason="bekreftet flyttet")["action"] == "enrolment.ended"
    with pytest.raises(NotEnrolled):
        open_enrolment_of(enrolment.person)


def test_ending_leaves_the_journal_another_clinic_has(enrolment: Enrolment, municipality: Municipality, clerk: Actor, at: datetime) -> None:
    elsewhere = Clinic.objects.create(municipality=municipality, name="Nord")
    Journal.objects.create(
        municipality=municipality, person=enrolment.person, clinic=elsewhere, opened_on=TODAY, opened_at=at, opened_by=clerk.who
    )
    end_enrolment(enrolment=enrolment, on=TODAY, reason="bekreftet flyttet", by=clerk, at=at)
    assert Journal.objects.get(clinic=elsewhere).closed_on is None


def test_an_enrolment_is_not_ended_without_a_reason_twice_or_before_it_began(enrolment: Enrolment, clerk: Actor, at: datetime) -> None:
    with pytest.raises(ReasonIsMissing):
        end_enrolment(enrolment=enrolment, on=TODAY, reason=" ", by=clerk, at=at)
    with pytest.raises(EnrolmentEndsBeforeItBegins):
        end_enrolment(enrolment=enrolment, on=TODAY - timedelta(days=1), reason="feil", by=clerk, at=at)
    end_enrolment(enrolment=enrolment, on=TODAY, reason="feil", by=clerk, at=at)
    with pytest.raises(NotEnrolled):
        end_enrolment(enrolment=enrolment, on=TODAY, reason="feil", by=clerk, at=at)


def test_enrolments_are_kept_apart_by_municipality(enrolment: Enrolment, clerk: Actor, at: datetime) -> None:
    neighbour = open_municipality(code="9902", name="Nabokommunen", by=clerk, at=at)
    assert list(Enrolment.objects.of(enrolment.municipality)) == [enrolment]
    assert not Enrolment.objects.of(neighbour).exists()


def test_the_enrolment_a_child_follows_is_found(enrolment: Enrolment, newcomer: Person) -> None:
    assert open_enrolment_of(enrolment.person) == enrolment
    with pytest.raises(NotEnrolled):
        open_enrolment_of(newcomer)
