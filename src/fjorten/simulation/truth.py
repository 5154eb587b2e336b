"""The ground truth about every child on a day: what the register had been told, and what was really so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from fjorten.kernel.ages import age_in_months, age_in_years
from fjorten.kernel.national_id import NationalId
from fjorten.simulation.places import Home
from fjorten.simulation.records import Person, Protection, Standing, Status


@dataclass(frozen=True, slots=True)
class ChildTruth:
    """
    One child at the end of a day. `registered_*` is what a system that has read every event so far ought to know; the others are so.

    `standing` is everything the register has been told. `registered_here` includes the strictly protected, whom the register knows of and
    does not tell; `listed_here` is what an extract of the municipality shows. `newborn_of_resident` is a child with no address yet whose
    mother is listed here. `last_listed_here` is a strictly protected child whose last openly told residence is here: nobody may conclude
    that such a child has moved out. `mother_last_listed_here` is one that has been hidden from birth, and its mother's was here.
    `duplicate_of` is the key of the child this record is a second record of, which the register does not know until
    `standing.merged_into` says so.
    """

    key: int
    on: date
    standing: Standing
    registered_here: bool
    listed_here: bool
    newborn_of_resident: bool
    stays_here: bool
    last_listed_here: bool
    mother_last_listed_here: bool
    lives_here: bool
    is_alive: bool
    duplicate_of: int | None

    @property
    def numbers(self) -> tuple[NationalId, ...]:
        """Every identity number so far, the one in use last."""
        return self.standing.numbers

    @property
    def number(self) -> NationalId:
        """The identity number in use."""
        return self.standing.number

    @property
    def born_on(self) -> date:
        """The registered birth date."""
        return self.standing.born_on

    @property
    def protection(self) -> Protection:
        """The strictest of the child's own grade of protection and its address's."""
        return self.standing.protection

    @property
    def registered_dead(self) -> bool:
        """Whether the register says that the child is dead."""
        return self.standing.status is Status.DEAD

    @property
    def age_months(self) -> int:
        """Completed months."""
        return age_in_months(self.standing.born_on, self.on)

    @property
    def age_years(self) -> int:
        """Completed years."""
        return age_in_years(self.standing.born_on, self.on)


def children(people: Iterable[Person], *, on: date, codes: frozenset[str]) -> Iterator[ChildTruth]:
    """
    This function will tell the truth about the children the register had heard of at the end of a day, in the order of their keys.

    `codes` are the municipality's, old and new. A duplicate is a child of its own until it has ceased.
    """
    for person in people:
        if not person.is_child:
            continue
        standing = person.standing_on(on)
        if standing is not None and standing.merged_into is None:
            yield child(person, standing, on=on, codes=codes)


def child(person: Person, standing: Standing, *, on: date, codes: frozenset[str]) -> ChildTruth:
    """This function will tell the truth about one child whose standing on the day is known."""

    def is_here(home: Home | None) -> bool:
        return home is not None and home.municipality_code in codes

    is_hidden = standing.grading is Protection.STRICTLY_CONFIDENTIAL
    registered_here = standing.status is Status.RESIDENT and is_here(standing.home)
    mother = person.mother.standing_on(on) if person.mother is not None else None
    last_open_home = person.last_open_home_on(on) if is_hidden else None
    is_hidden_resident = is_hidden and standing.status is Status.RESIDENT
    hidden_from_birth = is_hidden_resident and last_open_home is None
    mothers_last_home = person.mother.last_open_home_on(on) if hidden_from_birth and person.mother is not None else None
    whereabouts = person.whereabouts_on(on)
    return ChildTruth(
        key=person.key,
        on=on,
        standing=standing,
        registered_here=registered_here,
        listed_here=registered_here and not is_hidden,
        newborn_of_resident=(
            standing.status is Status.BIRTH_REGISTERED and mother is not None and mother.status is Status.RESIDENT and is_here(mother.home)
        ),
        stays_here=standing.status in (Status.TEMPORARY, Status.NOT_RESIDENT) and is_here(standing.stay) and not is_hidden,
        last_listed_here=is_hidden_resident and is_here(last_open_home),
        mother_last_listed_here=is_here(mothers_last_home),
        lives_here=whereabouts.is_alive and whereabouts.municipality_code in codes,
        is_alive=whereabouts.is_alive,
        duplicate_of=None if person.duplicate_of is None else person.duplicate_of.key,
    )
