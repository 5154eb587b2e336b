"""
What is shown in a list is what may be opened, and nothing else: the condition of `children_shown_to` is held to `policies.may_open` over
generated situations, and both to what the tables of tests/spec/access say of single ones.
"""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from fjorten.access.models import User
from fjorten.access.permissions import Role, permissions_of
from fjorten.access.policies import Answer, Ground, may_open
from fjorten.access.queries import Staff
from fjorten.appointments.states import State
from fjorten.care_relations.models import Authorisation, Blocked, Emergency, NamedForProtected
from fjorten.care_relations.relations import children_shown_to, may_open_child, subjects_of, viewer_of
from fjorten.followup.models import Case
from fjorten.journal.models import Journal
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import FamilyRelation, ParentalResponsibility, Person
from fjorten.plans.models import PlannedStep
from tests.factories.access import OWNER, an_account, at_work
from tests.factories.cases import appointment
from tests.factories.clinic import AT, TODAY, StaffedClinic, an_enrolled_child, step_of
from tests.factories.register import a_number

pytestmark = pytest.mark.django_db

SOON, BEFORE = AT + timedelta(hours=1), AT - timedelta(hours=1)
OWN = a_number(date(1990, 1, 1))


CHOICES: dict[str, list[Any]] = {
    "journal": ["other", "ours", "none", "closed"],
    "protection": ["none", "client", "confidential", "strictly_confidential"],
    "named": ["no", "yes", "ended"],
    "kin": ["no", "responsible", "mother", "sibling"],
    "blocked": ["no", "yes", "ended"],
    "time": ["no", "to_come", "held", "held_long_ago", "cancelled", "with_doctor"],
    "case": ["no", "owner", "deputy", "closed", "watched"],
    "authorised": ["no", "yes", "over", "not_yet"],
    "emergency": ["no", "yes", "over"],
    "book": ["own", "goes_on"],
}
USUAL = {name: values[0] for name, values in CHOICES.items()}


def situations(drawn: int) -> list[dict[str, Any]]:
    """Every choice alone, every choice of a child the nurse is blocked from, and a draw of their combinations (seed 4)."""
    alone = [USUAL | blocked | {name: value} for blocked in ({}, {"blocked": "yes"}) for name in CHOICES for value in CHOICES[name][1:]]
    draw = random.Random(4)
    return [USUAL, *alone, *({name: draw.choice(values) for name, values in CHOICES.items()} for _ in range(drawn))]


def a_child_in(situation: dict[str, Any], user: User, here: StaffedClinic, north: Clinic, step: PlannedStep) -> Person:
    """A child of whom all of a situation holds, written straight to the tables: what may come to be is tried in the rooms themselves."""
    child = Person.objects.create(
        municipality=here.municipality, born_on=TODAY, born_by=TODAY, protection=situation["protection"], family_name="Berg"
    )
    of = child
    if situation["book"] == "goes_on":  # all of it was given while the child had two books
        of = Person.objects.create(municipality=here.municipality, born_by=TODAY, continued_as=child)
    if situation["journal"] != "none":
        closed = {"closed_on": TODAY, "closed_at": BEFORE, "closed_by": "leder", "closed_reason": "flyttet"}
        Journal.objects.create(
            municipality=here.municipality,
            person=of,
            clinic=north if situation["journal"] == "other" else here.clinic,
            opened_on=TODAY,
            opened_at=AT - timedelta(days=40),
            opened_by="merkantil",
            **(closed if situation["journal"] == "closed" else {}),
        )
    given = {"user": user, "person": of}
    if situation["named"] != "no":
        ended = {"until_at": AT, "ended_by": "leder"} if situation["named"] == "ended" else {}
        NamedForProtected.objects.create(**given, from_at=BEFORE, reason="teamet", named_by="leder", **ended)
    if situation["blocked"] != "no":
        ended = {"until_at": AT, "ended_by": "leder", "ended_source": "mor"} if situation["blocked"] == "ended" else {}
        Blocked.objects.create(**given, from_at=BEFORE, source="mor", recorded_by="leder", **ended)
    if situation["authorised"] != "no":
        begins, ends = {"yes": (BEFORE, SOON), "over": (BEFORE, AT), "not_yet": (SOON, SOON + timedelta(days=1))}[situation["authorised"]]
        Authorisation.objects.create(**given, from_at=begins, until_at=ends, reason="vikar", given_by="leder")
    if situation["emergency"] != "no":
        opened = BEFORE + timedelta(minutes=1) if situation["emergency"] == "yes" else BEFORE
        Emergency.objects.create(
            **given, code="acute", reason="barnet puster tungt", opened_at=opened, until_at=opened + timedelta(hours=1)
        )
    a_family_in(situation, of)
    a_time_in(situation, of, here, step)
    a_case_in(situation, of, here, step)
    return child


def a_family_in(situation: dict[str, Any], child: Person) -> None:
    match situation["kin"]:
        case "responsible":
            ParentalResponsibility.objects.create(child=child, kind="felles", responsible_number=OWN, source="prøve")
        case "mother":
            FamilyRelation.objects.create(person=child, role="mor", related_number=OWN, source="prøve")
        case "sibling":
            father = a_number(date(1989, 1, 1), child.pk % 300)
            own_child = Person.objects.create(municipality=child.municipality, born_by=TODAY)
            FamilyRelation.objects.create(person=own_child, role="mor", related_number=OWN, source="prøve")
            FamilyRelation.objects.create(person=own_child, role="far", related_number=father, source="prøve")
            FamilyRelation.objects.create(person=child, role="far", related_number=father, source="prøve")


def a_time_in(situation: dict[str, Any], child: Person, here: StaffedClinic, step: PlannedStep) -> None:
    if situation["time"] == "no":
        return
    day = {"to_come": 20, "with_doctor": 20, "cancelled": 20, "held": -20, "held_long_ago": -40}[situation["time"]]
    state = {"cancelled": State.CANCELLED_BY_FAMILY, "held": State.ATTENDED, "held_long_ago": State.ATTENDED}
    is_doctors = situation["time"] == "with_doctor"
    time = appointment(
        step,
        here.other_nurse if is_doctors else here.nurse,
        on=TODAY + timedelta(days=day),
        state=state.get(situation["time"], State.CANCELLED_BY_CLINIC),
        doctor=here.nurse if is_doctors else None,
        state_at=BEFORE,
        booked_at=AT - timedelta(days=60),
    )
    opened = {} if situation["time"] in state else {"state": State.OFFERED.value}
    type(time).objects.filter(pk=time.pk).update(person=child, planned_step=a_step_like(step, child), **opened)


def a_case_in(situation: dict[str, Any], child: Person, here: StaffedClinic, step: PlannedStep) -> None:
    if situation["case"] == "no":
        return
    closed = {"closed_on": TODAY, "closed_at": BEFORE, "closed_by": "leder", "closing": "seen"}
    Case.objects.create(
        municipality=here.municipality,
        person=child,
        planned_step=a_step_like(step, child),
        trigger="by_hand",
        trigger_key=f"prøve:{child.pk}",
        fact_on=TODAY,
        ladder="prøve",
        track="standard",
        counts_from=TODAY,
        opened_on=TODAY,
        opened_at=AT - timedelta(days=5),
        opened_by="leder",
        next_step="call",
        owner=here.other_nurse if situation["case"] == "deputy" else here.nurse,
        deputy=here.nurse if situation["case"] == "deputy" else here.other_nurse,
        due_on=TODAY,
        watch_on=TODAY if situation["case"] == "watched" else None,
        **(closed if situation["case"] in {"closed", "watched"} else {}),
    )


def a_step_like(step: PlannedStep, child: Person) -> PlannedStep:
    """A step of its own for each child: at most one open time and one open case stand on one."""
    return PlannedStep.objects.create(
        **{
            field.attname: getattr(step, field.attname)
            for field in PlannedStep._meta.concrete_fields
            if field.attname not in {"id", "step", "position"}
        },
        step=f"P{PlannedStep.objects.count()}",
        position=PlannedStep.objects.count(),
    )


@pytest.fixture
def nurse(here: StaffedClinic) -> User:
    return an_account(here.municipality, "kari", employee=here.nurse, clinics=[here.clinic], number=OWN)


def as_role(staff: Staff, role: Role) -> Staff:
    return replace(staff, roles=frozenset({role}), permissions=permissions_of([role]))


def test_a_list_shows_what_may_be_opened(nurse: User, here: StaffedClinic, north: Clinic, child: Person) -> None:
    step = step_of(child.enrolments.get(), "C04_M3")
    children = [a_child_in(situation, nurse, here, north, step) for situation in situations(100)]
    elsewhere = open_municipality(code="9902", name="Nabokommunen", by=OWNER, at=AT)
    children.append(Person.objects.create(municipality=elsewhere, born_by=TODAY))
    grounds: set[Ground | None] = set()
    for role in Role:
        staff = as_role(at_work(nurse), role)
        shown = set(children_shown_to(staff, at=AT).filter(pk__in=[one.pk for one in children]).values_list("pk", flat=True))
        viewer, subjects = viewer_of(staff, at=AT), subjects_of(children, staff=staff, at=AT)
        verdicts = {pk: may_open(viewer, subject, at=AT) for pk, subject in subjects.items()}
        opened = {pk for pk, verdict in verdicts.items() if verdict.answer is Answer.SHOWN}
        assert shown == opened, role
        grounds |= {verdict.ground for verdict in verdicts.values()}
        assert verdicts[children[-1].pk].answer in {Answer.ABSENT, Answer.REFUSED}
    assert grounds == {*Ground, None}, "every ground is tried"


SINGLE = [
    ({"journal": "ours"}, "clinic"),
    ({"journal": "other"}, "refused"),
    ({"journal": "none"}, "register"),
    ({"journal": "closed"}, "register"),
    ({"time": "to_come"}, "appointment"),
    ({"time": "with_doctor"}, "appointment"),
    ({"time": "held"}, "appointment"),
    ({"time": "held_long_ago"}, "refused"),
    ({"time": "cancelled"}, "refused"),
    ({"case": "owner"}, "case"),
    ({"case": "deputy"}, "case"),
    ({"case": "watched"}, "case"),
    ({"case": "closed"}, "refused"),
    ({"authorised": "yes"}, "authorisation"),
    ({"authorised": "over"}, "refused"),
    ({"authorised": "not_yet"}, "refused"),
    ({"emergency": "yes"}, "emergency"),
    ({"emergency": "over"}, "refused"),
    ({"journal": "ours", "blocked": "yes"}, "refused"),
    ({"journal": "ours", "blocked": "yes", "book": "goes_on"}, "refused"),
    ({"journal": "ours", "blocked": "ended"}, "clinic"),
    ({"journal": "ours", "kin": "responsible"}, "refused"),
    ({"journal": "ours", "kin": "mother", "book": "goes_on"}, "refused"),
    ({"journal": "ours", "kin": "sibling"}, "refused"),
    ({"journal": "ours", "protection": "confidential"}, "absent"),
    ({"journal": "ours", "protection": "client"}, "clinic"),
    ({"journal": "ours", "protection": "strictly_confidential", "named": "yes"}, "clinic"),
    ({"journal": "ours", "protection": "strictly_confidential", "named": "ended"}, "absent"),
]


def test_what_stands_is_what_the_rule_is_asked_of(nurse: User, here: StaffedClinic, north: Clinic, child: Person) -> None:
    step, staff = step_of(child.enrolments.get(), "C04_M3"), at_work(nurse)
    for situation, answer in SINGLE:
        told = a_child_in(USUAL | situation, nurse, here, north, step)
        verdict = may_open_child(told, staff=staff, at=AT)
        assert (verdict.ground or verdict.answer).value == answer, situation


def test_many_children_cost_no_more_questions_than_one(
    nurse: User, here: StaffedClinic, child: Person, django_assert_max_num_queries: Any
) -> None:
    siblings = [an_enrolled_child(here, born_on=date(2025, month, 1)).person for month in range(1, 6)]
    staff = at_work(nurse)
    with django_assert_max_num_queries(8):
        assert len(subjects_of([child, *siblings], staff=staff, at=AT)) == 6
    with django_assert_max_num_queries(5):
        viewer_of(staff, at=AT)
    with django_assert_max_num_queries(9):
        assert children_shown_to(staff, at=AT).count() == 6


def test_somebody_who_is_no_employee_has_no_times_and_no_cases(here: StaffedClinic, child: Person) -> None:
    vikar = at_work(an_account(here.municipality, "vikar", clinics=[here.clinic]))
    assert may_open_child(child, staff=vikar, at=AT).ground is Ground.CLINIC
    assert list(children_shown_to(vikar, at=AT)) == [child]


def test_another_municipalitys_child_is_nobody(nurse: User, db: None) -> None:
    elsewhere: Municipality = open_municipality(code="9902", name="Nabokommunen", by=OWNER, at=AT)
    stranger = Person.objects.create(municipality=elsewhere, born_by=TODAY)
    assert may_open_child(stranger, staff=at_work(nurse), at=AT).answer is Answer.ABSENT
