"""
Norwegian identity numbers: fødselsnummer, D-number, H-number, common auxiliary number, and the synthetic forms of them.

Eleven digits, DDMMYY IIIKK: a date, three individual digits and two control digits. Marks are laid on top of the date:

| mark | meaning | source |
|---|---|---|
| day + 40 | D-number | folkeregisterforskriften chapter 2 [source] |
| month + 80 | synthetic (Skatteetaten's Test-Norge, "Tenor") | Skatteetaten, test for konsumenter [source] |
| month + 65 | synthetic (Norsk helsenett's reserved test persons) | nhn.no, "Om SyntPop" [source] |
| month + 40 | H-number of a hospital or clinic; also Nav's synthetic persons | HIS 1001:2010; navikt/fnrvalidator issue 116 [source] |
| first digit 8 or 9 | common auxiliary number (felles hjelpenummer): no date, no sex | HIS 1001:2010 [source] |

The day mark combines with each month mark. Nav's internal NPID (month + 20, synthetic month + 60) is not an identity number in this
sense and is refused [default].

Control digits: both remainders modulo 11 are 0 today; for numbers issued from 1 January 2032 the first may be 0, 1, 2 or 3. The two rules
are read in parallel from now on. Source: Skatteetaten, "Nytt fødselsnummer fra 2032" [source]. That the new rule is also accepted for
auxiliary and H-numbers is ours: it is better to read a number nobody issues than to turn a person away [default].

A number is a secret: it is only to be had through `NationalId.digits`. Everything else that makes text of it gives asterisks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NoReturn

from fjorten.kernel.ages import days_in_month
from fjorten.kernel.control_digits import (
    FIRST_REMAINDERS_FROM_2032,
    K1,
    K2,
    are_digits,
    first_remainder,
    second_remainder,
    with_control_digits,
)
from fjorten.kernel.masking import MASK, is_grouped, mask, without_separators

__all__ = [
    "FIRST_REMAINDERS_FROM_2032",
    "K1",
    "K2",
    "MASK",
    "NEW_NUMBERS_FROM",
    "ControlRule",
    "Kind",
    "MonthMark",
    "NationalId",
    "NotANationalId",
    "Problem",
    "Sex",
    "Told",
    "is_national_id",
    "mask",
    "parse",
    "with_control_digits",
]

NEW_NUMBERS_FROM: Final = date(2032, 1, 1)


class Kind(StrEnum):
    """Who issues the number, as far as its marks show."""

    FOEDSELSNUMMER = "foedselsnummer"
    D_NUMBER = "d_number"  # also with a month mark on top
    H_NUMBER = "h_number"  # month + 40: a help number, or one of Nav's synthetic persons
    AUXILIARY = "auxiliary"


class MonthMark(StrEnum):
    """What has been added to the month."""

    NONE = "none"
    HELP = "help"  # + 40
    HEALTH_SYNTHETIC = "health_synthetic"  # + 65
    SYNTHETIC = "synthetic"  # + 80


class ControlRule(StrEnum):
    """Which rule the control digits satisfy; a number that satisfies today's rule satisfies the other as well."""

    TODAY = "today"
    FROM_2032 = "from_2032"


class Sex(StrEnum):
    """The two values of the population register's field for sex."""

    FEMALE = "female"
    MALE = "male"


class Problem(StrEnum):
    """Why a text is not an identity number; the first that applies, in this order."""

    CHARACTERS = "characters"
    LENGTH = "length"
    DATE = "date"
    CONTROL_DIGITS = "control_digits"


_SENTENCES: Final = {
    Problem.CHARACTERS: "Nummeret inneholder noe annet enn sifre. Skriv de 11 sifrene, gjerne med mellomrom etter de seks første.",
    Problem.LENGTH: "Et fødselsnummer eller D-nummer har 11 sifre. Har et regneark fjernet nullen foran, må den skrives inn igjen.",
    Problem.DATE: "De seks første sifrene er ikke en dato som finnes. Kontroller nummeret mot legitimasjon eller Folkeregisteret.",
    Problem.CONTROL_DIGITS: "Kontrollsifrene stemmer ikke, så minst ett siffer er feil. Kontroller nummeret mot legitimasjonen.",
}


class NotANationalId(ValueError):
    """A text that is not an identity number. Says why in Norwegian and never repeats the text: a mistyped number points at a person too."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def sentence(self) -> str:
        """The reason, and what to do, for a clerk."""
        return _SENTENCES[self.problem]

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class Told:
    """What a number says about its owner: a hint for plausibility checks. The register's own fields always win."""

    birth_date: date | None
    sex: Sex | None


_MONTH_MARKS: Final = {0: MonthMark.NONE, 40: MonthMark.HELP, 65: MonthMark.HEALTH_SYNTHETIC, 80: MonthMark.SYNTHETIC}
_MONTHS: Final = {added + month: (month, mark) for added, mark in _MONTH_MARKS.items() for month in range(1, 13)}


class NationalId:
    """
    An identity number that is valid by its form: characters, length, date and control digits. Raises NotANationalId.

    Whether anyone has been given the number only the population register knows. Immutable, hashable and ordered by its digits. Any text
    made of it is asterisks, also inside containers and exceptions; `json.dumps` and `dataclasses.asdict` cannot see into it, which is why
    it is not a dataclass. It can be pickled, since work is spread over processes.
    """

    __slots__ = ("_digits",)
    _digits: str

    def __init__(self, digits: str) -> None:
        """Take eleven digits and nothing else; `parse` reads what people write."""
        problem = _problem_with(digits)
        if problem is not None:
            raise NotANationalId(problem)
        object.__setattr__(self, "_digits", digits)

    @property
    def digits(self) -> str:
        """The number itself: for look-ups and for files that are meant to hold it, never for logs."""
        return self._digits

    @property
    def kind(self) -> Kind:
        """Tell who issues such numbers. A D-number with a month mark is a D-number; see `month_mark` for the rest."""
        if self._digits[0] in "89":
            return Kind.AUXILIARY
        if self._digits[0] in "4567":
            return Kind.D_NUMBER
        return Kind.H_NUMBER if self.month_mark is MonthMark.HELP else Kind.FOEDSELSNUMMER

    @property
    def month_mark(self) -> MonthMark:
        """Tell what has been added to the month; NONE for auxiliary numbers, which have no month."""
        if self._digits[0] in "89":
            return MonthMark.NONE
        return _MONTHS[int(self._digits[2:4])][1]

    @property
    def is_synthetic(self) -> bool:
        """
        Tell whether the number certainly belongs to an invented person (month + 80 or + 65).

        Month + 40 is shared by real help numbers and Nav's synthetic persons, so it proves nothing and answers False [default].
        """
        return self.month_mark in (MonthMark.SYNTHETIC, MonthMark.HEALTH_SYNTHETIC)

    @property
    def control_rule(self) -> ControlRule:
        """Tell which rule the control digits satisfy. TODAY does not prove that the number was issued before 2032, see `told`."""
        return ControlRule.TODAY if first_remainder(self._digits) == 0 else ControlRule.FROM_2032

    @property
    def told_birth_date(self) -> date | None:
        """
        The birth date the number tells, provided it was issued before 2032: see `told`, which takes that into account.

        Only ordinary numbers by today's rule tell one. None for D-numbers (series in use since 2021 leave the year open), help and
        auxiliary numbers (the date may be an estimate or is missing), new-type numbers, and individual digits outside the old series.
        """
        if self.kind is not Kind.FOEDSELSNUMMER or not self._may_be_from_before_2032():
            return None
        return self._date_by_the_old_series()

    @property
    def told_sex(self) -> Sex | None:
        """
        The sex the number tells, provided it was issued before 2032: see `told`, which takes that into account.

        The ninth digit of ordinary numbers and D-numbers by today's rule: even for women, odd for men. Source: folkeregisterforskriften
        chapter 2 [source]; that it also holds for the D-number series taken into use in 2021 [unverified]. None for all other numbers.
        """
        tells = self.kind in (Kind.FOEDSELSNUMMER, Kind.D_NUMBER) and self.month_mark is not MonthMark.HELP
        if not tells or not self._may_be_from_before_2032():
            return None
        return Sex.MALE if int(self._digits[8]) % 2 else Sex.FEMALE

    def told(self, *, seen_on: date) -> Told:
        """
        Tell birth date and sex as far as the number may still tell them, when it is first known to be in use on `seen_on`.

        From 1 January 2032 numbers are issued that satisfy today's control rule by chance (a first remainder of 0 is one of the four
        allowed), with individual digits that mean nothing. They cannot be told from old ones by looking. A number seen before that day
        is an old one; a number first seen later may be either, and tells nothing. Source: Skatteetaten, "Nytt fødselsnummer fra 2032"
        [source]; the conclusion is ours [default].
        """
        if seen_on >= NEW_NUMBERS_FROM:
            return Told(birth_date=None, sex=None)
        return Told(birth_date=self.told_birth_date, sex=self.told_sex)

    def _may_be_from_before_2032(self) -> bool:
        if self.control_rule is not ControlRule.TODAY:
            return False
        # Nobody born in 2032 or later can have a number from before it, whichever rule its control digits satisfy.
        read = self._date_by_the_old_series() if self.kind is Kind.FOEDSELSNUMMER else None
        return read is None or read < NEW_NUMBERS_FROM

    def _date_by_the_old_series(self) -> date | None:
        year = _year_by_the_old_series(int(self._digits[4:6]), int(self._digits[6:9]))
        month, _ = _MONTHS[int(self._digits[2:4])]
        day = int(self._digits[:2])
        if year is None or day > days_in_month(year, month):  # 29 February '00 is only a date in the 2000s
            return None
        return date(year, month, day)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"NationalId is immutable: cannot set {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"NationalId is immutable: cannot delete {name}")

    def __eq__(self, other: object) -> bool:
        return self._digits == other._digits if isinstance(other, NationalId) else NotImplemented

    def __lt__(self, other: NationalId) -> bool:
        return self._digits < other._digits if isinstance(other, NationalId) else NotImplemented

    def __le__(self, other: NationalId) -> bool:
        return self._digits <= other._digits if isinstance(other, NationalId) else NotImplemented

    def __hash__(self) -> int:
        return hash((NationalId, self._digits))

    def __reduce__(self) -> tuple[type[NationalId], tuple[str]]:
        return NationalId, (self._digits,)

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"NationalId({MASK})"

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)


def parse(text: str) -> NationalId:
    """
    Read an identity number as people write it: eleven digits, with or without spaces, dots or hyphens between the groups.

    Raises NotANationalId, whose `problem` says which check failed first and whose message never holds the text.
    """
    written = text.strip()
    if len(written) > 11 and is_grouped(written):
        written = without_separators(written)
    return NationalId(written)


def is_national_id(text: str) -> bool:
    """Tell whether `parse` would read the text."""
    try:
        parse(text)
    except NotANationalId:
        return False
    return True


def _problem_with(digits: str) -> Problem | None:
    if digits and not are_digits(digits):
        # A grouped number with too few or too many digits has the wrong length; the spaces in it are nothing strange.
        bare = without_separators(digits)
        return Problem.LENGTH if are_digits(bare) and len(bare) != 11 else Problem.CHARACTERS
    if len(digits) != 11:
        return Problem.LENGTH
    if digits[0] not in "89" and not _is_a_date(digits):
        return Problem.DATE
    if first_remainder(digits) not in FIRST_REMAINDERS_FROM_2032 or second_remainder(digits) != 0:
        return Problem.CONTROL_DIGITS
    return None


def _is_a_date(digits: str) -> bool:
    """Tell whether day and month exist in some year that ends in these two digits; '00 is read as 2000, a leap year [source]."""
    month, _ = _MONTHS.get(int(digits[2:4]), (0, MonthMark.NONE))
    day = int(digits[:2]) % 40  # D-numbers: day + 40
    return month != 0 and 1 <= day <= days_in_month(2000 + int(digits[4:6]), month)


def _year_by_the_old_series(two_digits: int, individual: int) -> int | None:
    """Find the birth year by the individual digits. Source: folkeregisterforskriften chapter 2 [source]."""
    if individual < 500:
        return 1900 + two_digits
    if individual < 750 and two_digits >= 54:
        return 1800 + two_digits
    if two_digits < 40:
        return 2000 + two_digits
    return 1900 + two_digits if individual >= 900 else None
