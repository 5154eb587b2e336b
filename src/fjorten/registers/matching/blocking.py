"""
Which pairs are compared at all: those that agree on enough to be worth it. Comparing everybody with everybody is never done.

Each rule is an equality the database joins on, and a cheap condition that takes away the pairs no other evidence could save. What no rule finds is
lost, so there is one for each way a journal may be wrong: a right date with any likeness of names, swapped day and month, no usable date, a new
family name, names in each other's place.

The conditions are written as CASE where their parts differ in price: the database may try the parts of an AND in any order, and tries all of them
on a whole column at a time.
"""

from __future__ import annotations

from typing import Final

_FIRST_LIKENESS: Final = "jaro_winkler_similarity(j.first, p.first)"
_FAMILY_LIKENESS: Final = "jaro_winkler_similarity(j.family, p.family)"
_TWO_NAMES_BEGIN_ALIKE: Final = "bit_count(j.beginnings & p.beginnings) >= 2"
_A_NAME_ALIKE: Final = f"""
    CASE WHEN (j.beginnings & p.beginnings) = 0 THEN FALSE
         WHEN {_TWO_NAMES_BEGIN_ALIKE} THEN TRUE
         ELSE greatest({_FAMILY_LIKENESS}, {_FIRST_LIKENESS}) >= 0.8 END
"""
# Of day, month and year two agree, or a date is missing.
_DATE_MAY_BE_RIGHT: Final = (
    "coalesce(j.born // 100 = p.born // 100 OR j.born % 10000 = p.born % 10000 OR j.born // 10000 = p.born // 10000 AND j.born % 100 = p.born % 100, TRUE)"
)
# Brothers and sisters share all but the date and the first name.
_MAY_BE_THE_SAME_CHILD: Final = f"""
    CASE WHEN {_DATE_MAY_BE_RIGHT} THEN TRUE
         WHEN (j.beginnings & p.beginnings) = 0 THEN FALSE
         ELSE coalesce({_FIRST_LIKENESS} >= 0.8 OR contains(j.names, ' ' || p.first || ' ') OR contains(p.names, ' ' || j.first || ' '), TRUE) END
"""



def _same(one: str, other: str, *, as_one: str = "", as_other: str = "") -> str:
    """Join on a number made of two columns instead of on two texts: four times as fast, and that two may fall together does no harm to finding."""
    keys = [f"if({a} IS NULL OR {b} IS NULL, NULL, hash({a}, {b}))" for a, b in ((f"j.{one}", f"j.{other}"), (f"p.{as_one or one}", f"p.{as_other or other}"))]
    return " = ".join(keys)


RULES: Final[dict[str, str]] = {
    "same_date": f"j.born = p.born AND {_A_NAME_ALIKE}",
    "swapped_date": f"j.born_swapped = p.born AND {_A_NAME_ALIKE}",
    "same_mother": f"j.mother = p.mother AND {_MAY_BE_THE_SAME_CHILD}",
    "same_household": f"{_same('street', 'postcode')} AND {_MAY_BE_THE_SAME_CHILD}",
    "names_sound_alike": f"{_same('first_sound', 'family_sound')} AND {_DATE_MAY_BE_RIGHT}",
    "names_swapped": f"{_same('first_sound', 'family_first_sound', as_one='family_first_sound', as_other='first_sound')} AND {_DATE_MAY_BE_RIGHT}",
    "first_name_and_month": f"{_same('first', 'born // 100')} AND {_TWO_NAMES_BEGIN_ALIKE}",
}


def pairs() -> str:
    """Write the SQL of all pairs worth comparing, each once: journal_key, person_key."""
    return " UNION ".join(
        f"SELECT j.key AS journal_key, p.key AS person_key FROM matching_journal AS j JOIN matching_person AS p ON {rule}" for rule in RULES.values()
    )
