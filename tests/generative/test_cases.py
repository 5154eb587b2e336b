"""
Random histories of one consultation, its staff and its days, tried against a model written plainly from the text of the rules.

A history is told day by day: families miss, put off and come, the clinic cancels, letters come back, staff leave and are away, the
municipality changes its ladder, nights are skipped or run twice, and persons record steps, pause, close and open again. After every night
L4 must hold, every fact must belong to exactly one case, and nothing may be closed but by a person with a reason.
"""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.followup.actions.closings import close, reopen_case
from fjorten.followup.actions.ladders import adopt_ladder
from fjorten.followup.actions.steps import Planned, pause, record_step
from fjorten.followup.contact import Outcome
from fjorten.followup.facts import facts_on
from fjorten.followup.models import Case, CaseEvent, CaseFact
from fjorten.followup.proposals import proposal_after
from fjorten.followup.queries import (
    cases_due,
    cases_left_behind,
    cases_without_next_step_owner_deputy_or_deadline,
    leaders_list,
    open_cases,
    paused_cases,
)
from fjorten.followup.rounds import hand_over_cases, note_new_times, open_cases_from_facts
from fjorten.kernel.refusals import Refused
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Absence, Employee, Municipality
from fjorten.people.models import Adult, ContactPoint, Person
from fjorten.plans.actions.settling import mark_done, reopen
from fjorten.plans.models import PlannedStep
from tests.examples import EXAMPLES
from tests.factories.cases import JOB, NURSE, appointment, child_with_plan, clinic_of, employee, guardian, instant, staffed, step_of

BEGINS = date(2026, 1, 5)
BORN_ON = date(2025, 3, 20)
STEP = "C09_M10"  # its window is 20 December to 20 February
FAMILY = [State.DID_NOT_ATTEND, State.NOT_BROUGHT, State.CANCELLED_BY_FAMILY, State.MOVED_BY_FAMILY]
SOME = settings(EXAMPLES, max_examples=max(EXAMPLES.max_examples // 20, 1))  # a history is some hundred statements
HAPPENINGS = (
    "nothing", "booked", "missed", "missed", "put off", "clinic cancels", "attended but corrected", "letter returned", "number replaced",
    "owner leaves", "deputy away", "everybody away", "ladder changed", "step done", "step done again", "night skipped", "night twice",
    "record step", "record step", "pause", "close", "reopen case",
)  # fmt: skip


def begun() -> None:
    """A staffed clinic and one child of whose programme a single consultation is left."""
    municipality = open_municipality(code="9901", name="Prøvekommunen", by=NURSE, at=instant(BEGINS))
    clinic = clinic_of(municipality)
    staffed(clinic)
    child = child_with_plan(clinic, BORN_ON, on=BORN_ON, by=NURSE, at=instant(BORN_ON))
    for row in PlannedStep.objects.filter(enrolment__person=child).exclude(step=STEP):
        mark_done(enrolment=row.enrolment, step=row.step, on=BEGINS, today=BEGINS, by=NURSE, at=instant(BEGINS))
    guardian(child)


class Told:
    """One child's life as it is told, and what the model remembers of it: which facts there have been, by the plain text of the rules."""

    def __init__(self) -> None:
        self.municipality = Municipality.objects.get()
        self.clinic = clinic_of(self.municipality)
        self.nurse = Employee.objects.get(code="sykepleier.a")
        self.child = Person.objects.get()
        self.adult = Adult.objects.get()
        self.day = BEGINS
        self.closed_by_people: set[int] = set()
        self.hired = 0

    @property
    def step(self) -> PlannedStep:
        return step_of(self.child, STEP)

    @property
    def case(self) -> Case | None:
        return Case.objects.still_open().select_related("municipality", "person", "owner", "deputy", "planned_step__enrolment").first()

    def tell(self, happening: str, choice: int) -> None:
        """Let one thing happen on the day; what the house refuses did not happen."""
        try:
            with transaction.atomic():
                getattr(self, f"_{happening.replace(' ', '_')}")(choice)
        except Refused:
            return

    def night(self, *, times: int = 1) -> None:
        for _ in range(times):
            signed = {"municipality": self.municipality, "on": self.day, "by": JOB, "at": instant(self.day, 23)}
            rounds = [hand_over_cases(**signed), open_cases_from_facts(**signed), note_new_times(**signed)]
            assert [trouble for done in rounds for trouble in done.troubles] == []

    def _nothing(self, choice: int) -> None:
        pass

    def _say(self, state: State, *, on: date | None) -> None:
        """Say what became of the open appointment, or of one on the day; a miss happens on its own day (`on`)."""
        told = {"state": state.value, "state_at": instant(self.day, 10)}
        if on is not None:
            told |= {"begins_at": instant(on, 9), "ends_at": instant(on, 10), "held_until": instant(on, 10)}
        if not Appointment.objects.still_open().filter(planned_step=self.step).update(**told):
            appointment(self.step, self.nurse, on=self.day, state=state)

    def _booked(self, choice: int) -> None:
        if not Appointment.objects.still_open().filter(planned_step=self.step).exists():
            appointment(self.step, self.nurse, on=self.day + timedelta(days=choice % 20))

    def _missed(self, choice: int) -> None:
        self._say(FAMILY[choice % 2], on=self.day)

    def _put_off(self, choice: int) -> None:
        self._say(FAMILY[2 + choice % 2], on=None)

    def _clinic_cancels(self, choice: int) -> None:
        self._say(State.CANCELLED_BY_CLINIC, on=None)

    def _attended_but_corrected(self, choice: int) -> None:
        rows = list(Appointment.objects.filter(planned_step=self.step, begins_at__lt=instant(self.day, 20)).order_by("begins_at"))
        if rows:
            row = rows[choice % len(rows)]
            row.state = State.ATTENDED if row.state != State.ATTENDED else State.DID_NOT_ATTEND
            row.save()

    def _letter_returned(self, choice: int) -> None:
        self.adult.postal_address.returned_on = self.day
        self.adult.postal_address.save()

    def _number_replaced(self, choice: int) -> None:
        ContactPoint.objects.filter(adult=self.adult, ended_at=None).update(failed_on=self.day if choice % 2 else None)

    def _owner_leaves(self, choice: int) -> None:
        case = self.case
        if case is not None and case.owner.role != Employee.Role.LEADER:
            Employee.objects.filter(pk=case.owner_id).update(employed_until=self.day)
            if choice % 2:  # sometimes somebody new comes
                self.hired += 1
                employee(self.clinic, f"ny{self.hired}", Employee.Role(case.owner.role), employed_from=self.day)

    def _deputy_away(self, choice: int) -> None:
        if self.case is not None:
            self._away(self.case.deputy, 1 + choice % 30)

    def _everybody_away(self, choice: int) -> None:
        for somebody in Employee.objects.all():
            self._away(somebody, 1 + choice % 5)

    def _away(self, somebody: Employee, days: int) -> None:
        Absence.objects.create(
            clinic=self.clinic, employee=somebody, from_on=self.day, until_on=self.day + timedelta(days=days),
            recorded_at=instant(self.day), recorded_by="test",
        )  # fmt: skip

    def _ladder_changed(self, choice: int) -> None:
        content = {
            "municipality": "9901", "valid_from": self.day, "based_on": "2026.1", "decided_by": "leder", "why": "prøve",
            "step": [{"code": "check_and_call", "standard_days": 1 + choice % 4}],
        }  # fmt: skip
        adopt_ladder(municipality=self.municipality, content=content, by=NURSE, at=instant(self.day))

    def _step_done(self, choice: int) -> None:
        mark_done(enrolment=self.step.enrolment, step=STEP, on=self.day, today=self.day, by=NURSE, at=instant(self.day))

    def _step_done_again(self, choice: int) -> None:
        reopen(enrolment=self.step.enrolment, step=STEP, reason="feil barn", by=NURSE, at=instant(self.day))

    def _night_skipped(self, choice: int) -> None:
        self.day += timedelta(days=choice % 9)

    def _night_twice(self, choice: int) -> None:
        self.night(times=2)

    def _record_step(self, choice: int) -> None:
        case = self.case
        if case is not None:
            coming = proposal_after(case, done=case.next_step, on=self.day)
            at = instant(self.day, 15)
            record_step(
                case=case, step=case.next_step, done_at=at, then=Planned(coming.step.code), outcome=Outcome.NO_CONTACT, by=NURSE, at=at
            )

    def _pause(self, choice: int) -> None:
        if self.case is not None:
            pause(case=self.case, until=self.day + timedelta(days=choice), reason="hospitalised", by=NURSE, at=instant(self.day))

    def _close(self, choice: int) -> None:
        case = self.case
        if case is not None:
            code = ["attended", "moved_transfer_confirmed", "emigrated_unconfirmed_keep_watch", "declined_recorded"][choice % 4]
            close(case=case, closing=code, by=NURSE, at=instant(self.day))
            self.closed_by_people.add(case.pk)

    def _reopen_case(self, choice: int) -> None:
        case = Case.objects.filter(closed_at__isnull=False).order_by("-pk").first()
        if case is not None:
            reopen_case(case=case, reason="feil", by=NURSE, at=instant(self.day))
            self.closed_by_people.discard(case.pk)


def naive_facts(told: Told) -> set[str]:
    """The facts of the day by the plain text of the rules: misses, the window, the contact. Nothing shared with the engine."""
    step = told.step
    if step.outcome is not None:
        return set()
    found = set()
    run, booked = 0, False
    misses: list[str] = []
    for row in Appointment.objects.filter(planned_step=step).order_by("begins_at", "pk"):
        day = (row.begins_at + timedelta(hours=2)).date()
        if row.state == "attended":
            misses, run = [], 0
        elif row.state in ("did_not_attend", "not_brought"):
            misses.append(f"appointment:{row.pk}")
            run = 0
        elif row.state in ("cancelled_by_family", "moved_by_family"):
            run = run + 1
            if run >= 2:
                misses.append(f"appointment:{row.pk}")
        elif row.state in ("offered", "confirmed") and (told.day - day).days <= 7:
            booked = True
    found.update(misses)
    if not booked and told.day >= step.window_until:
        found.add(f"window:{step.pk}:{step.window_until}")
    elif not booked and (step.window_until - told.day).days <= 15:
        found.add(f"nothing_booked:{step.pk}:{step.window_until}")
    for point in ContactPoint.objects.filter(adult=told.adult, kind="telephone", ended_at=None).exclude(failed_on=None):
        found.add(f"number:{point.pk}:{point.failed_on}")
    told.adult.postal_address.refresh_from_db()
    if told.adult.postal_address.returned_on is not None:
        found.add(f"letter:{told.adult.postal_address.pk}:{told.adult.postal_address.returned_on}")
    return found


def assert_everything_holds(told: Told, seen: set[str]) -> None:
    municipality, on = told.municipality, told.day
    assert not cases_without_next_step_owner_deputy_or_deadline(municipality=municipality, on=on).exists()  # L4
    assert not cases_left_behind(municipality=municipality, on=on).exists()
    cases = list(Case.objects.all())
    facts = list(CaseFact.objects.values_list("key", flat=True))
    # Every fact there has been at a night belongs to one case, and there are no others.
    assert sorted(facts) == sorted(seen)
    assert facts_on(municipality=municipality, on=on) == []
    assert len([case for case in cases if case.closed_at is None]) <= 1
    closed = [case for case in cases if case.closed_at is not None]
    assert {case.pk for case in closed} == told.closed_by_people  # nothing was closed but by a person
    assert all(case.closing and case.closed_by == NURSE.who for case in closed)
    # An open case is on exactly the lists it should be: paused, or due, or to come; and old ones are the leader's.
    listed = open_cases(municipality=municipality, on=on)
    paused, due = paused_cases(municipality=municipality, on=on), cases_due(municipality=municipality, on=on)
    assert len(listed) == len(cases) - len(closed)
    for row in listed:
        is_paused = row.case.paused_until is not None and row.case.paused_until > on
        assert (row.case in [other.case for other in paused]) == is_paused
        assert (row.case in [other.case for other in due]) == (not is_paused and row.case.due_on <= on)
        assert row.step.code == row.case.next_step
        assert (on - row.case.opened_on).days < 120 or row.case in [other.case for other in leaders_list(municipality=municipality, on=on)]
        if told.step.outcome is not None:
            assert row.closable is not None
    for case in cases:
        whats = list(CaseEvent.objects.filter(case=case).order_by("pk").values_list("what", flat=True))
        assert whats[0] == "opened"
        assert whats.count("closed") - whats.count("reopened") == int(case.closed_at is not None)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, str, int]]:
    """Days to wait, what happens then, and a number for whatever must be chosen."""
    return draw(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(HAPPENINGS), st.integers(0, 200)), min_size=1, max_size=15))


def live(history: list[tuple[int, str, int]]) -> None:
    told = Told()
    seen: set[str] = set()
    for wait, happening, choice in history:
        told.day += timedelta(days=wait)
        if happening == "night twice":
            seen |= naive_facts(told)
        told.tell(happening, choice)
        told.night()
        seen |= naive_facts(told)
        before = Case.objects.count(), CaseEvent.objects.count(), CaseFact.objects.count()
        told.night()
        assert (Case.objects.count(), CaseEvent.objects.count(), CaseFact.objects.count()) == before  # a second run changes nothing
        assert_everything_holds(told, seen)


@pytest.mark.by_example
class TestCases(TestCase):
    """Each example in a transaction of its own."""

    @classmethod
    def setUpTestData(cls) -> None:
        begun()

    @SOME
    @given(histories())
    def test_no_fact_is_without_a_case_and_nothing_is_closed_but_by_a_person(self, history: list[tuple[int, str, int]]) -> None:
        live(history)


A_LIFE = [
    (0, "missed", 0), (1, "record step", 0), (3, "missed", 0), (1, "deputy away", 3), (1, "owner leaves", 1), (1, "ladder changed", 2),
    (1, "record step", 0), (2, "everybody away", 2), (2, "letter returned", 0), (1, "number replaced", 1), (1, "pause", 20),
    (25, "record step", 0), (1, "night skipped", 8), (1, "clinic cancels", 0), (1, "booked", 5), (2, "attended but corrected", 0),
    (1, "put off", 0), (1, "nothing", 0), (1, "step done", 0), (1, "close", 0), (1, "step done again", 0), (1, "reopen case", 0),
    (1, "night twice", 0), (1, "close", 1), (5, "missed", 1),
]  # fmt: skip


@pytest.mark.django_db
def test_every_happening_is_told() -> None:
    begun()
    live(A_LIFE)
    assert {happening for _, happening, _ in A_LIFE} == set(HAPPENINGS)
    assert set(CaseEvent.objects.values_list("what", flat=True)) >= {
        "opened",
        "moved",
        "step",
        "paused",
        "reassigned",
        "closed",
        "reopened",
    }
