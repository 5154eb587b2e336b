"""
Where the numbers in `registers/matching/weights.toml` come from: counted on a hard set whose truth is known.

For each comparison the share of pairs at each level is counted in three groups: a journal and its own person, a journal and others of its
household in the register, a journal and people of other households (a fixed sample). Half a pair is added to every count, so that nothing
is impossible. `python -m benchmarks.matching_training` prints the file anew; the same seed gives the same file.
"""

from __future__ import annotations

import duckdb

from benchmarks.hard_pairs import HardSet, insert, load, make
from fjorten.registers.matching.comparison import COMPARISONS, levels
from fjorten.registers.matching.preparation import prepare

SEED = 101
PERSONS = 60_000
JOURNALS = 12_000
# Chosen, not counted [default]: what is too unlikely to show, what is likelier than not, and how close a second must come to be as likely.
THRESHOLDS = {"shown_from": 0.02, "suggested_from": 0.5, "ambiguous_within": 20}
STRANGER_SAMPLE = (1_500, 2_000)  # journals and persons, every one with every other: three million pairs

_PAIRS = {
    "same": "matching_journal AS j JOIN truth ON truth.journal_key = j.key JOIN matching_person AS p ON p.key = truth.person_key",
    "kin": (
        "matching_journal AS j JOIN household_of_journal AS hj ON hj.journal_key = j.key JOIN household_of_person AS hp USING (household)"
        " JOIN matching_person AS p ON p.key = hp.person_key JOIN truth ON truth.journal_key = j.key"
        " WHERE truth.person_key IS DISTINCT FROM p.key"
    ),
    "stranger": (
        f"(FROM matching_journal ORDER BY hash(key) LIMIT {STRANGER_SAMPLE[0]}) AS j"
        f" CROSS JOIN (FROM matching_person ORDER BY hash(key) LIMIT {STRANGER_SAMPLE[1]}) AS p"
        " JOIN household_of_journal AS hj ON hj.journal_key = j.key JOIN household_of_person AS hp ON hp.person_key = p.key"
        " WHERE hj.household <> hp.household"
    ),
}


def estimate(connection: duckdb.DuckDBPyConnection, hard_set: HardSet) -> dict[str, dict[str, dict[str, float]]]:
    """Count the levels on a hard set that is loaded into the connection: comparison -> level -> class -> share."""
    prepare(connection, journal="journal", register="register")
    for table, key, households in (
        ("household_of_journal", "journal_key", hard_set.household_of_journal),
        ("household_of_person", "person_key", hard_set.household_of_person),
    ):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({key} BIGINT, household BIGINT)")
        insert(connection, table, [{key: row, "household": household} for row, household in households.items()])
    likelihoods: dict[str, dict[str, dict[str, float]]] = {
        comparison.name: {level.name: {} for level in comparison.levels} for comparison in COMPARISONS
    }
    for kind, pairs in _PAIRS.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE compared AS SELECT {levels()} FROM {pairs}")
        for comparison in COMPARISONS:
            counts = dict(
                connection.execute(
                    f"SELECT {comparison.name}_level, count(*) FROM compared WHERE {comparison.name}_level > 0 GROUP BY ALL"
                ).fetchall()
            )
            total = sum(counts.values()) + len(comparison.levels) / 2
            for number, level in enumerate(comparison.levels, start=1):
                likelihoods[comparison.name][level.name][kind] = (counts.get(number, 0) + 0.5) / total
    return likelihoods


def priors(hard_set: HardSet) -> dict[str, float]:
    """Count the share of journals with somebody in the register, and the others of the household a journal has there on average."""
    held = dict.fromkeys(hard_set.household_of_journal.values(), 0)
    for household in hard_set.household_of_person.values():
        if household in held:
            held[household] += 1
    known = sum(person is not None for person in hard_set.truth.values())
    others = sum(held[household] for household in hard_set.household_of_journal.values()) - known
    return {"in_register": known / len(hard_set.truth), "kin_per_journal": others / len(hard_set.truth)}


def as_toml(likelihoods: dict[str, dict[str, dict[str, float]]], prior: dict[str, float], thresholds: dict[str, float]) -> str:
    """Write the weights as the file that ships."""
    lines = [
        "# How often each level of agreement is seen between two records of one person, between close relatives, and between strangers.",
        "# Written by `python -m benchmarks.matching_training`; what the levels mean is in comparison.py.",
        f'source = {{ title = "Counted on an invented population, benchmarks/hard_pairs.py, seed {SEED}",'
        " estimated_on = 2026-11-21, next_review_on = 2027-06-01 }",
        'certainty = "default"  # invented errors in invented journals: to be counted again on reviewed suggestions from real ones',
        "",
        "[prior]",
        *(f"{name} = {value:.4g}" for name, value in prior.items()),
        "",
        "[threshold]",
        *(f"{name} = {value:g}" for name, value in thresholds.items()),
    ]
    for comparison, levels_of in likelihoods.items():
        lines += ["", f"[comparison.{comparison}]"]
        lines += [
            f"{level} = {{ " + ", ".join(f"{kind} = {share:.4g}" for kind, share in shares.items()) + " }"
            for level, shares in levels_of.items()
        ]
    return "\n".join(lines) + "\n"


def counted(connection: duckdb.DuckDBPyConnection) -> str:
    """Count everything on the training set, which is loaded into the connection, and give the file of weights."""
    hard_set = make(SEED, persons=PERSONS, journals=JOURNALS)
    return as_toml(estimate(connection, hard_set), priors(hard_set), THRESHOLDS)


def main() -> None:
    """Print the file of weights anew."""
    connection = duckdb.connect()
    load(connection, make(SEED, persons=PERSONS, journals=JOURNALS))
    print(counted(connection), end="")


if __name__ == "__main__":
    main()
