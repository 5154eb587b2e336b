"""Differences between register and journals, planted one child at a time so that each can be looked for by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from fjorten.kernel.national_id import NationalId
from fjorten.simulation.dirt import Dirt, PlantedRule, damaged_number, misspelt, unrelated_name
from fjorten.simulation.records import Protection, Status
from fjorten.simulation.styles import Journal
from fjorten.simulation.truth import ChildTruth

Change = Callable[[Random, ChildTruth, Journal], list[Journal]]


@dataclass(frozen=True, slots=True)
class Planted:
    """
    One difference that was put in on purpose. `child` is the key of the child it is about, and `number` the child's present number; both
    None for a journal about nobody in the register.
    """

    rule: PlantedRule
    child: int | None
    number: NationalId | None
    journal_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of difference: whom it fits, and what it makes of a right journal. No journals is none at all."""

    rule: PlantedRule
    fits: Callable[[ChildTruth], bool]
    change: Change


def plant(journals: dict[int, Journal], children: Iterable[ChildTruth], dirt: Dirt, rng: Random) -> tuple[list[Journal], list[Planted]]:
    """
    This function will exchange some right journals for wrong ones, as many of each kind as `dirt` asks for and there are children for.

    `journals` are the right ones, by the key of the child; one difference at most for each child, none for the protected. Gives all
    journals, and what was planted in the order of the rules.
    """
    candidates = [child for child in children if child.key in journals and child.protection is Protection.NONE]
    rng.shuffle(candidates)
    written = {key: [journal] for key, journal in journals.items()}
    planted = []
    for kind in _KINDS:
        chosen = [child for child in candidates if kind.fits(child)][: dirt.count(kind.rule)]
        for child in chosen:
            candidates.remove(child)
            wrong = kind.change(rng, child, journals[child.key])
            written[child.key] = wrong
            planted.append(Planted(kind.rule, child.key, child.number, tuple(journal.journal_id for journal in wrong)))
    return [journal for of_child in written.values() for journal in of_child], planted


def _is_here(child: ChildTruth) -> bool:
    return child.listed_here or child.newborn_of_resident


def _is_here_and_named(child: ChildTruth) -> bool:
    return child.listed_here and not child.standing.name_is_temporary


def _has_status(status: Status) -> Callable[[ChildTruth], bool]:
    return lambda child: child.standing.status is status


def _none(_rng: Random, _child: ChildTruth, _journal: Journal) -> list[Journal]:
    return []


def _closed(rng: Random, child: ChildTruth, journal: Journal) -> list[Journal]:
    opened_on = journal.opened_on or child.born_on
    return [replace(journal, opened_on=opened_on, closed_on=opened_on + timedelta(days=rng.randrange((child.on - opened_on).days + 1)))]


def _open(_rng: Random, _child: ChildTruth, journal: Journal) -> list[Journal]:
    return [replace(journal, closed_on=None)]


def _on_an_old_number(_rng: Random, child: ChildTruth, journal: Journal) -> list[Journal]:
    return [replace(journal, number=child.numbers[0].digits)]


def _twice(_rng: Random, child: ChildTruth, journal: Journal) -> list[Journal]:
    # On the same number, or on an old and a new one when the child has had more than one.
    return [journal, replace(journal, journal_id=f"{journal.journal_id}-2", number=child.numbers[0].digits)]


def _without_number(rng: Random, _child: ChildTruth, journal: Journal) -> list[Journal]:
    given_name = misspelt(rng, journal.given_name) if rng.random() < 0.3 else journal.given_name
    return [replace(journal, number="", given_name=given_name)]


def _on_a_damaged_number(rng: Random, child: ChildTruth, journal: Journal) -> list[Journal]:
    return [replace(journal, number=damaged_number(rng, child.number))]


def _born_another_day(rng: Random, child: ChildTruth, journal: Journal) -> list[Journal]:
    days = rng.choice((-1, 1)) * rng.choice((1, 10, 30, 31, 100, 365))
    wrong = child.born_on + timedelta(days=days)
    return [replace(journal, born_on=wrong if wrong <= child.on else child.born_on - timedelta(days=abs(days)))]


def _called_something_else(rng: Random, child: ChildTruth, journal: Journal) -> list[Journal]:
    unlike = f"{child.standing.given_name} {child.standing.middle_name} {child.standing.family_name}"
    given_name, family_name = unrelated_name(rng, unlike=unlike)
    return [replace(journal, given_name=given_name, family_name=family_name)]


# The rare ones first, so that the common ones do not use up the few children that fit them.
_KINDS = (
    _Kind(PlantedRule.JOURNAL_OPEN_DEAD, _has_status(Status.DEAD), _open),
    _Kind(PlantedRule.JOURNAL_OPEN_MISSING, _has_status(Status.MISSING), _open),
    _Kind(PlantedRule.JOURNAL_OPEN_EMIGRATED, _has_status(Status.EMIGRATED), _open),
    _Kind(
        PlantedRule.JOURNAL_OPEN_REGISTERED_ELSEWHERE, lambda child: _has_status(Status.RESIDENT)(child) and not child.listed_here, _open
    ),
    _Kind(PlantedRule.STAYS_HERE_WITHOUT_JOURNAL, lambda child: child.stays_here, _none),
    _Kind(PlantedRule.IDENTIFIER_CHANGED, lambda child: _is_here(child) and len(child.numbers) > 1, _on_an_old_number),
    _Kind(PlantedRule.TWO_JOURNALS_ONE_CHILD, _is_here, _twice),
    _Kind(PlantedRule.LIVES_HERE_WITHOUT_JOURNAL, _is_here, _none),
    _Kind(PlantedRule.CLOSED_JOURNAL_LIVES_HERE, _is_here, _closed),
    _Kind(PlantedRule.JOURNAL_WITHOUT_NUMBER, _is_here_and_named, _without_number),
    _Kind(PlantedRule.INVALID_NUMBER, _is_here_and_named, _on_a_damaged_number),
    _Kind(PlantedRule.BIRTH_DATE_DISAGREES, _is_here, _born_another_day),
    _Kind(PlantedRule.NAME_DISAGREES, _is_here_and_named, _called_something_else),
)
