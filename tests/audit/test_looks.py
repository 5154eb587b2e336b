"""The log of looks: written before anything is shown, read again page by page, and never more than what was looked at."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from fjorten.audit.actor import Actor
from fjorten.audit.looks import looks_at, looks_between, looks_by, note_look, note_refused
from fjorten.audit.trail import broken_links, record, written_since

KARI = Actor(who="kari", role="public_health_nurse", unit="Nord", ground="clinic")
PER = Actor(who="per", role="clerk", unit="Sør")
AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
HERE = "9901"
HOUR = timedelta(hours=1)


@pytest.mark.django_db
def test_a_look_is_told_as_it_was() -> None:
    note_look("child.seen", persons=["barnet"], municipality=HERE, by=KARI, at=AT, detail={"page": "growth"})
    [look] = looks_at("barnet", municipality=HERE)
    assert (look.seq, look.at, look.action, look.about) == (1, AT, "child.seen", "barnet")
    assert (look.who, look.role, look.unit, look.ground) == ("kari", "public_health_nurse", "Nord", "clinic")
    assert (look.was_shown, look.detail) == (True, {"page": "growth"})


@pytest.mark.django_db
def test_a_try_that_was_refused_is_told_apart() -> None:
    note_refused("child.seen", persons=["barnet"], municipality=HERE, by=PER, at=AT)
    assert [look.was_shown for look in looks_at("barnet", municipality=HERE)] == [False]


@pytest.mark.django_db
def test_a_print_is_in_the_log_of_each_who_is_in_it() -> None:
    note_look("worklist.printed", persons=["ett", "et annet"], municipality=HERE, by=KARI, at=AT)
    assert [len(looks_at(child, municipality=HERE)) for child in ("ett", "et annet", "et tredje")] == [1, 1, 0]
    assert list(broken_links(HERE)) == []


@pytest.mark.django_db
def test_each_in_a_print_has_a_ground_of_its_own() -> None:
    grounds = {"ett": "clinic", "et annet": "case", "et tredje": "clinic"}
    note_look("worklist.printed", persons=grounds, municipality=HERE, by=KARI, at=AT)
    assert {look.about: look.ground for look in looks_by("kari", municipality=HERE)} == grounds
    assert list(broken_links(HERE)) == []


@pytest.mark.django_db
def test_what_is_about_nobody_is_in_the_log_of_who_looked_only() -> None:
    note_look("status.seen", municipality=HERE, by=KARI, at=AT)
    assert [look.about for look in looks_by("kari", municipality=HERE)] == [""]
    assert list(looks_between(AT, AT + HOUR, municipality=HERE)) == []


@pytest.mark.django_db
def test_what_is_written_is_no_look_and_looking_writes_nothing() -> None:
    record("child.flagged", municipality=HERE, by=KARI, at=AT, about="barnet")
    note_look("child.seen", persons=["barnet"], municipality=HERE, by=KARI, at=AT)
    assert [look.action for look in looks_at("barnet", municipality=HERE)] == ["child.seen"]
    assert written_since(1, municipality=HERE) == []


@pytest.mark.django_db
def test_pages_follow_on_each_other_latest_first() -> None:
    for n in range(5):
        note_look("child.seen", persons=["barnet"], municipality=HERE, by=KARI if n % 2 else PER, at=AT + n * HOUR)
    first = looks_at("barnet", municipality=HERE, most=2)
    second = looks_at("barnet", municipality=HERE, most=2, before=first[-1].seq)
    assert [look.seq for look in first + second] == [5, 4, 3, 2]
    assert len(looks_at("barnet", municipality=HERE, most=None)) == 5
    assert [look.seq for look in looks_by("kari", municipality=HERE)] == [4, 2]


@pytest.mark.django_db
def test_a_period_is_half_open_and_municipalities_are_apart() -> None:
    for n in range(3):
        note_look("child.seen", persons=["barnet"], municipality=HERE, by=KARI, at=AT + n * HOUR)
    note_look("child.seen", persons=["barnet"], municipality="9902", by=KARI, at=AT)
    assert [look.seq for look in looks_at("barnet", municipality=HERE, since=AT + HOUR, until=AT + 2 * HOUR)] == [2]
    assert [look.seq for look in looks_between(AT, AT + 2 * HOUR, municipality=HERE)] == [1, 2]
    assert [look.seq for look in looks_by("kari", municipality="9902", since=AT)] == [1]


def test_a_look_is_kept_whatever_becomes_of_the_page(own_database: None) -> None:
    note_look("child.seen", persons=["barnet"], municipality=HERE, by=KARI, at=AT)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        note_look("child.seen", persons=["barnet"], municipality=HERE, by=KARI, at=AT)
    assert len(looks_at("barnet", municipality=HERE)) == 1


def test_nothing_is_shown_when_the_look_cannot_be_written(own_database: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE audit_auditevent")
    with pytest.raises(DatabaseError):
        note_look("child.seen", persons=["barnet"], municipality=HERE, by=KARI, at=AT)
