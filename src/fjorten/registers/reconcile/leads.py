"""
What the rules need beyond plain facts: who has gone from the extract, whose names differ, and who the journals without a number may be.

| relation | one row per | says |
|---|---|---|
| `gone` | person of an earlier extract | was in it, is asked about, and no number of it is in the new one |
| `gone_number` | number of a gone person | whose it was |
| `suggested` | unplaced journal and person | may be the same child, with the matching's score |
| `traceable` | unplaced journal | cannot be a protected child's: may be shown |
| `asked` | person | asked about and not protected: where the rules start |
| `unprotected` | person | not protected, whatever the age |
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
CREATE OR REPLACE TEMP TABLE previous_number AS
SELECT DISTINCT person_key, unnest(list_append(numbers, number)) AS number FROM previous;

CREATE OR REPLACE TEMP TABLE gone AS
SELECT 'gone ' || person_key AS gone_key, number, given_name, middle_name, family_name, name_is_temporary, sex,
    born_on, born_year, last_seen_on,
    CASE
        WHEN protection IN ('confidential', 'strictly_confidential') THEN protection
        WHEN person_key IN (SELECT person_key FROM previous_number SEMI JOIN said_to_be_protected USING (number)) THEN 'unknown'
    END AS protected_as
FROM previous
WHERE NOT coalesce(is_dead, false)
    AND (born_on IS NULL OR is_in_range(born_on, getvariable('on_day')))
    AND person_key NOT IN (SELECT person_key FROM previous_number SEMI JOIN known_number USING (number));

CREATE OR REPLACE TEMP TABLE gone_number AS
SELECT 'gone ' || person_key AS gone_key, number FROM previous_number WHERE number IS NOT NULL AND gone_key IN (SELECT gone_key FROM gone);
"""

_SUGGESTIONS: Final = """
CREATE OR REPLACE TEMP TABLE suggested AS
SELECT journal_key, person_key, score, evidence FROM match_candidate
WHERE score >= least(getvariable('may_be_protected_score'), getvariable('shown_score'));

CREATE OR REPLACE TEMP TABLE traceable AS
FROM unplaced
WHERE NOT says_protected(address)
    AND (number IS NULL OR number NOT IN (SELECT number FROM said_to_be_protected))
    AND journal_key NOT IN (
        SELECT journal_key FROM suggested JOIN person USING (person_key) JOIN unplaced USING (journal_key)
        WHERE protected_as IS NOT NULL
            -- A valid number that is not the child's speaks against.
            AND score >= CASE rule
                WHEN 'number_not_in_extract' THEN getvariable('likely_score') ELSE getvariable('may_be_protected_score')
            END
    )
    AND (number IS NULL OR number NOT IN (
        SELECT gone_number.number FROM gone_number JOIN gone USING (gone_key) WHERE protected_as IS NOT NULL
    ));

CREATE OR REPLACE TEMP VIEW unprotected AS FROM person WHERE protected_as IS NULL;
CREATE OR REPLACE TEMP VIEW asked AS FROM unprotected WHERE in_range;

CREATE OR REPLACE TEMP TABLE likely AS
WITH ranked AS (
    SELECT journal_key, person_key, score,
        score - coalesce(lead(score) OVER of_journal, 0) AS ahead_of_next_child, row_number() OVER of_journal AS place_in_journal,
        score - coalesce(lead(score) OVER of_child, 0) AS ahead_of_next_journal, row_number() OVER of_child AS place_for_child
    FROM suggested JOIN traceable USING (journal_key)
    WHERE rule <> 'number_not_in_extract'  -- as above
    WINDOW of_journal AS (PARTITION BY journal_key ORDER BY score DESC), of_child AS (PARTITION BY person_key ORDER BY score DESC)
)
SELECT journal_key, person_key
FROM ranked JOIN asked USING (person_key)
WHERE score >= getvariable('likely_score') AND least(ahead_of_next_child, ahead_of_next_journal) >= getvariable('likely_lead')
    AND place_in_journal = 1 AND place_for_child = 1
    AND place IN ('here', 'stays') AND open_journals = 0;

CREATE OR REPLACE TEMP TABLE shown_candidate AS
SELECT suggested.journal_key, suggested.person_key, suggested.score, suggested.evidence, unprotected.place,
    register.number, register.born_on, register.given_name, register.middle_name, register.family_name,
    register.name_is_temporary, register.sex,
    traceable.journal_id, traceable.line, traceable.given_name AS journal_given_name, traceable.family_name AS journal_family_name,
    traceable.born_on AS journal_born_on
FROM suggested JOIN traceable USING (journal_key)
JOIN unprotected ON unprotected.person_key = suggested.person_key JOIN register ON register.person_key = suggested.person_key
WHERE score >= getvariable('shown_score');
"""

# The plainly equal are settled in the database; the rest, some percent, one by one.
_NAMES_TO_COMPARE: Final = """
CREATE OR REPLACE TEMP TABLE unequal AS
SELECT journal_key, person_key, register.born_on, register.mother_number, register.given_name AS given, register.middle_name AS middle,
    register.family_name AS family, journal.given_name AS journal_given, journal.family_name AS journal_family
FROM filed JOIN journal USING (journal_key) JOIN register USING (person_key)
WHERE filed.is_open AND register.name_is_temporary IS NOT TRUE
    AND (lower(journal.family_name) IS DISTINCT FROM lower(register.family_name)
        OR lower(journal.given_name) IS DISTINCT FROM lower(register.given_name)
            AND lower(journal.given_name) IS DISTINCT FROM lower(register.given_name || ' ' || register.middle_name));

SELECT journal_key, given, middle, family, journal_given, journal_family, twins
FROM unequal LEFT JOIN (
    SELECT unequal.journal_key, list(twin.given_name) AS twins
    FROM unequal JOIN register AS twin ON twin.mother_number = unequal.mother_number AND twin.born_on = unequal.born_on
    WHERE twin.person_key <> unequal.person_key AND twin.given_name IS NOT NULL AND twin.name_is_temporary IS NOT TRUE
    GROUP BY journal_key
) USING (journal_key)
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
