"""Whom the municipality is responsible for on a day: by age, by residence, and still alive."""

from datetime import date, timedelta

import pytest

from fjorten.kernel.ages import age_in_years
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person, Residence
from fjorten.people.queries import resident_children

ON = date(2026, 3, 10)


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def a_child(municipality: Municipality, *, born_on: date = date(2024, 1, 1), **facts: object) -> Person:
    return Person.objects.create(municipality=municipality, born_on=born_on, born_by=born_on, **facts)


def a_home(child: Person, *, since: date | None, until: date | None = None, is_here: bool = True, kind: str = "street") -> None:
    Residence.objects.create(
        person=child, valid_from=since, valid_until=until, is_here=is_here, kind=kind, municipality_code="9901", source="uttrekk"
    )


@pytest.mark.parametrize(
    "days",
    [every_day(date(2018, 12, 25), date(2021, 1, 5)), every_day(date(2024, 12, 25), date(2027, 1, 5))],
    ids=["around the births", "around the sixth birthdays"],
)
def test_a_child_is_in_the_age_group_from_birth_until_the_sixth_birthday(days: list[date], municipality: Municipality) -> None:
    births = every_day(date(2019, 1, 1), date(2020, 12, 31))  # with 29 February
    Person.objects.bulk_create([Person(municipality=municipality, born_on=day, born_by=day) for day in births], batch_size=200)
    for day in days:
        found = set(Person.objects.in_age_group_on(day).values_list("born_on", flat=True))
        assert found == {born_on for born_on in births if born_on <= day and age_in_years(born_on, day) < 6}, day


def test_a_child_born_on_29_february_turns_six_on_28_february(municipality: Municipality) -> None:
    a_child(municipality, born_on=date(2020, 2, 29))
    assert Person.objects.in_age_group_on(date(2026, 2, 27)).exists()
    assert not Person.objects.in_age_group_on(date(2026, 2, 28)).exists()


@pytest.mark.parametrize("year", [1894, 1898])
def test_years_that_a_century_keeps_from_being_leap_years_are_no_exception(year: int, municipality: Municipality) -> None:
    births = every_day(date(year, 2, 26), date(year, 3, 2))
    Person.objects.bulk_create([Person(municipality=municipality, born_on=day, born_by=day) for day in births])
    for day in every_day(date(year + 6, 2, 26), date(year + 6, 3, 2)):
        found = set(Person.objects.in_age_group_on(day).values_list("born_on", flat=True))
        assert found == {born_on for born_on in births if age_in_years(born_on, day) < 6}


def test_where_only_the_year_of_birth_is_known_nobody_is_taken_off_early(municipality: Municipality) -> None:
    Person.objects.create(municipality=municipality, born_on=None, born_by=date(2020, 12, 31))
    assert Person.objects.in_age_group_on(date(2020, 1, 1)).exists()
    assert Person.objects.in_age_group_on(date(2026, 12, 30)).exists()
    assert not Person.objects.in_age_group_on(date(2026, 12, 31)).exists()


@pytest.mark.parametrize(
    ("since", "until", "lives_here"),
    [
        (date(2026, 3, 10), None, True),
        (date(2026, 3, 11), None, False),
        (date(2025, 1, 1), date(2026, 3, 11), True),
        (date(2025, 1, 1), date(2026, 3, 10), False),
        (None, None, True),
        (None, date(2026, 3, 10), False),
    ],
)
def test_a_residence_counts_from_its_first_day_until_the_day_it_ends(
    since: date | None, until: date | None, lives_here: bool, municipality: Municipality
) -> None:
    child = a_child(municipality)
    a_home(child, since=since, until=until)
    assert Person.objects.resident_on(ON).exists() is lives_here


def test_a_residence_elsewhere_is_not_here(municipality: Municipality) -> None:
    child = a_child(municipality)
    a_home(child, since=date(2025, 1, 1), is_here=False)
    assert not Person.objects.resident_on(ON).exists()
    assert not a_child(municipality).residences.exists()
    assert not Person.objects.resident_on(ON).exists()


def test_a_child_with_two_homes_here_is_counted_once(municipality: Municipality) -> None:
    child = a_child(municipality)
    a_home(child, since=date(2024, 1, 1))
    a_home(child, since=date(2025, 1, 1))
    assert Person.objects.resident_on(ON).count() == 1


@pytest.mark.parametrize("kind", ["unknown", "via_mother", "last_known"])
def test_a_child_without_a_shown_address_lives_here_too(kind: str, municipality: Municipality) -> None:
    a_home(a_child(municipality, protection="strictly_confidential"), since=date(2025, 1, 1), kind=kind)
    assert Person.objects.resident_on(ON).exists()


@pytest.mark.parametrize(
    ("facts", "is_alive"),
    [
        ({}, True),
        ({"is_dead": True, "died_on": ON}, False),
        ({"is_dead": True, "died_on": ON + timedelta(days=1)}, True),
        ({"is_dead": True, "died_on": ON - timedelta(days=1)}, False),
        ({"is_dead": True}, False),
    ],
    ids=["alive", "died that day", "died the day after", "died the day before", "dead, no date"],
)
def test_the_dead_are_not_residents(facts: dict[str, object], is_alive: bool, municipality: Municipality) -> None:
    a_home(a_child(municipality, **facts), since=date(2024, 1, 1))
    assert Person.objects.resident_on(ON).exists() is is_alive


def test_resident_children_are_residents_of_the_age_group_each_once_in_this_municipality(municipality: Municipality) -> None:
    here = a_child(municipality)
    continued = a_child(municipality, continued_as=here)
    too_old = a_child(municipality, born_on=date(2020, 3, 10))
    neighbour = Municipality.objects.create(code="9902", name="Nabokommunen")
    for child in (here, continued, too_old, a_child(neighbour)):
        a_home(child, since=date(2025, 1, 1))
    assert list(resident_children(municipality=municipality, on=ON)) == [here]
