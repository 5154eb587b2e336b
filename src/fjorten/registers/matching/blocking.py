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
# Of day, month and year two agree, or the days follow each other, or a date is missing in part or whole: born_on is, so it is not false.
_DATE_MAY_BE_RIGHT: Final = """
    (
        (j.born - p.born) % 10000 = 0 OR j.born // 100 = p.born // 100 OR abs(j.born_on - p.born_on) = 1
        OR j.born // 10000 = p.born // 10000 AND (j.born - p.born) % 100 = 0
    ) IS NOT FALSE
"""
# Brothers and sisters share all but the date and the first name.
_MAY_BE_THE_SAME_CHILD: Final = f"""
    CASE WHEN {_DATE_MAY_BE_RIGHT} THEN TRUE
         WHEN {_NO_NAME_BEGINS_ALIKE} THEN FALSE
         ELSE (
            {_FIRST_LIKENESS} >= 0.8 OR contains(j.names, ' ' || p.first || ' ') OR contains(p.names, ' ' || j.first || ' ')
         ) IS NOT FALSE END
"""


def key_of(one: str, other: str) -> str:
    """Write the SQL of one number for two columns, to join on: four times as fast as two texts. Two that fall together do no harm here."""
    return f"if({one} IS NULL OR {other} IS NULL, NULL, hash({one}, {other}))"


_HOUSEHOLD: Final = key_of("p.street", "p.postcode")
_NAMES: Final = key_of("p.first_sound", "p.family_sound")
_FIRST_AND_MONTH: Final = key_of("p.first", "p.born // 100")

# Journals have each key once or, where it may be meant in two ways, as a list: dates, name_keys.
RULES: Final[dict[str, str]] = {
    "same_date_or_swapped": f"j.date = p.born AND {_A_NAME_IS_ALIKE}",
    "same_mother": f"j.mother = p.mother AND {_MAY_BE_THE_SAME_CHILD}",
    "same_household": f"j.household_key = {_HOUSEHOLD} AND {_MAY_BE_THE_SAME_CHILD}",
    "names_alike_or_swapped": f"j.name_key = {_NAMES} AND {_DATE_MAY_BE_RIGHT}",
    "first_name_and_month": f"j.first_month_key = {_FIRST_AND_MONTH} AND {_TWO_NAMES_BEGIN_ALIKE}",
}
_UNNESTED: Final = {"same_date_or_swapped": "unnest(dates) AS date", "names_alike_or_swapped": "unnest(name_keys) AS name_key"}


def pairs() -> str:
    """Write the SQL of all pairs worth comparing, each once: journal_key, person_key."""
    return " UNION ".join(
        f"SELECT j.key AS journal_key, p.key AS person_key FROM {journals_for(name)} AS j JOIN matching_person AS p ON {rule}"
        for name, rule in RULES.items()
    )


def journals_for(rule: str) -> str:
    """Write the SQL of the journals as a rule sees them: once for every way its key may be meant."""
    return f"(SELECT *, {_UNNESTED[rule]} FROM matching_journal)" if rule in _UNNESTED else "matching_journal"


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
