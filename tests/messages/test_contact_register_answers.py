"""The contact register fills what nobody has told us, and never what somebody has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from fjorten.messages.actions.contact_register import ask_contact_register
from fjorten.messages.channels.contact_register import Contact, ContactRegisterDoesNotAnswer, Standing
from fjorten.people.actions.families import mark_contact_point_dead, record_contact_point, record_placement
from fjorten.people.models import Adult, ContactPoint, ParentalResponsibility, Person
from fjorten.plans.actions import end_enrolment
from tests.factories.clinic import CLERK, an_enrolled_child
from tests.factories.register import a_number
from tests.messages.conftest import JOB, Desk

pytestmark = pytest.mark.django_db
MOTHER = a_number(date(1994, 5, 3))


class Register:
    """Answers as told, and counts what it is asked."""

    def __init__(self, **contact: object) -> None:
        usual: dict[str, object] = {"standing": Standing.ACTIVE, "is_reserved": False, "may_be_notified": True, "mobile": "+4700000044"}
        self.contact = Contact(**(usual | contact))
        self.asked: list[str] = []

    def look_up(self, numbers: Sequence[str]) -> dict[str, Contact]:
        self.asked += numbers
        return dict.fromkeys(numbers, self.contact)


@pytest.fixture
def child(desk: Desk) -> Person:
    person = an_enrolled_child(desk.here).person
    ParentalResponsibility.objects.create(child=person, kind="mor", responsible_number=MOTHER, source="prøve")
    return person


def ask(desk: Desk, register: Register, at: datetime | None = None):
    return ask_contact_register(municipality=desk.municipality, look_up=register.look_up, by=JOB, at=at or desk.at)


def in_use() -> list[str]:
    return list(ContactPoint.objects.filter(ended_at__isnull=True).values_list("value", flat=True))


def test_a_guardian_known_only_to_the_population_register_gets_a_number(desk: Desk, child: Person) -> None:
    result = ask(desk, Register())
    assert (result.met, result.asked, result.found, in_use()) == (1, 1, 1, ["+4700000044"])


def test_nobody_is_asked_about_twice_in_a_month(desk: Desk, child: Person) -> None:
    register = Register()
    ask(desk, register)
    ask(desk, register, desk.at + timedelta(days=29))
    assert register.asked == [MOTHER]
    ask(desk, register, desk.at + timedelta(days=30))
    assert register.asked == [MOTHER, MOTHER]


def test_what_the_family_has_told_stands(desk: Desk, child: Person) -> None:
    ask(desk, Register(standing=Standing.NOT_REGISTERED))
    told = {"kind": ContactPoint.Kind.TELEPHONE, "source": ContactPoint.Source.FAMILY, "by": CLERK, "at": desk.at}
    point = record_contact_point(adult=Adult.objects.get(), value="00 00 00 55", **told)
    later = desk.at + timedelta(days=31)
    ask(desk, Register(), later)
    assert in_use() == ["+4700000055"]
    mark_contact_point_dead(contact_point=point, on=later.date(), reason="nummeret finnes ikke", by=JOB, at=later)
    ask(desk, Register(), later + timedelta(days=31))
    assert in_use() == ["+4700000044"]


def test_a_number_found_dead_is_not_believed_again(desk: Desk, child: Person) -> None:
    ask(desk, Register())
    mark_contact_point_dead(contact_point=ContactPoint.objects.get(), on=desk.at.date(), reason="finnes ikke", by=JOB, at=desk.at)
    ask(desk, Register(), desk.at + timedelta(days=31))
    assert ContactPoint.objects.filter(failed_on__isnull=True).count() == 0


def test_a_reservation_and_a_chosen_language_are_noted(desk: Desk, child: Person) -> None:
    ask(desk, Register(is_reserved=True, language="en"))
    adult = Adult.objects.get()
    assert (adult.is_reserved, adult.language) == (True, "en")


def test_bokmal_in_the_register_is_nobodys_choice(desk: Desk, child: Person) -> None:
    ask(desk, Register(language="nb"))
    assert Adult.objects.get().language == ""


def test_a_register_that_does_not_answer_changes_nothing(desk: Desk, child: Person) -> None:
    def silent(numbers: Sequence[str]) -> dict[str, Contact]:
        raise ContactRegisterDoesNotAnswer

    with pytest.raises(ContactRegisterDoesNotAnswer):
        ask_contact_register(municipality=desk.municipality, look_up=silent, by=JOB, at=desk.at)
    assert Adult.objects.get().contact_register_checked_at is None


def another_child(desk: Desk, number: str) -> Person:
    person = an_enrolled_child(desk.here).person
    ParentalResponsibility.objects.create(child=person, kind="far", responsible_number=number, source="prøve")
    return person


def test_so_many_are_asked_about_at_a_time_and_those_who_never_were_first(desk: Desk, child: Person) -> None:
    ask(desk, Register())
    new = [a_number(date(1990, 1, day)) for day in (1, 2, 3)]
    for number in new:
        another_child(desk, number)
    later, register = desk.at + timedelta(days=31), Register()
    asked = []
    for _ in range(3):
        ask_contact_register(municipality=desk.municipality, look_up=register.look_up, at_most=2, by=JOB, at=later)
        asked.append(len(register.asked))
    assert asked == [2, 4, 4]
    assert set(register.asked[:2]) < set(new)
    assert sorted(register.asked) == sorted([*new, MOTHER])


def test_nobody_is_asked_about_whose_child_is_not_followed_here(desk: Desk, child: Person) -> None:
    ask(desk, Register())
    end_enrolment(enrolment=child.enrolments.get(), on=desk.at.date(), reason="flyttet", by=CLERK, at=desk.at)
    later, register = desk.at + timedelta(days=31), Register()
    ask(desk, register, later)
    assert register.asked == []


def test_who_cares_for_a_child_now_is_asked_about(desk: Desk) -> None:
    child, carer = an_enrolled_child(desk.here).person, a_number(date(1988, 8, 8))
    adult = Adult.objects.create(municipality=desk.municipality, number=carer, recorded_at=desk.at, recorded_by="prøve")
    told = {"kind": "foster_home", "is_secret": False, "source": "ringte", "on": desk.at.date(), "by": CLERK, "at": desk.at}
    record_placement(person=child, carer=adult, **told)
    register = Register()
    ask(desk, register)
    assert register.asked == [carer]


def test_one_familys_trouble_is_not_the_others(desk: Desk, child: Person) -> None:
    another_child(desk, a_number(date(1990, 1, 1)))
    answers = Register()

    def look_up(numbers: Sequence[str]) -> dict[str, Contact]:
        return answers.look_up(numbers) | {MOTHER: replace(answers.contact, email="\ud800@prove.example")}

    result = ask_contact_register(municipality=desk.municipality, look_up=look_up, by=JOB, at=desk.at)
    [(failed, _)] = result.failed
    assert Adult.objects.get(pk=failed).number == MOTHER
    assert (result.asked, result.found, in_use()) == (2, 1, ["+4700000044"])
    assert Adult.objects.get(number=MOTHER).contact_register_checked_at is None, "they are asked about again"
