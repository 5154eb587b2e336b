"""
What the rules need beyond plain facts: who has gone from the extract, whose names differ, and who the journals without a number may be.

| relation | one row per | says |
|---|---|---|
| `gone` | person of an earlier extract | was in it, is asked about, and no number of it is in the new one |
| `suggested` | unplaced journal and person | may be the same child, with the matching's score |
| `traceable` | unplaced journal | cannot be a protected child's: may be shown |
| `asked` | person | asked about and not protected: where the rules start |
| `unprotected` | person | not protected, whatever the age |
| `number_history` | person and number | since when the person has had it |
| `likely` | journal without a usable number | is with little doubt that of one child who is here and has none |
| `shown_candidate` | traceable journal and unprotected person | a suggestion that may be shown |
| `name_difference` | journal | carries another name than the register |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fjorten.registers.matching.suggestions import candidates
from fjorten.registers.reconcile.name_agreement import names_agree

if TYPE_CHECKING:
    import duckdb

# A journal is taken for a child's own only when the child is this probable and nobody else comes near. It is still a suggestion: the child
# is named in the finding about the journal instead of in one of its own, so that one problem is one finding [default].
LIKELY_SCORE: Final = 0.8
LIKELY_LEAD: Final = 0.3

# A journal that may be a protected child's is not shown. Far lower than what counts as likely: to be wrong here costs a clerk one look-up,
# to be wrong there can cost a life [default].
MAY_BE_PROTECTED_SCORE: Final = 0.2

# From here on it is put into the protected child's own case instead of one of its own: the same eyes see both [default].
BELONGS_TO_PROTECTED_SCORE: Final = 0.5

# Below this a suggestion is noise [default].
SHOWN_SCORE: Final = 0.2

_GONE: Final = """
CREATE OR REPLACE TEMP TABLE gone AS
SELECT 'gone ' || previous.person_key AS gone_key, previous.number,
    list_distinct(list_append(previous.numbers, previous.number)) AS numbers,
    given_name, middle_name, family_name, name_is_temporary, sex, born_on, born_year, last_seen_on,
    CASE
        WHEN protection IN ('confidential', 'strictly_confidential') THEN protection
        WHEN EXISTS (FROM said_to_be_protected WHERE number = previous.number OR list_contains(previous.numbers, number)) THEN 'unknown'
    END AS protected_as
FROM previous
WHERE NOT coalesce(is_dead, false)
    AND (born_on IS NULL OR is_in_range(born_on, getvariable('on_day')))
    AND NOT EXISTS (FROM known_number WHERE number = previous.number OR list_contains(previous.numbers, number));
"""

_SUGGESTIONS: Final = """
CREATE OR REPLACE TEMP TABLE suggested AS
SELECT journal_key, person_key, score, evidence FROM match_candidate
WHERE score >= least(getvariable('may_be_protected_score'), getvariable('shown_score'));

CREATE OR REPLACE TEMP TABLE traceable AS
FROM unplaced
WHERE NOT is_said_to_be_protected
    AND journal_key NOT IN (
        SELECT journal_key FROM suggested JOIN person USING (person_key)
        WHERE protected_as IS NOT NULL AND score >= getvariable('may_be_protected_score')
    )
    AND (number IS NULL OR number NOT IN (SELECT unnest(numbers) FROM gone WHERE protected_as IS NOT NULL));

CREATE OR REPLACE TEMP VIEW unprotected AS FROM person WHERE protected_as IS NULL;
CREATE OR REPLACE TEMP VIEW asked AS FROM unprotected WHERE in_range;

CREATE OR REPLACE TEMP VIEW number_history AS
SELECT person_key, number, max(since) AS number_since FROM register_number GROUP BY person_key, number;

CREATE OR REPLACE TEMP TABLE likely AS
WITH ranked AS (
    SELECT journal_key, person_key, score,
        score - coalesce(lead(score) OVER of_journal, 0) AS ahead_of_next_child, row_number() OVER of_journal AS place_in_journal,
        score - coalesce(lead(score) OVER of_child, 0) AS ahead_of_next_journal, row_number() OVER of_child AS place_for_child
    FROM suggested JOIN traceable USING (journal_key)
    WHERE traceable.rule <> 'number_not_in_extract'  -- a valid number that is another child's speaks against
    WINDOW of_journal AS (PARTITION BY journal_key ORDER BY score DESC), of_child AS (PARTITION BY person_key ORDER BY score DESC)
)
SELECT journal_key, person_key
FROM ranked JOIN asked USING (person_key) LEFT JOIN holding USING (person_key)
WHERE score >= getvariable('likely_score') AND least(ahead_of_next_child, ahead_of_next_journal) >= getvariable('likely_lead')
    AND place_in_journal = 1 AND place_for_child = 1
    AND place IN ('here', 'stays') AND coalesce(open_journals, 0) = 0;

CREATE OR REPLACE TEMP TABLE shown_candidate AS
SELECT suggested.journal_key, suggested.person_key, suggested.score, suggested.evidence,
    unprotected.number, unprotected.place, unprotected.born_on, unprotected.given_name, unprotected.middle_name, unprotected.family_name,
    unprotected.name_is_temporary, unprotected.sex,
    traceable.journal_id, traceable.line, traceable.given_name AS journal_given_name, traceable.family_name AS journal_family_name,
    traceable.born_on AS journal_born_on, traceable.rule
FROM suggested JOIN traceable USING (journal_key) JOIN unprotected ON unprotected.person_key = suggested.person_key
WHERE score >= getvariable('shown_score');
"""

# The plainly equal are settled in the database; the rest, some percent, one by one.
_NAMES_TO_COMPARE: Final = """
WITH twin AS (
    SELECT mother_number, born_on, list({'person_key': person_key, 'given_name': given_name}) AS siblings
    FROM person WHERE in_range AND mother_number IS NOT NULL AND born_on IS NOT NULL AND NOT coalesce(name_is_temporary, false)
    GROUP BY mother_number, born_on HAVING count(*) > 1
)
SELECT journal_key, person.given_name, person.middle_name, person.family_name, filed.given_name, filed.family_name,
    [sibling.given_name FOR sibling IN siblings IF sibling.person_key <> person.person_key AND sibling.given_name IS NOT NULL]
FROM filed JOIN person USING (person_key) LEFT JOIN twin ON twin.mother_number = person.mother_number AND twin.born_on = person.born_on
WHERE filed.is_open AND (filed.is_asked_about OR filed.fits_only_by_itself) AND NOT coalesce(person.name_is_temporary, false)
    AND NOT (lower(filed.given_name) IN (lower(person.given_name), lower(person.given_name || ' ' || person.middle_name))
        AND lower(filed.family_name) IS NOT DISTINCT FROM lower(person.family_name)) IS TRUE
"""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """This function will make the relations above from those of `facts.py`, the readers' `previous`, and the matching's suggestions."""
    scores = {
        "likely_score": LIKELY_SCORE,
        "likely_lead": LIKELY_LEAD,
        "may_be_protected_score": MAY_BE_PROTECTED_SCORE,
        "belongs_to_protected_score": BELONGS_TO_PROTECTED_SCORE,
        "shown_score": SHOWN_SCORE,
    }
    for name, value in scores.items():
        connection.execute(f"SET VARIABLE {name} = ?::DOUBLE", [value])
    connection.execute(_GONE)
    connection.execute("""
        CREATE OR REPLACE TEMP VIEW numberless AS
        SELECT * REPLACE (NULL::VARCHAR AS number) FROM journal SEMI JOIN unplaced USING (journal_key)
    """)
    connection.execute("""
        CREATE OR REPLACE TEMP VIEW matchable AS FROM register SEMI JOIN (SELECT person_key FROM person WHERE in_range) USING (person_key)
    """)
    candidates(connection, journal="numberless", register="matchable")
    connection.execute(_SUGGESTIONS)
    _compare_names(connection)


def _compare_names(connection: duckdb.DuckDBPyConnection) -> None:
    different = [
        journal_key
        for journal_key, given, middle, family, journal_given, journal_family, twins in connection.execute(_NAMES_TO_COMPARE).fetchall()
        if not names_agree(
            given=given, middle=middle, family=family, journal_given=journal_given, journal_family=journal_family, twins=twins or ()
        )
    ]
    connection.execute("CREATE OR REPLACE TEMP TABLE name_difference AS SELECT unnest(?::BIGINT[]) AS journal_key", [different])
