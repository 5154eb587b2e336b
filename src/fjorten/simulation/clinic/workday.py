"""One day at the clinics, and what everybody at work there has at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Protocol

from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_instant
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.models import Identifier
from fjorten.simulation.families.household import Households
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.records import Person

# The office, in the name of those nobody has hired yet.
OFFICE = Actor(who="merkantil.oppdiktet", role="clerk", unit="Helsestasjonen", ground="simulering")


class World(Protocol):
    """Where the families live: what is really so, which the clinic only hears of."""

    @property
    def seed(self) -> int:
        """What everything is drawn from."""
        ...

    @property
    def codes(self) -> frozenset[str]:
        """The municipality's codes, old and new."""
        ...

    def person_numbered(self, number: str, *, on: date) -> Person | None:
        """This function will find whoever has, or has had, a number by a day; None for a number nobody has."""
        ...

    def happened_to(self, happening: Happening, *, on: date) -> list[Person]:
        """This function will list those something happened to, as the register was told on a day."""
        ...


@dataclass(slots=True)
class Workday:
    """A day at work. `done` and `refused` count what staff did and what the system would not do: refusals are counted, not hidden."""

    municipality: Municipality
    day: date
    world: World
    households: Households
    done: Counter[str]
    refused: Counter[str]

    def at(self, hour: int, minute: int = 0) -> datetime:
        """This function will give an instant of the day by the Norwegian clock."""
        return oslo_instant(self.day, time(hour, minute))

    @property
    def next_week(self) -> date:
        """The same weekday a week from now."""
        return self.day + timedelta(days=7)

    def rng(self, what: str, *about: object) -> Random:
        """This function will give the randomness of one thing: drawn by what it is about, and never by what was drawn before."""
        return Random(f"{self.world.seed}/{what}/{'/'.join(map(str, about))}")

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """This function will let staff try something: done or refused, it is counted."""
        try:
            yield
        except Refused as refused:
            self.refused[f"{what}: {type(refused).__name__}"] += 1
        else:
            self.done[what] += 1

    def people(self, persons: Collection[int]) -> Mapping[int, Person]:
        """This function will find who the ledger's persons (primary keys) are in the world, but for those it does not know."""
        found: dict[int, Person] = {}
        rows = Identifier.objects.filter(person__in=set(persons)).order_by("pk").values_list("person_id", "number")
        for pk, number in rows:
            person = self.world.person_numbered(number, on=self.day)
            if person is not None:
                found[pk] = person
        return found

    def lives_here(self, person: Person) -> bool:
        """This function will tell whether somebody really is in the municipality, whatever the register says."""
        whereabouts = person.whereabouts_on(self.day)
        return whereabouts.is_alive and whereabouts.municipality_code in self.world.codes


def actor(employee: Employee) -> Actor:
    """This function will give an employee as whoever does something."""
    return Actor(who=employee.code, role=employee.role, unit=employee.clinic.name, ground="simulering")
