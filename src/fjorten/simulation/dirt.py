"""What is wrong with journals: how much of it to plant, and how names and numbers get written wrong."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from random import Random

from fjorten.kernel.national_id import NationalId, Sex, is_national_id
from fjorten.simulation.names import ORIGINS


class PlantedRule(StrEnum):
    """The differences that can be planted, by the codes of the findings they ought to become."""

    LIVES_HERE_WITHOUT_JOURNAL = "lives_here_without_journal"
    CLOSED_JOURNAL_LIVES_HERE = "closed_journal_lives_here"
    STAYS_HERE_WITHOUT_JOURNAL = "stays_here_without_journal"
    JOURNAL_OPEN_REGISTERED_ELSEWHERE = "journal_open_registered_elsewhere"
    JOURNAL_OPEN_EMIGRATED = "journal_open_emigrated"
    JOURNAL_OPEN_DEAD = "journal_open_dead"
    JOURNAL_OPEN_MISSING = "journal_open_missing"
    NUMBER_NOT_IN_EXTRACT = "number_not_in_extract"
    IDENTIFIER_CHANGED = "identifier_changed"
    TWO_JOURNALS_ONE_CHILD = "two_journals_one_child"
    JOURNAL_WITHOUT_NUMBER = "journal_without_number"
    INVALID_NUMBER = "invalid_number"
    BIRTH_DATE_DISAGREES = "birth_date_disagrees"
    NAME_DISAGREES = "name_disagrees"


@dataclass(frozen=True, slots=True)
class Dirt:
    """
    How many differences of each kind to plant, as far as there are children they fit; and the share of journals with harmless dirt.

    The fields are the rules' codes. Harmless are a space in the number, capitals, lost accents, half of a double name, no address.
    """

    lives_here_without_journal: int = 6
    closed_journal_lives_here: int = 3
    stays_here_without_journal: int = 3
    journal_open_registered_elsewhere: int = 6
    journal_open_emigrated: int = 3
    journal_open_dead: int = 2
    journal_open_missing: int = 2
    number_not_in_extract: int = 3
    identifier_changed: int = 4
    two_journals_one_child: int = 4
    journal_without_number: int = 4
    invalid_number: int = 4
    birth_date_disagrees: int = 4
    name_disagrees: int = 4
    harmless_share: float = 0.2

    @classmethod
    def none(cls) -> Dirt:
        """This function will plant nothing and leave every journal clean."""
        return cls(**{rule.value: 0 for rule in PlantedRule}, harmless_share=0)

    def times(self, factor: int) -> Dirt:
        """This function will plant so many times as much."""
        return replace(self, **{field.name: getattr(self, field.name) * factor for field in fields(self) if field.name != "harmless_share"})

    def count(self, rule: PlantedRule) -> int:
        """This function will tell how many differences of a kind to plant."""
        return int(getattr(self, rule.value))


def harmlessly_different_name(rng: Random, given_name: str, family_name: str) -> tuple[str, str]:
    """This function will write a name in another way that is still the same name."""
    match rng.randrange(4):
        case 0:
            return given_name.upper(), family_name.upper()
        case 1:
            return _without_accents(given_name), _without_accents(family_name)
        case 2:
            return given_name.replace("-", " "), family_name.replace("-", " ")
        case _:
            return given_name.replace("-", " ").split(" ")[0], family_name


def unrelated_name(rng: Random, *, unlike: str) -> tuple[str, str]:
    """This function will draw a given and a family name that share no beginning with any part of `unlike`."""
    beginnings = {part[:2].casefold() for part in unlike.replace("-", " ").split()}
    while True:
        origin, sex = rng.choice(ORIGINS), rng.choice(list(Sex))
        given_name, family_name = origin.given_name(rng, sex), origin.family_name(rng)
        parts = f"{given_name} {family_name}".replace("-", " ").split()
        if not any(part[:2].casefold() in beginnings for part in parts):
            return given_name, family_name


def misspelt(rng: Random, name: str) -> str:
    """This function will exchange two neighbouring letters of a name, as fast fingers do; names of three letters or less stay right."""
    if len(name) < 4:
        return name
    place = rng.randrange(1, len(name) - 2)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def damaged_number(rng: Random, number: NationalId) -> str:
    """This function will write an identity number so that it is none: too short, a letter in it, an impossible month, or a wrong digit."""
    digits = number.digits
    match rng.randrange(4):
        case 0:
            return digits[1:]
        case 1:
            return digits[:6] + "O" + digits[7:]
        case 2:
            return digits[:2] + "99" + digits[4:]
        case _:
            wrong = (digits[:-1] + str((int(digits[-1]) + step) % 10) for step in range(1, 10))
            return next(text for text in wrong if not is_national_id(text))


def _without_accents(text: str) -> str:
    # æ, ø and å are letters of their own in Norwegian; only what marks an accent goes.
    return "".join(_plain(letter) for letter in text)


def _plain(letter: str) -> str:
    if letter in "åÅ":
        return letter
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
