"""The family's extract of the log, in plain words: who saw the record, never by name, and nothing of what it must not reveal."""

from datetime import date, timedelta

import pytest

from fjorten.access.policies import Ground
from fjorten.audit.actor import Actor
from fjorten.audit.looks import note_look, note_refused
from fjorten.care_relations.extracts import Asker, TheLogIsTheYouths, extract_of_looks
from fjorten.care_relations.oddities import RELATIONS
from fjorten.people.models import Person
from tests.factories.clinic import AT, TODAY

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
KARI = Actor("kari", "public_health_nurse", "Nord", "appointment")


def look(child: Person, *, action: str = "child.seen", by: Actor = KARI, hours: int = 0, **detail: bool) -> None:
    note_look(action, persons=[str(child.public_id)], municipality="9901", by=by, at=AT + hours * HOUR, detail={**detail})


def test_one_line_says_in_words_what_one_saw_in_a_day(child: Person) -> None:
    look(child)
    look(child, hours=2)
    [line] = extract_of_looks(child, asker=Asker.GUARDIAN, on=TODAY)
    assert (line.on, line.role, line.unit, line.ground) == (TODAY, "helsesykepleier", "Nord", "barnet hadde time")
    assert (line.first_at, line.last_at, line.times) == (AT, AT + 2 * HOUR, 2)
    assert "kari" not in repr(line)


def test_the_latest_comes_first_and_two_of_one_role_are_two_lines(child: Person) -> None:
    look(child)
    look(child, by=Actor("per", "public_health_nurse", "Nord", "emergency"), hours=1)
    look(child, by=Actor("drift", "technical_administrator", ground="command line"), hours=30)
    look(child, by=Actor("x", "en ukjent rolle"), hours=60)
    lines = extract_of_looks(child, asker=Asker.GUARDIAN, on=TODAY)
    assert [(line.role, line.ground) for line in lines] == [
        ("ansatt", "annet arbeid i tjenesten"),
        ("den som drifter systemet", "annet arbeid i tjenesten"),
        ("helsesykepleier", "åpnet av tungtveiende grunner"),
        ("helsesykepleier", "barnet hadde time"),
    ]


def test_what_was_refused_and_what_is_about_a_report_is_left_out(child: Person) -> None:
    look(child, action="concern.seen")
    look(child, action="assessment.seen")
    note_refused("child.seen", persons=[str(child.public_id)], municipality="9901", by=KARI, at=AT)
    assert extract_of_looks(child, asker=Asker.THEMSELVES, on=TODAY) == []


def test_what_was_seen_while_the_child_had_two_books_is_in_it(child: Person) -> None:
    look(Person.objects.create(municipality=child.municipality, born_by=TODAY, continued_as=child))
    assert len(extract_of_looks(child, asker=Asker.GUARDIAN, on=TODAY)) == 1


def test_what_guardians_are_not_told_of_is_told_the_youth_only(child: Person) -> None:
    look(child, not_for_guardians=True)
    assert extract_of_looks(child, asker=Asker.GUARDIAN, on=TODAY) == []
    assert len(extract_of_looks(child, asker=Asker.THEMSELVES, on=TODAY)) == 1


def test_from_sixteen_the_log_is_the_youths_own(child: Person) -> None:
    sixteenth_birthday = date(2042, 1, 5)
    assert extract_of_looks(child, asker=Asker.GUARDIAN, on=sixteenth_birthday - timedelta(days=1)) == []
    with pytest.raises(TheLogIsTheYouths):
        extract_of_looks(child, asker=Asker.GUARDIAN, on=sixteenth_birthday)
    assert extract_of_looks(child, asker=Asker.THEMSELVES, on=sixteenth_birthday) == []


def test_every_ground_the_rule_gives_is_a_relation_when_looks_are_gone_through() -> None:
    assert {ground.value for ground in Ground} == RELATIONS
