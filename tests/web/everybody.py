"""
One municipality with somebody in every role and a child of every kind, each with secrets of its own: what the matrix is asked about, and
what the canaries are looked for in.

A canary is a word that stands in one field of one child, and nowhere else in the world.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.test import Client
from tools.pages.matrix import Kind

from fjorten.access.actions import tell_own_number
from fjorten.access.models import User
from fjorten.access.permissions import Role
from fjorten.care_relations.models import Authorisation, Blocked, Emergency, NamedForProtected
from fjorten.followup.actions.assessments import record_assessment, record_report_sent
from fjorten.followup.actions.cases import open_case
from fjorten.followup.actions.steps import Planned, record_step
from fjorten.followup.contact import How, Outcome
from fjorten.followup.models import Case
from fjorten.journal.models import Journal
from fjorten.kernel.names import fold
from fjorten.kernel.national_id import NationalId
from fjorten.organisation.actions import open_clinic, open_municipality
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.actions.families import record_address
from fjorten.people.models import Adult, ContactPoint, Identifier, ParentalResponsibility, Person, Residence
from tests.factories.access import OWNER
from tests.factories.clinic import AT, CLERK, LEADER, NURSE, StaffedClinic, a_staffed_clinic, an_enrolled_child, step_of
from tests.factories.register import a_number
from tests.web.at_work import an_account, signed_in
from tests.web.conftest import NOW

BORN = date(2026, 1, 5)
PROTECTED = {Kind.NAMED, Kind.SECRET}
# What stands in a child's fields: the first letters of the field, and which child; letters only, so that nothing on the way changes them.
WORDS = ("given", "family", "guardian", "street", "email", "reason", "note", "grounds")


@dataclass
class Everybody:
    """Who works there, each in a browser, and the children; `canaries` are the words that stand with each kind of child, by field."""

    here: StaffedClinic
    neighbours: StaffedClinic  # another municipality's
    users: dict[Role, User] = field(default_factory=dict)
    browsers: dict[Role, Client] = field(default_factory=dict)
    children: dict[Kind, Person] = field(default_factory=dict)
    canaries: dict[Kind, Mapping[str, str]] = field(default_factory=dict)


def everybody_in(municipality: Municipality) -> Everybody:
    """Somebody in every role at the first clinic, and a child of every kind."""
    neighbour = open_municipality(code="9902", name="Nabokommunen", by=LEADER, at=AT)
    world = Everybody(a_staffed_clinic(municipality), a_staffed_clinic(neighbour))
    for nth, role in enumerate(Role):
        user = an_account(municipality, role, clinic=world.here.clinic)
        tell_own_number(user=user, number=NationalId(a_number(date(1980, 1, 1), nth)), by=OWNER, at=AT)
        user.refresh_from_db()
        world.users[role] = user
        world.browsers[role] = signed_in(user, at=NOW)
    north = open_clinic(municipality=municipality, name="Nord", by=LEADER, at=AT)
    for nth, kind in enumerate(Kind):
        _child(world, kind, nth, at=world.neighbours if kind is Kind.FOREIGN else world.here, north=north)
    return world


def _child(world: Everybody, kind: Kind, nth: int, *, at: StaffedClinic, north: Clinic) -> None:
    words = {name: f"zq{name}{chr(ord('a') + nth)}" for name in WORDS}
    number, guardian, telephone = a_number(BORN, nth), a_number(date(1991, 1, 1), nth), f"+4700001{nth:03}"
    names = {"given_name": words["given"].title(), "family_name": words["family"].title()}
    enrolment = an_enrolled_child(at, born_on=BORN, **names, search_name=fold(" ".join(names.values())))
    child = enrolment.person
    told = {"recorded_at": AT, "recorded_by": "prøve"}
    Identifier.objects.create(person=child, municipality=child.municipality, number=number)
    Residence.objects.create(person=child, municipality_code=child.municipality.code, is_here=True, kind="street", source="prøve")
    adult = Adult.objects.create(municipality=child.municipality, number=guardian, name=words["guardian"].title(), **told)
    ParentalResponsibility.objects.create(child=child, kind="felles", responsible_number=guardian, source="prøve")
    for contact, value in (("telephone", telephone), ("email", f"{words['email']}@nowhere.example")):
        ContactPoint.objects.create(adult=adult, kind=contact, value=value, source="family", **told)
    street = [words["street"].title()]
    record_address(adult=adult, lines=street, postal_code="0000", place="FJORDVIK", source="prøve", by=CLERK, at=AT)
    case = open_case(planned_step=step_of(enrolment, "C04_M3"), reason=words["reason"], by=CLERK, at=AT)
    _step(at, case, words["note"])
    _assess(at, child, case, words["grounds"])
    _bind(world, kind, child, case, north)
    world.children[kind] = child
    world.canaries[kind] = {**words, "number": number, "guardians_number": guardian, "telephone": telephone[-8:]}


def _step(at: StaffedClinic, case: Case, note: str) -> None:
    """Let a nurse have tried to reach the family, and have written down how it went."""
    how = {"how": How.TELEPHONE, "language": "nb", "outcome": Outcome.REACHED, "reason": "did_not_understand_message", "note": note}
    then = Planned("home_visit", owner=at.nurse, deputy=at.other_nurse, due_on=NOW.date() + timedelta(days=1))
    record_step(case=case, step="nurse_takes_over", done_at=AT, then=then, **how, by=NURSE, at=AT)


def _assess(at: StaffedClinic, child: Person, case: Case, grounds: str) -> None:
    """Let somebody find that the duty to report applies, and report, so that an answer is owed."""
    told = {"assessed_by": at.nurse, "assessed_on": AT.date(), "duty_to_report": True, "criteria": ["a"], "grounds": grounds}
    assessment = record_assessment(person=child, case=case, **told, by=NURSE, at=AT)
    record_report_sent(assessment=assessment, sent_at=AT, owner=at.nurse, by=NURSE, at=AT)


def _bind(world: Everybody, kind: Kind, child: Person, case: Case, north: Clinic) -> None:
    """Let the child be of its kind to everybody. Straight to the tables: some of it no action would do."""
    before, users = NOW - timedelta(minutes=10), world.users.values()
    if kind in {Kind.ELSEWHERE, Kind.AUTHORISED, Kind.EMERGENCY}:
        Journal.objects.filter(person=child).update(clinic=north)
    if kind in PROTECTED:
        Person.objects.filter(pk=child.pk).update(protection="confidential")
    for user in users:
        given = {"user": user, "person": child}
        if kind is Kind.NAMED:
            NamedForProtected.objects.create(**given, from_at=before, reason="teamet", named_by="leder")
        if kind is Kind.KIN:
            ParentalResponsibility.objects.create(child=child, kind="felles", responsible_number=user.national_id, source="prøve")
        if kind is Kind.BLOCKED:
            Blocked.objects.create(**given, from_at=before, source="mor", recorded_by="leder")
        if kind is Kind.AUTHORISED:
            Authorisation.objects.create(**given, from_at=before, until_at=NOW + timedelta(days=1), reason="vikar", given_by="leder")
        if kind is Kind.EMERGENCY:
            Emergency.objects.create(
                **given, code="acute", reason="barnet puster tungt", opened_at=before, until_at=NOW + timedelta(minutes=50)
            )
