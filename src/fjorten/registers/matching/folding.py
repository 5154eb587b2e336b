"""
Names made comparable inside the database: the same fold as `fjorten.kernel.names.fold`, at the speed of a column.

Hundreds of thousands of rows hold some tens of thousands of different names, so each spelling is folded once and joined back. Names in the
alphabet of Norwegian, Sami and the languages around are folded in SQL; the few others are handed to the kernel. A test holds the two to one
answer.
"""

from __future__ import annotations

from typing import Final

import duckdb

from fjorten.kernel.names import fold

# Composed letters of Norwegian, Sami and neighbouring alphabets. A name with any other character than these and ASCII goes to the kernel.
LETTERS: Final = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýÿāăąćĉċčďđēėęěĝğġģĥĩīįĵķĺļľłńņňŋōőŕŗřśŝşšţťŧũūůűųŵŷźżžǥ"
ALPHABET: Final = "".join(chr(code) for code in range(32, 127)) + "’" + LETTERS + LETTERS.upper()
_IN_ALPHABET: Final = f"[\\x20-\\x7E’{LETTERS}{LETTERS.upper()}]*"

# Before the accents are stripped, since å is not an a with a ring; then what has no accent to strip.
_COMPOSED: Final = {"å": "aa", "ä": "ae", "ö": "oe"}
_PLAIN: Final = {"æ": "ae", "ø": "oe", "đ": "d", "ð": "d", "ŋ": "n", "ŧ": "t", "ł": "l", "ǥ": "g", "’": ""}
_APOSTROPHES: Final = {"'": "", "`": ""}
_SEPARATORS: Final = r"[ -/:-@\[-`{-~]+"  # every ASCII character that is neither letter nor digit

# Consonants that stand for each other when a name is spelt by its sound (Khalid, Halid; Shevchenko, Sjevtsjenko; Rikke, Ricke). Vowels, h,
# j and y are left out, except that what begins with one of them begins with a. The key is for finding; what it is worth the weights say
# [default].
_ONE_SOUND: Final = {"tsj": "s", "sch": "s", "tch": "s", "cz": "s", "chr": "kr", "ch": "s", "kh": "h", "ph": "f", "x": "ks", "ck": "k"}
_DOUBLED: Final = {letter * 2: letter for letter in "bdfgklmnprst"}
_SOUNDS: Final = {"b": "p", "f": "v", "w": "v", "d": "t", "g": "k", "c": "k", "q": "k", "z": "s"}
_SILENT: Final = "aeiouyhj"


def folded(expression: str) -> str:
    """Write the SQL that folds a name in the alphabet as `fjorten.kernel.names.fold` does. NULL stays NULL."""
    letters = _replaced(f"strip_accents({_replaced(f'lower(nfc_normalize({expression}))', _COMPOSED)})", _PLAIN)
    ascii_or_not = f"if({_is_ascii(expression)}, lower({expression}), {letters})"
    return f"trim(regexp_replace({_replaced(ascii_or_not, _APOSTROPHES)}, '{_SEPARATORS}', ' ', 'g'))"


def sound_of(expression: str) -> str:
    """Write the SQL that keys folded names by their consonants, name by name, so that most spellings of one name fall together."""
    spelt = f"regexp_replace({_replaced(expression, _ONE_SOUND | _DOUBLED)}, '\\b[{_SILENT}]', 'A', 'g')"
    return f"lower({_replaced(spelt, _SOUNDS | dict.fromkeys(_SILENT, ''))})"


def create_folded_names(connection: duckdb.DuckDBPyConnection, *, table: str, sources: list[tuple[str, str]]) -> None:
    """
    Create the temporary table `table` with one row for every different text in the given (table, column) pairs.

    | column | holds |
    |---|---|
    | raw, folded | the text, and its fold; NULL when nothing is left of it |
    | first, sound, sound_all | the first name, its sound key, and the key of them all |
    | beginnings | 62 bits, one set for the first two letters of each name: with no bit in common there is hardly a name in common |
    """
    texts = " UNION ".join(f"SELECT {column} AS raw FROM {source} WHERE {column} IS NOT NULL" for source, column in sources)
    is_plain = f"{_is_ascii('raw')} AND NOT regexp_matches(raw, '[\\x00-\\x1F\\x7F]')"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT raw, {is_plain} OR regexp_full_match(nfc_normalize(raw), '{_IN_ALPHABET}') AS is_known FROM ({texts})
        """
    )
    others = [raw for (raw,) in connection.execute(f"SELECT raw FROM {table} WHERE NOT is_known").fetchall()]
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH others AS (SELECT unnest($raw::VARCHAR[]) AS raw, unnest($folded::VARCHAR[]) AS folded),
             names AS (
                SELECT raw, nullif(if(is_known, {folded("raw")}, others.folded), '') AS folded FROM {table} LEFT JOIN others USING (raw)
             ),
             heard AS (SELECT *, {sound_of("folded")} AS sounds FROM names)
        SELECT raw, folded, split_part(folded, ' ', 1) AS first, nullif(split_part(sounds, ' ', 1), '') AS sound,
            nullif(replace(sounds, ' ', ''), '') AS sound_all, {_beginnings("folded")} AS beginnings
        FROM heard
        """,
        {"raw": others, "folded": [fold(raw) for raw in others]},
    )


def _beginnings(folded: str) -> str:
    letters = [f"greatest(ascii(substr(name, {place}, 1)) - {ord('a')}, 0)" for place in (1, 2)]
    bit = f"1::BIGINT << (({letters[0]} * 26 + {letters[1]}) % 62)::BIGINT"
    return f"list_reduce(list_transform(string_split({folded}, ' '), lambda name: {bit}), lambda one, other: one | other)"


def _is_ascii(expression: str) -> str:
    return f"strlen({expression}) = length({expression})"


def _replaced(sql: str, replacements: dict[str, str]) -> str:
    for old, new in replacements.items():
        sql = f"replace({sql}, {_quoted(old)}, {_quoted(new)})"
    return sql


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
