"""
How a journal and a person agree: for each kind of evidence the levels of agreement, from the best to none, and their words for the clerk.

What a level is worth is not said here but in `weights.toml`. Every condition reads the same with the two sides exchanged, and a value that
is missing on either side gives level 0, which is evidence of nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Level:
    """One level of agreement: its name in the weights, the SQL condition on `j` and `p`, and the clerk's words (none: not worth a word)."""

    name: str
    condition: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One kind of evidence: when it is missing, and its levels, tried in order; the last one always holds."""

    name: str
    missing: str
    levels: tuple[Level, ...]


def _either_way(condition: str) -> str:
    """Make a condition on {one} and {other} hold in either direction."""
    return f"({condition.format(one='j', other='p')} OR {condition.format(one='p', other='j')})"


_FIRST_LIKENESS: Final = "jaro_winkler_similarity(j.first, p.first)"
_FAMILY_LIKENESS: Final = "jaro_winkler_similarity(j.family, p.family)"

GIVEN: Final = Comparison(
    "given",
    "j.first IS NULL OR p.first IS NULL",
    (
        Level("same", "j.first = p.first", "fornavn likt"),
        Level("swapped", "j.first_sound = p.family_first_sound AND p.first_sound = j.family_first_sound", "for- og etternavn byttet om"),
        Level("same_sound", f"j.first_sound = p.first_sound AND {_FIRST_LIKENESS} >= 0.8", "fornavn nesten likt"),
        Level("near", f"{_FIRST_LIKENESS} >= 0.92 OR {_either_way('starts_with({one}.first, {other}.first)')}", "fornavn nesten likt"),
        Level("elsewhere", _either_way("contains({one}.names, ' ' || {other}.first || ' ')"), "fornavn blant de andre navnene"),
        Level("alike", f"{_FIRST_LIKENESS} >= 0.8", "fornavn ligner"),
        Level("different", "TRUE", "fornavn ulikt"),
    ),
)
FAMILY: Final = Comparison(
    "family",
    "j.family IS NULL OR p.family IS NULL",
    (
        Level("same", "j.family = p.family", "etternavn likt"),
        Level(
            "partly",
            _either_way(
                "if(contains({one}.family, ' '), list_has_any(string_split({one}.family, ' '), string_split(trim({other}.names), ' ')),"
                " contains({other}.names, ' ' || {one}.family || ' '))"
            ),
            "etternavn delvis likt",
        ),
        Level("near", f"j.family_sound = p.family_sound OR {_FAMILY_LIKENESS} >= 0.92", "etternavn nesten likt"),
        Level("alike", f"{_FAMILY_LIKENESS} >= 0.8", "etternavn ligner"),
        Level("different", "TRUE", "etternavn ulikt"),
    ),
)
# Dates are also whole numbers, 20260131, whose parts and digits are cheaper to compare. Where only the year is known, month and day are 0.
BORN: Final = Comparison(
    "born",
    "j.born IS NULL OR p.born IS NULL OR (j.born % 10000 = 0 OR p.born % 10000 = 0) AND j.born // 10000 = p.born // 10000",
    (
        Level("same", "j.born = p.born", "samme fødselsdato"),
        Level(
            "swapped",
            "j.born // 10000 = p.born // 10000 AND j.born % 100 = p.born // 100 % 100 AND p.born % 100 = j.born // 100 % 100",
            "dag og måned byttet om i fødselsdatoen",
        ),
        Level("next_day", "abs(j.born_on - p.born_on) = 1", "fødselsdato én dag fra hverandre"),
        Level("one_digit", "hamming(j.born::VARCHAR, p.born::VARCHAR) = 1", "ett siffer ulikt i fødselsdatoen"),
        Level("same_month", "j.born // 100 = p.born // 100", "samme fødselsmåned"),
        Level("same_year", "j.born // 10000 = p.born // 10000", "samme fødselsår"),
        Level("different", "TRUE", "fødselsdato ulik"),
    ),
)
MOTHER: Final = Comparison(
    "mother",
    "j.mother IS NULL OR p.mother IS NULL",
    (Level("same", "j.mother = p.mother", "samme mor"), Level("different", "TRUE", "ikke samme mor")),
)
ADDRESS: Final = Comparison(
    "address",
    "(j.street IS NULL OR p.street IS NULL) AND (j.postcode IS NULL OR p.postcode IS NULL)",
    (
        Level("same", "j.street = p.street AND coalesce(j.postcode = p.postcode, TRUE)", "samme adresse"),
        Level("same_postcode", "j.postcode = p.postcode", "samme postnummer"),
        Level("different", "TRUE"),  # people move: an old address is no news to the clerk
    ),
)
COMPARISONS: Final = (BORN, FAMILY, GIVEN, MOTHER, ADDRESS)


def level_of(comparison: Comparison) -> str:
    """Write the SQL that gives the level, 0 for missing, of a journal `j` and a person `p`, as the column `born_level` and so on."""
    levels = " ".join(f"WHEN {level.condition} THEN {number}" for number, level in enumerate(comparison.levels, start=1))
    return f"(CASE WHEN {comparison.missing} THEN 0 {levels} END)::UTINYINT AS {comparison.name}_level"


def levels() -> str:
    """Write the SQL of all levels, separated by commas."""
    return ", ".join(level_of(comparison) for comparison in COMPARISONS)


def evidence() -> str:
    """Write the SQL that puts the levels into words: «samme fødselsdato; etternavn likt; fornavn nesten likt»."""
    return f"concat_ws('; ', {', '.join(_words_of(comparison) for comparison in COMPARISONS)})"


def _words_of(comparison: Comparison) -> str:
    words = " ".join(f"WHEN {number} THEN '{level.words}'" for number, level in enumerate(comparison.levels, start=1) if level.words)
    return f"CASE {comparison.name}_level {words} END"
