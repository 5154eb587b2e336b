"""
What the two files together say about each person and each journal: the relations that the rules in `rules.py` are written over.

In: the relations of the readers (`register`, `register_number`, `register_failed`, `journal`, `previous`). Out, as temporary tables:

| relation | one row per | says |
|---|---|---|
| `known_number` | number | whose it is now; old numbers resolve to the person who has a newer one |
| `filed` | journal | whose it is |
| `holding` | person with journals | how many are open, how many closed |
| `person` | person asked about, or with a journal | where the person is (`place`), whether it is protected, its journals |
| `unplaced` | open journal asked about | of nobody in the register: what is wrong with its number |

`place` is exactly one of: dead · ceased (the identity is no longer used) · abroad · missing · here · stays (duty follows stay) ·
elsewhere · unknown. A person is protected when the register says so, when it lives with its mother and she is, or when the register has a
resident without any municipality at all: that is what strict protection looks like in a file, and it must never read as moved out.

A journal is asked about when it is open and its child is of the ages asked for. Journals of older children are outside the question: they
are counted, and nothing is found about them. A child who has died keeps the age it had.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fjorten.kernel.national_id import parse
from fjorten.registers.reforms.codes import codes_now, read_reforms, with_shipped
from fjorten.registers.residency import BIRTH_REGISTERED, DEAD, NOT_RESIDENT

if TYPE_CHECKING:
    import duckdb

    from fjorten.registers.reconcile.request import Request

# Statuses of the register's element `status` (data elements v1.10 [source]). Any other word is read as living where the address says.
KNOWN_STATUSES: Final = NOT_RESIDENT | {DEAD, BIRTH_REGISTERED, "bosatt", "aktiv"}

# Words in a failed look-up's answer, or in a journal's address field, that mean the person is protected. Fail closed [default].
_PROTECTED_WORDS: Final = r"fortrolig|(^|[^u])gradert|sperre[tn]?\b|skjerm(et|ing)|beskytt(et|else)|\bkode ?[67]\b"


_AGES: Final = """
-- Completed years, as kernel.ages counts them: someone born on 29 February has a birthday on 28 February in other years.
CREATE OR REPLACE TEMP MACRO is_in_range(born, seen) AS
    born <= seen AND born + to_years(getvariable('lowest')) <= seen AND born + to_years(getvariable('highest') + 1) > seen;
"""

_KNOWN_NUMBER: Final = """
CREATE OR REPLACE TEMP TABLE claimed_number AS
SELECT number, min(person_key) AS first_key, max(person_key) AS last_key
FROM (SELECT number, person_key FROM register_number UNION ALL SELECT number, person_key FROM register)
WHERE number IS NOT NULL
GROUP BY number;

-- When two persons claim one number, the one whose identity is in use, whose current number it is, and who was changed last, has it.
CREATE OR REPLACE TEMP TABLE known_number AS
SELECT number, first_key AS person_key FROM claimed_number WHERE first_key = last_key
UNION ALL
SELECT number, min_by(person_key, {
    'is_ceased': coalesce(status = 'opphoert', false), 'is_former': is_former, 'age': -coalesce(epoch(last_changed_at), 0)
})
FROM (
    SELECT number, person_key, is_current IS NOT TRUE AS is_former FROM register_number
    UNION ALL SELECT number, person_key, false FROM register
) AS claim
JOIN (SELECT person_key, status, last_changed_at FROM register) USING (person_key)
SEMI JOIN (SELECT number FROM claimed_number WHERE first_key <> last_key) USING (number)
GROUP BY number;

DROP TABLE claimed_number;
"""

_FILED: Final = """
CREATE OR REPLACE TEMP TABLE filed AS
SELECT journal_key, number, born_on, opened_on, closed_on, is_open, person_key FROM journal LEFT JOIN known_number USING (number);

-- Lines of the export with one journal id are one journal. Only where there is more than one line must that be asked.
CREATE OR REPLACE TEMP TABLE holding AS
WITH counted AS (
    SELECT person_key, count(*) FILTER (is_open) AS open_lines, count(*) FILTER (NOT is_open) AS closed_journals
    FROM filed WHERE person_key IS NOT NULL GROUP BY person_key
), several AS (
    SELECT person_key, count(DISTINCT coalesce(journal_id, 'line ' || line)) AS open_journals
    FROM filed JOIN journal USING (journal_key) SEMI JOIN (SELECT person_key FROM counted WHERE open_lines > 1) USING (person_key)
    WHERE filed.is_open GROUP BY person_key
)
SELECT person_key, coalesce(open_journals, open_lines) AS open_journals, closed_journals FROM counted LEFT JOIN several USING (person_key);
"""

_PERSON: Final = """
-- Mothers are looked up only for the children to whom they can make a difference: her protection is theirs, or her home is.
CREATE OR REPLACE TEMP TABLE mother AS
WITH of_the_placeless AS (
    SELECT person_key FROM known_number SEMI JOIN (
        SELECT mother_number AS number FROM register WHERE municipality IS NULL AND status = getvariable('birth_registered')
    ) USING (number)
)
SELECT known_number.number, mother.address, mother.moved_on,
    CASE WHEN mother.protection IN ('confidential', 'strictly_confidential') THEN mother.protection END AS graded_as,
    mother.municipality_now = getvariable('municipality') AND NOT (mother.is_dead OR mother.status IS NOT DISTINCT FROM getvariable('dead'))
        AND list_contains(getvariable('not_resident'), mother.status) IS NOT TRUE AS lives_here
FROM register AS mother JOIN known_number USING (person_key)
WHERE mother.protection IN ('confidential', 'strictly_confidential') OR person_key IN (SELECT person_key FROM of_the_placeless);

CREATE OR REPLACE TEMP TABLE person AS
WITH one_each AS (  -- the same person in two files is one person
    SELECT register.*,
        -- Nobody can say which part of a split municipality an old code means: when it may be here, the child is not lost.
        register.municipality_now IS NULL AND list_contains(getvariable('split_codes'), register.municipality) IS TRUE AS may_be_here,
        register.municipality_now = getvariable('municipality') OR may_be_here AS has_address_here,
        register.stay_municipality_now = getvariable('municipality') AS has_stay_here,
        register.is_dead OR register.status IS NOT DISTINCT FROM getvariable('dead') AS has_died,
        list_contains(getvariable('not_resident'), register.status) AS is_no_resident,
        NOT list_contains(getvariable('known_statuses'), register.status) AS status_is_unknown,
        mother.graded_as AS mother_graded_as, mother.moved_on AS mother_moved_on, mother.address AS mother_address,
        mother.lives_here AS mother_lives_here
    FROM register
    LEFT JOIN known_number ON known_number.number = register.number
    LEFT JOIN mother ON mother.number = register.mother_number
    WHERE known_number.person_key IS NULL OR known_number.person_key = register.person_key
), placed AS (
    SELECT *,
        CASE
            WHEN has_died THEN 'dead'
            WHEN status = 'opphoert' THEN 'ceased'
            -- Out and in again on one day: the address is newer than the status.
            WHEN status = 'utflyttet' AND has_address_here AND immigrated_on >= emigrated_on THEN 'here'
            WHEN status = 'utflyttet' AND has_stay_here AND stay_since > emigrated_on THEN 'stays'
            WHEN status = 'utflyttet' THEN 'abroad'
            WHEN status = 'forsvunnet' THEN 'missing'
            WHEN has_address_here AND is_no_resident IS NOT TRUE THEN 'here'
            WHEN has_address_here OR has_stay_here THEN 'stays'
            WHEN status = getvariable('birth_registered') AND municipality IS NULL AND mother_lives_here THEN 'here'
            WHEN municipality IS NOT NULL THEN 'elsewhere'
            ELSE 'unknown'
        END AS place
    FROM one_each
)
SELECT placed.person_key, number, status, born_on, born_year, died_on, moved_on, emigrated_on,
    place, has_address_here, has_stay_here, may_be_here,
    coalesce(open_journals, 0) AS open_journals, coalesce(closed_journals, 0) AS closed_journals,
    place = 'here' AND municipality IS NULL AS lives_with_mother,
    CASE
        WHEN place = 'here' THEN greatest(coalesce(moved_on, mother_moved_on, immigrated_on), born_on)
        WHEN place = 'stays' THEN greatest(coalesce(CASE WHEN has_stay_here THEN stay_since END, moved_on), born_on)
        WHEN place = 'missing' THEN NULL ELSE moved_on
    END AS here_since,
    CASE
        WHEN protection IN ('confidential', 'strictly_confidential') THEN protection
        -- A child whose place is only known through its mother, or is hers, is as protected as she is [default].
        WHEN mother_graded_as IS NOT NULL AND (municipality IS NULL OR address IS NULL OR address = mother_address) THEN mother_graded_as
        WHEN place = 'unknown' AND (coalesce(status, 'bosatt') = 'bosatt' OR status_is_unknown) THEN 'unknown'
    END AS protected_as,
    protection NOT IN ('confidential', 'strictly_confidential') AND mother_graded_as IS NOT NULL AS is_protected_through_mother,
    CASE
        -- The dead do not grow older: a child who died at three stays in the range.
        WHEN born_on IS NOT NULL THEN is_in_range(born_on, coalesce(least(died_on, getvariable('on_day')), getvariable('on_day')))
        WHEN born_year IS NOT NULL THEN is_in_range(make_date(born_year, 1, 1), getvariable('on_day'))
            OR is_in_range(make_date(born_year, 12, 31), getvariable('on_day'))
        ELSE true
    END AS in_range
FROM placed LEFT JOIN holding USING (person_key)
WHERE in_range OR holding.person_key IS NOT NULL;
"""

_UNPLACED: Final = """
CREATE OR REPLACE TEMP MACRO says_protected(words) AS coalesce(regexp_matches(words, getvariable('protected_words'), 'i'), false);

-- Open journals that lead to nobody in the register: their children are looked for by name and birth date.
CREATE OR REPLACE TEMP TABLE unplaced AS
SELECT journal.*, lookup_answer, coalesce(journal_id, 'line ' || line) AS named,
    CASE
        WHEN number IS NULL AND number_problem <> 'missing' THEN 'invalid_number'
        WHEN number IS NULL OR number[1] IN ('8', '9') THEN 'journal_without_number'  -- auxiliary numbers are not the register's
        ELSE 'number_not_in_extract'
    END AS rule
FROM journal
SEMI JOIN (SELECT journal_key FROM filed WHERE is_open AND person_key IS NULL) USING (journal_key)
LEFT JOIN told_birth USING (number)
LEFT JOIN (SELECT number, max(message) AS lookup_answer FROM register_failed WHERE number IS NOT NULL GROUP BY number) USING (number)
WHERE coalesce(is_in_range(coalesce(journal.born_on, told_birth.born_on), getvariable('on_day')), true);

CREATE OR REPLACE TEMP TABLE said_to_be_protected AS
SELECT number FROM register_failed WHERE number IS NOT NULL AND says_protected(message)
UNION SELECT number FROM unplaced WHERE number IS NOT NULL AND says_protected(address);
"""


def prepare(connection: duckdb.DuckDBPyConnection, request: Request) -> None:
    """
    This function will make the relations above from those of the readers.

    They are temporary tables and replace those of an earlier call. Nothing is fetched into Python but the numbers of journals that neither
    the register nor their own birth date place in an age.
    """
    variables = {
        "municipality": request.municipality,
        "on_day": request.on,
        "lowest": request.ages.lowest,
        "highest": request.ages.highest,
        "dead": DEAD,
        "birth_registered": BIRTH_REGISTERED,
        "not_resident": sorted(NOT_RESIDENT),
        "known_statuses": sorted(KNOWN_STATUSES),
        "protected_words": _PROTECTED_WORDS,
        "split_codes": _split_codes(request),
    }
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])
    connection.execute(_AGES)
    connection.execute(_KNOWN_NUMBER)
    connection.execute(_FILED)
    connection.execute(_PERSON)
    _tell_birth_dates(connection)
    connection.execute(_UNPLACED)


def _split_codes(request: Request) -> list[str]:
    """The codes of municipalities that were split, when this one is a part of them."""
    imported = read_reforms(request.reform_table) if request.reform_table else ()
    now = codes_now(with_shipped(imported), on=request.on)
    return sorted(code for code, later in now.items() if later.only is None and request.municipality in later.codes)


def _tell_birth_dates(connection: duckdb.DuckDBPyConnection) -> None:
    """Where nothing else tells the age of a journal's child, its number may still do so: never a new one, see kernel.national_id."""
    unanswered = connection.execute("""
        SELECT DISTINCT number FROM filed WHERE is_open AND person_key IS NULL AND born_on IS NULL AND number IS NOT NULL
    """).fetchall()
    numbers = [number for (number,) in unanswered]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE told_birth AS SELECT unnest(?::VARCHAR[]) AS number, unnest(?::DATE[]) AS born_on",
        [numbers, [parse(number).told_birth_date for number in numbers]],
    )
