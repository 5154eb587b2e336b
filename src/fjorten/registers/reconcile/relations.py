"""
The relations between the readers and the rules: what every kind of input becomes, and all that the rules may look at.

The readers (`reading.py`) fill them, from files today; whatever else fills them gets the same findings. Dates are civil dates in
Europe/Oslo. A NULL always means "the input does not say".

`register` has one row per person, whatever number of look-ups, files and old numbers it was read from; the look-up with the newest
`last_changed_at` decides. It holds the persons who can matter: those of the ages asked for who live or stay in the municipality or whose
place the register does not tell, everybody with a number that occurs in a journal or in the earlier extract, and those mothers whose place
or protection says something about their child. `municipality_now` is NULL when the code was split and nobody can say which part it is.

`previous` is the same for an earlier extract: the persons of the ages asked for who lived or stayed here then. `numbers` are all the
numbers the person had in it, `last_seen_on` the newest change in the file the person stood in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb

_PERSON: Final = """
    person_key BIGINT, source VARCHAR, line BIGINT, number VARCHAR, status VARCHAR,
    born_on DATE, born_year INTEGER, sex VARCHAR, died_on DATE, is_dead BOOLEAN,
    given_name VARCHAR, middle_name VARCHAR, family_name VARCHAR, name_is_temporary BOOLEAN,
    protection VARCHAR,  -- none, client, confidential, strictly_confidential: the strictest of person and current addresses
    municipality VARCHAR, municipality_now VARCHAR, moved_on DATE,
    address_kind VARCHAR,  -- street, cadastral, unknown, none
    address VARCHAR,
    stay_municipality_now VARCHAR, stay_since DATE,
    emigrated_on DATE, emigrated_to VARCHAR, immigrated_on DATE, immigrated_from VARCHAR,
    mother_number VARCHAR, guardian_numbers VARCHAR[], last_changed_at TIMESTAMPTZ
"""

RELATIONS: Final = {
    "register": _PERSON,
    "register_number": "person_key BIGINT, number VARCHAR, is_in_use BOOLEAN, is_current BOOLEAN, since DATE",
    "register_failed": "source VARCHAR, line BIGINT, number VARCHAR, message VARCHAR",
    "previous": f"{_PERSON}, numbers VARCHAR[], last_seen_on DATE",
    "journal": """
        journal_key BIGINT, line BIGINT, journal_id VARCHAR, number_raw VARCHAR, number VARCHAR,
        number_problem VARCHAR,  -- NULL, missing, characters, length, date, control_digits
        given_name VARCHAR, family_name VARCHAR, born_on DATE, opened_on DATE, closed_on DATE, is_open BOOLEAN,
        clinic VARCHAR, address VARCHAR, postcode VARCHAR, mother_number VARCHAR
    """,
    "rejected": "source VARCHAR, line BIGINT, reason VARCHAR, raw VARCHAR",
}


def create_relations(connection: duckdb.DuckDBPyConnection) -> None:
    """This function will make the relations, empty; those of an earlier run are replaced."""
    for name, columns in RELATIONS.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
