"""
Which pairs are compared at all: those that agree on enough to be worth it. Comparing everybody with everybody is never done.

Each rule is an equality the database joins on, and a cheap condition that takes away the pairs no other evidence could save. What no rule
finds is lost, so there is one for each way a journal may be wrong: a right date with any likeness of names, swapped day and month, no
usable date, a new family name, names in each other's place.

The conditions are written as CASE where their parts differ in price: the database may try the parts of an AND in any order.
"""

from __future__ import annotations

from typing import Final

_FIRST_LIKENESS: Final = "jaro_winkler_similarity(j.first, p.first)"
_FAMILY_LIKENESS: Final = "jaro_winkler_similarity(j.family, p.family)"
_NO_NAME_BEGINS_ALIKE: Final = "(j.beginnings & p.beginnings) = 0"
_TWO_NAMES_BEGIN_ALIKE: Final = "bit_count(j.beginnings & p.beginnings) >= 2"
_A_NAME_IS_ALIKE: Final = f"""
    CASE WHEN {_NO_NAME_BEGINS_ALIKE} THEN FALSE
         WHEN {_TWO_NAMES_BEGIN_ALIKE} THEN TRUE
         ELSE greatest({_FAMILY_LIKENESS}, {_FIRST_LIKENESS}) >= 0.8 END
"""
# Of day, month and year two agree, or the days follow each other, or a date is missing in part or whole.
_DATE_MAY_BE_RIGHT: Final = """
    coalesce(
        j.born // 100 = p.born // 100 OR j.born % 10000 = p.born % 10000 OR abs(j.born_on - p.born_on) = 1
        OR j.born // 10000 = p.born // 10000 AND (j.born % 100 = p.born % 100 OR least(j.born % 100, p.born % 100) = 0),
        TRUE
    )
"""
# Brothers and sisters share all but the date and the first name.
_MAY_BE_THE_SAME_CHILD: Final = f"""
    CASE WHEN {_DATE_MAY_BE_RIGHT} THEN TRUE
         WHEN {_NO_NAME_BEGINS_ALIKE} THEN FALSE
         ELSE coalesce(
            {_FIRST_LIKENESS} >= 0.8 OR contains(j.names, ' ' || p.first || ' ') OR contains(p.names, ' ' || j.first || ' '), TRUE
         ) END
"""


def _same(columns: tuple[str, str], as_columns: tuple[str, str] | None = None) -> str:
    """Join on one number made of two columns: four times as fast as on two texts. That two may fall together does no harm to finding."""
    journal, person = ([f"{side}.{column}" for column in names] for side, names in (("j", columns), ("p", as_columns or columns)))
    return " = ".join(f"if({one} IS NULL OR {other} IS NULL, NULL, hash({one}, {other}))" for one, other in (journal, person))


RULES: Final[dict[str, str]] = {
    "same_date": f"j.born = p.born AND {_A_NAME_IS_ALIKE}",
    "swapped_date": f"j.born_swapped = p.born AND {_A_NAME_IS_ALIKE}",
    "same_mother": f"j.mother = p.mother AND {_MAY_BE_THE_SAME_CHILD}",
    "same_household": f"{_same(('street', 'postcode'))} AND {_MAY_BE_THE_SAME_CHILD}",
    "names_sound_alike": f"{_same(('first_sound', 'family_sound'))} AND {_DATE_MAY_BE_RIGHT}",
    "names_swapped": f"{_same(('first_sound', 'family_first_sound'), ('family_first_sound', 'first_sound'))} AND {_DATE_MAY_BE_RIGHT}",
    "first_name_and_month": f"{_same(('first', 'born // 100'))} AND {_TWO_NAMES_BEGIN_ALIKE}",
}


def pairs() -> str:
    """Write the SQL of all pairs worth comparing, each once: journal_key, person_key."""
    found = "SELECT j.key AS journal_key, p.key AS person_key FROM matching_journal AS j JOIN matching_person AS p ON "
    return " UNION ".join(found + rule for rule in RULES.values())


def doubles() -> str:
    """
    Write the SQL of further pairs: whoever was born on the same day as a found person and has the same mother or family name.

    They are twins above all, who must be seen together. Where the journal's date is the found person's, the rules have found them already.
    """
    found = """
        SELECT journal_key, found.born, found.mother, found.family
        FROM matching_pair JOIN matching_person AS found ON found.key = person_key JOIN matching_journal AS j ON j.key = journal_key
        WHERE found.born IS DISTINCT FROM j.born
    """
    return f"""
        WITH found AS ({found})
        SELECT journal_key, person_key FROM (
            SELECT journal_key, p.key AS person_key FROM found JOIN matching_person AS p USING (born, mother)
            UNION
            SELECT journal_key, p.key AS person_key FROM found JOIN matching_person AS p USING (born, family)
        ) ANTI JOIN matching_pair USING (journal_key, person_key)
    """
