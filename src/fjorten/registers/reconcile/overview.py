"""The figures of a run: how many children there are and where each of them stands, and whether the two files belong together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """
    Counts; no person can be read out of them but by their smallness, and the lists are for the same eyes.

    `residents` live here, in the age group, the protected among them included, and are each counted once more: `protected_residents` +
    `with_journal` + `with_likely_journal` (one without a usable number) + `with_closed_journal` + `without_journal`. `open_journals` in the
    age group are divided by whose they are: `journals_here` (a child who lives or stays here, or is protected) and the rest.
    """

    residents: int
    protected_residents: int
    with_journal: int
    with_likely_journal: int
    with_closed_journal: int
    without_journal: int
    journals: int
    open_journals: int
    journals_here: int
    journals_out_of_range: int
    register_persons: int
    failed_lookups: int
    rejected_rows: int
    newest_change_on: date | None


@dataclass(frozen=True, slots=True)
class Level:
    """From how many rows on a share is judged, and the smallest share that is believed."""

    rows: int
    share: float


# Two files hardly match when fewer of one side are found on the other than this. Families move, so a good pair has well over nine in ten;
# files of two different municipalities have next to none. Few rows prove little, so little is asked of them [default].
JOURNALS_FOUND: Final = (Level(3, 0.0), Level(10, 0.1), Level(50, 0.5))
RESIDENTS_FOUND: Final = (Level(10, 0.1), Level(50, 0.5))

_RESIDENTS: Final = """
    SELECT count(*), count(*) FILTER (protected_as IS NOT NULL),
        count(*) FILTER (protected_as IS NULL AND open_journals > 0),
        count(*) FILTER (protected_as IS NULL AND open_journals = 0 AND is_likely),
        count(*) FILTER (protected_as IS NULL AND open_journals = 0 AND closed_journals > 0 AND NOT is_likely),
        count(*) FILTER (protected_as IS NULL AND open_journals = 0 AND closed_journals = 0 AND NOT is_likely)
    FROM (SELECT *, person_key IN (SELECT person_key FROM likely) AS is_likely FROM person)
    WHERE place = 'here' AND in_range
"""

_JOURNALS: Final = """
    SELECT count(*), count(*) FILTER (is_asked_about), count(*) FILTER (is_asked_about AND is_here),
        count(*) FILTER (is_open AND NOT is_asked_about)
    FROM (
        SELECT is_open, is_open AND coalesce(in_range, journal_key IN (SELECT journal_key FROM unplaced)) AS is_asked_about,
            place IN ('here', 'stays') OR protected_as IS NOT NULL AS is_here
        FROM filed LEFT JOIN person USING (person_key)
    )
"""


def overview(connection: duckdb.DuckDBPyConnection) -> Overview:
    """This function will count. Needs `findings.prepare`."""
    residents, protected_residents, with_journal, likely, closed, without = _row(connection, _RESIDENTS)
    journals, open_journals, journals_here, out_of_range = _row(connection, _JOURNALS)
    (register_persons,) = _row(connection, "SELECT count(*) FROM register")
    (failed_lookups,) = _row(connection, "SELECT count(*) FROM register_failed")
    (rejected_rows,) = _row(connection, "SELECT count(*) FROM rejected")
    newest = connection.execute("SELECT max(last_changed_at AT TIME ZONE 'Europe/Oslo')::DATE FROM register").fetchone()
    return Overview(
        residents=residents,
        protected_residents=protected_residents,
        with_journal=with_journal,
        with_likely_journal=likely,
        with_closed_journal=closed,
        without_journal=without,
        journals=journals,
        open_journals=open_journals,
        journals_here=journals_here,
        journals_out_of_range=out_of_range,
        register_persons=register_persons,
        failed_lookups=failed_lookups,
        rejected_rows=rejected_rows,
        newest_change_on=newest[0] if newest else None,
    )


def why_they_hardly_match(counts: Overview) -> str | None:
    """
    This function will say, in Norwegian, why the two files do not seem to belong together; None when they do.

    Thresholds: `JOURNALS_FOUND` and `RESIDENTS_FOUND` [default].
    """
    if counts.register_persons == 0 and counts.open_journals == 0:
        return "Ingen i registerfilen eller journalfilen gjelder kommunen og aldersgruppen. Kontroller filene og kommunenummeret."
    if _is_too_few(counts.journals_here, counts.open_journals, JOURNALS_FOUND):
        return (
            f"Bare {counts.journals_here} av {counts.open_journals} åpne journaler gjelder barn som bor i kommunen. Kontroller "
            "kommunenummeret, og at registeruttrekket og journaleksporten er fra samme kommune og samme tid."
        )
    found = counts.residents - counts.without_journal
    if _is_too_few(found, counts.residents, RESIDENTS_FOUND):
        return (
            f"Bare {found} av {counts.residents} barn som bor i kommunen, har en journal i filen. Kontroller at hele journaleksporten er "
            "med, og at den er fra samme kommune og samme tid som registeruttrekket."
        )
    return None


def _is_too_few(found: int, of: int, levels: tuple[Level, ...]) -> bool:
    """A share of 0 is never enough; otherwise the share asked for at this many rows is."""
    asked = [level.share for level in levels if of >= level.rows]
    return bool(asked) and (found == 0 or found / of < max(asked))


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None  # an aggregate without GROUP BY always answers with one row
    return tuple(row)
