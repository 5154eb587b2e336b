"""
What the two files together say about each person and each journal: the relations that the rules in `rules.py` are written over.

In: the relations of the readers (`register`, `register_number`, `register_failed`, `journal`, `previous`). Out, as temporary tables:

| relation | one row per | says |
|---|---|---|
| `known_number` | number | whose it is now; old numbers resolve to the person who has a newer one |
| `person` | person of the register | where the person is (`place`), whether it is asked about (`in_range`), whether it is protected |
| `filed` | journal | whose it is, and whether it is asked about |
| `holding` | person with journals | how many are open, how many closed |

`place` is exactly one of: dead · ceased (the identity is no longer used) · abroad · missing · here · stays (duty follows stay) ·
elsewhere · unknown. A person is protected when the register says so, when it lives with its mother and she is, or when the register has a
resident without any municipality at all: that is what strict protection looks like in a file, and it must never read as moved out.

A journal is asked about when it is open and its child is of the ages asked for. Journals of older children are outside the question: they
are counted, and nothing is found about them. A child who has died keeps the age it had.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fjorten.kernel.national_id import NotANationalId, parse
from fjorten.registers.reforms.codes import codes_now, read_reforms, shipped_reforms
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
-- When two persons claim one number, the one whose identity is in use, whose current number it is, and who was changed last, has it.
CREATE OR REPLACE TEMP TABLE known_number AS
SELECT number, min_by(person_key, {
    'is_ceased': coalesce(status = 'opphoert', false), 'is_former': NOT is_current, 'age': -coalesce(epoch(last_changed_at), 0)
}) AS person_key
FROM (
    SELECT person_key, number, coalesce(is_current, false) AS is_current FROM register_number
    UNION ALL SELECT person_key, number, true FROM register
) JOIN (SELECT person_key, status, last_changed_at FROM register) USING (person_key)
WHERE number IS NOT NULL
GROUP BY number;
"""

_PERSON: Final = """
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
        CASE WHEN register.protection IN ('confidential', 'strictly_confidential') THEN register.protection END AS graded_as
    FROM register LEFT JOIN known_number ON known_number.number = register.number
    WHERE known_number.person_key IS NULL OR known_number.person_key = register.person_key
), with_mother AS (
    SELECT child.*, mother.graded_as AS mother_graded_as, mother.moved_on AS mother_moved_on, mother.address AS mother_address,
        coalesce(mother.has_address_here AND NOT mother.has_died AND mother.is_no_resident IS NOT TRUE, false) AS mother_lives_here
    FROM one_each AS child
    LEFT JOIN known_number AS her_number ON her_number.number = child.mother_number
    LEFT JOIN one_each AS mother ON mother.person_key = her_number.person_key
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
    FROM with_mother
)
SELECT * EXCLUDE (
        source, line, guardian_numbers, last_changed_at, address,
        mother_address, graded_as, mother_graded_as, mother_lives_here, mother_moved_on
    ),
    place = 'here' AND municipality IS NULL AS lives_with_mother,
    CASE
        WHEN place = 'here' THEN greatest(coalesce(moved_on, mother_moved_on, immigrated_on), born_on)
        WHEN place = 'stays' THEN greatest(coalesce(CASE WHEN has_stay_here THEN stay_since END, moved_on), born_on)
        WHEN place = 'missing' THEN NULL ELSE moved_on
    END AS here_since,
    CASE WHEN protection = 'client' THEN NULL ELSE address END AS address,
    protection = 'client' AS address_is_hidden,
    CASE
        WHEN graded_as IS NOT NULL THEN graded_as
        -- A child whose place is only known through its mother, or is hers, is as protected as she is [default].
        WHEN mother_graded_as IS NOT NULL AND (municipality IS NULL OR address IS NULL OR address = mother_address)
            THEN mother_graded_as
        WHEN place = 'unknown' AND (coalesce(status, 'bosatt') = 'bosatt' OR status_is_unknown) THEN 'unknown'
    END AS protected_as,
    graded_as IS NULL AND mother_graded_as IS NOT NULL AS is_protected_through_mother,
    CASE
        -- The dead do not grow older: a child who died at three stays in the range.
        WHEN born_on IS NOT NULL THEN is_in_range(born_on, coalesce(least(died_on, getvariable('on_day')), getvariable('on_day')))
        WHEN born_year IS NOT NULL THEN is_in_range(make_date(born_year, 1, 1), getvariable('on_day'))
            OR is_in_range(make_date(born_year, 12, 31), getvariable('on_day'))
        ELSE true
    END AS in_range
FROM placed;
"""

_FILED: Final = """
-- A journal of somebody in the register is asked about when that person is; another when its own birth date says so, or nothing does.
CREATE OR REPLACE TEMP TABLE filed AS
SELECT journal.*, person.person_key, number_is_auxiliary,
    journal.is_open AND CASE
        WHEN person.born_on IS NOT NULL OR person.born_year IS NOT NULL THEN person.in_range
        ELSE coalesce(is_in_range(coalesce(journal.born_on, told_birth.born_on), getvariable('on_day')), true)
    END AS is_asked_about,
    -- What the register says of the number's owner does not fit, but the journal's own birth date does: perhaps another child's number.
    journal.is_open AND person.in_range IS false AND coalesce(is_in_range(journal.born_on, getvariable('on_day')), false)
        AS fits_only_by_itself
FROM (SELECT *, coalesce(number[1] IN ('8', '9'), false) AS number_is_auxiliary FROM journal) AS journal
LEFT JOIN known_number USING (number)
LEFT JOIN person ON person.person_key = known_number.person_key
LEFT JOIN told_birth USING (number);

CREATE OR REPLACE TEMP TABLE holding AS
SELECT person_key,
    count(DISTINCT coalesce(journal_id, 'line ' || filed.line)) FILTER (is_open) AS open_journals,
    count(*) FILTER (NOT is_open) AS closed_journals,
    bool_or(is_open AND filed.number = person.number) AS is_filed_under_current_number
FROM filed JOIN person USING (person_key)
GROUP BY person_key;
"""

_UNPLACED: Final = """
CREATE OR REPLACE TEMP MACRO says_protected(words) AS coalesce(regexp_matches(words, getvariable('protected_words'), 'i'), false);

CREATE OR REPLACE TEMP TABLE said_to_be_protected AS
SELECT number FROM register_failed WHERE number IS NOT NULL AND says_protected(message)
UNION SELECT number FROM filed WHERE number IS NOT NULL AND person_key IS NULL AND says_protected(address);

-- Open journals that lead to nobody in the register: their children are looked for by name and birth date.
CREATE OR REPLACE TEMP TABLE unplaced AS
SELECT filed.* EXCLUDE (person_key), failed.message AS lookup_answer,
    CASE
        WHEN filed.number IS NULL AND number_problem <> 'missing' THEN 'invalid_number'
        WHEN filed.number IS NULL OR number_is_auxiliary THEN 'journal_without_number'
        ELSE 'number_not_in_extract'
    END AS rule,
    says_protected(filed.address)
        OR coalesce(filed.number IN (SELECT number FROM said_to_be_protected), false) AS is_said_to_be_protected
FROM filed
LEFT JOIN (SELECT number, max(message) AS message FROM register_failed GROUP BY number) AS failed ON failed.number = filed.number
WHERE filed.person_key IS NULL AND is_asked_about;
"""


def prepare(connection: duckdb.DuckDBPyConnection, request: Request) -> None:
    """
    This function will make the relations `known_number`, `person`, `filed`, `holding` and `unplaced` from those of the readers.

    They are temporary tables and replace those of an earlier call. Linear in the relations read; nothing is fetched into Python but the
    numbers of journals that neither the register nor their own birth date place in an age.
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
    connection.execute(_PERSON)
    _tell_birth_dates(connection)
    connection.execute(_FILED)
    connection.execute(_UNPLACED)


def _split_codes(request: Request) -> list[str]:
    """The codes of municipalities that were split, when this one is a part of them."""
    reforms = [*shipped_reforms(), *(read_reforms(request.reform_table) if request.reform_table else ())]
    now = codes_now(reforms, on=request.on)
    return sorted(code for code, later in now.items() if later.only is None and request.municipality in later.codes)


def _tell_birth_dates(connection: duckdb.DuckDBPyConnection) -> None:
    """Where nothing else tells the age of a journal's child, its number may still do so: never a new one, see kernel.national_id."""
    unanswered = connection.execute("""
        SELECT DISTINCT number FROM journal ANTI JOIN known_number USING (number) WHERE is_open AND born_on IS NULL AND number IS NOT NULL
    """).fetchall()
    told = []
    for (number,) in unanswered:
        try:
            born_on = parse(number).told_birth_date
        except NotANationalId:
            continue
        if born_on is not None:
            told.append((number, born_on))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE told_birth AS SELECT unnest(?::VARCHAR[]) AS number, unnest(?::DATE[]) AS born_on",
        [[number for number, _ in told], [born_on for _, born_on in told]],
    )
