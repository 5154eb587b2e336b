"""
From the text cells of a journal export to the relation `journal`: numbers checked, dates and status words understood.

A cell that cannot be understood never takes its row with it: a journal that is left out would make its child look like one without a
journal. The row is kept without the value, and `rejected` says so.

| what | is understood as |
|---|---|
| `3.5.2024`, `03.05.2024`, `03/05/2024`, `03-05-2024`, `03052024`, `3052024` | 3 May 2024 |
| `2024-05-03`, `2024-05-03 08:15:00`, `20240503` | 3 May 2024 |
| `03.05.24`, `030524` | the latest 3 May of a year that ends in 24 and is not after the day of the run |
| status words | open or closed, see `OPEN_WORDS` and `CLOSED_WORDS`; the word wins over the end date |
| no status, or an unknown word | closed when there is an end date and it is not after the day of the run |
| «Hansen, Kari» or «Kari Hansen» in one column | family name Hansen, given name Kari |
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from fjorten.registers.reconcile.number_checks import checked_numbers

if TYPE_CHECKING:
    import duckdb

OPEN_WORDS: Final = (
    "åpen", "åpent", "åpnet", "open", "opened", "aktiv", "aktivt", "active", "løpende", "pågående", "under oppfølging", "i bruk",
    "gjeldende", "ja", "j", "yes", "true", "1", "sann",
)  # fmt: skip
CLOSED_WORDS: Final = (
    "lukket", "lukka", "closed", "avsluttet", "avslutta", "ended", "inaktiv", "inaktivt", "inactive", "arkivert", "archived", "passiv",
    "utskrevet", "sluttet", "ferdig", "flyttet", "utflyttet", "overført", "død", "slettet", "nei", "n", "no", "false", "0", "usann",
)  # fmt: skip

# By far the most usual is tried by itself. A year in two digits is read apart: which century it is depends on the day of the run.
_USUAL_FORMAT: Final = "%d.%m.%Y"
_DATE_FORMATS: Final = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %m %Y")
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2200

_TEXTS: Final = (
    "journal_id", "number", "given_name", "middle_name", "family_name", "name", "clinic", "address", "postcode", "mother_number", "status",
)  # fmt: skip
_DATES: Final = {"born_on": "Fødselsdatoen", "opened_on": "Åpningsdatoen", "closed_on": "Avslutningsdatoen"}


def fill_journal(connection: duckdb.DuckDBPyConnection, places: Mapping[str, int], *, on: date, source: str) -> None:
    """
    This function will fill the relation `journal` from `journal_text(line, c0, c1, ...)`; `places` says in which cell each column is.

    Dates that are not understood are told in `rejected`, beside the row that is kept without them. A journal's key is its line.
    """
    connection.execute(_macros(on))
    columns = {column: f"in_words(c{place})" for column, place in places.items()}

    def cell(column: str) -> str:
        return columns.get(column, "NULL::VARCHAR")

    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE journal_read AS
        SELECT * EXCLUDE ({", ".join(f"{column}_text" for column in _DATES)}),
            {", ".join(f"{column}_text AS {column}_text, as_day({column}_text) AS {column}" for column in _DATES)}
        FROM (
            SELECT line, {", ".join(f"{cell(column)} AS {column if column != 'number' else 'number_raw'}" for column in _TEXTS)},
                {", ".join(f"{cell(column)} AS {column}_text" for column in _DATES)}
            FROM journal_text
        )
        """
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE state_word AS SELECT unnest($words::VARCHAR[]) AS word, unnest($open::BOOLEAN[]) AS is_open",
        {"words": [*OPEN_WORDS, *CLOSED_WORDS], "open": [True] * len(OPEN_WORDS) + [False] * len(CLOSED_WORDS)},
    )
    connection.execute(
        f"""
        INSERT INTO journal BY NAME
        SELECT line AS journal_key, line, journal_id, number_raw, number, number_problem,
            coalesce(in_words(concat_ws(' ', given_name, middle_name)), given_part(name)) AS given_name,
            coalesce(family_name, family_part(name)) AS family_name, born_on, opened_on, closed_on,
            -- A column «Avsluttet» may hold yes and no instead of dates.
            coalesce(state.is_open, NOT ended.is_open, closed_on > DATE '{on.isoformat()}', true) AS is_open,
            clinic, address, if(regexp_full_match(postcode, '[0-9]{{3}}'), '0' || postcode, postcode) AS postcode,
            as_number(regexp_replace(mother_number, '[^0-9]', '', 'g')) AS mother_number
        FROM ({checked_numbers("journal_read", "number_raw")})
        LEFT JOIN state_word AS state ON state.word = lower(status)
        LEFT JOIN state_word AS ended ON ended.word = lower(closed_on_text)
        """
    )
    for column, what in _DATES.items():
        not_a_date = f"{column} IS NULL AND {column}_text IS NOT NULL"
        if column == "closed_on":
            not_a_date += " AND lower(closed_on_text) NOT IN (SELECT word FROM state_word)"
        connection.execute(
            f"INSERT INTO rejected SELECT $source, line, $reason, NULL FROM journal_read WHERE {not_a_date}",
            {"source": source, "reason": f"{what} er ikke forstått. Journalen er tatt med uten den."},
        )


def _macros(on: date) -> str:
    day, formats = f"DATE '{on.isoformat()}'", list(_DATE_FORMATS)
    return rf"""
        CREATE OR REPLACE TEMP MACRO in_reach(day) AS if(year(day) BETWEEN {_EARLIEST_YEAR} AND {_LATEST_YEAR}, day, NULL);
        CREATE OR REPLACE TEMP MACRO written_as(text, how) AS TRY_CAST(TRY_STRPTIME(text, how) AS DATE);
        CREATE OR REPLACE TEMP MACRO in_century(digits, century) AS written_as(digits[1:4] || century || digits[5:6], '%d%m%Y');
        CREATE OR REPLACE TEMP MACRO written_short(digits) AS
            if(in_century(digits, '20') <= {day}, in_century(digits, '20'), in_century(digits, '19'));
        CREATE OR REPLACE TEMP MACRO without_separators(text) AS array_to_string(
            list_transform(regexp_split_to_array(text, '[./ -]+'), lambda part: if(length(part) = 1, '0' || part, part)), '');
        CREATE OR REPLACE TEMP MACRO written_otherwise(text) AS CASE
            WHEN regexp_full_match(text, '[0-9]{{7,8}}')
                THEN coalesce(in_reach(written_as(lpad(text, 8, '0'), '%d%m%Y')), in_reach(written_as(text, '%Y%m%d')))
            WHEN regexp_full_match(text, '[0-9]{{6}}') THEN written_short(text)
            WHEN regexp_full_match(text, '[0-9]{{1,2}}[./ -]+[0-9]{{1,2}}[./ -]+[0-9]{{2}}') THEN written_short(without_separators(text))
            ELSE in_reach(written_as(regexp_extract(text, '^(\S{{8,10}})[T ].*', 1), {formats})) END;
        CREATE OR REPLACE TEMP MACRO written_in_any_way(text) AS coalesce(in_reach(written_as(text, {formats})), written_otherwise(text));
        CREATE OR REPLACE TEMP MACRO as_day(text) AS
            coalesce(in_reach(written_as(text, '{_USUAL_FORMAT}')), if(text IS NULL, NULL, written_in_any_way(text)));
        CREATE OR REPLACE TEMP MACRO family_part(name) AS
            if(contains(name, ','), in_words(split_part(name, ',', 1)), regexp_extract(name, '(\S+)$', 1));
        CREATE OR REPLACE TEMP MACRO given_part(name) AS
            if(contains(name, ','), in_words(name[strpos(name, ',') + 1:]), in_words(regexp_extract(name, '^(.*\S)\s+\S+$', 1)));
    """
