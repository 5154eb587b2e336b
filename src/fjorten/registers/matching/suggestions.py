"""From journals without a number to a short list of persons for each, with score, rank, evidence in words, and a mark where two fit."""

from __future__ import annotations

from typing import Final

import duckdb

from fjorten.registers.matching.blocking import doubles, pairs
from fjorten.registers.matching.comparison import evidence
from fjorten.registers.matching.preparation import prepare
from fjorten.registers.matching.scoring import scored
from fjorten.registers.matching.weights import Weights, stored

_COLUMNS: Final = "journal_key BIGINT, person_key BIGINT, score DOUBLE, rank INTEGER, is_ambiguous BOOLEAN, evidence VARCHAR"
_WORKING_TABLES: Final = ("name", "numberless", "register", "journal", "person", "pair", "scored")


def candidates(
    connection: duckdb.DuckDBPyConnection,
    *,
    journal: str = "journal",
    register: str = "register",
    limit_per_journal: int = 5,
    weights: Weights | None = None,
) -> None:
    """
    Create the table `match_candidate`: for every journal without a valid number the persons it may belong to, the best first.

    | column | holds |
    |---|---|
    | journal_key, person_key | from the relations named `journal` and `register` (columns as in the reconciliation) |
    | score | probability, 0 to 1, that the journal belongs to this person, given that it belongs to one person there or to none |
    | rank | 1 for the best; equal scores by person_key, so that two runs agree |
    | is_ambiguous | another candidate is about as likely as the best, and this is one of them: a person must look closer |
    | evidence | Norwegian, for the clerk: «samme fødselsdato; etternavn likt; fornavn nesten likt» |

    The scores of one journal never add up to more than 1, so two who fit equally well have at most a half each. Whoever was born on the
    same day as a candidate and has the same mother or family name is a candidate too: twins are always seen together. Addresses of
    protected persons are neither used nor mentioned. Nothing is merged: the table is a suggestion to a person.

    `weights` defaults to the stored ones, estimated as `benchmarks/matching_training.py` describes [default].
    """
    weights = weights or stored()
    connection.execute(f"CREATE OR REPLACE TABLE match_candidate ({_COLUMNS})")
    if not connection.execute(f"SELECT 1 FROM {journal} WHERE number IS NULL LIMIT 1").fetchone():
        return
    prepare(connection, journal=journal, register=register)
    find(connection, limit_per_journal=limit_per_journal, weights=weights)
    for table in _WORKING_TABLES:
        connection.execute(f"DROP TABLE IF EXISTS matching_{table}")


def find(connection: duckdb.DuckDBPyConnection, *, limit_per_journal: int, weights: Weights) -> None:
    """Fill `match_candidate` from tables that are prepared already. What `candidates` does besides is preparing and tidying."""
    persons = max(_count(connection, "matching_person"), 1)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE matching_pair AS {pairs()}")
    connection.execute(f"INSERT INTO matching_pair {doubles()}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE matching_scored AS {scored('matching_pair', weights=weights, persons=persons)}")
    connection.execute(
        f"""
        INSERT INTO match_candidate
        WITH journals AS (SELECT journal_key, sum(odds) AS total, max(odds) AS best FROM matching_scored GROUP BY ALL),
             judged AS MATERIALIZED (
                SELECT scored.*, odds / (1 + total) AS probability, odds * {weights.ambiguous_within} >= best AS is_close
                FROM matching_scored AS scored JOIN journals USING (journal_key)
             ),
             likely AS MATERIALIZED (SELECT journal_key, born, mother, family FROM judged WHERE probability >= {weights.shown_from}),
             shown AS (
                FROM judged
                WHERE probability >= {weights.shown_from}
                    OR (journal_key, born, mother) IN (SELECT (journal_key, born, mother) FROM likely WHERE mother IS NOT NULL)
                    OR (journal_key, born, family) IN (SELECT (journal_key, born, family) FROM likely WHERE family IS NOT NULL)
             )
        SELECT journal_key, person_key, round(probability, 6) AS score,
            row_number() OVER (PARTITION BY journal_key ORDER BY odds DESC, person_key) AS rank,
            is_close AND count(*) FILTER (is_close) OVER (PARTITION BY journal_key) > 1 AS is_ambiguous,
            {evidence()} AS evidence
        FROM shown QUALIFY rank <= {limit_per_journal} ORDER BY journal_key, rank
        """
    )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
