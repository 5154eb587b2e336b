"""The contact register fills what nobody has told us, and never what somebody has."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from fjorten.messages.actions.contact_register import ask_contact_register
from fjorten.messages.channels.contact_register import Contact, ContactRegisterDoesNotAnswer, Standing
from fjorten.people.actions.families import mark_contact_point_dead, record_contact_point
from fjorten.people.models import Adult, ContactPoint, ParentalResponsibility, Person
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
