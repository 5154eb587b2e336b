"""
Splink, the peer that the matching is measured against (P3): a maintained record-linkage library, given every advantage we could think of.

- It reads the columns we prepare: folded names, sound keys, dates, the mother's number, street and postcode.
- Its comparisons have our levels, which suit these data better than those of its library (tried: half a hundredth to three hundredths of F1
  worse), with its own adjustment for common names; the evidence of the household (mother, address) is one comparison, since two that depend
  on each other cost it precision.
- It is trained on the training set twice: by expectation maximisation alone, and with the truth of that set, as our weights are counted.
- Its blocking is tried both as its documentation recommends, plain equalities, and with our own rules handed to it.

`python -m benchmarks.splink_peer` trains it anew (about a minute) and writes `splink_em.json` and `splink_counted.json`.
"""

from __future__ import annotations

import json
import logging
import re
from itertools import count
from pathlib import Path
from typing import Any, Final

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.hard_pairs import load, make
from benchmarks.matching_training import JOURNALS, PERSONS, SEED
from fjorten.registers.matching.blocking import RULES
from fjorten.registers.matching.comparison import BORN, FAMILY, GIVEN, Comparison
from fjorten.registers.matching.preparation import prepare

TRAININGS: Final = {"em": "trained by expectation maximisation", "counted": "its m counted on the truth of the training set"}

# The equalities of our rules without the conditions that make them cheap: what block_on gives, as the documentation recommends.
EQUALITIES: Final = (
    "l.born = r.born",
    "l.born_swapped = r.born",
    "l.mother = r.mother",
    "l.street = r.street AND l.postcode = r.postcode",
    "l.first_sound = r.first_sound AND l.family_sound = r.family_sound",
    "l.first_sound = r.family_first_sound AND l.family_first_sound = r.first_sound",
    "l.first = r.first AND l.born // 100 = r.born // 100",
)
_COLUMNS: Final = (
    "key AS unique_id, first, first_sound, family, family_sound, family_first_sound, names, beginnings, born_on, born, mother,"
    " street, postcode"
)
# What only journals have: their keys, and both meanings of those that may be meant in two ways.
_OF_JOURNALS: Final = {
    "born_swapped": "dates[2]",
    "name_key": "name_keys[1]",
    "swapped_name_key": "name_keys[2]",
    "household_key": "household_key",
    "first_month_key": "first_month_key",
}
_TWO_MEANINGS: Final = {"j.date": ("j.born", "j.born_swapped"), "j.name_key": ("j.name_key", "j.swapped_name_key")}


def _for_splink(rule: str) -> list[str]:
    meanings = [rule]
    for key, columns in _TWO_MEANINGS.items():
        meanings = [re.sub(rf"{re.escape(key)}\b", column, meant) for meant in meanings for column in (columns if key in meant else (key,))]
    return [re.sub(r"\bj\.", "l.", re.sub(r"\bp\.", "r.", meant)) for meant in meanings]


OUR_RULES: Final = tuple(meant for rule in RULES.values() for meant in _for_splink(rule))

_numbers = count(1)


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `peer_journal` and `peer_person` from our prepared ones and `truth`. Splink wants both sides to have all columns."""
    of_journals = ", ".join(f"{column} AS {name}" for name, column in _OF_JOURNALS.items())
    of_nobody = ", ".join(f"NULL::{'INTEGER' if name == 'born_swapped' else 'UBIGINT'} AS {name}" for name in _OF_JOURNALS)
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE peer_journal AS
        SELECT {_COLUMNS}, {of_journals}, coalesce(person_key, -key) AS label FROM matching_journal JOIN truth ON journal_key = key;
        CREATE OR REPLACE TABLE peer_person AS SELECT {_COLUMNS}, {of_nobody}, key AS label FROM matching_person
        """
    )


def predict(connection: duckdb.DuckDBPyConnection, *, training: str, rules: tuple[str, ...]) -> str:
    """Score the pairs the rules find with the stored model; gives the name of a table: unique_id_l, unique_id_r, match_probability."""
    settings = json.loads(_path(training).read_text(encoding="utf-8"))
    settings["blocking_rules_to_generate_predictions"] = [{"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in rules]
    found = _linker(connection, settings).inference.predict(threshold_match_probability=0.01)
    return str(found.physical_name)


def train(connection: duckdb.DuckDBPyConnection, training: str) -> dict[str, Any]:
    """Train on the tables `peer_journal` and `peer_person`; gives Splink's settings with everything it has learnt."""
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[_as_splink(BORN, "born"), _as_splink(FAMILY, "family"), _as_splink(GIVEN, "first"), _household()],
        blocking_rules_to_generate_predictions=[block_on("born")],
        retain_matching_columns=False,
    )
    linker = _linker(connection, settings)
    certain: list[Any] = [block_on("mother", "first"), block_on("born", "first", "family"), block_on("first", "family", "postcode")]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    if training == "counted":
        linker.training.estimate_m_from_label_column("label")
    else:
        for columns in (("born", "family"), ("born", "first"), ("mother", "first"), ("first", "family")):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns), estimate_without_term_frequencies=True)
    model: dict[str, Any] = linker.misc.save_model_to_json()
    return model


def _linker(connection: duckdb.DuckDBPyConnection, settings: Any) -> Linker:
    api, number = DuckDBAPI(connection), next(_numbers)
    sides = [api.register(f"peer_{side}", dataset_display_name=f"{side}_{number}") for side in ("journal", "person")]
    return Linker(sides, settings, log_level=logging.ERROR)


def _as_splink(comparison: Comparison, column: str) -> Any:
    levels: list[Any] = [cll.CustomLevel(_both_sides(comparison.missing), "missing").configure(is_null_level=True)]
    for level in comparison.levels:
        if level.condition == "TRUE":
            levels.append(cll.ElseLevel())
        elif level.name == "same" and comparison is not BORN:
            levels.append(cll.ExactMatchLevel(column, term_frequency_adjustments=True))
        else:
            levels.append(cll.CustomLevel(_both_sides(level.condition), level.name))
    return cl.CustomComparison(output_column_name=comparison.name, comparison_levels=levels)


def _household() -> Any:
    missing = (
        "(mother_l IS NULL OR mother_r IS NULL) AND (street_l IS NULL OR street_r IS NULL) AND (postcode_l IS NULL OR postcode_r IS NULL)"
    )
    conditions = {
        "same_mother": "mother_l = mother_r",
        "same_address": "street_l = street_r AND coalesce(postcode_l = postcode_r, TRUE)",
        "other_mother": "mother_l <> mother_r",
        "same_postcode": "postcode_l = postcode_r",
    }
    levels = [cll.CustomLevel(missing, "missing").configure(is_null_level=True)]
    levels += [cll.CustomLevel(condition, name) for name, condition in conditions.items()]
    return cl.CustomComparison(output_column_name="household", comparison_levels=[*levels, cll.ElseLevel()])


def _both_sides(condition: str) -> str:
    return re.sub(r"\b([jp])\.(\w+)", lambda found: f"{found[2]}_{'l' if found[1] == 'j' else 'r'}", condition)


def _path(training: str) -> Path:
    return Path(__file__).with_name(f"splink_{training}.json")


def main() -> None:
    """Train on the training set and store both models."""
    connection = duckdb.connect()
    load(connection, make(SEED, persons=PERSONS, journals=JOURNALS))
    prepare(connection, journal="journal", register="register")
    create_tables(connection)
    for training in TRAININGS:
        _path(training).write_text(json.dumps(train(connection, training), indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
