"""The clinic's journals as its vendor exports them: right ones for everybody, then dirt, then differences planted on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from fjorten.kernel.national_id import NationalId, Sex
from fjorten.simulation.dirt import Dirt, PlantedRule, harmlessly_different_name
from fjorten.simulation.households import CHILD_YEARS
from fjorten.simulation.names import draw_origin
from fjorten.simulation.numbers import NumberIssuer
from fjorten.simulation.planting import Planted, plant
from fjorten.simulation.records import Person, Protection, Status
from fjorten.simulation.styles import Journal, JournalStyle
from fjorten.simulation.truth import ChildTruth

CLINICS = {"7891": "Fjordvik helsestasjon", "7892": "Yttervåg helsestasjon", "7893": "Ážževuona dearvvašvuođastašuvdna"}
OTHER_CLINIC = "Helsestasjonen"


@dataclass(frozen=True, slots=True)
class JournalExport:
    """
    What was written. `planted` are all the differences there are, given the municipality's extract and a look-up of `numbers`, which are
    those in right journals; `protected` are the children with a journal and any grade of protection.
    """

    rows: int
    planted: tuple[Planted, ...]
    protected: tuple[NationalId, ...]
    numbers: tuple[NationalId, ...]


def export_journals(
    path: Path,
    truths: Iterable[ChildTruth],
    people: Mapping[int, Person],
    *,
    rng: Random,
    codes: frozenset[str],
    dirt: Dirt,
    style: JournalStyle,
    is_taken: Callable[[str], bool],
) -> JournalExport:
    """
    This function will write open journals of the children who live or stay here, closed ones of those who have left, and plant differences.

    `truths` are of one day and `people` by key; `is_taken` tells whether somebody has a number. Second records of a child that the register
    has not found out about have no journal, which counts as planted.
    """
    children = [truth for truth in truths if truth.age_years < CHILD_YEARS]
    second_records = [truth for truth in children if truth.duplicate_of is not None and truth.stays_here]
    journals = {}
    for truth in children:
        if truth.duplicate_of is None and (is_open := _journal_is_open(truth, people[truth.key], codes)) is not None:
            journal = _right_journal(rng, truth, people[truth.key])
            journals[truth.key] = journal if is_open else replace(journal, closed_on=truth.on - timedelta(days=rng.randrange(1, 300)))
    written, planted = plant(journals, children, dirt, rng)
    strangers = [_journal_of_nobody(rng, place, children, is_taken) for place in range(dirt.count(PlantedRule.NUMBER_NOT_IN_EXTRACT))]
    planted += [Planted(PlantedRule.NUMBER_NOT_IN_EXTRACT, None, None, (journal.journal_id,)) for journal in strangers]
    planted += [Planted(PlantedRule.STAYS_HERE_WITHOUT_JOURNAL, truth.key, truth.number, ()) for truth in second_records]
    changed = {journal_id for difference in planted for journal_id in difference.journal_ids}
    rows = [_dirty(rng, journal, dirt) if journal.journal_id not in changed else journal for journal in written + strangers]
    rng.shuffle(rows)
    return JournalExport(
        rows=style.write(path, rows),
        planted=tuple(planted),
        protected=tuple(truth.number for truth in children if truth.key in journals and truth.protection is not Protection.NONE),
        numbers=tuple(number for truth in children if truth.key in journals for number in truth.numbers),
    )


def _journal_is_open(truth: ChildTruth, person: Person, codes: frozenset[str]) -> bool | None:
    """Tell whether a child's journal is open, closed, or (None) not there at all: the clinic never knew children who were never here."""
    if truth.listed_here or truth.newborn_of_resident or truth.stays_here or truth.last_listed_here or truth.mother_last_listed_here:
        return True
    has_been_here = person.has_been_told_of(codes, until=truth.on)
    return False if has_been_here and truth.standing.status is not Status.INACTIVE else None


def _right_journal(rng: Random, truth: ChildTruth, person: Person) -> Journal:
    standing = truth.standing
    address = None if truth.protection is not Protection.NONE else standing.home or standing.stay
    given_name = standing.given_name
    if standing.name_is_temporary and rng.random() < 0.6:
        given_name = rng.choice(("Jente" if person.sex is Sex.FEMALE else "Gutt", person.origin.given_name(rng, person.sex)))
    mother = person.mother.standing_on(truth.on) if person.mother is not None else None
    return Journal(
        journal_id=f"J{100_000 + truth.key}",
        number=standing.number.digits,
        given_name=given_name,
        family_name=standing.family_name,
        born_on=standing.born_on,
        opened_on=min(standing.born_on + timedelta(days=rng.randrange(3, 30)), truth.on),
        closed_on=None,
        clinic=CLINICS.get(address.postcode, OTHER_CLINIC) if address is not None else OTHER_CLINIC,
        address=address.one_line if address is not None else "",
        postcode=address.postcode if address is not None else "",
        mother_number=mother.number.digits if mother is not None else "",
    )


def _journal_of_nobody(rng: Random, place: int, children: list[ChildTruth], is_taken: Callable[[str], bool]) -> Journal:
    """A journal with a valid number that nobody in the register has."""
    on = children[0].on
    born_on, sex, origin, issuer = on - timedelta(days=rng.randrange(30, 2000)), rng.choice(list(Sex)), draw_origin(rng), NumberIssuer()
    number = issuer.issue(rng, born_on=born_on, sex=sex, issued_on=born_on)
    while is_taken(number.digits):
        number = issuer.issue(rng, born_on=born_on, sex=sex, issued_on=born_on)
    return Journal(
        journal_id=f"J{900_000 + place}",
        number=number.digits,
        given_name=origin.given_name(rng, sex),
        family_name=origin.family_name(rng),
        born_on=born_on,
        opened_on=born_on + timedelta(days=20),
        closed_on=None,
        clinic=OTHER_CLINIC,
        address="",
        postcode="",
        mother_number="",
    )


def _dirty(rng: Random, journal: Journal, dirt: Dirt) -> Journal:
    """Dirty a right journal in a way that changes nothing, or leave it clean."""
    if rng.random() >= dirt.harmless_share:
        return journal
    match rng.randrange(5):
        case 0:
            return replace(journal, number=f"{journal.number[:6]} {journal.number[6:]}")
        case 1:
            return replace(journal, address="", postcode="", mother_number="")
        case 2:
            return replace(journal, clinic="")
        case _:
            given_name, family_name = harmlessly_different_name(rng, journal.given_name, journal.family_name)
            return replace(journal, given_name=given_name, family_name=family_name)
